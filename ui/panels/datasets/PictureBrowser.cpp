#include "ui/panels/datasets/PictureBrowser.h"

#include <numeric>
#include <vector>

#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>

#include "analysis/Answer.h"
#include "io/FileNames.h"
#include "ui/app/UnlabeledAnswers.h"
#include "ui/app/Workbench.h"
#include "ui/base/PictureGrid.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

constexpr int kSmallPx = 96;

// The reason, and what these pictures are good for.
QString aboutText(const nn::Issue& why, const Workbench& workbench) {
  const QString said = QString::fromStdString(why.what);
  const QString none = workbench.inference().whyNoAnswer();
  const QString below = none.isEmpty() ? PictureBrowser::tr("The network's answer stands below each.") : none;
  return PictureBrowser::tr("%1. %2 To train on pictures, put those of each class into a folder of its own, and open the folder of these.")
      .arg(said, below);
}

}  // namespace

PictureBrowser::PictureBrowser(Workbench& workbench, const QString& folder, const QStringList& pictures, const nn::Issue& why,
                               QWidget* parent)
    : QDialog(parent),
      m_answers(new UnlabeledAnswers(workbench, pictures, 2 * kSmallPx, this)),
      m_picture(named("unlabeledPicture", new QLabel(this))),
      m_grid(named("unlabeledGrid", new PictureGrid(this, kSmallPx))) {
  setObjectName("pictureBrowser");
  setWindowTitle(tr("Pictures without classes: %1").arg(QDir(io::shownPath(folder)).dirName()));
  auto* what = named("unlabeledWhat", new QLabel(aboutText(why, workbench), this));
  what->setWordWrap(true);
  what->setTextInteractionFlags(Qt::TextSelectableByMouse);
  connect(&workbench, &Workbench::networkChanged, what, [what, why, &workbench] { what->setText(aboutText(why, workbench)); });
  m_grid->setAccessibleName(tr("Pictures of the folder"));
  m_picture->setWordWrap(true);
  m_picture->setMinimumHeight(2 * fontMetrics().lineSpacing());
  m_picture->setTextFormat(Qt::PlainText);
  auto *close = new QPushButton(tr("Close"), this), *toPad = named("unlabeledToPad", new QPushButton(tr("Put on the &pad"), this));
  for (QPushButton* button : {close, toPad}) button->setAutoDefault(false);
  columnOf(this, {16, 16, 16, 16}, 12, {what, {m_grid, 1}, rowOf({{m_picture, 1}, close, toPad})});
  resize(760, 560);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(toPad, &QPushButton::clicked, m_grid, &PictureGrid::chooseCurrent);
  connect(m_grid, &PictureGrid::chosen, this, [this](std::size_t index) { emit chosen(m_answers->pictures()[qsizetype(index)]); });
  connect(m_grid, &PictureGrid::currentChanged, this, &PictureBrowser::describe);
  connect(m_grid, &PictureGrid::seenChanged, this, [this] { m_answers->want(m_grid->seen()); });
  connect(m_answers, &UnlabeledAnswers::changed, this, [this] {
    m_grid->viewport()->update();
    describe();
  });
  std::vector<std::uint32_t> all(std::size_t(pictures.size()));
  std::iota(all.begin(), all.end(), 0u);
  m_grid->setPictures({[this](std::size_t index) { return m_answers->picture(index); },
                       [this](std::size_t index) { return m_answers->answer(index).brief; }},
                      std::move(all));
  m_grid->setFocus();
}

void PictureBrowser::describe() {
  if (m_grid->current() < 0) return m_picture->clear();
  const auto index = std::size_t(m_grid->current());  // all are shown, in their order
  const QString name = io::shownPath(QFileInfo(m_answers->pictures()[qsizetype(index)]).fileName());
  const QString& words = m_answers->answer(index).whole;
  m_picture->setText(words.isEmpty() ? name : tr("%1: %2", "picture, answer").arg(name, words));
}

}  // namespace ui
