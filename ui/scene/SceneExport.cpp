#include "ui/scene/SceneExport.h"

#include <QDir>
#include <QFileInfo>
#include <QThread>

#include "cli/ExportFile.h"
#include "io/FilmWriter.h"
#include "ui/app/FileCommands.h"
#include "ui/app/Workbench.h"
#include "ui/base/Action.h"
#include "ui/scene/ExportDialog.h"
#include "ui/scene/Recorder.h"
#include "ui/scene/SceneController.h"
#include "ui/scene/SceneHost.h"

namespace ui {

namespace {
constexpr int kGlanceMs = 20;  // after which it is seen that a film has ended, or is not wanted any more
}  // namespace

SceneExport::SceneExport(Workbench& workbench, SceneHost& scene, QWidget& window, QObject* parent)
    : QObject(parent),
      m_workbench(workbench),
      m_scene(scene),
      m_window(window),
      m_export(makeCommand(this, "file.export", tr("&Export the scene..."),
                           tr("As a picture, as vectors for slides, or as a film of a turn"), Qt::CTRL | Qt::SHIFT | Qt::Key_E)),
      m_film(makeCommand(this, "file.film", tr("&Film the scene..."),
                         tr("Films drawing, training and moving about, until it is ended with the same key"),
                         Qt::CTRL | Qt::SHIFT | Qt::Key_R)),
      m_recorder(new Recorder([&scene] { return scene.views().picture(); }, this)) {
  m_film->setCheckable(true);
  connect(m_export, &QAction::triggered, this, &SceneExport::ask);
  connect(m_film, &QAction::triggered, this, &SceneExport::toggleFilm);
  connect(m_recorder, &Recorder::recordingChanged, this, &SceneExport::presentFilm);
  connect(m_recorder, &Recorder::failed, this, [this](const nn::Issue& issue) {
    m_workbench.tell(untilNext(Jobs::Lane::Films, {Message::Kind::Failure, issue}));
  });
  connect(m_recorder, &Recorder::recordingChanged, this, [this](bool on) {
    if (!on && m_recorder->finishing()) showFinishing();
  });
  connect(m_recorder, &Recorder::saved, this, [this](const QString& path) {
    m_workbench.tell(Message::of(Message::Kind::Info, QDir::toNativeSeparators(path), tr("The film is saved")));
  });
}

void SceneExport::ask() {
  if (m_scene.controller().state().empty()) return m_scene.say(tr("The network is still being opened."));
  auto* dialog = new ExportDialog(m_scene.capture(), &m_window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog] {
    const QString suffix = dialog->suffix();
    const QString path = FileCommands::askSavePath(m_workbench, &m_window, tr("Export the scene"), "convscope." + suffix,
                                                   QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix), {suffix});
    if (!path.isEmpty()) save(*dialog, path);
  });
  dialog->open();
}

void SceneExport::save(const ExportDialog& choice, const QString& path) {
  const auto work = [this, path, capture = choice.capture(), width = choice.widthPx()](const data::Progress& progress) -> Jobs::Finish {
    cli::exportCapture(capture, path, width, progress);
    return [this, path] { m_workbench.tell(Message::of(Message::Kind::Info, QDir::toNativeSeparators(path), tr("Saved"))); };
  };
  m_workbench.jobs().start(tr("Exporting %1").arg(QFileInfo(path).fileName()), work, Jobs::Lane::Exports);
}

void SceneExport::toggleFilm(bool on) {
  if (!on) return m_recorder->stop();
  m_film->setChecked(false);  // until a film really runs
  if (!io::FilmWriter::available()) {
    const nn::Issue issue{"", "Films are written by the program ffmpeg, which is not installed here",
                          "On Debian and Ubuntu: sudo apt install ffmpeg"};
    return m_workbench.tell(untilNext(Jobs::Lane::Films, {Message::Kind::Warning, issue}));
  }
  const QString path = FileCommands::askSavePath(m_workbench, &m_window, tr("Film the scene"), QStringLiteral("convscope.mp4"),
                                                 QStringLiteral("MP4 (*.mp4);;GIF (*.gif)"), {"mp4", "gif"});
  if (!path.isEmpty()) m_recorder->start(path);
}

// As a job, so that the person sees it and can cancel it; the recorder's own thread does it.
void SceneExport::showFinishing() {
  const auto work = [film = m_recorder->film()](const data::Progress& progress) -> Jobs::Finish {
    while (!film.over()) {
      if (!progress(-1)) {
        film.cancel();
        return {};
      }
      QThread::msleep(kGlanceMs);
    }
    return film.whole() ? [] {} : Jobs::Finish();  // what the recorder tells of a failure comes before or after this
  };
  m_workbench.jobs().start(tr("Finishing the film"), work, Jobs::Lane::Films);
}

void SceneExport::presentFilm(bool on) {
  m_film->setChecked(on);
  m_film->setText(on ? tr("End the &film") : tr("&Film the scene..."));
  m_scene.setFilming(on);
  if (on) m_scene.say(tr("Filming. %1 ends it.").arg(m_film->shortcut().toString(QKeySequence::NativeText)));
}

}  // namespace ui
