// What the training thread publishes: a complete, immutable picture of the network at one step. Shared by pointer; the
// window, an exporter and a rewind may hold on to it as long as they like.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/Network.h"
#include "train/Evaluation.h"

namespace train {

enum class RunState { Ready, Running, Paused, Diverged, Failed };

// One point of the curves. Validation figures are present where they were computed.
struct MetricPoint {
  std::uint32_t run = 0;  // grows with every reset: a point with another run than the one before begins new curves
  std::uint64_t step = 0;
  double epoch = 0;  // fractional
  double trainLoss = 0;
  double trainMetric = 0;             // the first of the task, over the mini-batches since the last point
  std::optional<double> trainSecond;  // the second metric likewise, of a task with two losses (tasks::Task::twoLosses)
  std::optional<double> validationLoss, validationMetric, validationSecond;
  // That the validation figures come from, a part between epochs and all after an epoch, and how many there are in all.
  std::uint32_t validationImages = 0, allValidationImages = 0;
  double seconds = 0;  // of training, without pauses
};

struct Snapshot {
  std::uint32_t run = 0;  // grows with every reset
  std::uint64_t step = 0;
  std::uint64_t imagesSeen = 0;
  double epoch = 0;
  RunState state = RunState::Ready;
  std::shared_ptr<const nn::Network> network;
  std::shared_ptr<const std::vector<float>> parameters;  // flat, network->parameterCount()
  std::shared_ptr<const std::vector<float>> gradients;   // of the last mini-batch; may be null
  double imagesPerSecond = 0;                            // over the last second or so of running time
  double elapsedSeconds = 0;                             // running, without pauses
  std::optional<MetricPoint> latest;
  // Of all validation images, the last time that all were looked at, and after how many steps that was; null: not yet.
  std::shared_ptr<const Evaluation> evaluation;
  std::uint64_t evaluationStep = 0;
  std::int64_t bestEpoch = 0;  // of those that have ended in this session, by the validation; 0: none
  std::string message;  // Diverged: the first layer that broke and the step; Failed: what went wrong; Paused: why it has stopped by itself
};

}  // namespace train
