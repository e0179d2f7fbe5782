#include "ui/scene/ExportDialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>

#include "io/FilmWriter.h"
#include "ui/base/NumberField.h"
#include "ui/base/Widgets.h"

namespace ui {

namespace {

struct Kind {
  const char* label;
  const char* suffix;
  const char* note;
  int widthPx;                        // to begin with; 0: it has none
  const char* playedLabel = nullptr;  // of a film, where an animation is open: it is what films are of, from its step on
  const char* playedNote = nullptr;
};

constexpr Kind kKinds[] = {
    {QT_TRANSLATE_NOOP("ui::ExportDialog", "Picture (PNG)"), "png",
     QT_TRANSLATE_NOOP("ui::ExportDialog", "Pixels, as sharp as you like: for a document or a poster."), 2560},
    {QT_TRANSLATE_NOOP("ui::ExportDialog", "Drawing for slides (SVG)"), "svg",
     QT_TRANSLATE_NOOP("ui::ExportDialog", "Text, edges and cells stay vectors, sharp at every size; the largest layers are pictures."), 0},
    {QT_TRANSLATE_NOOP("ui::ExportDialog", "Page for slides (PDF)"), "pdf",
     QT_TRANSLATE_NOOP("ui::ExportDialog", "One page of vectors, for LaTeX and for printing; the largest layers are pictures."), 0},
    {QT_TRANSLATE_NOOP("ui::ExportDialog", "Film of a turn (MP4)"), "mp4",
     QT_TRANSLATE_NOOP("ui::ExportDialog", "Six seconds: the network turns to one side, to the other and back."), 1280,
     QT_TRANSLATE_NOOP("ui::ExportDialog", "Film of what is played (MP4)"),
     QT_TRANSLATE_NOOP("ui::ExportDialog", "From this step on, as it plays at the speed of 1×.")},
    {QT_TRANSLATE_NOOP("ui::ExportDialog", "Film of a turn (GIF)"), "gif",
     QT_TRANSLATE_NOOP("ui::ExportDialog", "The same for a web page or a chat; larger than an MP4."), 720,
     QT_TRANSLATE_NOOP("ui::ExportDialog", "Film of what is played (GIF)"),
     QT_TRANSLATE_NOOP("ui::ExportDialog", "The same for a web page or a chat; larger than an MP4.")}};

bool isPlayed(const Kind& kind, const render::SceneCapture& capture) {
  return kind.playedLabel && capture.state.animation().has_value();
}

const Kind& kindAt(const QComboBox& box) {
  return kKinds[std::size_t(std::max(0, box.currentIndex()))];
}

}  // namespace

ExportDialog::ExportDialog(const render::SceneCapture& capture, QWidget* parent)
    : QDialog(parent),
      m_capture(capture),
      m_kind(named("exportKind", new QComboBox(this))),
      m_width(named("exportWidth", new NumberField(this))),
      m_size(new QLabel(this)),
      m_note(new QLabel(this)) {
  setObjectName("exportDialog");
  setWindowTitle(tr("Export the scene"));
  for (const Kind& kind : kKinds) m_kind->addItem(tr(isPlayed(kind, m_capture) ? kind.playedLabel : kind.label));
  m_width->setDecimals(0);
  m_width->setRange(64, 16384);
  m_width->setSingleStep(160);
  m_width->setSuffix(tr(" px"));
  m_note->setWordWrap(true);
  m_note->setMinimumHeight(2 * fontMetrics().lineSpacing() + 4);
  m_note->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(16);
  form->setVerticalSpacing(12);
  form->addRow(tr("Save as"), m_kind);
  form->addRow(tr("Width"), rowOf({m_width, {m_size, 1}}));
  auto* buttons = new QDialogButtonBox(this);
  m_save = buttons->addButton(tr("Save..."), QDialogButtonBox::AcceptRole);
  m_save->setObjectName("exportSave");
  buttons->addButton(QDialogButtonBox::Cancel)->setIcon({});
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  columnOf(this, {16, 16, 16, 16}, 12, {form, m_note, buttons});
  setMinimumWidth(440);
  connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
    if (kindAt(*m_kind).widthPx > 0) m_width->setValue(kindAt(*m_kind).widthPx);
    present();
  });
  connect(m_width, &NumberField::valueChanged, this, &ExportDialog::present);
  m_width->setValue(kKinds[0].widthPx);
  present();
}

QString ExportDialog::suffix() const {
  return QString::fromLatin1(kindAt(*m_kind).suffix);
}

int ExportDialog::widthPx() const {
  return int(m_width->value());
}

void ExportDialog::present() {
  const Kind& kind = kindAt(*m_kind);
  const bool film = suffix() == "mp4" || suffix() == "gif", possible = !film || io::FilmWriter::available();
  m_width->setEnabled(kind.widthPx > 0);
  m_size->setText(kind.widthPx > 0 ? tr("× %1 px").arg(render::heightFor(m_capture, widthPx(), film)) : tr("any"));
  m_note->setText(possible ? tr(isPlayed(kind, m_capture) ? kind.playedNote : kind.note)
                           : tr("Films are written by the program ffmpeg, which is not installed here. On Debian and Ubuntu: "
                                "sudo apt install ffmpeg"));
  m_save->setEnabled(possible);
}

}  // namespace ui
