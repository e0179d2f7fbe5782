#include "ui/panels/drawing/CameraDialog.h"

#include <algorithm>
#include <new>
#include <utility>

#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QtConcurrentRun>

#include "io/PictureFile.h"
#include "ui/base/Jobs.h"
#include "ui/base/Timers.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {
constexpr int kFramePauseMs = 100;       // from one picture on the pad to the next
constexpr int kCameraPatienceMs = 5000;  // until a camera that gives nothing is told
constexpr double kSquareShare = 0.8;     // of the shorter side
}  // namespace

// The frame, as large as fits, darker beside what is read.
class CameraView : public QWidget {
 public:
  using QWidget::QWidget;
  void setFrame(const QImage& frame) {
    m_frame = frame;
    update();
  }
  QSize sizeHint() const override { return {480, 360}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.fillRect(rect(), palette().base());
    if (m_frame.isNull()) return;
    const QSizeF size = QSizeF(m_frame.size()).scaled(this->size(), Qt::KeepAspectRatio);
    const QRectF area(QPointF((width() - size.width()) / 2, (height() - size.height()) / 2), size);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(area, m_frame);
    const double zoom = size.width() / m_frame.width();
    const QRect square = CameraDialog::squareOf(m_frame.size());
    const QRectF seen(area.topLeft() + QPointF(square.topLeft()) * zoom, QSizeF(square.size()) * zoom);
    painter.setClipRegion(QRegion(area.toAlignedRect()) - QRegion(seen.toAlignedRect()));
    painter.fillRect(area, QColor(0, 0, 0, 110));
    painter.setClipping(false);
    painter.setPen(QPen(palette().highlight().color(), 3));
    painter.drawRect(seen);
  }

 private:
  QImage m_frame;
};

CameraDialog::CameraDialog(DrawingPad& pad, std::unique_ptr<FrameSource> source, QWidget* parent)
    : QDialog(parent),
      m_pad(pad),
      m_source(std::move(source)),
      m_view(named("cameraView", new CameraView(this))),
      m_devices(named("cameraDevices", new QComboBox(this))),
      m_words(named("cameraWords", new QLabel(this))),
      m_take(named("cameraTake", new QPushButton(tr("&Take it"), this))),
      m_before(pad.content()) {
  setObjectName("cameraDialog");
  setWindowTitle(tr("Camera"));
  m_view->setAccessibleName(tr("Picture of the camera"));
  m_view->setMinimumSize(240, 180);
  m_devices->setAccessibleName(tr("Camera"));
  m_words->setWordWrap(true);
  m_words->setMinimumHeight(2 * fontMetrics().lineSpacing());
  m_take->setToolTip(tr("Keeps this picture on the pad"));
  m_take->setDefault(true);
  m_take->setEnabled(false);
  auto* close = new QPushButton(tr("Close"), this);
  close->setAutoDefault(false);
  columnOf(this, {16, 16, 16, 16}, 12, {m_devices, {m_view, 1}, m_words, rowOf({LayoutPart::rest(), close, m_take})});
  runOnce(m_next, 0, this, &CameraDialog::readNext);
  runOnce(m_patience, kCameraPatienceMs, this,
          [this] { tell(tr("The camera gives no picture."), tr("Another program may be using it, or its cover is closed.")); });
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_take, &QPushButton::clicked, this, &CameraDialog::take);
  connect(m_devices, &QComboBox::currentIndexChanged, this, &CameraDialog::startChosen);
  connect(m_source.get(), &FrameSource::devicesChanged, this, &CameraDialog::listDevices);
  connect(m_source.get(), &FrameSource::frameArrived, this, &CameraDialog::frameArrived);
  connect(m_source.get(), &FrameSource::failed, this, [this](const nn::Issue& issue) {
    m_patience.stop();
    tell(QString::fromStdString(issue.what) + u'.', QString::fromStdString(issue.hint));
  });
  connect(&m_reading, &QFutureWatcherBase::finished, this, [this] {
    if (const data::Picture picture = m_reading.result(); picture.colors && !m_over) putOnPad(picture);
    readNext();
  });
  connect(&m_pad, &DrawingPad::inkChanged, this, [this] {
    if (m_changesPad || m_over) return;
    end(false);
    reject();
  });
  listDevices();
}

