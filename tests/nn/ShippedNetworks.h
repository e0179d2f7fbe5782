// Specifications like those that the program ships, written out here so that the engine's tests need no file.
#pragma once

#include "nn/NetworkSpec.h"

namespace nntest {

inline nn::NetworkSpec harleySpec() {
  using V = std::int64_t;
  nn::NetworkSpec spec;
  spec.name = "harley";
  spec.nodes = {{"input", "input", {}, {{"channels", V(1)}, {"height", V(32)}, {"width", V(32)}}},
                {"conv1", "conv2d", {}, {{"filters", V(6)}, {"kernel", V(5)}, {"activation", std::string("relu")}}},
                {"pool1", "max-pool", {}, {{"kernel", V(2)}}},
                {"conv2", "conv2d", {}, {{"filters", V(16)}, {"kernel", V(5)}, {"activation", std::string("relu")}}},
                {"pool2", "max-pool", {}, {{"kernel", V(2)}}},
                {"dense1", "dense", {}, {{"units", V(120)}, {"activation", std::string("relu")}}},
                {"dense2", "dense", {}, {{"units", V(100)}, {"activation", std::string("relu")}}},
                {"dense3", "dense", {}, {{"units", V(10)}}},
                {"softmax", "softmax", {}, {}}};
  return spec;
}

inline nn::NetworkSpec lenet5Spec() {
  using V = std::int64_t;
  const std::string tanh = "scaled-tanh";
  nn::NetworkSpec spec;
  spec.name = "lenet5";
  spec.nodes = {
      {"input", "input", {}, {{"channels", V(1)}, {"height", V(32)}, {"width", V(32)}}},
      {"C1", "conv2d", {}, {{"filters", V(6)}, {"kernel", V(5)}, {"activation", tanh}}},
      {"S2", "average-pool", {}, {{"kernel", V(2)}, {"scaled", true}, {"activation", tanh}}},
      {"C3",
       "conv2d",
       {},
       {{"filters", V(16)},
        {"kernel", V(5)},
        {"activation", tanh},
        {"connections", std::string("0 1 2; 1 2 3; 2 3 4; 3 4 5; 4 5 0; 5 0 1; 0 1 2 3; 1 2 3 4; 2 3 4 5; 3 4 5 0; 4 5 0 1; 5 0 1 2; "
                                    "0 1 3 4; 1 2 4 5; 0 2 3 5; 0 1 2 3 4 5")}}},
      {"S4", "average-pool", {}, {{"kernel", V(2)}, {"scaled", true}, {"activation", tanh}}},
      {"C5", "conv2d", {}, {{"filters", V(120)}, {"kernel", V(5)}, {"activation", tanh}}},
      {"F6", "dense", {}, {{"units", V(84)}, {"activation", tanh}}},
      {"output", "dense", {}, {{"units", V(10)}}},
      {"softmax", "softmax", {}, {}}};
  return spec;
}

}  // namespace nntest
