// Numbers as the scene writes them: the same everywhere, sums that add up as they stand there, cells that say what is in them.
#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "scene/text/Formula.h"
#include "scene/text/Numbers.h"
#include "scene/text/Text.h"

namespace {

double read(std::string text) {
  for (std::size_t minus = text.find("−"); minus != std::string::npos; minus = text.find("−")) text.replace(minus, 3, "-");
  return std::strtod(text.c_str(), nullptr);
}

TEST(ShortNumber, HasThreeDigitsAndNoNeedlessExponent) {
  EXPECT_EQ(scene::shortNumber(0.8421f), "0.842");
  EXPECT_EQ(scene::shortNumber(-0.0531f), "−0.0531");
  EXPECT_EQ(scene::shortNumber(1234.4f), "1234");
  EXPECT_EQ(scene::shortNumber(-99999), "−99999");
  EXPECT_EQ(scene::shortNumber(123456), "1.23e+05");
  EXPECT_EQ(scene::shortNumber(0.0000123f), "1.23e-05");
  EXPECT_EQ(scene::shortNumber(0.99996f), "0.99996") << "a share below the whole is not the whole";
  EXPECT_EQ(scene::shortNumber(1), "1");
  EXPECT_EQ(scene::shortNumber(0.9999999f), "1") << "a pixel that was scaled";
  EXPECT_EQ(scene::shortNumber(-0.0f), "0");
}

TEST(SumWords, AddUpAsTheyAreWritten) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> power(-4, 4), part(-1, 1);
  for (int round = 0; round < 20000; ++round) {
    const float bias = std::pow(10.0f, power(random)) * part(random);
    std::vector<float> addends(std::size_t(1 + round % 12));
    float total = bias;
    for (float& addend : addends) total += addend = std::pow(10.0f, power(random) / 2) * part(random);
    const std::size_t loose = addends.size();
    addends.push_back(bias);
    const scene::SumWords words = scene::sumWords(addends, total, loose);
    EXPECT_EQ(words.total, scene::shortNumber(total));
    double sum = 0;
    for (const std::string& text : words.addends) sum += read(text);
    const double unit = std::pow(10.0, -words.decimals);
    const bool fine = std::abs(bias) < unit / 2;  // a bias below the last digit keeps digits of its own
    EXPECT_NEAR(sum, read(words.total), fine ? unit * 0.51 : unit * 1e-3) << words.total << " " << round;
    EXPECT_NE(read(words.addends.back()), 0) << bias;
    for (std::size_t i = 0; i < addends.size(); ++i) EXPECT_NEAR(read(words.addends[i]), addends[i], unit * 1.6);
  }
}

TEST(SumWords, OfTheUsualCase) {
  const scene::SumWords words = scene::sumWords(std::vector<float>{0.06643f, -0.05314f}, 0.01329f, 1);
  EXPECT_EQ(words.total, "0.0133");
  EXPECT_EQ(words.addends, (std::vector<std::string>{"0.0664", "−0.0531"}));
}

TEST(CellNumbers, AreWrittenAlikeAndNeverHideAWeight) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  for (const float size : {3e-7f, 4e-4f, 0.02f, 0.3f, 1.0f, 8.0f, 300.0f, 2e6f}) {
    for (const bool plain : {false, true}) {
      std::vector<float> weights(49);
      float largest = 0;
      for (float& weight : weights) largest = std::max(largest, std::abs(weight = normal(random) * size));
      const scene::CellNumbers numbers = scene::CellNumbers::of(largest, 2, plain);
      int about = 0;
      for (const float weight : weights) {
        const std::string text = numbers.text(weight);
        EXPECT_NE(text, "0") << weight;
        if (text == "≈0") {
          ++about;
          continue;
        }
        EXPECT_NEAR(read(text) * std::pow(10.0, numbers.exponent), weight, 0.06 * double(largest)) << text;
        const std::size_t point = text.find('.');
        EXPECT_EQ(point == std::string::npos ? 0 : int(text.size() - point) - 1, numbers.decimals) << text;
      }
      EXPECT_LT(about, plain && size < 1e-6f ? 50 : 9) << size;
      EXPECT_EQ(numbers.unit().empty(), numbers.exponent == 0);
    }
  }
  EXPECT_EQ(scene::CellNumbers::of(0.00451f, 2).text(0.00451f), "4.5");
  EXPECT_EQ(scene::CellNumbers::of(0.00451f, 2).unit(), "× 10⁻³");
  EXPECT_EQ(scene::CellNumbers::of(0.46f, 2).text(-0.46f), "−.46");
  EXPECT_EQ(scene::CellNumbers::of(0.46f, 2).text(0), "0");
  EXPECT_EQ(scene::CellNumbers::of(0.0123f, 3, true).text(0.0123f), ".0123");
  EXPECT_EQ(scene::CellNumbers::of(12.3f, 2).text(4), "4");
}

TEST(CellNumbers, LeaveTwoDigitsToWhatIsSmallerThanTheLargest) {
  EXPECT_EQ(scene::CellNumbers::compact(1.04f).text(0.31f), ".31");
  EXPECT_EQ(scene::CellNumbers::compact(1.04f).text(-1.04f), "−1.04");
  EXPECT_EQ(scene::CellNumbers::compact(0.46f).text(-0.46f), "−.46");
  EXPECT_EQ(scene::CellNumbers::compact(12.3f).text(1.54f), "1.5");
  EXPECT_EQ(scene::CellNumbers::compact(0.0451f, true).text(0.0451f), ".045");
}

// Where terms are left out, dots say so: what stands between two dots follows each other.
TEST(Formula, KeepsTheOrderOfTheGridWithDotsForWhatIsLeftOut) {
  std::mt19937 random(9);
  std::normal_distribution<float> normal;
  for (int round = 0; round < 200; ++round) {
    scene::Explanation e;
    e.hasBias = true;
    for (int i = 0; i < 2 + round % 9; ++i) {
      scene::Term term{{0, {0, i / 3, i % 3}}, normal(random), normal(random)};
      term.product = term.input * term.weight;
      e.sum += term.product;
      e.terms.push_back(term);
    }
    e.preActivation = e.value = e.sum;
    for (int shown = -1; shown < int(e.terms.size()); ++shown) {
      int next = 0, terms = 0;
      bool dots = false;
      for (const scene::FormulaPart& part : scene::formulaParts(e, shown)) {
        if (part.text.find("…") != std::string::npos) dots = true;
        if (part.term < 0) continue;
        EXPECT_GE(part.term, next);
        EXPECT_EQ(dots, part.term != next);
        next = part.term + 1;
        dots = false;
        ++terms;
      }
      EXPECT_EQ(dots, next < int(e.terms.size()));
      EXPECT_EQ(terms, std::min(3, int(e.terms.size())));
    }
    EXPECT_EQ(scene::choiceOf(e).empty(), e.terms.size() <= 3);
  }
}

}  // namespace
