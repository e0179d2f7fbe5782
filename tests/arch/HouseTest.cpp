// The house as it stands keeps its own rules.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <string>

#include "arch/ArchChecker.h"
#include "arch/HiddenNames.h"

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = CONVSCOPE_SOURCE_DIR;

arch::Rules rules() {
  std::vector<fs::path> folders;
  std::istringstream list(CONVSCOPE_WIDGET_HEADERS);
  for (std::string folder; std::getline(list, folder, ':');)
    if (!folder.empty()) folders.emplace_back(folder);
  return arch::houseRules(folders);
}

TEST(House, KnowsTheHeadersOfTheWidgetModules) {
  if (std::string(CONVSCOPE_WIDGET_HEADERS).empty()) GTEST_SKIP() << "this build has no Qt";
  EXPECT_TRUE(rules().widgetHeaders.contains("QLabel"));
  EXPECT_TRUE(rules().widgetHeaders.contains("QOpenGLWidget"));
  EXPECT_FALSE(rules().widgetHeaders.contains("QImage"));
}

TEST(House, EveryIncludeFollowsAnArrow) {
  const auto found = arch::checkIncludes(kRoot, rules());
  EXPECT_TRUE(found.empty()) << arch::describe(found);
}

TEST(House, FilesAndFunctionsKeepTheirSize) {
  const auto found = arch::checkSizes(kRoot, rules());
  EXPECT_TRUE(found.empty()) << arch::describe(found);
}

TEST(House, ClassesKeepTheirSize) {
  const auto found = arch::checkClasses(kRoot, rules());
  EXPECT_TRUE(found.empty()) << arch::describe(found);
}

TEST(House, TextsKeepTheRules) {
  const auto found = arch::checkTexts(kRoot, rules());
  EXPECT_TRUE(found.empty()) << arch::describe(found);
}

TEST(House, HiddenNamesDiffer) {
  std::set<std::string> separate = {"tests/bench/", "tests/fuzz/", "tests/onnx/"};
  // Compiled once for each instruction set, and with the hidden code of these headers.
  for (const char* source : {"Target", "Vectors", "Convolution", "Dense", "Pool", "Winograd"})
    separate.insert(std::string("src/nn/kernels/") + source);
  const auto found = arch::checkHiddenNames(kRoot, separate);
  EXPECT_TRUE(found.empty()) << arch::describe(found);
}

TEST(House, EveryTestIsInATarget) {
  if (std::string(CONVSCOPE_WIDGET_HEADERS).empty()) GTEST_SKIP() << "this build has no Qt, so its tests are in no target";
  std::ifstream list(CONVSCOPE_BUILT_TESTS);
  ASSERT_TRUE(list) << "no " << CONVSCOPE_BUILT_TESTS;
  std::set<std::string> built;
  for (std::string source; std::getline(list, source);) built.insert(fs::relative(source, kRoot).generic_string());
  ASSERT_TRUE(built.contains("tests/arch/HouseTest.cpp"));
  const auto found = arch::checkTestsAreBuilt(kRoot, built);
  EXPECT_TRUE(found.empty()) << arch::describe(found);
}

TEST(House, LicenseIsGpl3) {
  std::ifstream license(kRoot / "LICENSE");
  std::string name, version;
  std::getline(license, name);
  std::getline(license, version);
  EXPECT_NE(name.find("GNU GENERAL PUBLIC LICENSE"), std::string::npos);
  EXPECT_NE(version.find("Version 3"), std::string::npos);
}

}  // namespace
