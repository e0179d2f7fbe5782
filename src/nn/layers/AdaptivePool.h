// Pooling that is told the size of its result instead of its window: cell i of n covers the cells from floor(i * size / n) to
// ceil((i + 1) * size / n) of its input, so that windows may overlap by one and differ by one. The common part of three types.
#pragma once

#include "nn/layers/LayerTools.h"

namespace nn {

class AdaptivePool : public Layer {
 public:
  AdaptivePool(std::string_view type, Combine kind, const Shape& input, int height, int width);
  std::string_view type() const override { return m_type; }
  Combine combineKind() const override { return m_kind; }
  std::optional<Window> window() const override;
  std::uint64_t multiplyAdds() const override;
  void linksInto(const Cell& cell, CellLinks& links) const override;
  Combined combine(const Cell& cell, const CellLinks& links, std::span<const float> inputs,
                   std::span<const float> parameters) const override;
  void contributions(const Cell& cell, const CellLinks& links, std::span<const float> inputs, const Combined& combined,
                     std::span<const float> parameters, std::span<float> weights) const override;
  void forward(const ForwardCall& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  struct Bin {
    int first, last;  // the latter not included
  };
  static std::vector<Bin> binsOf(int size, int count);
  template <typename Function>
  void forEachTap(int row, int column, Function function) const;
  template <int Lanes>
  void forwardLanes(const ForwardCall& call) const;
  template <int Lanes>
  void backwardLanes(const BackwardCall& call) const;

  std::string_view m_type;
  Combine m_kind;  // Average or Maximum
  std::vector<Bin> m_rows, m_columns;
};

// For the types that have a field "size": one number, or height and width.
std::shared_ptr<const Layer> createAdaptivePool(const LayerRequest& request, std::string_view type, Combine kind);
FieldInfo adaptiveSizeField();

}  // namespace nn
