// What recording a run costs: steps of a shipped network with and without a train::RunRecorder, in turns, and the median of the ratios.
//   recorder_bench [NETWORK [STEPS]]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "data/StrokeDigits.h"
#include "io/Model.h"
#include "train/Trainer.h"
#include "train/history/RunRecorder.h"

namespace {

constexpr int kTurns = 7;

double secondsOf(const std::shared_ptr<const nn::Network>& network, const std::shared_ptr<const data::Dataset>& images, std::uint64_t steps,
                 bool recorded, std::size_t& bytes) {
  train::TrainingOptions options;
  train::Trainer trainer(network, images, options);
  train::RunRecorder recorder;
  for (int i = 0; i < 20; ++i) trainer.step();  // its memory is taken
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t step = 0; step < steps; ++step) {
    const auto epoch = std::uint64_t(trainer.epoch());
    trainer.step();
    if (recorded && recorder.isDue(trainer, epoch != std::uint64_t(trainer.epoch()))) recorder.record(trainer, {});
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  bytes = train::History(train::History::kStandardBudget, *recorder.moments()).bytes();
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  const QString name = argc > 1 ? argv[1] : "harley";
  const std::uint64_t steps = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 3000;
  const auto network = io::loadNetwork(name);
  const auto images = data::generateStrokeDigits(6000, 1);
  std::vector<double> ratios;
  std::size_t bytes = 0, none = 0;
  for (int turn = 0; turn < kTurns; ++turn) {
    const double plain = secondsOf(network, images, steps, false, none), recorded = secondsOf(network, images, steps, true, bytes);
    ratios.push_back(recorded / plain);
  }
  std::sort(ratios.begin(), ratios.end());
  std::printf("{\"network\": \"%s\", \"steps\": %llu, \"time_ratio\": %.4f, \"megabytes\": %.1f}\n", qPrintable(name),
              (unsigned long long)steps, ratios[kTurns / 2], double(bytes) / 1e6);
  return 0;
}
