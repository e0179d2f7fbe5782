// One place to add a thing: what only tests know (tests/support) was added by one file and at most one line, as any is, and is found
// everywhere it must appear. A test for each kind of thing; each counts the places.
#include <gmock/gmock.h>

#include <QAction>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QTreeWidget>

#include "cli/CommandRun.h"
#include "data/Transform.h"
#include "io/Model.h"
#include "io/RecipeJson.h"
#include "nn/LayerCatalogue.h"
#include "scene/text/Captions.h"
#include "tasks/Task.h"
#include "ui/WindowTest.h"
#include "ui/app/Commands.h"
#include "ui/app/LessonPlayer.h"
#include "ui/shell/LessonStage.h"
#include "ui/shell/PanelRows.h"

namespace {

using clitest::run;

class Places : public uitest::WindowTest {
 protected:
  void at(const char* place, bool there) {
    if (there) m_found << place;
  }
  // In the order in which they were looked for.
  std::string found() const { return m_found.join(", ").toStdString(); }

  // Of a command: brought in by a menu, and found by a few letters of its words.
  bool inMenu(const QString& id) {
    const QAction* action = window().commands().find(id);
    const QList<QObject*> holders = action ? action->associatedObjects() : QList<QObject*>();
    return std::any_of(holders.begin(), holders.end(), [](const QObject* holder) { return qobject_cast<const QMenu*>(holder) != nullptr; });
  }
  bool inFindBox(const QString& title) {
    window().commands().run("help.find-command");
    auto* field = window().findChild<QLineEdit*>("commandField");
    QTest::keyClicks(field, title.toLower());
    const auto* list = window().findChild<QTreeWidget*>("commandList");
    const bool listed = list->currentItem() && list->currentItem()->text(0).contains(title);
    QTest::keyClick(field, Qt::Key_Escape);
    return listed;
  }
  static bool inHelp(const QString& command, const std::string& words) {
    return run({command, "--help"}).out.find(words) != std::string::npos;
  }
  // The page on how to add one tells of the one that only tests know.
  static bool inDocs(const char* file) { return clitest::bytesOf(CONVSCOPE_SOURCE_DIR "/docs/CONTRIBUTING.md").contains(file); }
  QString written(const QString& name, const QByteArray& text) {
    QFile file(folder.filePath(name));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(text);
    return file.fileName();
  }
  // A lesson of one step with this head and this deed is found without fault and begun.
  bool inLessons(const QByteArray& head, const QByteArray& deed) {
    QByteArray text = "# Places\n\nA lesson.\n\n```lesson\n" + head + "\nminutes 1\n```\n\n## First\n\nA step.\n";
    if (!deed.isEmpty()) text += "\n```do\n" + deed + "\n```\n";
    window().lessons().openFile(written("lesson.md", text));
    const bool begun = QTest::qWaitFor([this] { return window().lessons().player().isOpen(); }, 5000);
    window().lessons().leave();
    return begun;
  }
  template <typename Widget>
  Widget* child(const QString& name) {
    return window().findChild<Widget*>(name);
  }

 private:
  QStringList m_found;
};

TEST_F(Places, OfALayer) {
  const QByteArray json = R"({"name": "gained", "nodes": [{"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28},
    {"name": "louder", "type": "gain", "factor": 1.5}, {"name": "output", "type": "dense", "units": 10}]})";
  const QString file = written("gained.json", json);
  const nn::NetworkSpec spec = io::loadNetworkSpec(file);
  at("JSON", io::readNetworkJson(io::writeNetworkJson(spec), "again") == spec);
  at("JSON, checked", !nn::validate(io::readNetworkJson(QByteArray(json).replace("1.5", "1e9"), "wrong")).empty());
  at("list of types",
     nn::validate(io::readNetworkJson(QByteArray(json).replace("\"gain\"", "\"gian\""), "wrong")).front().hint.find("gain") !=
         std::string::npos);
  const QJsonObject described = run({"describe", file, "--json"}).json()["layers"].toArray()[1].toObject();
  at("describe", described["type"].toString() == "gain");
  at("cost", described["multiply_adds"].toInteger() == 28 * 28);
  at("train", run({"train", file, "--data", "few-digits", "--epochs", "1", "--json"}).status == 0);
  const auto network = nn::Network::create(spec);
  at("words of the scene",
     scene::layerCaption(*network, network->initialParameters(1), nullptr, 1) == "louder: multiplies every value by a fixed number.");
  window().files().openPath(file);
  at("window", QTest::qWaitFor([this] { return workbench().network()->find("louder") == 1; }, 5000));
  at("lesson", inLessons("network tiny", "") && inLessons("", "camera louder"));
  ui::Visitor(*program).drawThree();
  settle(50);
  at("scene", workbench().inference().values() && !workbench().inference().values()->of(1).empty() &&
                  workbench().inference().values()->of(1)[400] == 1.5f * workbench().inference().values()->of(0)[400]);
  at("docs", inDocs("tests/support/layers/Gain.cpp"));
  EXPECT_EQ(found(), "JSON, JSON, checked, list of types, describe, cost, train, words of the scene, window, lesson, scene, docs");
  EXPECT_THROW(io::saveOnnx(folder.filePath("m.onnx"), *network, network->initialParameters(1)), nn::Error)
      << "what ONNX has no words for is refused: the mapping of a layer is written beside that of the others";
}

