#include "ui/panels/input/ClassNamesDialog.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>

#include "analysis/Answer.h"
#include "io/ClassLists.h"
#include "ui/base/FileDialogs.h"
#include "ui/base/Widgets.h"

namespace ui {

ClassNamesDialog::ClassNamesDialog(Workbench& workbench, QWidget* parent)
    : QDialog(parent),
      m_workbench(workbench),
      m_rows(named("classRows", new QTableWidget(0, 1, this))),
      m_lists(named("classLists", new QComboBox(this))),
      m_problem(named("classProblem", new QLabel(this))),
      m_use(named("classUse", new QPushButton(tr("Use"), this))) {
  setObjectName("classNamesDialog");
  auto* text =
      new QLabel(tr("What the model's answers are called, in the order of its outputs. The names are kept with the model, in sessions "
                    "and in exported files."),
                 this);
  for (QLabel* label : {text, m_problem}) label->setWordWrap(true);
  m_rows->horizontalHeader()->hide();
  m_rows->horizontalHeader()->setStretchLastSection(true);
  m_rows->setAccessibleName(tr("Names of the classes"));
  m_lists->setAccessibleName(tr("Known names"));
  auto* file = named("classFile", new QPushButton(tr("From a file..."), this));
  file->setToolTip(tr("A text file with a name on each line, or a JSON list"));
  auto* close = new QPushButton(tr("Close"), this);
  for (QPushButton* button : {file, close}) button->setAutoDefault(false);
  columnOf(this, {16, 16, 16, 16}, 12,
           {text, rowOf({{m_lists, 1}, file}), {m_rows, 1}, m_problem, rowOf({LayoutPart::rest(), close, m_use})});
  resize(460, 480);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(file, &QPushButton::clicked, this, &ClassNamesDialog::askFile);
  connect(m_use, &QPushButton::clicked, this, &ClassNamesDialog::use);
  connect(m_rows, &QTableWidget::itemChanged, this, &ClassNamesDialog::check);
  connect(m_lists, &QComboBox::activated, this, [this](int row) {
    if (const io::ClassList* list = io::findClassList(m_lists->itemData(row).toString())) show(list->names);
  });
  connect(&m_workbench, &Workbench::networkChanged, this, &ClassNamesDialog::fill);
  fill();
}

void ClassNamesDialog::fill() {
  const auto network = m_workbench.network();
  const int classes = network ? analysis::classCount(*network) : 0;
  setWindowTitle(tr("The classes of %1").arg(m_workbench.model().title));
  m_lists->clear();
  m_lists->addItem(classes == 0 ? tr("It names no classes") : tr("Known names ..."));
  for (const io::ClassList& list : io::knownClassLists())
    if (int(list.names.size()) == classes) m_lists->addItem(QString::fromUtf8(list.title), QLatin1String(list.word));
  m_lists->setEnabled(m_lists->count() > 1);
  std::vector<std::string> names;
  for (int i = 0; i < classes; ++i) names.push_back(analysis::className(*network, i));
  show(names);
}

void ClassNamesDialog::show(const std::vector<std::string>& names) {
  {
    const QSignalBlocker quiet(m_rows);
    m_rows->setRowCount(int(names.size()));
    for (int row = 0; row < int(names.size()); ++row) {
      m_rows->setVerticalHeaderItem(row, new QTableWidgetItem(QString::number(row)));
      m_rows->setItem(row, 0, new QTableWidgetItem(QString::fromStdString(names[std::size_t(row)])));
    }
  }
  check();
}

std::vector<std::string> ClassNamesDialog::names() const {
  std::vector<std::string> names;
  for (int row = 0; row < m_rows->rowCount(); ++row) names.push_back(m_rows->item(row, 0)->text().trimmed().toStdString());
  return names;
}

void ClassNamesDialog::check() {
  m_problem->clear();
  m_use->setEnabled(false);
  if (!m_workbench.network()) return;
  try {
    io::requireClassNames(names(), std::size_t(analysis::classCount(*m_workbench.network())), "");
    m_use->setEnabled(m_rows->rowCount() > 0);
  } catch (const nn::Error& error) {
    m_problem->setText(QString::fromStdString(error.message()));
  }
}

void ClassNamesDialog::askFile() {
  const QString path = askOpenFile(this, tr("A list of classes"), {}, tr("Lists (*.txt *.json *.csv *.names);;All files (*)"));
  if (!path.isEmpty()) readFile(path);
}

void ClassNamesDialog::readFile(const QString& path) {
  const std::vector<std::string> before = names();
  try {
    const std::vector<std::string> read = io::readClassNames(path);
    io::requireClassNames(read, before.size(), path.toStdString());
    show(read);
  } catch (const nn::Error& error) {
    m_problem->setText(QString::fromStdString(error.message()));
  }
}

void ClassNamesDialog::use() {
  nn::NetworkSpec spec = m_workbench.network()->spec();
  spec.classNames = names();
  m_workbench.describe(spec);
}

}  // namespace ui
