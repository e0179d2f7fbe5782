#include "arch/ClassSizes.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <utility>

#include "arch/SourceText.h"

namespace arch {

namespace {

class Counter {
 public:
  Counter(ClassSize& size, bool isPublic) : m_size(size), m_public(isPublic) {}

  // Whether it is "public" and its like, of what follows.
  bool access(const std::string& words) {
    if (words != "public" && words != "protected" && words != "private" && words != "signals" && words != "public slots" &&
        words != "private slots" && words != "protected slots")
      return false;
    m_public = words.starts_with("public");
    return true;
  }

  void statement(std::string words) {
    static const std::regex templated(R"(^template ?<[^>]*(<[^>]*>[^>]*)*> ?)");
    static const std::regex other(R"(^(using|friend|typedef|enum|class|struct|union|static_assert|extern)\b.*)");
    words = std::regex_replace(words, templated, "");
    if (words.empty() || std::regex_match(words, other)) return;
    if (words.find("operator") != std::string::npos) {
      m_size.publicFunctions += m_public;
      return;
    }
    const std::string outside = outsideAngles(words);
    const auto bracket = outside.find('('), assigned = outside.find('=');
    if (bracket < assigned)
      function(outside.substr(0, bracket));
    else if (!words.starts_with("static ") && !words.starts_with("constexpr ") && !words.starts_with("inline static "))
      data(outside);
  }

 private:
  void function(std::string head) {
    const auto end = head.find_last_not_of(' ');
    head.erase(end == std::string::npos ? 0 : end + 1);
    const auto colons = m_size.name.rfind(':');
    const std::string own = colons == std::string::npos ? m_size.name : m_size.name.substr(colons + 1);
    const auto blank = head.find_last_of(" &*~");
    const bool made = (blank == std::string::npos ? head : head.substr(blank + 1)) == own;  // a constructor or the destructor
    if (m_public && !made) ++m_size.publicFunctions;
  }
  // One for each name: commas in initializers do not count.
  void data(const std::string& words) {
    int depth = 0;
    ++m_size.members;
    for (const char c : words) {
      depth += c == '(' || c == '{' || c == '[';
      depth -= c == ')' || c == '}' || c == ']';
      m_size.members += c == ',' && depth == 0;
    }
  }

  ClassSize& m_size;
  bool m_public;
};

// The body opens at `open`.
void count(const std::string& code, std::size_t open, bool isPublic, ClassSize& size) {
  Counter counter(size, isPublic);
  std::string statement;
  const std::size_t end = behindBrace(code, open) - 1;
  for (std::size_t i = open + 1; i < end; ++i) {
    const char c = code[i];
    if (c == ';') {
      counter.statement(inOneLine(std::exchange(statement, {})));
    } else if (c == '{') {
      const std::string words = inOneLine(statement);
      const std::string outside = outsideAngles(words);
      const bool function = outside.find('(') < outside.find('=') || words.find("operator") != std::string::npos;
      i = behindBrace(code, i) - 1;
      statement += "{}";
      if (!function) continue;
      counter.statement(words);
      statement.clear();
    } else if (c == ':' && code[i + 1] != ':' && code[i - 1] != ':' && counter.access(inOneLine(statement))) {
      statement.clear();
    } else {
      statement += c;
    }
  }
}

}  // namespace

std::vector<ClassSize> classSizes(const std::string& text) {
  static const std::regex head(R"((^|[^\w<,])(class|struct)\s+([\w:]+)(\s+final)?\s*(:[^;{}()]*)?\{)");
  const std::string code = codeOf(text);
  std::vector<ClassSize> sizes;
  for (std::sregex_iterator match(code.begin(), code.end(), head), end; match != end; ++match) {
    const auto at = std::size_t(match->position(2));
    const bool isClass = (*match)[2] == "class";
    const std::string name = (*match)[3];
    const std::string before = inOneLine(code.substr(at < 12 ? 0 : at - 12, at < 12 ? at : 12));
    if (before.ends_with("enum") || (!isClass && name != "Impl" && !name.ends_with("::Impl"))) continue;
    ClassSize size{name, 1 + int(std::count(code.begin(), code.begin() + std::ptrdiff_t(at), '\n'))};
    count(code, std::size_t(match->position(0) + match->length(0)) - 1, !isClass, size);
    sizes.push_back(size);
  }
  return sizes;
}

}  // namespace arch
