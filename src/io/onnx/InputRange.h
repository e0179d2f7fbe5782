// What a graph says of the numbers that it takes by what it does with them first: subtracting, dividing and the like. Thread: any, one
// import at a time.
#pragma once

#include "io/onnx/ImportContext.h"
#include "nn/InputSpec.h"

namespace io::onnxfile {

// Scaling and shifting that comes right behind the only input, and that nothing else reads, is taken out of the network: it becomes the
// range, mean and deviation of the input. Other layers stay, and only what black and white is is told by them. Says what was assumed.
nn::InputSpec takeInputSpec(ImportContext& context);

}  // namespace io::onnxfile
