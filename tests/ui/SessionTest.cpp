// A session saved and opened again: all that belongs to it comes back, and training goes on as if nothing had happened.
#include <gtest/gtest.h>
#include <sstream>

#include <QPushButton>
#include <QSignalSpy>

#include "cli/Cli.h"
#include "io/Files.h"
#include "io/Model.h"
#include "support/FullDisk.h"
#include "train/Trainer.h"
#include "ui/SteppingWindow.h"
#include "ui/panels/drawing/DrawingPad.h"
#include "ui/panels/drawing/PadPanel.h"
#include "ui/shell/MessageStrip.h"

namespace {

constexpr int kPatienceMs = 60000;

class SessionTest : public uitest::SteppingWindow {
 protected:
  void again() {
    program.reset();
    start();
  }
  void openTiny() {
    window().files().openShipped("tiny");
    ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "tiny"; }, kPatienceMs));
    train::Recipe recipe;
    recipe.batchSize = 270;  // two steps an epoch, of the 540 images that are not held out
    workbench().training().setRecipe(recipe);
  }
  void save() {
    QSignalSpy used(&sessions(), &ui::SessionFiles::used);
    sessions().save(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() > 0; }, kPatienceMs));
  }
  void open() {
    QSignalSpy used(&sessions(), &ui::SessionFiles::used);
    window().files().openPath(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() > 0; }, kPatienceMs));
  }
  // What is told while `act` is done.
  std::string told(const std::function<void()>& act) {
    std::string text;
    const auto connection = QObject::connect(&workbench(), &ui::Workbench::messageRaised, &workbench(), [&](const ui::Message& message) {
      text += message.issue.where + ": " + message.issue.what + " " + message.issue.hint + "\n";
    });
    act();
    QObject::disconnect(connection);
    return text;
  }
};

TEST_F(SessionTest, WhatThePersonShowsWhileItIsOpenedStays) {
  window().panels().setMode(ui::Mode::Explore);
  save();
  QSignalSpy used(&sessions(), &ui::SessionFiles::used);
  window().files().openPath(path);
  key(Qt::Key_F3);
  ASSERT_EQ(used.count(), 0);
  ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() > 0; }, kPatienceMs));
  EXPECT_EQ(window().panels().mode(), ui::Mode::Train);
  open();
  EXPECT_EQ(window().panels().mode(), ui::Mode::Explore) << "nothing was chosen meanwhile";
}

// Its memory may take seconds to be had: it is made when it is trained on, as that of any kept run.
TEST_F(SessionTest, OpeningMakesNoTrainer) {
  openTiny();
  useSmallData();
  steps(1);
  save();
  again();
  open();
  ui::TrainingController& training = workbench().training();
  ASSERT_TRUE(training.preparation()) << "there is no session yet";
  EXPECT_EQ(training.latest()->step, 1u);
  EXPECT_EQ(training.latest()->parameters, workbench().parameters()) << "held once";
  steps(1);
  EXPECT_EQ(step(), 2u);
}

