// Where live pictures come from: a camera, or whatever else gives one picture after the other. Gives frames as they are, not mirrored, and
// no more often than they can be used. Owned by who shows them; UI thread.
#pragma once

#include <memory>
#include <vector>

#include <QImage>
#include <QObject>
#include <QString>

#include "nn/Error.h"

namespace ui {

class FrameSource : public QObject {
  Q_OBJECT
 public:
  struct Device {
    QString id, name;
  };
  virtual std::vector<Device> devices() const = 0;  // the usual one first
  virtual void start(const QString& id) = 0;        // in the place of the one before
  virtual void stop() = 0;

 signals:
  void devicesChanged();
  void frameArrived(const QImage& frame);
  void failed(const nn::Issue& issue);  // it gives no frames any more
};

// The cameras of this computer. Null where the program was built without Qt Multimedia, which hasCameraSupport() says without a look at
// any device.
std::unique_ptr<FrameSource> makeCameraSource();
bool hasCameraSupport();

}  // namespace ui
