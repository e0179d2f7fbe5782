// The engine as one contestant of a benchmark against other programs. usage: engine_worker NET MODE BATCH THREADS
//   NET:  L (1x32x32, two convolutions 5x5, three dense layers) | V (1x28x28, four convolutions 3x3, two dense layers)
//   MODE: train-sgd (momentum 0.9) | train-adam | fwd | fwdkeep (one image after the other, every activation kept)
// Prints READY; then, for every line on stdin, measures once and prints images/s (training) or microseconds per image (forward);
// ends on "quit". The images are the first 2,048 of MNIST in the folder $CONVSCOPE_MNIST (gzipped IDX), else beside the
// repository in shared/data/mnist; made-up ones where there is neither.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>
#include <zlib.h>

#include "data/InputPipeline.h"
#include "nn/Error.h"
#include "nn/Workspace.h"
#include "train/Keys.h"
#include "train/Trainer.h"
#include "train/WorkerPool.h"

namespace {

using Seconds = std::chrono::duration<double>;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kImages = 2048, kCells = 28 * 28;

std::vector<std::uint8_t> readGzip(const std::string& path, std::size_t skip, std::size_t count) {
  std::vector<std::uint8_t> bytes(skip + count);
  const gzFile file = gzopen(path.c_str(), "rb");
  const int read = file == nullptr ? 0 : gzread(file, bytes.data(), unsigned(bytes.size()));
  if (file != nullptr) gzclose(file);
  if (read != int(bytes.size())) throw nn::Error("cannot read the images", path);
  bytes.erase(bytes.begin(), bytes.begin() + std::ptrdiff_t(skip));
  return bytes;
}

std::shared_ptr<const data::Dataset> images() {
  auto dataset = std::make_shared<data::Dataset>();
  dataset->shape = {1, 28, 28};
  dataset->classNames.resize(10);
  const char* given = std::getenv("CONVSCOPE_MNIST");
  const std::filesystem::path folder = given != nullptr ? given : CONVSCOPE_SOURCE_DIR "/../shared/data/mnist";
  if (std::filesystem::exists(folder / "train-images-idx3-ubyte.gz")) {
    const std::vector<std::uint8_t> pixels = readGzip(folder / "train-images-idx3-ubyte.gz", 16, kImages * kCells);
    dataset->pixels.assign(pixels.begin(), pixels.end());
    const std::vector<std::uint8_t> labels = readGzip(folder / "train-labels-idx1-ubyte.gz", 8, kImages);
    dataset->labels.assign(labels.begin(), labels.end());
    return dataset;
  }
  std::cerr << "no MNIST in " << folder.string() << ": made-up images\n";
  for (std::size_t image = 0; image < kImages; ++image) {
    dataset->labels.push_back(data::Label(image % 10));
    for (std::size_t cell = 0; cell < kCells; ++cell)
      dataset->pixels.push_back(cell / 78 == image % 10 ? std::uint8_t(train::mixed(image * kCells + cell)) : 0);
  }
  return dataset;
}

nn::NodeSpec node(std::string type, nn::Fields fields) {
  static int count = 0;
  return {type + std::to_string(++count), type, {}, std::move(fields)};
}
nn::NodeSpec input(std::int64_t size) {
  return node("input", {{"channels", std::int64_t(1)}, {"height", size}, {"width", size}});
}
nn::NodeSpec conv(std::int64_t filters, std::int64_t kernel, const char* padding) {
  return node("conv2d", {{"filters", filters}, {"kernel", kernel}, {"padding", std::string(padding)}, {"activation", std::string("relu")}});
}
nn::NodeSpec pool() {
  return node("max-pool", {{"kernel", std::int64_t(2)}});
}
nn::NodeSpec dense(std::int64_t units, const char* activation) {
  return node("dense", {{"units", units}, {"activation", std::string(activation)}});
}

std::shared_ptr<const nn::Network> network(const std::string& name) {
  nn::NetworkSpec spec;
  spec.name = name;
  if (name == "L") {
    spec.nodes = {input(32),          conv(6, 5, "valid"), pool(),           conv(16, 5, "valid"), pool(),
                  dense(120, "relu"), dense(100, "relu"),  dense(10, "none")};
  } else if (name == "V") {
    spec.nodes = {input(28), conv(32, 3, "same"), conv(32, 3, "same"), pool(), conv(64, 3, "same"), conv(64, 3, "same"),
                  pool(),    dense(128, "relu"),  dense(10, "none")};
  } else {
    throw nn::Error("there is no network " + name, "engine_worker", "L or V");
  }
  spec.nodes.push_back(node("softmax", {}));
  return nn::Network::create(spec);
}

// Forward passes over one batch after the other, as in a running program: inputs are set anew each time.
class Forward {
 public:
  Forward(std::shared_ptr<const nn::Network> network, std::shared_ptr<const data::Dataset> dataset, int batch, int threads)
      : m_network(std::move(network)), m_batch(batch), m_pool(threads), m_weights(m_network) {
    m_weights.assign(m_network->initialParameters(1));
    const std::size_t cells = m_network->inputShape().size();
    m_inputs.resize(kImages * cells);
    for (std::size_t i = 0; i < kImages; ++i)
      data::InputPipeline(*m_network).write(dataset->image(i), dataset->shape, std::span(m_inputs).subspan(i * cells, cells));
    for (int worker = 0; worker < m_pool.size(); ++worker) m_workspaces.emplace_back(m_network, batch == 1 ? 1 : nn::kLanes, false);
  }

