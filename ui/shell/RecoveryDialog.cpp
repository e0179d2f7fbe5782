#include "ui/shell/RecoveryDialog.h"

#include <algorithm>

#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/base/Widgets.h"

namespace ui {

RecoveryDialog::RecoveryDialog(const QStringList& names, int mostDays, QWidget* parent)
    : QDialog(parent), m_list(named("recoveryList", new QListWidget(this))) {
  setWindowTitle(tr("Unsaved work"));
  setObjectName("recoveryDialog");
  auto* text = new QLabel(tr("This was not saved before the program ended. What you leave here is offered again at the next start, "
                             "for %1 days at most.")
                              .arg(mostDays),
                          this);
  text->setWordWrap(true);
  for (int i = 0; i < names.size(); ++i) {
    auto* item = new QListWidgetItem(names[i], m_list);
    item->setData(Qt::UserRole, i);
  }
  m_list->setCurrentRow(0);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  auto* restore = buttons->addButton(tr("&Restore"), QDialogButtonBox::ActionRole);
  auto* remove = buttons->addButton(tr("De&lete"), QDialogButtonBox::ActionRole);
  restore->setObjectName("recoveryRestore");
  remove->setObjectName("recoveryDelete");
  restore->setDefault(true);
  addTo(*new QVBoxLayout(this), {text, {m_list, 1}, buttons});
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
  connect(restore, &QPushButton::clicked, this, [this] { take(&RecoveryDialog::restoreRequested); });
  connect(remove, &QPushButton::clicked, this, [this] { take(&RecoveryDialog::deleteRequested); });
  connect(m_list, &QListWidget::itemDoubleClicked, this, [this] { take(&RecoveryDialog::restoreRequested); });
  resize(std::max(480, m_list->sizeHintForColumn(0) + 80), 320);
}

void RecoveryDialog::take(void (RecoveryDialog::*chosen)(int)) {
  if (!m_list->currentItem()) return;
  const int index = m_list->currentItem()->data(Qt::UserRole).toInt();
  delete m_list->takeItem(m_list->currentRow());
  if (m_list->count() == 0) close();
  emit(this->*chosen)(index);
}

}  // namespace ui