TEST_F(SessionTest, BringsBackAllThatBelongsToIt) {
  openTiny();
  useSmallData();
  steps(3);
  train::Recipe recipe = workbench().training().recipe();
  recipe.optimizer.learningRate = 0.01f;
  recipe.shares.validation = 0.2;  // counts from the next run on
  workbench().training().setRecipe(recipe);
  steps(1);
  drawThree();
  const QImage drawn = window().padPanel().pad()->picture();
  const data::PenStrokes strokes = window().padPanel().pad()->drawing().strokes;
  EXPECT_FALSE(strokes.empty());
  const scene::UnitId first{2, {1, 3, 4}}, second{1, {0, 5, 6}};
  workbench().selection().pinBeside(first, true);
  workbench().selection().pin(second);
  scene::ConnectionOptions options;
  options.direction = scene::Direction::Outgoing;
  options.most = 37;
  options.receptiveField = false;
  workbench().selection().setConnectionOptions(options);
  host().views().setView(ui::SceneViews::View::Flat);
  host().controller().cameraController().setView({{0.1f, 0.2f, 0}, 0, 0, 0.3f});
  window().panels().setMode(ui::Mode::Explore);
  dock("answerDock")->hide();
  const std::vector<float> trained = *workbench().parameters();
  const train::MetricLog::Series metrics = workbench().training().run().metrics.all();
  save();
  EXPECT_FALSE(workbench().unsavedWeights().exist());
  EXPECT_EQ(workbench().model().sessionFile, path);
  const scene::View view = host().controller().cameraController().view();
  EXPECT_GE(view.node, 0) << "close to a layer";

  again();
  workbench().selection().setConnectionOptions({});
  open();
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(workbench().model().name, "tiny");
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_FALSE(workbench().unsavedWeights().exist());
  EXPECT_EQ(workbench().model().sessionFile, path);
  EXPECT_EQ(step(), 4u);
  EXPECT_EQ(workbench().training().recipe(), recipe);
  EXPECT_EQ(workbench().training().run().metrics.all(), metrics);
  ASSERT_EQ(workbench().training().run().log.changes().size(), 1u);
  EXPECT_EQ(workbench().training().run().log.changes()[0].step, 3u);
  EXPECT_EQ(workbench().library().current().key, folder.path());
  EXPECT_EQ(window().padPanel().pad()->picture(), drawn);
  EXPECT_EQ(window().padPanel().pad()->drawing().strokes, strokes);
  EXPECT_EQ(workbench().selection().pinned(), std::optional(second));
  EXPECT_EQ(workbench().selection().pins().beside, std::vector{first});
  EXPECT_EQ(workbench().selection().connectionOptions(), options);
  EXPECT_EQ(host().views().view(), ui::SceneViews::View::Flat);
  EXPECT_EQ(host().controller().cameraController().view().node, view.node);
  EXPECT_NEAR(host().controller().cameraController().view().distance, view.distance, 1e-4);
  EXPECT_NEAR(host().controller().cameraController().view().target.x, view.target.x, 1e-4);
  EXPECT_EQ(window().panels().mode(), ui::Mode::Explore);
  EXPECT_FALSE(dock("answerDock")->isVisible());
  EXPECT_EQ(ui::FileCommands::recent().front(), path);
  // Undone as the opening of a network is.
  while (workbench().undoStack().canUndo()) workbench().undo();
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_TRUE(workbench().model().sessionFile.isEmpty());
  EXPECT_EQ(workbench().training().recipe().optimizer.learningRate, train::Recipe{}.optimizer.learningRate);
  EXPECT_TRUE(window().padPanel().pad()->isEmpty());
}

// In the window, from the window to the command line, and back.
TEST_F(SessionTest, TrainingGoesOnBitForBit) {
  openTiny();
  useSmallData();
  steps(8);  // four epochs in one go
  const std::vector<float> whole = *workbench().parameters();
  const train::MetricLog::Series curves = workbench().training().run().metrics.all();
  again();
  openTiny();
  workbench().library().addFolder(folder.path());
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().library().ready(); }, kPatienceMs));
  steps(4);
  save();
  again();
  open();
  steps(4);
  EXPECT_EQ(*workbench().parameters(), whole);
  EXPECT_EQ(workbench().training().run().metrics.series(train::MetricLog::kTrainingLoss).size(),
            curves.find("training loss")->second.size());

  const auto trainOn = [&](const QString& from, const QString& to, int epochs) {
    std::ostringstream out, err;
    const int status = cli::runCommand({"train", "--resume", from, "--epochs", QString::number(epochs), "--checkpoint", to}, out, err);
    EXPECT_EQ(status, 0) << err.str();
  };
  const QString further = folder.filePath("further.convscope");
  trainOn(path, further, 4);
  EXPECT_EQ(*io::loadWork(further).model.parameters, whole);
  EXPECT_TRUE(io::loadWork(further).others.has("drawing"));
  const QString middle = folder.filePath("middle.convscope");
  trainOn(path, middle, 3);
  again();
  path = middle;
  open();
  EXPECT_EQ(step(), 6u);
  steps(2);
  EXPECT_EQ(*workbench().parameters(), whole);
}

// What the one before remembered means nothing to it.
TEST_F(SessionTest, AnotherOptimizerThatNoStepWasTakenWithIsSaved) {
  openTiny();
  useSmallData();
  steps(1);
  save();
  open();
  workbench().training().setField(*train::findRecipeField("optimizer"), std::string("sgd"));
  save();
  open();
  steps(1);
}

