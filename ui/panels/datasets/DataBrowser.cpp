#include "ui/panels/datasets/DataBrowser.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>

#include "io/datasets/DataWord.h"
#include "nn/Counted.h"
#include "nn/SizeText.h"
#include "ui/base/PictureGrid.h"
#include "ui/base/Widgets.h"
#include "ui/model/DatasetCatalog.h"

namespace ui {

namespace {

constexpr int kAllClasses = -1;

QString imagesText(std::size_t count) {
  return count == 1 ? DataBrowser::tr("1 image") : DataBrowser::tr("%1 images").arg(QLocale().toString(qulonglong(count)));
}

QString whatText(const data::Dataset& set) {
  const QString classes = QString::fromStdString(nn::counted(set.classNames.size(), "class", "classes"));
  const QString size = QString::fromStdString(nn::sizeText(set.shape.width, set.shape.height));
  return set.shape.channels == 1
             ? DataBrowser::tr("%1; pictures of %2 in gray, as a network is given them: white is ink.").arg(classes, size)
             : DataBrowser::tr("%1; pictures of %2 in color.").arg(classes, size);
}

}  // namespace

DataBrowser::DataBrowser(DatasetCatalog& library, QWidget* parent)
    : QDialog(parent),
      m_library(library),
      m_what(named("dataWhat", new QLabel(this))),
      m_picture(named("dataPicture", new QLabel(this))),
      m_parts(named("dataParts", new QComboBox(this))),
      m_classes(named("dataClasses", new QComboBox(this))),
      m_turned(named("dataTurned", new QCheckBox(tr("Exchange &black and white"), this))),
      m_toPad(named("dataToPad", new QPushButton(tr("Put on the &pad"), this))),
      m_grid(named("dataGrid", new PictureGrid(this))) {
  setObjectName("dataBrowser");
  m_what->setWordWrap(true);
  m_what->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_parts->setAccessibleName(tr("Part of the data"));
  m_classes->setAccessibleName(tr("Class"));
  m_turned->setToolTip(
      tr("Networks are given ink as white on black, as MNIST has it. Where the pictures are shown the other way round, ink "
         "and paper were taken for each other."));
  auto* close = new QPushButton(tr("Close"), this);
  for (QPushButton* button : {close, m_toPad}) button->setAutoDefault(false);
  columnOf(this, {16, 16, 16, 16}, 12,
           {m_what, rowOf({m_parts, m_classes, LayoutPart::rest(), m_turned}), {m_grid, 1}, rowOf({{m_picture, 1}, close, m_toPad})});
  resize(760, 560);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_parts, &QComboBox::currentIndexChanged, this, &DataBrowser::showPart);
  connect(m_classes, &QComboBox::currentIndexChanged, this, &DataBrowser::showClass);
  connect(m_turned, &QCheckBox::clicked, this, &DataBrowser::turn);
  connect(m_grid, &PictureGrid::currentChanged, this, &DataBrowser::describe);
  connect(m_grid, &PictureGrid::chosen, this, &DataBrowser::choose);
  connect(m_toPad, &QPushButton::clicked, this, [this] { m_grid->chooseCurrent(); });
  connect(&m_library, &DatasetCatalog::changed, this, &DataBrowser::showData);
  showData();
  m_grid->setFocus();
  if (!m_library.split().train) m_library.load([] {});
}

const std::shared_ptr<const data::Dataset>& DataBrowser::part() const {
  static const std::shared_ptr<const data::Dataset> none;
  const data::DataSplit& split = m_library.split();
  const int chosen = m_parts->currentData().toInt();
  return m_parts->count() == 0 ? none : chosen == 0 ? split.train : chosen == 1 ? split.validation : split.test;
}

void DataBrowser::showData() {
  const data::DataSplit& split = m_library.split();
  setWindowTitle(tr("The data: %1").arg(m_library.current().title));
  const int before = m_parts->currentData().toInt();
  {
    const QSignalBlocker quiet(m_parts);
    m_parts->clear();
    const auto add = [&](const std::shared_ptr<const data::Dataset>& set, const QString& title, int which) {
      if (set && set->count() > 0) m_parts->addItem(tr("%1: %2").arg(title, imagesText(set->count())), which);
    };
    add(split.train, tr("Training"), 0);
    add(split.validation, tr("Validation"), 1);
    add(split.test, tr("Test"), 2);
    m_parts->setCurrentIndex(std::max(0, m_parts->findData(before)));
  }
  QStringList said;
  if (!split.train) said << tr("It is being loaded ...");
  if (split.train) said << whatText(*split.train);
  for (const std::string& note : split.notes) said << QString::fromStdString(note) + (note.ends_with('.') ? "" : ".");
  m_what->setText(said.join(u' '));
  const bool gray = split.train && split.train->shape.channels == 1;
  m_turned->setEnabled(gray);
  m_turned->setChecked(io::isInverted(m_library.current().key));
  m_toPad->setEnabled(split.train != nullptr);
  showPart();
}

void DataBrowser::showPart() {
  const auto& set = part();
  const int before = m_classes->count() > 0 ? m_classes->currentData().toInt() : kAllClasses;
  {
    const QSignalBlocker quiet(m_classes);
    m_classes->clear();
    std::vector<std::size_t> counts(set ? set->classNames.size() : 0);
    for (std::size_t i = 0; set && i < set->count(); ++i) ++counts[set->labels[i]];
    m_classes->addItem(tr("All classes"), kAllClasses);
    for (std::size_t i = 0; i < counts.size(); ++i)
      m_classes->addItem(tr("%1: %2").arg(QString::fromStdString(set->classNames[i]), imagesText(counts[i])), int(i));
    m_classes->setCurrentIndex(std::max(0, m_classes->findData(before)));
  }
  showClass();
}

void DataBrowser::showClass() {
  const auto& set = part();
  const int wanted = m_classes->currentData().toInt();
  std::vector<std::uint32_t> indices;
  for (std::size_t i = 0; set && i < set->count(); ++i)
    if (wanted == kAllClasses || int(set->labels[i]) == wanted) indices.push_back(std::uint32_t(i));
  m_picture->clear();
  m_shown = set;
  m_grid->setPictures(set, std::move(indices));
}

void DataBrowser::describe(std::size_t index) {
  m_picture->setText(tr("Picture %1: %2").arg(index).arg(QString::fromStdString(m_shown->classNames[m_shown->labels[index]])));
}

void DataBrowser::choose(std::size_t index) {
  emit chosen(sampleOf(*m_shown, index));
}

void DataBrowser::turn() {
  m_library.choose(io::withInverted(m_library.current().key), true);
}

}  // namespace ui
