// The checker itself, on small trees laid out for it: each rule must be able to fail.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "arch/ArchChecker.h"
#include "arch/ClassSizes.h"
#include "arch/HiddenNames.h"

namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ArchChecker : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "convscope-arch-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_root = pattern;
    m_rules = arch::houseRules({});
    m_rules.widgetHeaders = {"QLabel"};
  }
  void TearDown() override { fs::remove_all(m_root); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((m_root / path).parent_path());
    std::ofstream(m_root / path) << text;
  }
  std::vector<arch::Violation> includes(const std::string& path, const std::string& line) {
    write(path, line + "\n");
    auto found = arch::checkIncludes(m_root, m_rules);
    fs::remove(m_root / path);
    return found;
  }

  fs::path m_root;
  arch::Rules m_rules;
};

TEST_F(ArchChecker, AcceptsTheArrowsOfTheTable) {
  EXPECT_THAT(includes("src/data/A.h", "#include \"nn/Shape.h\""), IsEmpty());
  EXPECT_THAT(includes("src/nn/layers/A.cpp", "#include \"nn/Layer.h\""), IsEmpty());
  EXPECT_THAT(includes("src/io/A.cpp", "#include \"train/Trainer.h\""), IsEmpty());
  EXPECT_THAT(includes("ui/panels/drawing/A.cpp", "#include \"cli/Commands.h\""), IsEmpty());
  EXPECT_THAT(includes("ui/panels/drawing/A.cpp", "#include \"ui/app/Workbench.h\""), IsEmpty());
  EXPECT_THAT(includes("ui/panels/drawing/A.cpp", "#include \"ui/panels/drawing/Pad.h\""), IsEmpty());
  EXPECT_THAT(includes("ui/shell/A.cpp", "#include \"ui/panels/drawing/Pad.h\""), IsEmpty());
  EXPECT_THAT(includes("ui/A.cpp", "#include \"ui_A.h\""), IsEmpty());
  EXPECT_THAT(includes("src/nn/A.cpp", "#include <vector>"), IsEmpty());
}

TEST_F(ArchChecker, FindsArrowsThatPointBack) {
  const auto found = includes("src/nn/A.cpp", "// first\n  #  include \"data/Dataset.h\"");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].file, "src/nn/A.cpp");
  EXPECT_EQ(found[0].line, 2);
  EXPECT_THAT(found[0].what, HasSubstr("nn must not include data"));
  EXPECT_THAT(includes("src/scene/A.cpp", "#include \"train/Snapshot.h\""), SizeIs(1));
  EXPECT_THAT(includes("src/render/A.cpp", "#include \"io/Model.h\""), SizeIs(1));
  EXPECT_THAT(includes("src/cli/A.cpp", "#include \"ui/shell/MainWindow.h\""), SizeIs(1));
}

TEST_F(ArchChecker, FindsArrowsThatPointBackInsideTheWindow) {
  EXPECT_THAT(includes("ui/model/A.cpp", "#include \"ui/app/Workbench.h\""), SizeIs(1));
  EXPECT_THAT(includes("ui/app/A.cpp", "#include \"ui/panels/drawing/Pad.h\""), SizeIs(1));
  EXPECT_THAT(includes("ui/scene/A.cpp", "#include \"ui/panels/drawing/Pad.h\""), SizeIs(1));
  EXPECT_THAT(includes("ui/panels/training/A.cpp", "#include \"ui/shell/MainWindow.h\""), SizeIs(1));
  EXPECT_THAT(includes("ui/panels/training/A.cpp", "#include \"ui/panels/drawing/Pad.h\""), SizeIs(1)) << "panels do not know each other";
  EXPECT_THAT(includes("ui/model/A.cpp", "#include <QLabel>"), SizeIs(1)) << "models have no widgets";
}