CameraDialog::~CameraDialog() {
  m_over = true;
}

QRect CameraDialog::squareOf(QSize frame) {
  const int side = std::max(1, int(kSquareShare * std::min(frame.width(), frame.height())));
  return {(frame.width() - side) / 2, (frame.height() - side) / 2, side, side};
}

QString CameraDialog::words() const {
  return m_words->text();
}

void CameraDialog::tell(const QString& what, const QString& hint) {
  m_words->setText(hint.isEmpty() ? what : what + u' ' + hint);
}

void CameraDialog::listDevices() {
  const QString before = m_devices->currentData().toString();
  const std::vector<FrameSource::Device> devices = m_source->devices();
  {
    const QSignalBlocker quiet(m_devices);
    m_devices->clear();
    for (const FrameSource::Device& device : devices) m_devices->addItem(device.name, device.id);
    m_devices->setCurrentIndex(devices.empty() ? -1 : std::max(0, m_devices->findData(before)));
  }
  m_devices->setVisible(devices.size() > 1);
  if (!devices.empty() && m_devices->currentData().toString() == before) return;  // it goes on
  startChosen();
}

void CameraDialog::startChosen() {
  m_source->stop();
  m_patience.stop();
  m_view->setFrame({});
  m_latest = {};
  if (m_devices->currentIndex() < 0)
    return tell(tr("There is no camera."),
                tr("Connect one: it is taken as soon as it is there. Or photograph the digit, and open the picture."));
  tell(tr("Waiting for the camera ..."));
  m_patience.start();
  m_source->start(m_devices->currentData().toString());
}

void CameraDialog::frameArrived(const QImage& frame) {
  if (m_over) return;
  if (m_patience.isActive() || !m_take->isEnabled()) tell(tr("What lies in the square is read: hold the digit into it."));
  m_patience.stop();
  m_latest = frame;
  m_view->setFrame(frame);
  readNext();
}

void CameraDialog::readNext() {
  if (m_latest.isNull() || m_over || m_next.isActive() || m_reading.isRunning() || Jobs::whyNoThread()) return;
  m_next.start(kFramePauseMs);
  m_reading.setFuture(QtConcurrent::run(&Jobs::threads(), [frame = std::exchange(m_latest, {})]() -> data::Picture {
    try {
      return io::pictureOf(frame.copy(squareOf(frame.size())));
    } catch (const std::bad_alloc&) {
      return {};
    }
  }));
}

void CameraDialog::putOnPad(const data::Picture& picture) {
  m_picture = picture;
  m_take->setEnabled(true);
  m_changesPad = true;
  m_pad.showPicture(picture);
  m_changesPad = false;
  // Where the window takes long to show it all, the next one comes later: most of the time belongs to the person.
  QElapsedTimer spent;
  spent.start();
  QTimer::singleShot(0, this, [this, spent] { m_next.start(std::max(kFramePauseMs, 2 * int(spent.elapsed()))); });
}

void CameraDialog::take() {
  if (m_over || !m_picture.colors) return;
  end(true);
  emit taken(m_picture, tr("The camera's picture"));
  accept();
}

// Before the pad is changed once more, by whoever does that.
void CameraDialog::end(bool restores) {
  if (std::exchange(m_over, true)) return;
  m_source->stop();
  m_patience.stop();
  if (restores && m_picture.colors) m_pad.setContent(m_before);
}

void CameraDialog::done(int result) {
  end(true);
  QDialog::done(result);
}

}  // namespace ui