TEST_F(Places, OfANetwork) {
  at("command line, list", run({"describe", "nobody"}).err.find("small-steps") != std::string::npos);
  at("describe", run({"describe", "small-steps", "--json"}).status == 0);
  const QString model = folder.filePath("m.onnx");
  const auto trained = run({"train", "small-steps", "--data", "few-digits", "--epochs", "1", "--out", model, "--json"});
  at("train", trained.status == 0);
  at("ONNX", io::loadModel(model).network->spec().nodes == io::loadNetworkSpec("small-steps").nodes);
  at("menu", inMenu("network.small-steps"));
  at("find box", inFindBox("Small steps"));
  const auto* choice = child<QComboBox>("networkChoice");
  at("training panel", choice && choice->findData("small-steps") >= 0);
  at("lesson", inLessons("network small-steps", "camera conv1"));
  window().commands().run("network.small-steps");
  at("window", QTest::qWaitFor([this] { return workbench().model().name == "small-steps"; }, 5000));
  at("docs", inDocs("tests/support/networks/small-steps.json"));
  EXPECT_EQ(found(), "command line, list, describe, train, ONNX, menu, find box, training panel, lesson, window, docs");
}

TEST_F(Places, OfADataSet) {
  for (const char* command : {"train", "evaluate"}) at(command, inHelp(command, "few-digits (A few digits)"));
  std::vector<nn::Issue> issues;
  at("recipe", io::readRecipeJson(R"({"network": "tiny", "data": "few-digits"})", "r", issues).data == "few-digits" && issues.empty());
  at("menu", inMenu("data.source.few-digits"));
  at("find box", inFindBox("A few digits"));
  at("training panel", child<QComboBox>("dataChoice")->findData("few-digits") >= 0);
  at("lesson", inLessons("network tiny", "data few-digits"));
  at("docs", inDocs("tests/support/datasets"));
  EXPECT_EQ(found(), "train, evaluate, recipe, menu, find box, training panel, lesson, docs");
}

// Each row of the recipe, among them the one that the transform of tests/support/transforms brings along.
TEST_F(Places, OfAHyperParameterAndATransform) {
  const auto& transforms = data::transforms();
  at("preview", std::any_of(transforms.begin(), transforms.end(), [](const auto& transform) { return transform.id == "fade"; }));
  at("docs", inDocs("tests/support/transforms/Fade.cpp"));
  EXPECT_EQ(found(), "preview, docs");
  const std::string help = run({"train", "--help"}).out;
  const QByteArray recipe = io::writeRecipeJson({"tiny", "few-digits", train::Recipe{}, {}});
  window().commands().run("panel.recipeDock");
  QByteArray all;
  bool fades = false;
  for (const train::RecipeField& row : train::recipeFields()) {
    const QByteArray name = QByteArray::fromStdString(row.info.name);
    SCOPED_TRACE(row.info.name);
    EXPECT_NE(help.find("--" + row.info.name + ' '), std::string::npos) << "command line";
    EXPECT_NE(child<QWidget>("recipe-" + name), nullptr) << "window";
    EXPECT_TRUE(recipe.contains('"' + name + '"')) << "JSON";
    EXPECT_FALSE(train::describe({row.info.name, row.info.defaultValue, row.info.defaultValue}).empty()) << "mark on the curves, undo";
    if (const std::string value = train::fieldText(row.info.defaultValue); !value.empty())
      all += "set " + name + ' ' + QByteArray::fromStdString(value) + '\n';
    fades |= name == "augment-fade";
  }
  EXPECT_TRUE(fades);
  EXPECT_TRUE(inLessons("network tiny", all.trimmed())) << "the lesson's verb, of each";
}