TEST_F(ArchChecker, FindsIncludesThatAreNotByPathFromTheRoot) {
  EXPECT_THAT(includes("src/nn/A.cpp", "#include \"Shape.h\""), SizeIs(1));
  EXPECT_THAT(includes("src/nn/A.cpp", "#include \"../data/Dataset.h\""), SizeIs(1));
}

TEST_F(ArchChecker, KeepsQtWidgetsAndOpenGlWhereTheyBelong) {
  EXPECT_THAT(includes("src/scene/A.cpp", "#include <QString>"), SizeIs(1));
  EXPECT_THAT(includes("src/train/A.cpp", "#include <QtCore/QString>"), SizeIs(1));
  EXPECT_THAT(includes("src/io/A.cpp", "#include <QString>"), IsEmpty());
  EXPECT_THAT(includes("src/cli/A.cpp", "#include <QLabel>"), SizeIs(1));
  EXPECT_THAT(includes("src/render/A.cpp", "#include <QtWidgets/QWidget>"), SizeIs(1));
  EXPECT_THAT(includes("ui/A.cpp", "#include <QLabel>"), IsEmpty());
  EXPECT_THAT(includes("ui/shell/A.cpp", "#include <QOpenGLFunctions>"), SizeIs(1));
  EXPECT_THAT(includes("src/io/A.cpp", "#include <GL/gl.h>"), SizeIs(1));
  EXPECT_THAT(includes("ui/scene/A.cpp", "#include <QOpenGLWidget>"), IsEmpty());
  EXPECT_THAT(includes("src/render/A.cpp", "#include <QOpenGLShaderProgram>"), IsEmpty());
}

TEST_F(ArchChecker, FindsFoldersThatAreNoRooms) {
  EXPECT_THAT(includes("src/misc/A.cpp", ""), SizeIs(1));
}

std::string functionOf(int lines, const std::string& head, const std::string& indentation = "") {
  std::string text = indentation + head + "\n";
  for (int i = 0; i < lines - 2; ++i) text += indentation + "  work();\n";
  return text + indentation + "}\n";
}

TEST_F(ArchChecker, MeasuresFiles) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "int a" + std::to_string(i) + ";\n";
  write("tests/nn/A.cpp", text);
  EXPECT_THAT(arch::checkSizes(m_root, m_rules), IsEmpty());
  write("tests/nn/A.cpp", text + "int b;\n");
  EXPECT_THAT(arch::checkSizes(m_root, m_rules), SizeIs(1));
}

TEST_F(ArchChecker, MeasuresFunctions) {
  write("src/nn/A.cpp", functionOf(60, "void f() {") + functionOf(60, "void A::g(int b) const {"));
  EXPECT_THAT(arch::checkSizes(m_root, m_rules), IsEmpty());
  write("src/nn/A.cpp", functionOf(20, "void f() {") + functionOf(61, "void A::g(int b) const {"));
  const auto found = arch::checkSizes(m_root, m_rules);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].line, 21);
  write("src/nn/A.cpp", "struct A {\n" + functionOf(61, "void g() noexcept override {", "  ") + "};\n");
  EXPECT_THAT(arch::checkSizes(m_root, m_rules), SizeIs(1));
  write("src/nn/A.cpp", "void longName(int first,\n" + functionOf(61, "              int second) {"));
  EXPECT_THAT(arch::checkSizes(m_root, m_rules), SizeIs(1));
  write("src/nn/A.cpp", "A::A(int b)\n" + functionOf(61, "    : m_b(b) {"));
  EXPECT_THAT(arch::checkSizes(m_root, m_rules), SizeIs(1));
}

TEST_F(ArchChecker, DoesNotTakeNamespacesAndTablesForFunctions) {
  write("src/nn/A.cpp", functionOf(100, "namespace nn {") + functionOf(100, "constexpr int kTable[] = {"));
  EXPECT_THAT(arch::checkSizes(m_root, m_rules), IsEmpty());
}

