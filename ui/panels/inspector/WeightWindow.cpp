#include "ui/panels/inspector/WeightWindow.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolTip>

#include "ui/app/Appearance.h"
#include "ui/app/Workbench.h"
#include "ui/base/Widgets.h"
#include "ui/panels/inspector/Figures.h"
#include "ui/panels/inspector/WeightGallery.h"

namespace ui {

namespace {

constexpr int kScalePx = 26;
constexpr auto kName = "weightWindow";

// "conv1, kernel 6: weights up to ±0.118"; the colors of a signed picture have their scale below instead.
QString unitName(const scene::WeightPicture& picture, const scene::WeightPictures& all) {
  const QString name = QStringLiteral("%1, %2").arg(QString::fromStdString(all.nodeName), QString::fromStdString(picture.name));
  return all.colored() ? QObject::tr("%1: weights up to %2").arg(name, weightRange(picture.largest)) : name;
}

}  // namespace

// The pictures and their scale; as large as the window lets them be.
class WeightCanvas : public QWidget {
 public:
  explicit WeightCanvas(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setMinimumSize(240, 160);
    setObjectName("weightCanvas");
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  }
  std::function<void(const scene::UnitId&)> clicked;
  void setTheme(const Theme& theme) {
    m_theme = theme;
    update();
  }
  // scores: of each unit for the present drawing; empty: weights alone are shown.
  void setPictures(scene::WeightPictures pictures, std::vector<float> scores, int marked) {
    m_pictures = std::move(pictures);
    m_scores = std::move(scores);
    m_marked = marked;
    setAccessibleName(galleryTitle(m_pictures));
    update();
  }
  const scene::WeightPictures& pictures() const { return m_pictures; }
  void paintOn(QPainter& painter) const {
    if (m_pictures.pictures.empty()) return;
    scene::WeightPictures named = m_pictures;
    for (std::size_t i = 0; i < m_scores.size(); ++i) named.pictures[i].name += " · " + number(m_scores[i]).toStdString();
    paintGallery(painter, geometry(), named, m_theme, labels(), m_marked, m_hovered);
    if (m_pictures.colored()) return;
    const double width = std::min(420.0, this->width() * 0.8);
    paintWeightScale(painter, QRectF((this->width() - width) / 2, height() - kScalePx, width, kScalePx), m_pictures, m_theme);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    paintOn(painter);
  }
  void mouseMoveEvent(QMouseEvent* event) override {
    const int index = m_pictures.pictures.empty() ? -1 : geometry().at(event->position());
    setCursor(index >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    index >= 0 ? QToolTip::showText(event->globalPosition().toPoint(), hint(index, event->position()), this) : QToolTip::hideText();
    if (index == m_hovered) return;
    m_hovered = index;
    update();
  }
  void mousePressEvent(QMouseEvent* event) override {
    const int index = m_pictures.pictures.empty() ? -1 : geometry().at(event->position());
    if (event->button() == Qt::LeftButton && index >= 0 && clicked) clicked(m_pictures.pictures[std::size_t(index)].unit);
  }
  void leaveEvent(QEvent*) override {
    m_hovered = -1;
    update();
  }

 private:
  GalleryGeometry geometry() const {
    return {m_pictures, double(width()), 80, double(height() - (m_pictures.colored() ? 0 : kScalePx)), labels()};
  }
  // A few names are read from afar; many have to share the room.
  QFont labels() const { return m_pictures.pictures.size() <= 20 ? m_theme.title : m_theme.small; }
  // "output, 7 / row 12, column 9: −0.214"; of a colored tile its range and the three weights.
  QString hint(int index, QPointF at) const {
    const QRectF tile = geometry().tile(index);
    const auto picture = std::size_t(index);
    QString text = unitName(m_pictures.pictures[picture], m_pictures);
    if (!tile.contains(at)) return text;
    const int row = std::clamp(int((at.y() - tile.top()) / tile.height() * m_pictures.rows), 0, m_pictures.rows - 1);
    const int column = std::clamp(int((at.x() - tile.left()) / tile.width() * m_pictures.columns), 0, m_pictures.columns - 1);
    QStringList weights;
    for (int channel = 0; channel < m_pictures.channels; ++channel) weights << number(m_pictures.at(picture, channel, row, column));
    return text + QObject::tr("\nrow %1, column %2: %3").arg(row + 1).arg(column + 1).arg(weights.join(QStringLiteral(", ")));
  }

  Theme m_theme = lightTheme();
  scene::WeightPictures m_pictures;
  std::vector<float> m_scores;
  int m_marked = -1, m_hovered = -1;
};

void WeightWindow::show(Workbench& workbench, const Appearance& appearance, int node, QWidget& window) {
  if (!workbench.network() || scene::pictureNode(*workbench.network(), node) < 0) return;
  auto* open = window.findChild<WeightWindow*>(QLatin1String(kName));
  if (!open) {
    open = new WeightWindow(workbench, appearance, window);
    open->resize(std::min(800, window.width()), std::min(560, window.height()));
  }
  open->listLayers(scene::pictureNode(*workbench.network(), node));
  open->QDialog::show();
  open->raise();
}

WeightWindow::WeightWindow(Workbench& workbench, const Appearance& appearance, QWidget& window)
    : QDialog(&window),
      m_workbench(workbench),
      m_layer(new QComboBox(this)),
      m_times(new QCheckBox(tr("Times the &input: what the drawing adds"), this)),
      m_title(new QLabel(this)),
      m_words(new QLabel(this)),
      m_canvas(new WeightCanvas(this)) {
  setObjectName(QLatin1String(kName));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Weight pictures"));
  m_layer->setAccessibleName(tr("Layer"));
  m_layer->setToolTip(tr("Layers whose weights are pictures"));
  m_times->setToolTip(tr("Each weight times the pixel that it weighs: together, with the bias, they are the score"));
  m_words->setWordWrap(true);
  auto* copyButton = new QPushButton(tr("&Copy picture"), this);
  copyButton->setAutoDefault(false);
  columnOf(this, {16, 12, 16, 12}, -1,
           {rowOf({{m_title, 1}, m_layer}), m_words, LayoutPart::gap(4), {m_canvas, 1}, rowOf({m_times, LayoutPart::rest(), copyButton})});
  m_canvas->clicked = [this](const scene::UnitId& unit) { m_workbench.selection().pin(unit); };
  connect(m_layer, &QComboBox::activated, this, &WeightWindow::refresh);
  connect(m_times, &QCheckBox::toggled, this, &WeightWindow::refresh);
  connect(copyButton, &QPushButton::clicked, this, &WeightWindow::copy);
  connect(&workbench, &Workbench::parametersChanged, this, &WeightWindow::refresh);
  connect(&workbench.inference(), &LiveInference::valuesChanged, this, &WeightWindow::refresh);
  connect(&workbench.selection(), &Selection::pinsChanged, this, &WeightWindow::refresh);
  connect(&workbench, &Workbench::networkChanged, this, [this] {
    const int node = m_workbench.network() ? scene::pictureNode(*m_workbench.network(), -1) : -1;
    node < 0 ? static_cast<void>(close()) : listLayers(node);
  });
  connect(&appearance, &Appearance::themeChanged, this, [this, &appearance] { setTheme(appearance.theme()); });
  setTheme(appearance.theme());
}

void WeightWindow::setTheme(const Theme& theme) {
  m_theme = theme;
  m_title->setFont(theme.bold(theme.title));
  m_words->setFont(theme.body);
  colorWords(*m_words, theme.muted);
  m_canvas->setTheme(theme);
}

void WeightWindow::listLayers(int node) {
  const QSignalBlocker blocker(m_layer);
  m_layer->clear();
  const nn::Network& network = *m_workbench.network();
  for (int i = 0; i < int(network.nodes().size()); ++i)
    if (scene::hasWeightPictures(network, i)) m_layer->addItem(QString::fromStdString(network.node(i).name), i);
  m_layer->setCurrentIndex(m_layer->findData(node));
  m_layer->setVisible(m_layer->count() > 1);
  refresh();
}

void WeightWindow::refresh() {
  const std::shared_ptr<const nn::Network>& network = m_workbench.network();
  const int node = m_layer->currentData().toInt();
  if (!network || !m_workbench.parameters() || !scene::hasWeightPictures(*network, node)) return;
  std::optional<scene::WeightPictures> pictures = scene::weightPictures(*network, *m_workbench.parameters(), node);
  if (!pictures) return;
  const std::shared_ptr<const scene::Values> values = m_workbench.inference().values();
  const bool dense = !pictures->kernels, drawn = values && values->network == network && !m_workbench.inference().blank();
  m_times->setVisible(dense);
  m_times->setEnabled(drawn);
  std::vector<float> scores;
  if (dense && drawn && m_times->isChecked()) {
    scene::weighInput(*pictures, values->of(pictures->sourceNode));
    for (const scene::WeightPicture& picture : pictures->pictures) scores.push_back(values->at(picture.unit));
  }
  m_title->setText(galleryTitle(*pictures));
  m_words->setText(
      pictures->colored()
          ? tr("Each tile shows the three channels together: gray is 0, full red, green or blue the tile's own largest weight. It stands "
               "below tiles with room for it; point at a tile to read it.")
      : scores.empty() ? tr("Orange pixels speak for a unit, blue ones against it; the ground is 0. Click a picture for its numbers.")
                       : tr("What each pixel of the drawing adds: orange for, blue against. With the bias it is the score below."));
  const std::optional<scene::UnitId>& pinned = m_workbench.selection().pinned();
  const int marked = pinned && pinned->node == node ? pinned->cell.channel : -1;
  m_canvas->setPictures(std::move(*pictures), std::move(scores), marked);
}

const scene::WeightPictures& WeightWindow::pictures() const {
  return m_canvas->pictures();
}

void WeightWindow::copy() const {
  QImage image(m_canvas->size() * 2, QImage::Format_RGB32);
  image.setDevicePixelRatio(2);
  image.fill(m_theme.window);
  QPainter painter(&image);
  m_canvas->paintOn(painter);
  painter.end();
  QGuiApplication::clipboard()->setImage(image);
}

}  // namespace ui
