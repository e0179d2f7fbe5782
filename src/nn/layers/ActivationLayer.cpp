#include "nn/layers/Pointwise.h"

namespace nn {

namespace {

class ActivationLayer : public Pointwise {
 public:
  ActivationLayer(const Shape& shape, Activation function) : Pointwise(shape) { m_activation = function; }
  std::string_view type() const override { return "activation"; }
  Combine combineKind() const override { return Combine::Pointwise; }
  void forward(const ForwardCall& call) const override {
    copyCells(call.inputs[0], call.output);
    applyActivation(*call.kernels, call.activation, call.output);
  }
  // call.gradient is already that before the function.
  void backward(const BackwardCall& call) const override { passGradient(call.gradient, call.inputGradients[0]); }
};

std::shared_ptr<const Layer> createActivationLayer(const LayerRequest& request) {
  return std::make_shared<ActivationLayer>(request.inputs[0], activationOf(request.fields));
}

}  // namespace

LayerType describeActivationLayer() {
  LayerType type{"activation", "Activation", "Applies one function to every value.", createActivationLayer};
  type.fields = {activationField()};
  type.fields[0].name = "activation";
  type.fields[0].label = "Function";
  type.fields[0].tooltip = "The function that is applied to each value.";
  type.fields[0].defaultValue = std::string("relu");
  return type;
}

}  // namespace nn
