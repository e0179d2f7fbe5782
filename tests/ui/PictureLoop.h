// Pictures in the place of a camera, one after the other and from the beginning again; devices come and go as a test says.
#pragma once

#include <utility>

#include <QImage>
#include <QList>
#include <QTimer>

#include "ui/app/FrameSource.h"

namespace uitest {

class PictureLoop : public ui::FrameSource {
 public:
  explicit PictureLoop(QList<QImage> pictures, int everyMs = 20) : m_pictures(std::move(pictures)) {
    m_clock.setInterval(everyMs);
    connect(&m_clock, &QTimer::timeout, this, [this] {
      if (!m_pictures.isEmpty()) emit frameArrived(m_pictures[given++ % m_pictures.size()]);
    });
  }
  std::vector<Device> devices() const override { return there; }
  void start(const QString& id) override {
    started << id;
    m_clock.start();
  }
  void stop() override { m_clock.stop(); }
  bool running() const { return m_clock.isActive(); }

  std::vector<Device> there{{"loop", "A loop of pictures"}};
  QStringList started;
  int given = 0;

 private:
  QList<QImage> m_pictures;
  QTimer m_clock;
};

}  // namespace uitest