TEST_F(Places, OfAMethod) {
  at("list", run({"explain", "--list"}).out.find("echo") != std::string::npos);
  at("option", inHelp("explain", "--echo-factor"));
  at("menu", inMenu("explain.echo"));
  at("find box", inFindBox("Echo"));
  at("lesson", inLessons("network tiny", "draw 140,40 140,240\nrun explain.echo on"));
  at("docs", inDocs("tests/support/methods/Echo.cpp"));
  EXPECT_EQ(found(), "list, option, menu, find box, lesson, docs");
}

TEST_F(Places, OfATask) {
  const QString file = written("brightness.json", R"({"name": "brightness", "task": "brightness", "nodes": [
    {"name": "input", "type": "input", "channels": 1, "height": 28, "width": 28}, {"name": "output", "type": "dense", "units": 1}]})");
  at("JSON", io::writeNetworkJson(io::loadNetworkSpec(file)).contains("\"task\": \"brightness\""));
  at("describe", run({"describe", file, "--json"}).json()["task"].toString() == "brightness");
  const QString model = folder.filePath("m.onnx");
  const auto trained = run({"train", file, "--data", "few-digits", "--epochs", "1", "--out", model, "--json"});
  at("train", trained.json().contains("test_absolute_error"));
  at("ONNX", io::loadModel(model).network->spec().task == "brightness");
  at("evaluate", run({"evaluate", model, "--data", "few-digits", "--json"}).json().contains("absolute_error"));
  window().files().openPath(file);
  at("window", QTest::qWaitFor([this] { return tasks::taskOf(*workbench().network()).id == "brightness"; }, 5000));
  at("docs", inDocs("tests/support/tasks/Brightness.cpp"));
  EXPECT_EQ(found(), "JSON, describe, train, ONNX, evaluate, window, docs");
}

// Of every panel; the one of tests/support/panels comes last.
TEST_F(Places, OfAPanel) {
  ASSERT_EQ(ui::panelRows().back().id, "noteDock");
  for (const ui::PanelRow& row : ui::panelRows()) {
    SCOPED_TRACE(row.id.toStdString());
    const QDockWidget* panel = window().panels().dock(row.id);
    EXPECT_EQ(panel->windowTitle(), row.title);
    EXPECT_TRUE(inMenu("panel." + row.id));
    EXPECT_TRUE(inFindBox(row.title));
    for (const ui::ModeRow& mode : ui::modeRows()) {
      window().commands().run(mode.id);
      const bool ofMode = std::find(row.modes.begin(), row.modes.end(), mode.mode) != row.modes.end();
      EXPECT_EQ(panel->isVisible(), ofMode) << mode.id.toStdString();
    }
    EXPECT_TRUE(inLessons("network tiny", "spotlight " + row.id.toUtf8()));
  }
  window().commands().run("mode.explore");
  ASSERT_TRUE(window().commands().run("panel.noteDock", true));
  const auto* note = child<QLabel>("note");
  ASSERT_TRUE(note && note->isVisible());
  window().commands().run("network.softmax");
  EXPECT_TRUE(QTest::qWaitFor([&] { return note->text() == "This is " + workbench().model().title + "."; }, 5000)) << "the workbench";
  for (const char* theme : {"dark", "light"}) {
    window().commands().run(QStringLiteral("view.theme-") + theme);
    EXPECT_EQ(note->property("theme").toString(), theme);
  }
  program->window().panels().remember();
  program.reset();
  start();
  window().commands().run("mode.explore");
  EXPECT_TRUE(dock("noteDock")->isVisible()) << "the layout that is remembered";
  EXPECT_TRUE(inDocs("tests/support/panels/NotePanel.cpp"));
}

TEST_F(Places, OfALesson) {
  at("command line", ui::whyNoLesson("nobody").contains("90-test-only") && ui::whyNoLesson("90-test-only").isEmpty());
  at("menu", inMenu("lesson.90-test-only"));
  at("find box", inFindBox("Only for tests"));
  at("list", child<QListWidget>("lessonList")->findItems("Only for tests", Qt::MatchStartsWith).size() == 1);
  window().commands().run("lesson.90-test-only");
  at("window", window().lessons().player().isOpen());
  at("docs", inDocs("tests/support/lessons"));
  EXPECT_EQ(found(), "command line, menu, find box, list, window, docs");
}

}  // namespace
