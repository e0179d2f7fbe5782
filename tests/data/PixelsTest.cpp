#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <span>
#include <string>

#include "data/Dataset.h"
#include "data/Pixels.h"
#include "nn/Error.h"

namespace {

// A variable of the environment, as it was afterwards.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : m_name(name) {
    if (const char* before = std::getenv(name)) m_before = before;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { m_before.empty() ? unsetenv(m_name) : setenv(m_name, m_before.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* m_name;
  std::string m_before;
};

std::uint8_t valueAt(std::size_t i) {
  return std::uint8_t(i * 2654435761u >> 13);
}

data::Pixels filled(std::size_t bytes) {
  data::Pixels pixels;
  for (std::size_t i = 0; i < bytes; ++i) pixels.push_back(valueAt(i));
  return pixels;
}

bool isFilled(const data::Pixels& pixels, std::size_t bytes) {
  if (pixels.size() != bytes) return false;
  for (std::size_t i = 0; i < bytes; ++i)
    if (pixels[i] != valueAt(i)) return false;
  return true;
}

bool isSame(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// What is mapped of files that have no name.
bool mapsDeletedFile(const std::string& folder) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find(folder) != std::string::npos && line.find("(deleted)") != std::string::npos) return true;
  return false;
}

TEST(Pixels, BeyondTheBudgetTheyLieInAFileThatNobodySees) {
  const std::string folder = testing::TempDir() + "pixels-of-a-test";
  std::filesystem::create_directories(folder);
  const Variable place("TMPDIR", folder), budget("CONVSCOPE_PIXEL_MEMORY", "5");
  {
    const data::Pixels small = filled(3'000'000), large = filled(9'000'000);
    EXPECT_FALSE(data::isInFile(small));
    EXPECT_EQ(data::noteOfFile(small), "");
    EXPECT_TRUE(data::isInFile(large));
    EXPECT_NE(data::noteOfFile(large).find("9 MB"), std::string::npos) << data::noteOfFile(large);
    EXPECT_NE(data::noteOfFile(large).find(folder), std::string::npos);
    EXPECT_TRUE(mapsDeletedFile(folder));
    EXPECT_TRUE(std::filesystem::is_empty(folder)) << "nothing is left there, even where the program is killed";
    EXPECT_TRUE(isFilled(small, 3'000'000));
    EXPECT_TRUE(isFilled(large, 9'000'000));
    const data::Pixels copy = large;
    EXPECT_EQ(copy, large);
    EXPECT_TRUE(data::isInFile(copy));
  }
  EXPECT_FALSE(mapsDeletedFile(folder)) << "and it goes with the set";
  std::filesystem::remove_all(folder);
}

TEST(Pixels, WithoutRoomTheRefusalSaysWhere) {
  const Variable place("TMPDIR", "/proc/no-folder"), budget("CONVSCOPE_PIXEL_MEMORY", "1");
  try {
    filled(5'000'000);
    FAIL();
  } catch (const nn::Error& error) {
    EXPECT_EQ(error.issue().where, "/proc/no-folder");
    EXPECT_NE(error.issue().hint.find("TMPDIR"), std::string::npos);
  }
  EXPECT_NO_THROW(data::requirePixelRoom(900'000, "A set", "here", ""));
  try {
    data::requirePixelRoom(5e15, "A set of 3 pictures", "here", "Take fewer");
    FAIL();
  } catch (const nn::Error& error) {
    EXPECT_EQ(error.issue().what.find("A set of 3 pictures needs about"), 0u) << error.issue().what;
    EXPECT_NE(error.issue().what.find("of the disk in /proc/no-folder"), std::string::npos);
  }
}

TEST(Pixels, ASetInAFileIsReadAsOneInMemory) {
  const Variable budget("CONVSCOPE_PIXEL_MEMORY", "1");
  const auto setOf = [](std::size_t first) {
    auto set = std::make_shared<data::Dataset>();
    set->shape = {1, 100, 100};
    set->classNames = {"a", "b"};
    set->labels.assign(100, data::Label(first % 2));
    for (std::size_t i = 0; i < 1'000'000; ++i) set->pixels.push_back(valueAt(first + i));
    return set;
  };
  const auto first = setOf(0), second = setOf(77);
  ASSERT_FALSE(data::isInFile(first->pixels));
  const data::DataSplit split = data::joinParts(first, second);
  ASSERT_TRUE(data::isInFile(split.train->whole->pixels));
  for (const std::size_t i : {std::size_t(0), std::size_t(99)}) {
    EXPECT_TRUE(isSame(split.train->image(i), first->image(i)));
    EXPECT_TRUE(isSame(split.validation->image(i), second->image(i)));
  }
}

}  // namespace
