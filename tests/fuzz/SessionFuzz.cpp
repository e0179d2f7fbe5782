// The reader of sessions and checkpoints. Changed bytes seldom pass a checksum: what is changed inside gets another one.
#include <limits>

#include <QCborArray>
#include <QCborMap>

#include "fuzz/FuzzTarget.h"
#include "io/Model.h"
#include "io/session/SavedWork.h"
#include "nn/Error.h"

namespace fuzz {

namespace {

io::SavedWork work() {
  io::SavedWork result;
  result.model.network = nn::Network::create(io::readNetworkJson(R"({"name": "n", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 1, "width": 2}, {"name": "out", "type": "dense", "units": 1}]})",
                                                                 "n"));
  result.model.trained = std::make_shared<const std::vector<float>>(std::vector<float>{1, 2, 3});
  result.data = {"strokes", {1, 28, 28}, 100, 10, QByteArray(32, 'x')};
  train::SavedRun& run = result.run.emplace();
  run.checkpoint.parameters = {1, 2, 3};
  run.checkpoint.optimizer.first = {4, 5, 6};
  run.checkpoint.optimizer.second = {7, 8, 9};
  train::Recipe recipe;
  recipe.batchSize = 9;
  run.log.change(2, 0.1, recipe);
  run.metrics.setSeries("loss", {{1, 0.1, 2}, {2, 0.2, 1}});
  return result;
}

QByteArray bytesOf(const std::string& bytes) {
  return {bytes.data(), qsizetype(bytes.size())};
}

// One value somewhere in it becomes another, or goes.
QCborValue changed(const QCborValue& value, data::Random& random) {
  if (value.isMap() && !value.toMap().isEmpty()) {
    QCborMap map = value.toMap();
    auto at = map.begin() + qsizetype(random.below(std::uint64_t(map.size())));
    if (random.below(10) == 0)
      map.erase(at);
    else
      at.value() = changed(at.value(), random);
    return map;
  }
  if (value.isArray() && !value.toArray().isEmpty()) {
    QCborArray array = value.toArray();
    const qsizetype at = qsizetype(random.below(std::uint64_t(array.size())));
    array[at] = changed(array[at], random);
    return array;
  }
  const std::vector<QCborValue> others{-1,
                                       0,
                                       1e300,
                                       QStringLiteral("x"),
                                       QByteArray(7, 'x'),
                                       QCborMap(),
                                       QCborArray{1},
                                       true,
                                       nullptr,
                                       std::numeric_limits<qint64>::max(),
                                       std::numeric_limits<double>::quiet_NaN()};
  return others[random.below(others.size())];
}

}  // namespace

bool read(const std::string& bytes) {
  try {
    io::Container::readFirst(bytesOf(bytes), "data", 1, "file");
  } catch (const nn::Error&) {
  }
  try {
    std::vector<io::LostSection> lost;
    const io::SavedWork found = io::takeWhatIsWhole(io::Container::readWhatIsWhole(bytesOf(bytes), "file", lost), "file", lost);
    require(found.model.network || !lost.empty(), "what is not there is named");
    require(!found.run || found.data, "a run has its data");
  } catch (const nn::Error&) {
  }
  try {
    const io::SavedWork found = io::takeWork(io::Container::read(bytesOf(bytes), "file"), "file");
    require(found.model.parameters->size() == found.model.network->parameterCount(), "a model has all of its parameters");
    require(!found.run || (found.data && found.run->checkpoint.position < found.data->train), "a run is within its data");
    return true;
  } catch (const nn::Error&) {
    return false;
  }
}

std::vector<std::string> seeds() {
  io::Container with, without;
  io::putWork(with, work());
  with.set("view", 1, {{QStringLiteral("yaw"), 0.5}});
  io::SavedWork less = work();
  less.model.parameters = less.model.trained;
  less.run.reset();
  io::putWork(without, less);
  return {with.bytes().toStdString(), without.bytes().toStdString()};
}

std::vector<std::string> words() {
  return {std::string("\x5b\x7f\xff\xff\xff\xff\xff\xff\xff", 9),
          std::string("\x9f", 1),
          std::string("\xbf", 1),
          std::string("\xff", 1),
          std::string("\xd8\x55", 2),
          "content",
          "crc32"};
}

std::string changedInside(const std::string& bytes, data::Random& random) {
  QCborMap file = QCborValue::fromCbor(bytesOf(bytes)).taggedValue().toMap();
  const QCborMap sections = file.value(QStringLiteral("sections")).toMap();
  if (sections.isEmpty()) return {};
  const std::uint64_t chosen = random.below(std::uint64_t(sections.size()));
  io::Container container;
  std::uint64_t at = 0;
  for (const auto& [name, entry] : sections) {
    QCborValue content = QCborValue::fromCbor(entry.toMap().value(QStringLiteral("content")).toByteArray());
    if (at++ == chosen) content = changed(content, random);
    if (content.isMap()) container.set(name.toString(), 1, content.toMap());
  }
  return container.bytes().toStdString();
}

}  // namespace fuzz
