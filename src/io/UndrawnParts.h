// What of a drawing (SVG) Qt's reader passes over without a word: it draws SVG Tiny 1.2, and of what is beyond that, a clip path for one,
// it says nothing, so that the picture is another than the one that the person sees elsewhere. Is shown the drawing's tokens one by one in
// their order by whoever reads it, and then asked. One owner, one thread.
#pragma once

#include <set>
#include <vector>

#include <QString>
#include <QStringList>
#include <QXmlStreamReader>

namespace io {

class UndrawnParts {
 public:
  void see(const QXmlStreamReader& xml);
  // "clip-path, the color rgba(0,0,0,0) and 2 others"; empty: all of it is drawn. After the last token.
  QString text() const;

 private:
  void seeElement(const QXmlStreamReader& xml);
  void seeAttributes(const QXmlStreamReader& xml, const QString& element);
  void seePlaceOfText(const QString& element, const QXmlStreamAttributes& attributes);
  // Of an attribute, or of a style where `css`.
  void seeProperty(const QString& name, const QString& value, bool css);
  void seePaint(const QString& value);
  void seeDeclarations(const QString& declarations, std::set<QString>* names);
  void seeStyleSheet(QString sheet);
  void add(const QString& what);

  std::vector<QString> m_open;  // the elements around, the innermost last
  int m_resting = 0;            // how many of these are shown only where something asks for them, or never
  int m_defs = 0;               // how many of these are <defs>
  bool m_drawn = false;         // something was drawn before
  bool m_rootHasClass = false;
  QString m_sheet, m_textX, m_textY;
  std::set<QString> m_byClass, m_byOthers;  // properties that rules set, by their selectors
  std::set<QString> m_paints;               // what can be painted with, by id
  std::vector<QString> m_painted;           // ids that are asked for
  QStringList m_found;
};

}  // namespace io
