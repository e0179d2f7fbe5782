// Runs a fuzz target where the compiler has no libFuzzer: seeds and what was read of their mutations are changed and given to
// the reader until the time is over. The same --seed makes the same inputs. The input of a finding is written to a file.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <unistd.h>

#include "fuzz/FuzzTarget.h"

extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

constexpr std::size_t kLargestKept = 400;  // beside the seeds
constexpr double kLongestSeconds = 20;     // for one input
constexpr long kMostMemoryKb = 3l << 20;   // of the whole process
constexpr const char* kFindingFile = "fuzz-finding.bin";

std::string current;

// From a signal handler or a dying sanitizer: nothing but system calls.
void keepCurrent() {
  const int file = open(kFindingFile, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  for (std::size_t done = 0; done < current.size();) {
    const ssize_t written = write(file, current.data() + done, current.size() - done);
    if (written <= 0) break;
    done += std::size_t(written);
  }
  close(file);
  constexpr const char* kNote = "the input is in fuzz-finding.bin; run this program with --input FILE\n";
  if (write(STDERR_FILENO, kNote, std::strlen(kNote)) < 0) return;
}

void onSignal(int signal) {
  keepCurrent();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool readCurrent() {
  const auto start = std::chrono::steady_clock::now();
  const bool answer = fuzz::read(current);
  fuzz::require(secondsSince(start) < kLongestSeconds, "an input is read or refused in seconds");
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  fuzz::require(usage.ru_maxrss < kMostMemoryKb, "no input makes the reader take gigabytes");
  return answer;
}

int tryFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::fprintf(stderr, "%s cannot be opened\n", path), 2;
  current.assign(std::istreambuf_iterator<char>(file), {});
  std::printf("%s\n", readCurrent() ? "read" : "refused");
  return 0;
}

int fuzzFor(double seconds, std::uint64_t seed) {
  data::Random random(seed);
  const std::vector<std::string> seeds = fuzz::seeds();
  fuzz::require(!seeds.empty(), "there are seeds");
  for (const std::string& one : seeds) {
    current = one;
    fuzz::require(readCurrent(), "what our own writers write is read");
  }
  std::vector<std::string> corpus = seeds;
  std::uint64_t tried = 0, taken = 0;
  for (const auto start = std::chrono::steady_clock::now(); secondsSince(start) < seconds; ++tried) {
    current = fuzz::mutated(corpus[random.below(corpus.size())], corpus, random);
    if (!readCurrent()) continue;
    ++taken;
    // What is read although it was changed reaches further when it is changed again; the seeds themselves stay.
    if (corpus.size() < seeds.size() + kLargestKept)
      corpus.push_back(current);
    else
      corpus[seeds.size() + random.below(corpus.size() - seeds.size())] = current;
  }
  std::printf("%llu inputs, %llu read, the others refused\n", static_cast<unsigned long long>(tried),
              static_cast<unsigned long long>(taken));
  // A harness that never reaches the reader, or never a refusal, tests nothing.
  return tried > taken && taken > 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (__sanitizer_set_death_callback) {
    __sanitizer_set_death_callback(keepCurrent);
  } else {
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, onSignal);
  }
  std::signal(SIGABRT, onSignal);
  double seconds = 5;
  std::uint64_t seed = 1;
  for (int i = 1; i + 1 < count; i += 2) {
    if (std::strcmp(arguments[i], "--input") == 0) return tryFile(arguments[i + 1]);
    if (std::strcmp(arguments[i], "--seconds") == 0) seconds = std::atof(arguments[i + 1]);
    if (std::strcmp(arguments[i], "--seed") == 0) seed = std::strtoull(arguments[i + 1], nullptr, 10);
  }
  return fuzzFor(seconds, seed);
}
