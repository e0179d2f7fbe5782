#include "cli/InputTrial.h"

#include <QElapsedTimer>

#include "analysis/Answer.h"
#include "data/StrokeDigits.h"
#include "io/Model.h"
#include "scene/text/Text.h"
#include "train/InputPresets.h"

namespace cli {

namespace {

constexpr qint64 kMostMs = 4000;
constexpr std::size_t kTried = 500, kDigits = 200;
constexpr double kBetterBy = 0.02, kBetterOnDigits = 0.1;
constexpr int kLeastDigitSide = 20, kMostDigitSide = 64;

void noteBetter(const io::Model& model, const data::Dataset& images, std::size_t limit, double by, const std::string& what, int threads,
                const Output& output) {
  QElapsedTimer clock;
  clock.start();
  const std::vector<train::InputProposal> proposals =
      train::proposeInputs(*model.network, model.parameters, images, threads, limit, [&clock] { return clock.elapsed() < kMostMs; });
  if (proposals.empty() || proposals.front().words.empty()) return;
  const auto now = std::find_if(proposals.begin(), proposals.end(), [](const auto& one) { return one.words.empty(); });
  const train::InputProposal& best = proposals.front();
  if (now == proposals.end() || best.accuracy < now->accuracy + by) return;
  const std::string tried = std::to_string(std::min(limit, images.count())) + " " + what;
  output.noteIfAny("the model may expect another input: of " + tried + " " + scene::percent(best.accuracy, 1) + " are right with --input " +
                   best.words + ", and " + scene::percent(now->accuracy, 1) + " as it is given now");
}

}  // namespace

void noteBetterInput(const io::Model& model, const data::Dataset& images, const std::string& what, int threads, const Output& output) {
  noteBetter(model, images, kTried, kBetterBy, what, threads, output);
}

void noteBetterInputForDigits(const QString& nameOrPath, const io::Model& model, const Output& output) {
  const nn::Shape picture = nn::pictureShape(model.network->inputShape());
  const bool small = picture.channels == 1 && picture.height >= kLeastDigitSide && picture.height <= kMostDigitSide && !picture.isVector();
  const bool foreign = nameOrPath.endsWith(".onnx", Qt::CaseInsensitive) && !io::isOwnModelFile(nameOrPath);
  if (!foreign || !small || !model.unread.empty() || analysis::classCount(*model.network) != 10) return;
  const auto digits = data::generateStrokeDigits(kDigits, 1);
  // Classes with names of their own may be no digits.
  if (!model.network->spec().classNames.empty() && model.network->spec().classNames != digits->classNames) return;
  noteBetter(model, *digits, kDigits, kBetterOnDigits, "drawn digits", 1, output);
}

}  // namespace cli
