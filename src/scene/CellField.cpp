#include "scene/CellField.h"

namespace scene {

FieldWords fieldWords(CellQuantity quantity) {
  switch (quantity) {
    case CellQuantity::Activation:
      break;
    case CellQuantity::Gradient:
      return {"gradient", "lowers loss", "raises loss"};
    case CellQuantity::WeightChange:
      return {"change", "less", "more"};
  }
  return {"value", "negative", "positive"};
}

}  // namespace scene
