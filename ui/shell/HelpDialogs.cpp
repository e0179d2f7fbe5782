#include "ui/shell/HelpDialogs.h"

#include <algorithm>
#include <vector>

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "nn/Workspace.h"
#include "ui/app/Commands.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("HelpDialogs", text);
}

void showPage(QWidget& window, const QString& name, const QString& title, const QString& html, const QSize& size) {
  if (auto* open = window.findChild<QDialog*>(name)) return open->raise();
  auto* dialog = new QDialog(&window);
  dialog->setObjectName(name);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(title);
  auto* text = new QLabel(html, dialog);
  text->setTextFormat(Qt::RichText);
  text->setWordWrap(true);
  text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  text->setTextInteractionFlags(Qt::TextBrowserInteraction);
  text->setMargin(16);
  auto* scroll = new QScrollArea(dialog);
  scroll->setWidgetResizable(true);
  scroll->setWidget(text);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
  QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
  addTo(*new QVBoxLayout(dialog), {{scroll, 1}, buttons});
  dialog->resize(size);
  dialog->show();
}

using Rows = std::vector<std::pair<QString, QString>>;  // what the person does, and what it does

// One table for all, so that its columns stand under each other.
QString section(const QString& title, const Rows& rows) {
  QString html = QStringLiteral("<tr><td colspan='2' style='padding:14px 0 4px 0'><b>%1</b></td></tr>").arg(title.toHtmlEscaped());
  for (const auto& [key, what] : rows)
    html += QStringLiteral("<tr><td width='36%' style='padding:3px 20px 3px 0'>%1</td><td style='padding:3px 0'>%2</td></tr>")
                .arg(key.toHtmlEscaped(), what.toHtmlEscaped());
  return html;
}

QString mouseSections() {
  return section(tr("On the pad"), {{tr("drag"), tr("draw; the network answers while you do")},
                                    {tr("drag with the right button"), tr("erase")},
                                    {tr("click with the right button"), tr("open or paste a picture, undo, clear")},
                                    {tr("drop a picture"), tr("put it on the pad; models and folders of data may be dropped anywhere")}}) +
         section(tr("In the scene"),
                 {{tr("drag"), tr("turn")},
                  {tr("drag with the right button, or with Shift"), tr("move sideways")},
                  {tr("wheel"), tr("zoom to the pointer")},
                  {tr("double click"), tr("come close to a layer; beside it, see everything again")},
                  {tr("double click a layer's name, or click the mark before it"), tr("fold the layer away, or unfold it")},
                  {tr("point at a unit"), tr("its incoming connections")},
                  {tr("click a unit"), tr("pin it: its numbers stand on the right")},
                  {tr("Ctrl and click a unit"), tr("pin it beside the others, up to four; again: let it go")},
                  {tr("click a unit with the right button"), tr("what can be asked of it: trace, edges in or out, why this class")},
                  {tr("point at a weight of a kernel"), tr("every unit that uses it, and all its edges; a click holds them")}}) +
         section(tr("In the answer"),
                 {{tr("click a class's bar"), tr("pin that class")},
                  {tr("Ctrl or Shift and click a class's bar"), tr("why the pinned class, or the winner, and not this one")}});
}

QString sceneKeys() {
  return section(tr("From unit to unit"),
                 {{tr("arrow keys"), tr("pin the unit beside it")},
                  {tr("Shift with the left or right arrow"), tr("the same place on the next map")},
                  {tr("Page Up, Page Down"), tr("on to the next layer, back to the one before")},
                  {tr("I"), tr("into the strongest input of the pinned unit")},
                  {tr("O"), tr("out to the unit that it adds most to")},
                  {tr("Space, comma, full stop"), tr("while a player is open: play or pause it, one step back, one step "
                                                     "forward")},
                  {tr("Shift with 1 to 9"), tr("keep this view")},
                  {tr("1 to 9"), tr("go back to a kept view")}}) +
         section(tr("In a lesson"), {{tr("right arrow, Space, Page Down"), tr("the next step, or the answer to its question")},
                                     {tr("left arrow, Page Up"), tr("the step before")},
                                     {tr("1 to 6"), tr("pick an answer")}});
}

}  // namespace

void showKeys(QWidget& window, const Commands& commands) {
  QString html = QStringLiteral("<h3 style='margin:0'>%1</h3><table width='100%'>").arg(tr("With the mouse"));
  html += mouseSections();
  html += QStringLiteral("</table><h3 style='margin:20px 0 0 0'>%1</h3><table width='100%'>").arg(tr("With the keys"));
  html += sceneKeys();
  std::vector<std::pair<QString, Rows>> groups;
  for (const Commands::Row& row : commands.rows()) {
    const bool oneOfMany = row.id().startsWith("view.recall-") || row.id().startsWith("view.keep-");  // told in two lines above
    if (row.keys().isEmpty() || oneOfMany) continue;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == row.group; });
    if (group == groups.end()) group = groups.insert(groups.end(), {row.group, {}});
    group->second.emplace_back(row.keys(), row.title());
  }
  for (const auto& [title, rows] : groups) html += section(title, rows);
  showPage(window, "keysPage", tr("Keys and gestures"), html + QStringLiteral("</table>"), {600, 680});
}

void showAbout(QWidget& window) {
  const QString html =
      tr("<h2>ConvScope %1</h2><p>A convolutional neural network at work: draw a digit, watch every unit answer, train it live and look at "
         "what each "
         "filter has learned.</p><p>Free software under the GNU General Public License, version 3 or later. It comes with no warranty.</p>"
         "<p>Made with Qt %2, Eigen, QCustomPlot, ONNX, protobuf and zlib. The engine computes with %3 here.</p>")
          .arg(QCoreApplication::applicationVersion(), QString::fromLatin1(qVersion()),
               QString::fromStdString(std::string(nn::instructionSet())));
  showPage(window, "aboutPage", tr("About ConvScope"), html, {460, 320});
}

}  // namespace ui
