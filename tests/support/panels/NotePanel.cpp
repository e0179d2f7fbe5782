// A panel that only tests know, added as any is: by a widget and a row. It says the network's name.
#include <QLabel>

#include "ui/app/Workbench.h"
#include "ui/shell/PanelRows.h"

namespace ui {

PanelRow describeNotePanel();
PanelRow describeNotePanel() {
  return {"noteDock", "Note", Qt::RightDockWidgetArea, 1, {120, 60}, {Mode::Explore}, [](Workbench& workbench) {
            auto* label = new QLabel;
            label->setObjectName("note");
            const auto tell = [label, &workbench] { label->setText("This is " + workbench.model().title + "."); };
            QObject::connect(&workbench, &Workbench::networkChanged, label, tell);
            tell();
            return Panel{label, [label](const Theme& theme) { label->setProperty("theme", theme.dark ? "dark" : "light"); }};
          }};
}

}  // namespace ui
