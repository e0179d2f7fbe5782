#include "ui/shell/SessionParts.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <optional>

#include <QCborArray>
#include <QCborMap>
#include <QtEndian>

#include "ui/app/SessionFiles.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"
#include "ui/shell/PanelLayout.h"

namespace ui {

namespace {

constexpr int kMostPictureSide = 1 << 12;
constexpr const char* kViews[] = {"space", "flat", "rightward"};  // as SceneViews::View

template <typename Value>
QByteArray packed(const std::vector<Value>& values) {
  return qCompress(reinterpret_cast<const uchar*>(values.data()), qsizetype(values.size() * sizeof(Value)));
}

// The size is known before: what says that it unpacks to another one takes no memory.
template <typename Value>
std::vector<Value> unpacked(const io::Section& section, const char* key, std::size_t count) {
  const QByteArray bytes = section.bytes(key);
  const std::size_t size = count * sizeof(Value);
  if (bytes.size() < 4 || qFromBigEndian<quint32>(bytes.constData()) != size)
    section.refuse(std::string(key) + " has not the size that it should");
  const QByteArray plain = qUncompress(bytes);
  if (std::size_t(plain.size()) != size) section.refuse(std::string(key) + " cannot be unpacked");
  std::vector<Value> values(count);
  std::memcpy(values.data(), plain.constData(), size);
  return values;
}

QCborMap sizeMap(int height, int width) {
  return {{QStringLiteral("height"), height}, {QStringLiteral("width"), width}};
}

nn::Shape sizeIn(const io::Section& section, int channels) {
  return {channels, section.whole("height", 1, kMostPictureSide), section.whole("width", 1, kMostPictureSide)};
}

bool isKeptAsItCame(const data::Picture* picture) {
  return picture && std::max(picture->ink.width, picture->ink.height) <= kMostPictureSide && !picture->ink.ink.empty();
}

QCborMap pictureMap(const data::Picture& picture) {
  QCborMap map = sizeMap(picture.ink.height, picture.ink.width);
  map[QStringLiteral("ink")] = packed(picture.ink.ink);
  if (!picture.colors) return map;
  QCborMap colors = sizeMap(picture.colors->shape.height, picture.colors->shape.width);
  colors[QStringLiteral("rgb")] = packed(picture.colors->pixels);
  map[QStringLiteral("colors")] = colors;
  return map;
}

data::Picture pictureIn(const io::Section& section) {
  const nn::Shape shape = sizeIn(section, 1);
  data::Picture picture{{shape.width, shape.height, unpacked<float>(section, "ink", shape.size())}};
  const auto isInk = [](float value) { return value >= 0 && value <= 1; };
  if (!std::all_of(picture.ink.ink.begin(), picture.ink.ink.end(), isInk)) section.refuse("ink is not from 0 to 1");
  if (!section.has("colors")) return picture;
  const io::Section colors = section.inside("colors");
  const nn::Shape photo = sizeIn(colors, 3);
  picture.colors = std::make_shared<data::ColorImage>(data::ColorImage{photo, unpacked<std::uint8_t>(colors, "rgb", photo.size())});
  return picture;
}

QCborArray strokeList(const data::PenStrokes& strokes) {
  QCborArray list;
  for (const std::vector<data::PenPoint>& stroke : strokes) {
    std::vector<float> numbers;
    for (const data::PenPoint& point : stroke) numbers.insert(numbers.end(), {point.x, point.y, point.radius});
    list.append(QCborMap{{QStringLiteral("points"), io::cborFloats(numbers)}});
  }
  return list;
}

data::PenStrokes strokesIn(const io::Section& section) {
  constexpr float kFarthest = 1e4f;  // a pen may leave the pad
  data::PenStrokes strokes;
  for (const io::Section& stroke : section.list("strokes")) {
    const std::vector<float> numbers = stroke.floats("points");
    const bool near = std::all_of(numbers.begin(), numbers.end(), [](float number) { return std::abs(number) < kFarthest; });
    if (numbers.empty() || numbers.size() % 3 != 0 || !near) stroke.refuse("points are none of a pen");
    strokes.emplace_back();
    for (std::size_t i = 0; i < numbers.size(); i += 3)
      strokes.back().push_back({numbers[i], numbers[i + 1], std::max(0.0f, numbers[i + 2])});
  }
  return strokes;
}

SessionPart drawingPart(const SessionOwners& owners) {
  SessionPart part{QStringLiteral("drawing"), 1, false, {}, {}};
  part.save = [&workbench = owners.workbench, pad = owners.pad.pad()]() -> SessionPart::Content {
    return [content = pad->content(), empty = pad->isEmpty(), likeMnist = workbench.inference().likeMnist()] {
      QCborMap map{{QStringLiteral("empty"), empty}, {QStringLiteral("like MNIST"), likeMnist}};
      if (empty) return map;
      if (isKeptAsItCame(content.source.get())) {
        map[QStringLiteral("picture")] = pictureMap(*content.source);
        return map;
      }
      map[QStringLiteral("side")] = InkCanvas::kFineSide;
      map[QStringLiteral("ink")] = packed(content.pixels);
      map[QStringLiteral("strokes")] = strokeList(content.strokes);
      return map;
    };
  };
  part.restore = [pad = owners.pad.pad(), prepare = owners.prepareLikeMnist](const io::Section& section) {
    const bool likeMnist = section.flag("like MNIST");
    if (section.flag("empty")) {
      pad->clear();
      return prepare(likeMnist);
    }
    if (section.has("picture")) {
      const data::Picture picture = pictureIn(section.inside("picture"));
      pad->setInk(picture.ink, picture.colors);
      return prepare(likeMnist);
    }
    const int side = section.whole("side", InkCanvas::kFineSide, InkCanvas::kFineSide);
    pad->setContent({unpacked<std::uint8_t>(section, "ink", std::size_t(side) * std::size_t(side)), nullptr,
                     section.has("strokes") ? strokesIn(section) : data::PenStrokes()},
                    DrawingPad::tr("picture"));
    prepare(likeMnist);
  };
  return part;
}

// By the name of its layer: that of another version of the program may count them otherwise.
QCborMap unitMap(const nn::Network& network, const scene::UnitId& unit) {
  return {{QStringLiteral("layer"), QString::fromStdString(network.node(unit.node).name)},
          {QStringLiteral("channel"), unit.cell.channel},
          {QStringLiteral("row"), unit.cell.row},
          {QStringLiteral("column"), unit.cell.column}};
}

scene::UnitId unitOf(const nn::Network& network, const io::Section& section) {
  constexpr int kMost = 1 << 30;
  return {network.find(section.text("layer").toStdString()),
          {section.whole("channel", 0, kMost), section.whole("row", 0, kMost), section.whole("column", 0, kMost)}};
}

QCborMap optionsMap(const scene::ConnectionOptions& options) {
  return {{QStringLiteral("outgoing"), options.direction == scene::Direction::Outgoing},
          {QStringLiteral("weights"), options.measure == scene::Measure::Weight},
          {QStringLiteral("most"), qint64(options.most)},
          {QStringLiteral("receptive field"), options.receptiveField},
          {QStringLiteral("trace"), options.trace},
          {QStringLiteral("paths"), qint64(options.paths)},
          {QStringLiteral("against"), options.against}};
}

scene::ConnectionOptions optionsOf(const io::Section& section) {
  scene::ConnectionOptions options;
  options.direction = section.flag("outgoing") ? scene::Direction::Outgoing : scene::Direction::Incoming;
  options.measure = section.flag("weights") ? scene::Measure::Weight : scene::Measure::Contribution;
  options.most = std::size_t(section.whole("most", 0, 1 << 20));
  options.receptiveField = section.flag("receptive field");
  options.trace = section.flag("trace");
  options.paths = std::size_t(section.whole("paths", 0, 1 << 20));
  options.against = section.whole("against", -1, 1 << 20);
  return options;
}

SessionPart selectionPart(Workbench& workbench) {
  SessionPart part{QStringLiteral("selection"), 1, true, {}, {}};
  part.save = [&workbench]() -> SessionPart::Content {
    return [network = workbench.network(), pins = workbench.selection().pins(), options = workbench.selection().connectionOptions()] {
      QCborArray beside;
      for (const scene::UnitId& unit : pins.beside) beside.append(unitMap(*network, unit));
      QCborMap map{{QStringLiteral("beside"), beside}, {QStringLiteral("options"), optionsMap(options)}};
      if (pins.current) map[QStringLiteral("pinned")] = unitMap(*network, *pins.current);
      return map;
    };
  };
  part.restore = [&workbench](const io::Section& section) {
    const nn::Network& network = *workbench.network();
    const scene::ConnectionOptions options = optionsOf(section.inside("options"));
    std::vector<scene::UnitId> beside;
    for (const io::Section& unit : section.list("beside")) beside.push_back(unitOf(network, unit));
    if (beside.size() >= scene::kMostPins) section.refuse("there are more units than there is room for");
    std::optional<scene::UnitId> pinned;
    if (section.has("pinned")) pinned = unitOf(network, section.inside("pinned"));
    Selection& selection = workbench.selection();
    selection.unpinAll();
    for (const scene::UnitId& unit : beside) selection.pinBeside(unit, true);
    selection.pin(pinned);
    selection.setConnectionOptions(options);
  };
  return part;
}

// Nothing where all was in view, and in a session from the time when a view was a place in a single layout.
std::optional<scene::View> eyeOf(const io::Section& section, const nn::Network& network) {
  if (!section.has("eye")) return std::nullopt;
  const std::vector<double> v = section.doubles("eye");
  if (v.size() != 6 || !std::all_of(v.begin(), v.end(), [](double value) { return std::isfinite(float(value)); }))
    section.refuse("eye is no place of an eye");
  scene::View view{{float(v[0]), float(v[1]), float(v[2])}, float(v[3]), float(v[4]), float(v[5])};
  if (!section.has("layer")) return view;
  view.node = network.find(section.text("layer").toStdString());
  if (view.node < 0) section.refuse("there is no layer " + section.text("layer").left(40).toStdString());
  return view;
}

SessionPart cameraPart(const SessionOwners& owners) {
  SceneHost& host = owners.scene;
  Workbench& workbench = owners.workbench;
  SessionPart part{QStringLiteral("camera"), 2, true, {}, {}};
  part.save = [&host]() -> SessionPart::Content {
    const scene::SceneState& state = host.controller().state();
    const std::optional<scene::View> eye = host.controller().cameraController().chosen();
    const std::string layer = !eye || eye->node < 0 ? std::string() : state.network()->node(eye->node).name;
    return [view = host.views().view(), eye, layer] {
      QCborMap map{{QStringLiteral("arrangement"), QString::fromLatin1(kViews[int(view)])}};
      if (eye) {
        const std::vector<double> numbers{eye->target.x, eye->target.y, eye->target.z, eye->yaw, eye->pitch, eye->distance};
        map.insert(QStringLiteral("eye"), io::cborDoubles(numbers));
      }
      if (!layer.empty()) map.insert(QStringLiteral("layer"), QString::fromStdString(layer));
      return map;
    };
  };
  part.restore = [&host, &workbench](const io::Section& section) {
    const QString arrangement = section.text("arrangement");
    const auto* found = std::find(std::begin(kViews), std::end(kViews), arrangement);
    if (found == std::end(kViews)) section.refuse("there is no arrangement " + arrangement.left(40).toStdString());
    const auto view = SceneViews::View(found - std::begin(kViews));
    const std::optional<scene::View> eye = eyeOf(section, *workbench.network());
    host.views().setView(view);
    if (host.views().view() != view) return;  // it cannot be shown in space here
    if (eye) host.controller().cameraController().setView(*eye);
  };
  return part;
}

}  // namespace

void addSessionParts(SessionFiles& files, const SessionOwners& owners) {
  PanelLayout& panels = owners.panels;
  files.addPart({QStringLiteral("arrangement"), 1, true,
                 [&panels]() -> SessionPart::Content { return [map = panels.saved()] { return map; }; },
                 [&panels](const io::Section& section) { panels.restore(section); }, [&panels] { return panels.choice(); }});
  files.addPart(drawingPart(owners));
  files.addPart(selectionPart(owners.workbench));
  files.addPart(cameraPart(owners));
}

}  // namespace ui
