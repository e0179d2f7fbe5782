// The numbers in the cells of a scene and the scales that color them: activations and weights, or a field in their place, or what every
// unit adds to one that is traced. Owned by SceneState, which says what there is to show; the renderers read it. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "scene/CellField.h"
#include "scene/Layout.h"
#include "scene/Scales.h"

namespace scene {

class ShownCells {
 public:
  using UnitNumbers = std::vector<std::vector<float>>;  // per node, CHW; empty where a node has none

  // Of another layout, or of none: everything begins anew but the scope.
  void setLayout(std::shared_ptr<const Layout> layout);
  // Takes the place of what is shown; the scope stays and, of the same network, the field.
  void replaceBy(ShownCells&& other, bool sameNetwork);
  void setParameters(std::span<const float> parameters);  // empty: none
  void setValues(std::shared_ptr<const Values> values);   // null: none
  void setScope(ScaleScope scope);
  // Null, and of another network: none. Not shown of units at rest.
  void setField(std::shared_ptr<const CellField> field);
  // What each unit adds to the one that is traced, in place of all else; null: nothing is traced. Called again when the numbers change.
  void setTraced(const UnitNumbers* amounts);

  std::span<const float> cells() const { return m_cells; }
  const Scale& unitScale(int block) const {
    return showsField(block) ? *m_fieldScales[std::size_t(block)] : m_unitScales[std::size_t(block)];
  }
  const Scale& kernelScale(int block) const { return m_kernelScales[std::size_t(block)]; }
  // What a sheet is colored by: in the scope of maps its own scale, else that of its block.
  const Scale& scaleOf(int sheet) const { return m_sheetScales[std::size_t(sheet)]; }
  // What it is colored by as long as it shows values: while its units show something else, the scale of its block.
  const Scale& valueScaleOf(int sheet) const {
    const int block = m_layout->sheets[std::size_t(sheet)].block;
    return showsField(block) ? m_unitScales[std::size_t(block)] : m_sheetScales[std::size_t(sheet)];
  }
  ScaleScope scope() const { return m_scope; }
  // The cells of the block's units show something other than their activations: their part in a trace, or the field's numbers.
  bool showsField(int block) const { return !m_fieldScales.empty() && m_fieldScales[std::size_t(block)]; }
  const std::shared_ptr<const CellField>& field() const { return m_field; }
  // Nothing has been drawn: the input is one even surface.
  bool resting() const { return m_resting; }
  // Count the changes: of the cells of units, of those of kernels.
  std::uint64_t unitsVersion() const { return m_versions.units; }
  std::uint64_t kernelsVersion() const { return m_versions.kernels; }

 private:
  void updateScales();
  void updateSheetScales();
  void showField();
  void showUnits(const UnitNumbers& numbers, bool isSigned, bool byScope);
  void showKernels();

  std::shared_ptr<const Layout> m_layout;
  std::shared_ptr<const Values> m_values;
  std::span<const float> m_parameters;
  ScaleScope m_scope = ScaleScope::Layer;
  std::vector<float> m_cells;
  std::vector<Scale> m_unitScales, m_kernelScales, m_sheetScales;
  std::vector<std::optional<Scale>> m_fieldScales;  // empty where all units show activations; none where those of a block do
  std::shared_ptr<const CellField> m_field;
  const UnitNumbers* m_traced = nullptr;
  struct {
    const void* units = nullptr;    // null: activations
    const void* weights = nullptr;  // null: weights
  } m_inCells;                      // whose numbers are in the cells
  bool m_resting = true;
  bool m_scalesSeen = false;  // of an input that was not at rest
  struct {
    std::uint64_t units = 0, kernels = 0;
  } m_versions;
};

}  // namespace scene
