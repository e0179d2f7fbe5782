#include "ui/HelpDialogs.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "nn/Workspace.h"

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
  auto* column = new QVBoxLayout(dialog);
  column->addWidget(scroll, 1);
  column->addWidget(buttons);
  dialog->resize(size);
  dialog->show();
}

QString row(const QString& key, const QString& what) {
  return QStringLiteral("<tr><td style='padding:3px 24px 3px 0'><b>%1</b></td><td style='padding:3px 0'>%2</td></tr>")
      .arg(key.toHtmlEscaped(), what.toHtmlEscaped());
}

}  // namespace

void showKeys(QWidget& window, const std::vector<QAction*>& actions) {
  QString html = QStringLiteral("<h3>%1</h3><table>").arg(tr("Keys"));
  for (const QAction* action : actions) {
    QStringList keys;
    for (const QKeySequence& key : action->shortcuts()) keys << key.toString(QKeySequence::NativeText);
    QString what = action->text();
    html += row(keys.join(tr(" or ")), what.remove('&').remove("..."));
  }
  html += QStringLiteral("</table><h3>%1</h3><table>").arg(tr("In the scene"));
  html += row(tr("drag"), tr("turn"));
  html += row(tr("drag with the right button, or with Shift"), tr("move sideways"));
  html += row(tr("wheel"), tr("zoom to the pointer"));
  html += row(tr("point at a unit"), tr("its incoming connections"));
  html += row(tr("double click a layer's name, or click the mark before it"), tr("fold the layer away, or unfold it"));
  html += row(tr("click a unit"), tr("pin it: its numbers stand on the right"));
  html += row(tr("Ctrl and click a unit"), tr("pin it beside the others, up to four; again: let it go"));
  html += row(tr("click a unit with the right button"), tr("what can be asked of it: trace, edges in or out, why this class"));
  html += row(tr("point at a weight of a kernel"), tr("every unit that uses it, and all its edges; a click holds them"));
  html += row(tr("Ctrl or Shift and click a class's bar"), tr("why the pinned class, or the winner, and not this one"));
  html += row(tr("arrow keys"), tr("pin the unit beside it"));
  html += row(tr("Shift with the left or right arrow"), tr("the same place on the next map"));
  html += row(tr("Page Up, Page Down"), tr("on to the next layer, back to the one before"));
  html += row(tr("I"), tr("into the strongest input of the pinned unit"));
  html += row(tr("O"), tr("out to the unit that it adds most to"));
  html += row(tr("Space, comma, full stop"), tr("while a player is open: play or pause it, one step back, one step forward"));
  html += row(tr("Shift with 1 to 9"), tr("keep this view"));
  html += row(tr("1 to 9"), tr("go back to a kept view"));
  html += row(tr("double click"), tr("come close to a layer; beside it, see everything again"));
  html += QStringLiteral("</table><h3>%1</h3><table>").arg(tr("On the pad"));
  html += row(tr("drag"), tr("draw; the network answers while you do"));
  html += row(tr("drop a picture file"), tr("put it on the pad"));
  html += QStringLiteral("</table>");
  showPage(window, "keysPage", tr("Keys and gestures"), html, {520, 620});
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