TEST_F(SessionTest, DataThatIsGoneOrAnotherIsToldAndAllElseOpens) {
  openTiny();
  useSmallData();
  steps(2);
  const std::vector<float> trained = *workbench().parameters();
  save();
  const QString images = folder.filePath("train-images-idx3-ubyte"), labels = folder.filePath("train-labels-idx1-ubyte");
  QByteArray bytes = io::readFile(images, 1 << 24);
  bytes.back() = char(bytes.back() ^ 1);
  io::writeFile(images, bytes);
  again();
  const std::string another = told([&] { open(); });
  EXPECT_NE(another.find("it was trained on other images or labels"), std::string::npos) << another;
  EXPECT_NE(another.find("Bring the data back"), std::string::npos) << another;
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_FALSE(workbench().training().exists());
  EXPECT_TRUE(workbench().model().sessionFile.isEmpty()) << "the file that holds the run is not written over";
  QFile::remove(images);
  QFile::remove(labels);
  again();
  const std::string gone = told([&] { open(); });
  EXPECT_NE(gone.find("the run cannot go on"), std::string::npos) << gone;
  EXPECT_EQ(workbench().model().name, "tiny");
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_FALSE(workbench().unsavedWeights().exist());
  EXPECT_NE(gone.find("Save asks for another name"), std::string::npos) << gone;
  EXPECT_TRUE(workbench().model().sessionFile.isEmpty());
  ASSERT_TRUE(window().messages().tells("the run cannot go on"));
  workbench().singleStep();
  EXPECT_TRUE(QTest::qWaitFor([&] { return !window().messages().tells("the run cannot go on"); }, kPatienceMs)) << "it begins anew";
}

TEST_F(SessionTest, TheTitleNamesItAndMarksWhatIsNotSaved) {
  const auto title = [&] { return window().windowTitle().replace("[*]", window().isWindowModified() ? "*" : ""); };
  openTiny();
  const QString network = workbench().model().title;
  EXPECT_EQ(title(), network + " - ConvScope");
  useSmallData();
  steps(1);
  EXPECT_EQ(title(), network + "* - ConvScope");
  save();
  EXPECT_EQ(title(), "lecture.convscope - " + network + " - ConvScope");
  EXPECT_EQ(window().windowFilePath(), path);
  steps(1);
  EXPECT_EQ(title(), "lecture.convscope* - " + network + " - ConvScope");
  again();
  open();
  EXPECT_EQ(title(), "lecture.convscope - " + network + " - ConvScope");
  window().files().openShipped("harley");
  EXPECT_EQ(title(), workbench().model().title + " - ConvScope");
}

// Sections of others are carried by whoever owns them; what nobody owns is named.
TEST_F(SessionTest, ASectionOfItsOwnIsWrittenAndReadByItsOwner) {
  int value = 7;
  const auto own = [&](int version) {
    sessions().addPart({"of this test", version, true,
                        [&value]() -> ui::SessionPart::Content {
                          return [kept = value] { return QCborMap{{QStringLiteral("value"), kept}}; };
                        },
                        [&value](const io::Section& section) { value = section.whole("value", 0, 9); }});
  };
  own(2);
  save();
  value = 0;
  EXPECT_EQ(told([&] { open(); }).find("leaves out"), std::string::npos);
  EXPECT_EQ(value, 7);
  value = 10;  // out of range
  save();
  const std::string outOfRange = told([&] { open(); });
  EXPECT_NE(outOfRange.find("in its section \"of this test\", value is out of range; in its place is what was there before"),
            std::string::npos);
  EXPECT_TRUE(workbench().model().sessionFile.isEmpty()) << "it would be written over with what is no part of it";
  again();
  EXPECT_NE(told([&] { open(); }).find("leaves out: of this test"), std::string::npos);
  own(1);
  EXPECT_NE(told([&] { open(); }).find("is of version 2"), std::string::npos);
  EXPECT_TRUE(window().messages().tells("leaves out: of this test") || window().messages().tells("is of version 2"));
  openTiny();
  EXPECT_FALSE(window().messages().tells("of this test")) << "another network is open";
}

TEST_F(SessionTest, WhatCannotBeReadOrWrittenCostsNothing) {
  drawThree();
  save();
  const QByteArray whole = io::readFile(path, 1 << 28);
  const QImage drawn = window().padPanel().pad()->picture();
  {
    const FileSizeLimit limit(1000);
    QSignalSpy messages(&workbench(), &ui::Workbench::messageRaised);
    sessions().save(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return messages.count() > 0; }, kPatienceMs));
    EXPECT_EQ(messages[0][0].value<ui::Message>().kind, ui::Message::Kind::Failure);
  }
  EXPECT_EQ(io::readFile(path, 1 << 28), whole);
  workbench().undoStack().clear();
  for (const qsizetype size : {qsizetype(0), qsizetype(5), qsizetype(100)}) {
    io::writeFile(path, whole.left(size));
    QSignalSpy failed(&workbench().jobs(), &ui::Jobs::failed);
    window().files().openPath(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.count() == 1; }, kPatienceMs)) << size;
  }
  EXPECT_EQ(window().padPanel().pad()->picture(), drawn);
  EXPECT_FALSE(workbench().undoStack().canUndo());
}