TEST_F(ArchChecker, ReadsTexts) {
  write("src/nn/A.h", "#pragma once\nint methodOfXXXL;\n");
  EXPECT_THAT(arch::checkTexts(m_root, m_rules), IsEmpty());
  write("src/nn/A.h", "int a;\n");
  EXPECT_THAT(arch::checkTexts(m_root, m_rules), SizeIs(1));
  write("src/nn/A.h", "#pragma once\n// " + m_rules.bannedWords.front() + ": later\n");
  EXPECT_THAT(arch::checkTexts(m_root, m_rules), SizeIs(1));
}

TEST_F(ArchChecker, ReadsWhatASourceDeclares) {
  const auto names = arch::declaredNames(R"(
#include <vector>
namespace ui {
class Reader;
namespace {
constexpr int kGap = 3, kEdge = 4;  // int kCommented;
const std::map<int, std::vector<int>> kTable = {{1, {2, 3}}}, kOther{};
const char* const kTexts[] = {"a; b", "c"};
enum Side { Left, Right = 2 };
enum class Way { Up };
using Pair = std::pair<int, int>;
using std::string;
template <typename T, int N = 3>
struct Box final : Base<T> {
  int m_inner;
  void inside();
};
struct {
  int x;
} g_state;
template <>
struct Box<int> {};
std::vector<int> listOf(const std::map<int, int>& from,
                        std::vector<int> what = {}) {
  const int kLocal = 1;
}
auto twice = [](int value) { return 2 * value; };
void Box<int>::inside() {}
bool operator==(const Pair& a, const Pair& b) { return true; }
MACRO(Name, other) { int x; }
void later(int);
}  // namespace
static int counter() { return 1; }
Reader::Reader(int a) : m_a{a}, m_b(a) {}
extern int shared;
}  // namespace ui
int outside;
)");
  std::string hidden, seen;
  for (const auto& one : names) (one.hidden ? hidden : seen) += one.name + ' ';
  EXPECT_EQ(hidden, "kGap kEdge kTable kOther kTexts Left Right Side Way Pair Box g_state listOf twice later counter ");
  EXPECT_EQ(seen, "Reader shared outside ");
  EXPECT_EQ(names[1].line, 6);
  EXPECT_EQ(names[10].alias, "std::pair<int, int>");
}

class HiddenNames : public ArchChecker {
 protected:
  static std::string hidden(const std::string& lines) { return "namespace {\n" + lines + "\n}  // namespace\n"; }
  // In ui/shell/B.cpp, beside what A.cpp and its header have.
  std::size_t count(const std::string& lines) {
    write("ui/base/A.cpp",
          hidden("constexpr int kGap = 3, kEdge = 4;\nclass Reader final {\n};\nusing Pair = A;\nint area(const Rect& box, int by) {\n}"));
    write("ui/base/A.h", "namespace ui {\nint widthOf(int);\nconstexpr int kWide = 1;\n}");
    write("ui/shell/B.cpp", lines);
    const auto found = arch::checkHiddenNames(m_root, {});
    return std::size_t(std::count_if(found.begin(), found.end(), [](const auto& one) { return one.file == "ui/shell/B.cpp"; }));
  }
};

TEST_F(HiddenNames, MayStandOnceInATarget) {
  EXPECT_EQ(count(hidden("constexpr int kGap = 1;")), 1u);
  EXPECT_EQ(count(hidden("constexpr int kOther = 1, kEdge = 1;")), 1u) << "the second of a declaration";
  EXPECT_EQ(count(hidden("struct Reader {\n};")), 1u);
  EXPECT_EQ(count(hidden("float area(const Rect& all, int steps = 2) {\n}")), 1u);
  EXPECT_EQ(count(hidden("int area(float) {\n}")), 1u) << "of other parameters";
  EXPECT_EQ(count("namespace ui {\n" + hidden("  void area() {\n  }") + "}"), 1u) << "in a namespace, and further in";
  EXPECT_EQ(count("static int area() {\n}"), 1u);
  EXPECT_EQ(count(hidden("using Pair = B;")), 1u);
  EXPECT_EQ(count(hidden("using Pair = A;")), 0u) << "the same for all";
  EXPECT_EQ(count(hidden("int areas() {\n  int area = 1;\n  constexpr int kGap = 3;\n}")), 0u) << "others, and local ones";
  EXPECT_EQ(count("constexpr int kEdge = 1;"), 0u) << "not hidden here";
  write("src/nn/B.cpp", hidden("constexpr int kEdge = 1;"));
  EXPECT_THAT(arch::checkHiddenNames(m_root, {"ui/shell"}), IsEmpty()) << "another target, and what is compiled alone";
}

