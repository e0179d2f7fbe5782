// Digits written the way a hand writes them, from stroke skeletons with several styles each; no file needed. The same
// seed and index give the same digit, whatever the number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "data/Dataset.h"
#include "data/DigitStyles.h"
#include "data/Preprocessing.h"

namespace data {

// Called now and then with the share done (0..1); returning false cancels, and generate() returns nullptr.
using Progress = std::function<bool(double)>;

// `count` digits, 28x28, prepared like MNIST, classes in turn and shuffled. About 20,000 a second per thread or more.
std::shared_ptr<const Dataset> generateStrokeDigits(std::size_t count, std::uint64_t seed, int threads = 1, const Progress& progress = {},
                                                    Handwriting hand = Handwriting::Any);

// One digit (0..9) as ink on a pad of sizePx x sizePx, before preparation; for the pad and for pictures.
GrayImage strokeDigit(int digit, std::uint64_t seed, int sizePx);
PenStrokes penStrokes(int digit, std::uint64_t seed, int sizePx, Handwriting hand = Handwriting::Any);  // that make it

}  // namespace data
