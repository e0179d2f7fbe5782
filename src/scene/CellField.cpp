#include "scene/CellField.h"

namespace scene {

FieldWords fieldWords(const CellField& field) {
  switch (field.quantity) {
    case CellQuantity::Activation:
      break;
    case CellQuantity::Gradient:
      return {"gradient", "lowers loss", "raises loss"};
    case CellQuantity::WeightChange:
      return {"change", "less", "more"};
    case CellQuantity::Relevance:
      return field.words;
  }
  return {"value", "negative", "positive"};
}

}  // namespace scene