// What is whole of a damaged file is offered, and opens as work that is not saved.
TEST_F(SessionTest, OfADamagedFileTheRestIsOffered) {
  openTiny();
  useSmallData();
  steps(2);
  drawThree();
  save();
  const std::vector<float> trained = *workbench().parameters();
  const QImage drawn = window().padPanel().pad()->picture();
  const QByteArray whole = io::readFile(path, 1 << 28);
  const auto openDamaged = [&](const char* at, const std::string& lost, const std::string& rest) {
    QByteArray damaged = whole;
    const bool isLast = lost.find("state") != std::string::npos;  // the moments before hold the same
    damaged[(isLast ? damaged.lastIndexOf(at) : damaged.indexOf(at)) + 60] ^= 1;
    io::writeFile(path, damaged);
    again();
    auto* button = window().findChild<QPushButton*>("messageAction");
    window().files().openPath(path);
    ASSERT_TRUE(QTest::qWaitFor([&] { return button->isVisible(); }, kPatienceMs));
    const nn::Issue told = window().messages().message().issue;
    EXPECT_EQ(told.where, "lecture.convscope");
    EXPECT_EQ(told.what, "this file is damaged: " + lost + " cannot be read");
    EXPECT_NE(told.hint.find("open what is whole: " + rest + "."), std::string::npos) << told.hint;
    EXPECT_EQ(workbench().model().name, "harley") << "nothing happens before the choice";
    EXPECT_TRUE(window().padPanel().pad()->isEmpty());
    button->click();
    EXPECT_EQ(window().padPanel().pad()->picture(), drawn);
  };
  openDamaged("first moments", "the state of the training", "the network with its weights and the drawing");
  EXPECT_EQ(*workbench().parameters(), trained);
  EXPECT_TRUE(workbench().unsavedWeights().exist());
  EXPECT_TRUE(workbench().model().sessionFile.isEmpty()) << "the damaged file is not written over";
  EXPECT_FALSE(workbench().training().exists());
  EXPECT_EQ(workbench().library().current().key, folder.path());
  const auto stepsOfDamaged = [&] { return workbench().training().exists() ? workbench().training().snapshot()->step : 0; };
  openDamaged("first moments", "what was recorded of the training", "the network with its weights and the drawing");
  EXPECT_EQ(stepsOfDamaged(), 2u) << "the run itself is whole";
  openDamaged("parameters", "the network with its weights", "the drawing");
  EXPECT_EQ(workbench().model().name, "harley");
  EXPECT_FALSE(workbench().unsavedWeights().exist());
  for (const char* data : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"}) QFile::remove(folder.filePath(data));
  openDamaged("first moments", "the state of the training", "the network with its weights and the drawing");
  EXPECT_TRUE(window().messages().tells("this is missing as well: the state of the training")) << "with its data away, too";
}

// Whether a network is trained is said by its weights: those of a run that is not known are trained all the same.
TEST_F(SessionTest, TrainedWeightsAreKnownAsSuchWithoutTheirRun) {
  openTiny();
  save();
  ASSERT_EQ(io::loadModel(path).notes.size(), 1u);
  EXPECT_NE(io::loadModel(path).notes[0].find("is not trained"), std::string::npos);
  useSmallData();
  steps(1);
  ui::SessionFiles::write(sessions().contentOf(*workbench().unsavedWeights().inUse()), std::nullopt, path);
  EXPECT_FALSE(io::loadWork(path).run);
  EXPECT_TRUE(io::loadModel(path).notes.empty());
}

TEST_F(SessionTest, IsAskedAboutBeforeUnsavedWeightsGiveWay) {
  save();
  openTiny();
  useSmallData();
  steps(1);
  answer = ui::FileCommands::Unsaved::Cancel;
  window().files().openPath(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return asked == 1; }, kPatienceMs));
  EXPECT_EQ(workbench().model().name, "tiny");
  // Saved by the answer, in the session's own file, without a further question.
  QSignalSpy used(&sessions(), &ui::SessionFiles::used);
  const QString other = folder.filePath("other.convscope");
  sessions().save(other);
  ASSERT_TRUE(QTest::qWaitFor([&] { return used.count() == 1; }, kPatienceMs));
  steps(1);
  answer = ui::FileCommands::Unsaved::Save;
  const std::vector<float> trained = *workbench().parameters();
  window().files().openPath(path);
  ASSERT_TRUE(QTest::qWaitFor([&] { return workbench().model().name == "harley"; }, kPatienceMs));
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(*io::loadWork(other).model.parameters, trained);
  EXPECT_EQ(workbench().model().sessionFile, path);
}

}  // namespace
