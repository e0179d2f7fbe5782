// Measures a network on images as a job beside the window, with its progress; and the names of what a test tells apart. Free functions; UI
// thread, but for the names.
#pragma once

#include <functional>
#include <memory>

#include <QStringList>

#include "data/Dataset.h"
#include "nn/Network.h"
#include "train/Evaluation.h"

namespace ui {

class Jobs;

// `then` gets what was measured, and is not called where it was canceled or failed, which is told.
void startMeasuring(Jobs& jobs, const std::shared_ptr<const nn::Network>& network,
                    const std::shared_ptr<const std::vector<float>>& parameters, const std::shared_ptr<const data::Dataset>& images,
                    const std::function<void(const std::shared_ptr<const train::Evaluation>&)>& then);

// Of the rows of a confusion matrix: the network's, else those of the images.
QStringList namesOfRows(const nn::Network& network, const data::Dataset& images, std::size_t classes);

}  // namespace ui
