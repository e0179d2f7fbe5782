#include "arch/HiddenNames.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <utility>

#include "arch/SourceText.h"

namespace arch {

namespace {

// The parts between commas that stand in no bracket.
std::vector<std::string> partsOf(const std::string& words) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : words) {
    depth += c == '(' || c == '{' || c == '[';
    depth -= c == ')' || c == '}' || c == ']';
    if (c == ',' && depth == 0)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

class NameReader {
 public:
  explicit NameReader(const std::string& text) : m_code(codeOf(text)) {}

  std::vector<DeclaredName> names() {
    std::string statement;
    for (std::size_t i = 0; i < m_code.size(); ++i) {
      const char c = m_code[i];
      if (statement.empty() && !std::isspace(static_cast<unsigned char>(c))) m_line = lineOf(i);
      if (c == ';') {
        take(std::exchange(statement, {}));
      } else if (c == '}') {
        if (!m_spaces.empty()) m_spaces.pop_back();
        statement.clear();
      } else if (c == '{') {
        i = block(statement, i);
      } else if (!statement.empty() || !std::isspace(static_cast<unsigned char>(c))) {
        statement += c;
      }
    }
    return std::move(m_names);
  }

 private:
  // Goes into a namespace, or over the block of anything else; returns the place that was read last.
  std::size_t block(std::string& statement, std::size_t open) {
    static const std::regex space(R"(^(inline )?namespace( [\w:]+)?$|^extern$)");
    const std::string words = inOneLine(statement);
    if (std::regex_match(words, space)) {
      m_spaces.push_back(words == "namespace");
      statement.clear();
      return open;
    }
    const std::size_t end = behindBrace(m_code, open);
    if (words.starts_with("enum ") && !words.starts_with("enum class ") && !words.starts_with("enum struct "))
      for (const std::string& value : partsOf(m_code.substr(open + 1, end - open - 2))) add(firstWord(inOneLine(value)), false);
    const std::string outside = outsideAngles(words);
    const bool closed = std::count(outside.begin(), outside.end(), '(') == std::count(outside.begin(), outside.end(), ')');
    if (words.find("operator") != std::string::npos || (closed && outside.find('(') < outside.find('=')))
      take(std::exchange(statement, {}));
    else
      statement += "{}";
    return end - 1;
  }

  void take(const std::string& statement) {
    static const std::regex templated(R"(^template ?<[^>]*(<[^>]*>[^>]*)*> ?(requires [^;{]*?\) ?)?)");
    static const std::regex other(R"(^(using namespace|using enum|friend|static_assert|namespace|extern template|template)\b.*)");
    static const std::regex alias(R"(^using (\w+) ?= ?(.*))"),
        type(R"(^(class|struct|union|enum class|enum struct|enum) (\w+)( final)? ?([:{<].*)?$)");
    static const std::regex imported(R"(^using [\w:]*::(\w+)$)"), unnamed(R"(^(struct|union) \{\} )");
    const std::string words = std::regex_replace(inOneLine(statement), templated, "");
    std::smatch match;
    if (words.empty() || std::regex_match(words, other) || std::regex_match(words, imported)) return;
    if (std::regex_match(words, match, alias)) return add(match[1], false, match[2]);
    const bool isStatic = words.starts_with("static ");
    if (std::regex_match(words, match, type)) {
      if (match[4].str().find('<') != 0) add(match[2], false);
      return;
    }
    if (words.find("operator") == std::string::npos) declarators(outsideAngles(std::regex_replace(words, unnamed, "struct ")), isStatic);
  }

  void declarators(const std::string& words, bool isStatic) {
    static const std::regex first(R"(^[\w:*&< ]*[ *&](\w+) ?([({\[=].*)?$)"), further(R"(^ ?[*&]*(\w+) ?([({\[=].*)?$)");
    const std::vector<std::string> parts = partsOf(words);
    std::smatch match;
    if (!std::regex_match(parts.front(), match, first)) return;
    const auto name = match.position(1);
    if (name >= 2 && parts.front().substr(std::size_t(name) - 2, 2) == "::") return;
    add(match[1], isStatic);
    for (std::size_t i = 1; i < parts.size(); ++i)
      if (std::regex_match(parts[i], match, further)) add(match[1], isStatic);
  }

  static std::string firstWord(const std::string& words) { return words.substr(0, words.find_first_of(" =")); }
  void add(const std::string& name, bool isStatic, const std::string& alias = {}) {
    const bool hidden = isStatic || std::find(m_spaces.begin(), m_spaces.end(), true) != m_spaces.end();
    if (!name.empty()) m_names.push_back({name, m_line, hidden, alias});
  }
  int lineOf(std::size_t at) {
    m_lineAt += int(std::count(m_code.begin() + std::ptrdiff_t(m_counted), m_code.begin() + std::ptrdiff_t(at), '\n'));
    m_counted = at;
    return m_lineAt;
  }

  std::string m_code;
  std::vector<bool> m_spaces;  // the namespaces around, whether they are anonymous
  std::vector<DeclaredName> m_names;
  int m_line = 1, m_lineAt = 1;
  std::size_t m_counted = 0;
};

}  // namespace

std::vector<DeclaredName> declaredNames(const std::string& text) {
  return NameReader(text).names();
}

std::vector<Violation> checkHiddenNames(const std::filesystem::path& root, const std::set<std::string>& separate) {
  struct Place {
    std::string file;
    DeclaredName declared;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Place>> places;  // of a target's name
  for (const auto& file : sourcesBelow(root, {"src", "ui", "tests"})) {
    if (std::any_of(separate.begin(), separate.end(), [&](const auto& start) { return file.path.starts_with(start); })) continue;
    const std::string target = file.path.starts_with("ui/") ? "ui" : foldersOf(file.path, 2);
    for (const DeclaredName& declared : declaredNames(file.text())) places[{target, declared.name}].push_back({file.path, declared});
  }
  std::vector<Violation> found;
  for (const auto& [name, list] : places) {
    std::set<std::string> told;
    for (const Place& place : list) {
      if (!place.declared.hidden || !told.insert(place.file).second) continue;
      const auto clashes = [&](const Place& one) {
        return one.file != place.file && (place.declared.alias.empty() || one.declared.alias != place.declared.alias);
      };
      const auto other = std::find_if(list.begin(), list.end(), clashes);
      if (other != list.end())
        found.push_back({place.file, place.declared.line,
                         name.second + (other->declared.hidden ? " is hidden in " : " is declared in ") + other->file +
                             ", too: give it another name, or share it"});
    }
  }
  return found;
}

}  // namespace arch
