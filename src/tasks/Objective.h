// Compares what a network gave for one sample with what was asked of it, as loss, gradient and figures. Each task has its own
// (tasks/Task.h). Owned by one thread; allocates nothing after construction, and is called once a sample, never once a pixel.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/Loss.h"
#include "nn/PartialPass.h"

namespace tasks {

inline constexpr std::size_t kMostFigures = 4;
// Sums over answers, in the order of Task::metrics: a metric is its sum divided by the number of answers.
using Figures = std::array<double, kMostFigures>;

struct SampleResult {
  double loss = 0;  // of several answers their mean
  int answers = 0;  // 1, or as many as there are pixels
  Figures figures{};
  int ties = 0;      // answers for which several outputs were the largest: the first of them is taken
  int answered = 0;  // the class, where a sample is answered with one
};

// What of the pictures an objective reads beside the outputs. All as ink, 0 paper to 1 (data/InputPipeline.h), CHW.
enum class Reads { Label, Input, InputAndClean };

// One way through the network, or through the part that leads to these nodes, and the loss over their values.
struct LossPass {
  std::vector<int> nodes;
  nn::Feed feed = {};  // none where the network's input is the picture
  // Of its nodes together.
  std::size_t valueCount(const nn::Network& network) const {
    std::size_t count = 0;
    for (const int node : nodes) count += network.node(node).shape.size();
    return count;
  }
};

// What is learned at a time: the gradients of its passes are added up, then comes a step of the optimizer.
struct Phase {
  std::vector<LossPass> passes;
  std::string group = {};  // whose parameters it learns (nn::NodeSpec::group); empty: all. Two phases share none
};

struct Sample {
  std::span<const float> outputs;  // of the pass's nodes, one after the other, each CHW
  std::span<const float> input;    // what the network was given; empty where only the label is read
  std::span<const float> clean;    // the same before corrupt(); empty where it is not read
  int label = 0;
  int pass = 0;  // counted through all phases
};

class Objective {
 public:
  virtual ~Objective() = default;

  // What a step of training does, one after the other. A test goes through all passes too, and adds up their figures.
  std::span<const Phase> phases() const { return m_phases; }
  int firstPass(int phase) const {
    int first = 0;
    for (int i = 0; i < phase; ++i) first += int(m_phases[std::size_t(i)].passes.size());
    return first;
  }
  // All in one: one pass through the whole network.
  bool isWhole() const {
    return m_phases.size() == 1 && lossPass().feed == nn::Feed() && m_phases[0].passes.size() == 1 && m_phases[0].group.empty();
  }
  // The node whose values are compared; of several the first of the first pass, which is of the picture.
  int lossNode() const { return lossPass().nodes.front(); }
  Reads reads() const { return m_reads; }
  // Among which one is chosen, all that a confusion matrix has rows for; 0 where none is.
  std::size_t classes() const { return m_classes; }
  // The loss of knowing nothing: all classes alike, every pixel gray.
  double guessing() const { return m_guessing; }

  // Changes what the network is given, in place; the same key, the same change. The picture before it is what is asked for then.
  virtual void corrupt(std::span<float> /*ink*/, std::uint64_t /*key*/) const {}
  // Once for each pass. gradient: of the loss with respect to the outputs, same size, or empty where it is not wanted. confusion: classes()
  // x classes(), row: asked, column: answered; one is added per answer; or empty.
  virtual SampleResult evaluate(const Sample& sample, std::span<float> gradient, std::span<std::uint32_t> confusion) = 0;

 protected:
  Objective(int lossNode, Reads reads, std::size_t classes, double guessing)
      : Objective(std::vector<Phase>{{{{{lossNode}}}}}, reads, classes, guessing) {}
  Objective(std::vector<Phase> phases, Reads reads, std::size_t classes, double guessing)
      : m_phases(std::move(phases)), m_reads(reads), m_classes(classes), m_guessing(guessing) {}

 private:
  const LossPass& lossPass() const { return m_phases.front().passes.front(); }

  std::vector<Phase> m_phases;
  Reads m_reads;
  std::size_t m_classes;
  double m_guessing;
};

}  // namespace tasks