TEST_F(HiddenNames, AreNoneOfAHeader) {
  EXPECT_EQ(count(hidden("int widthOf(int) {\n}")), 1u);
  EXPECT_EQ(count(hidden("int widthOf(float, int) {\n}")), 1u);
  EXPECT_EQ(count(hidden("constexpr int kHigh = 1, kWide = 2;")), 1u);
  EXPECT_EQ(count("int ui::widthOf(int) {\n}"), 0u) << "its definition";
  write("ui/shell/B.h", "int own(int);");
  EXPECT_EQ(count("#include \"ui/shell/B.h\"\n" + hidden("int own(float) {\n}")), 1u) << "its own";
}

TEST_F(ArchChecker, FindsTestsThatNobodyBuilds) {
  write("tests/nn/ATest.cpp", "");
  write("tests/nn/Helper.cpp", "");
  EXPECT_THAT(arch::checkTestsAreBuilt(m_root, {"tests/nn/ATest.cpp"}), IsEmpty());
  EXPECT_THAT(arch::checkTestsAreBuilt(m_root, {}), SizeIs(1));
}

TEST_F(ArchChecker, CountsWhatAClassHas) {
  const auto sizes = arch::classSizes(R"(
#define NOT_A_CLASS class X { int m_a; };
enum class Kind { A, B };
struct Plain { int a, b; };
template <typename T>
class Counted final : public Base<T> {
  Q_DISABLE_COPY(Counted)
 public:
  explicit Counted(int a) : m_a(a), m_c("int x();") {}
  ~Counted() override;
  static Counted made();
  std::vector<int> list(int a = 1, int b = 2) const { return {a, b}; }
  bool operator==(const Counted&) const = default;
  class Inner {
   public:
    void go();
  };
  // void commented();

 signals:
  void changed();

 public slots:
  void start();

 private:
  void hidden();
  static constexpr int kLimit = 1'000;
  std::function<void(int, int)> m_call;
  int m_a = list(1, 2), m_b{3};
  std::map<int, std::vector<int>> m_map = {{1, {2}}};
};
struct Counted::Impl : Other {
  void open();
  int a, b;
};
)");
  ASSERT_THAT(sizes, SizeIs(3));
  EXPECT_EQ(sizes[0].name, "Counted");
  EXPECT_EQ(sizes[0].line, 6);
  EXPECT_EQ(sizes[0].publicFunctions, 4) << "made, list, operator== and start";
  EXPECT_EQ(sizes[0].members, 4);
  EXPECT_EQ(sizes[1].name, "Inner");
  EXPECT_EQ(sizes[1].publicFunctions, 1);
  EXPECT_EQ(sizes[2].name, "Counted::Impl");
  EXPECT_EQ(sizes[2].publicFunctions, 1);
  EXPECT_EQ(sizes[2].members, 2);
}

TEST_F(ArchChecker, MeasuresClasses) {
  m_rules.classes = {2, 2};
  write("ui/A.h", "class A {\n public:\n  void f();\n  void g();\n  int m_a, m_b;\n};\n");
  EXPECT_THAT(arch::checkClasses(m_root, m_rules), IsEmpty());
  write("ui/A.h", "class A {\n public:\n  void f();\n  void g();\n  void h();\n  int m_a, m_b, m_c;\n};\n");
  EXPECT_THAT(arch::checkClasses(m_root, m_rules), SizeIs(2));
}

}  // namespace
