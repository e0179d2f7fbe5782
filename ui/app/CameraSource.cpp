// The only place that knows Qt Multimedia; CONVSCOPE_CAMERA where that is there.
#include "ui/app/FrameSource.h"

#ifdef CONVSCOPE_CAMERA

#include <algorithm>
#include <cstdlib>

#include <QCamera>
#include <QElapsedTimer>
#include <QMediaCaptureSession>
#include <QMediaDevices>
#include <QVideoFrame>
#include <QVideoSink>

namespace ui {

namespace {

constexpr int kFrameMs = 60;         // a frame that comes sooner after the one before is not looked at
constexpr int kCameraWidthPx = 640;  // what is read of a frame needs no more

// The format that is nearest to what is needed, and fast enough.
QCameraFormat bestFormat(const QCameraDevice& device) {
  const auto cost = [](const QCameraFormat& format) {
    return std::abs(format.resolution().width() - kCameraWidthPx) + (format.maxFrameRate() < 10 ? 10000 : 0);
  };
  const QList<QCameraFormat> formats = device.videoFormats();
  const auto best =
      std::min_element(formats.begin(), formats.end(), [&](const QCameraFormat& a, const QCameraFormat& b) { return cost(a) < cost(b); });
  return best == formats.end() ? QCameraFormat() : *best;
}

class CameraSource : public FrameSource {
 public:
  CameraSource() {
    m_session.setVideoSink(&m_sink);
    connect(&m_devices, &QMediaDevices::videoInputsChanged, this, &FrameSource::devicesChanged);
    connect(&m_sink, &QVideoSink::videoFrameChanged, this, [this](const QVideoFrame& frame) {
      if (m_sinceFrame.isValid() && m_sinceFrame.elapsed() < kFrameMs) return;
      m_sinceFrame.start();
      if (const QImage image = frame.toImage(); !image.isNull()) emit frameArrived(image);
    });
  }

  std::vector<Device> devices() const override {
    std::vector<Device> found;
    const QByteArray usual = QMediaDevices::defaultVideoInput().id();
    for (const QCameraDevice& device : QMediaDevices::videoInputs()) {
      const Device one{QString::fromUtf8(device.id()), device.description()};
      found.insert(device.id() == usual ? found.begin() : found.end(), one);
    }
    return found;
  }

  void start(const QString& id) override {
    stop();
    for (const QCameraDevice& device : QMediaDevices::videoInputs()) {
      if (device.id() != id.toUtf8()) continue;
      m_camera = std::make_unique<QCamera>(device);
      if (const QCameraFormat format = bestFormat(device); !format.isNull()) m_camera->setCameraFormat(format);
      connect(m_camera.get(), &QCamera::errorOccurred, this, [this, name = device.description()](QCamera::Error, const QString& words) {
        emit failed({name.toStdString(), tr("The camera cannot be used: %1").arg(words).toStdString(),
                     tr("Another program may be using it, or you may not open it: close that program, or see to it that you belong to "
                        "the group \"video\".")
                         .toStdString()});
      });
      m_session.setCamera(m_camera.get());
      return m_camera->start();
    }
  }

  void stop() override {
    m_session.setCamera(nullptr);
    m_camera.reset();
    m_sinceFrame.invalidate();
  }

 private:
  QMediaDevices m_devices;
  QVideoSink m_sink;
  std::unique_ptr<QCamera> m_camera;
  QMediaCaptureSession m_session;  // goes before the camera
  QElapsedTimer m_sinceFrame;
};

}  // namespace

std::unique_ptr<FrameSource> makeCameraSource() {
  return std::make_unique<CameraSource>();
}

bool hasCameraSupport() {
  return true;
}

}  // namespace ui

#else

namespace ui {

std::unique_ptr<FrameSource> makeCameraSource() {
  return nullptr;
}

bool hasCameraSupport() {
  return false;
}

}  // namespace ui

#endif