  void step() {
    const int lanes = m_workspaces[0].lanes(), blocks = (m_batch + lanes - 1) / lanes;
    const std::size_t cells = m_network->inputShape().size();
    const std::size_t first = m_next;
    m_next = (m_next + std::size_t(m_batch)) % (kImages - std::size_t(m_batch) + 1);
    m_pool.run([&](int worker) {
      nn::Workspace& workspace = m_workspaces[std::size_t(worker)];
      for (int block = worker; block < blocks; block += m_pool.size()) {
        const int samples = std::min(lanes, m_batch - block * lanes);
        for (int lane = 0; lane < samples; ++lane)
          workspace.setInput(lane, std::span(m_inputs).subspan((first + std::size_t(block * lanes + lane)) * cells, cells));
        workspace.forward(m_weights, {false, 0, samples});
      }
    });
  }

 private:
  std::shared_ptr<const nn::Network> m_network;
  int m_batch;
  train::WorkerPool m_pool;
  nn::Weights m_weights;
  std::vector<float> m_inputs;
  std::vector<nn::Workspace> m_workspaces;
  std::size_t m_next = 0;
};

// Answers the lines on stdin. median: of the single steps, in microseconds per image; otherwise images per second over all.
void serve(const std::function<void()>& step, int batch, bool median) {
  for (int i = 0; i < 10; ++i) step();
  const auto begin = Clock::now();
  int steps = 0;
  for (; Seconds(Clock::now() - begin).count() < 0.3; ++steps) step();
  const char* sample = std::getenv("SAMPLE_S");
  const int count = std::max(3, int(steps * (sample == nullptr ? 0.2 : std::atof(sample)) / 0.3));
  std::cout << "READY" << std::endl;
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    for (int i = 0; i < std::max(2, count / 10); ++i) step();  // warm up again after idling
    std::vector<double> times(std::size_t(count), 0.0);
    const auto start = Clock::now();
    for (double& time : times) {
      const auto before = Clock::now();
      step();
      time = Seconds(Clock::now() - before).count();
    }
    const double total = Seconds(Clock::now() - start).count();
    std::nth_element(times.begin(), times.begin() + count / 2, times.end());
    std::cout << (median ? times[std::size_t(count / 2)] * 1e6 / batch : batch * count / total) << std::endl;
  }
}

int run(const std::string& name, const std::string& mode, int batch, int threads) {
  if (batch < 1 || std::size_t(batch) > kImages || threads < 1) throw nn::Error("a number is out of range", "engine_worker");
  const auto net = network(name);
  const auto dataset = images();
  std::cerr << "kernels: " << nn::instructionSet() << "\n";
  if (mode == "fwd" || mode == "fwdkeep") {
    Forward forward(net, dataset, batch, threads);
    serve([&] { forward.step(); }, batch, true);
    return 0;
  }
  if (mode != "train-sgd" && mode != "train-adam")
    throw nn::Error("there is no mode " + mode, "engine_worker", "train-sgd, train-adam, fwd or fwdkeep");
  train::TrainingOptions options;
  options.optimizer.kind = mode == "train-adam" ? nn::OptimizerKind::Adam : nn::OptimizerKind::Momentum;
  options.optimizer.learningRate = mode == "train-adam" ? 1e-3f : 0.01f;
  options.batchSize = batch;
  options.threads = threads;
  train::Trainer trainer(net, dataset, options);
  serve(
      [&] {
        const train::StepResult result = trainer.step();
        if (!result.diverged.empty()) throw nn::Error("the training diverged", result.diverged);
      },
      batch, false);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: engine_worker L|V train-sgd|train-adam|fwd|fwdkeep BATCH THREADS\n";
    return 2;
  }
  try {
    return run(argv[1], argv[2], std::stoi(argv[3]), std::stoi(argv[4]));
  } catch (const nn::Error& error) {
    std::cerr << error.message() << "\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
  }
  return 1;
}
