#include "ui/shell/AccessibleText.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QObject>
#include <QPointer>

#include "ui/panels/inspector/InspectorSheet.h"
#include "ui/scene/FlatView.h"
#include "ui/scene/SceneView.h"
#include "ui/scene/SoftwareView.h"

namespace ui {
namespace {

// One of the views of the scene: a picture whose value is the unit in hand.
class SceneAccessible : public QAccessibleWidget {
 public:
  explicit SceneAccessible(QWidget* view) : QAccessibleWidget(view, QAccessible::Graphic) {}
  QString text(QAccessible::Text what) const override {
    if (what == QAccessible::Value) return widget()->accessibleName();
    if (what != QAccessible::Description) return QAccessibleWidget::text(what);
    return QObject::tr(
        "Arrow keys walk from unit to unit, Page Up and Page Down from layer to layer; I goes to the "
        "strongest input, O to the strongest reader.");
  }
};

// A section of a sheet: no widget, so that it is found through the sheet alone.
class SectionAccessible : public QAccessibleInterface {
 public:
  SectionAccessible(InspectorSheet& sheet, int index) : m_sheet(&sheet), m_index(index) {}
  bool isValid() const override { return m_sheet && m_index < m_sheet->sectionCount(); }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_sheet); }
  int childCount() const override { return 0; }
  QAccessibleInterface* child(int) const override { return nullptr; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessible::Role role() const override { return QAccessible::StaticText; }
  QAccessible::State state() const override {
    QAccessible::State state;
    state.readOnly = true;
    return state;
  }
  QString text(QAccessible::Text what) const override {
    if (!isValid()) return {};
    const AccessibleSection reading = m_sheet->sectionAccessible(m_index);
    if (what == QAccessible::Name) return reading.name;
    return what == QAccessible::Value || what == QAccessible::Description ? reading.words : QString();
  }
  void setText(QAccessible::Text, const QString&) override {}
  QRect rect() const override {
    if (!isValid()) return {};
    const QRect area = m_sheet->sectionRect(m_index);
    return {m_sheet->mapToGlobal(area.topLeft()), area.size()};
  }

 private:
  QPointer<InspectorSheet> m_sheet;
  int m_index;
};

class SheetAccessible : public QAccessibleWidget {
 public:
  explicit SheetAccessible(InspectorSheet* sheet) : QAccessibleWidget(sheet, QAccessible::Grouping), m_sheet(sheet) {}
  ~SheetAccessible() override {
    for (const QAccessible::Id id : m_sections) QAccessible::deleteAccessibleInterface(id);
  }
  int childCount() const override { return m_sheet->sectionCount(); }
  QAccessibleInterface* child(int index) const override {
    if (index < 0 || index >= childCount()) return nullptr;
    while (int(m_sections.size()) <= index)
      m_sections.push_back(QAccessible::registerAccessibleInterface(new SectionAccessible(*m_sheet, int(m_sections.size()))));
    return QAccessible::accessibleInterface(m_sections[std::size_t(index)]);
  }
  QAccessibleInterface* childAt(int x, int y) const override {
    for (int i = 0; i < childCount(); ++i)
      if (child(i)->rect().contains(x, y)) return child(i);
    return nullptr;
  }
  int indexOfChild(const QAccessibleInterface* other) const override {
    for (int i = 0; i < childCount(); ++i)
      if (child(i) == other) return i;
    return -1;
  }

 private:
  InspectorSheet* m_sheet;
  mutable std::vector<QAccessible::Id> m_sections;
};

QAccessibleInterface* readingOf(const QString&, QObject* object) {
  if (auto* sheet = qobject_cast<InspectorSheet*>(object)) return new SheetAccessible(sheet);
  auto* widget = qobject_cast<QWidget*>(object);
  const bool scene = qobject_cast<SceneView*>(object) || qobject_cast<SoftwareView*>(object) || qobject_cast<FlatView*>(object);
  return scene ? new SceneAccessible(widget) : nullptr;
}

}  // namespace

void installAccessibleText() {
  QAccessible::installFactory(readingOf);  // the same one again is taken once
}

}  // namespace ui
