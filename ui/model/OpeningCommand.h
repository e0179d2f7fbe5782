// The step of undo by which another network took the place of the one that was open. Holds whole what is not open: the network before or,
// once it is undone, the one after. Owned by the undo stack; UI thread.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <QUndoStack>

#include "train/recipe/Recipe.h"
#include "ui/model/ModelSlot.h"

namespace ui {

class OpeningCommand : public QUndoCommand {
 public:
  // Has the open model change places with the slot, and its recipe with the one that came along, if any. `first`: as the command is pushed,
  // when the person was asked about unsaved weights already.
  using Exchange = std::function<void(ModelSlot& slot, std::optional<train::Recipe>& recipe, bool first)>;
  OpeningCommand(const QString& text, const ModelSlot& slot, const std::optional<train::Recipe>& recipe, Exchange exchange)
      : QUndoCommand(text), m_held(slot), m_recipe(recipe), m_exchange(std::move(exchange)) {}

  const ModelSlot& held() const { return m_held; }
  void undo() override { m_exchange(m_held, m_recipe, std::exchange(m_first, false)); }
  void redo() override { undo(); }

  // The one at this place of the stack; null where another step stands there, or none.
  static const OpeningCommand* at(const QUndoStack& stack, int index) { return dynamic_cast<const OpeningCommand*>(stack.command(index)); }
  static std::vector<const ModelSlot*> heldBy(const QUndoStack& stack) {
    std::vector<const ModelSlot*> held;
    for (int i = 0; i < stack.count(); ++i)
      if (const OpeningCommand* opening = at(stack, i)) held.push_back(&opening->held());
    return held;
  }

 private:
  ModelSlot m_held;
  std::optional<train::Recipe> m_recipe;
  Exchange m_exchange;
  bool m_first = true;
};

}  // namespace ui
