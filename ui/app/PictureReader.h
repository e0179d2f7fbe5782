// Pictures on their way to the pad: from files, from what another program hands over by drag or clipboard, and from the web. A browser
// hands over a picture as its bytes, as the address that a page shows it from, or within the address ("data:"). Reads and fetches in jobs;
// what fails is told, and nothing else happens. Owned by FileCommands; UI thread.
#pragma once

#include <QObject>
#include <QString>

#include "data/Preprocessing.h"

class QMimeData;

namespace ui {

class Workbench;

class PictureReader : public QObject {
  Q_OBJECT
 public:
  explicit PictureReader(Workbench& workbench, QObject* parent = nullptr);

  static bool holdsPicture(const QMimeData& mime);  // or the address of one
  // The address of the picture that a program hands over: that of the first picture in a piece of a page rather than that of the link
  // around it. Empty: there is none.
  static QString addressIn(const QMimeData& mime);

  void readFile(const QString& path);
  void readIn(const QMimeData& mime);
  void fetch(const QString& address);  // of http, https or data

 signals:
  void pictureRead(const data::Picture& picture, const QString& name);

 private:
  void readBytes(const QByteArray& bytes, const QString& name);
  void refuse(const QString& what, const QString& hint);

  Workbench& m_workbench;
};

}  // namespace ui
