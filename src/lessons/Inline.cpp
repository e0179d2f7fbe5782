#include "lessons/Inline.h"

#include <string_view>

#include "lessons/Parser.h"

namespace lessons {

Paragraph readInline(const std::string& text, int line, const std::function<void(const std::string&, const std::string&)>& issue) {
  constexpr std::string_view kMarks = "*`{}\\_";
  Paragraph paragraph;
  Piece piece;
  const auto flush = [&] {
    if (!piece.words.empty()) paragraph.push_back(piece);
    piece.words.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size() && kMarks.find(text[i + 1]) != std::string_view::npos) {
      piece.words += text[++i];
    } else if (c == '`') {
      flush();
      piece.code = !piece.code;
    } else if (c == '*' && !piece.code) {
      flush();
      const bool two = i + 1 < text.size() && text[i + 1] == '*';
      i += two ? 1 : 0;
      bool& mark = two ? piece.bold : piece.emphasized;
      mark = !mark;
    } else if (c == '{' && !piece.code) {
      const auto end = text.find('}', i);
      if (end == std::string::npos) {
        issue("a brace is not closed", "Write } behind the value, or \\{ for a brace in the text");
        break;
      }
      flush();
      Piece value = piece;
      value.value = parseExpression(std::string_view(text).substr(i + 1, end - i - 1), line);
      if (value.value->function.empty()) issue("there is nothing between the braces", "Name a value: {value conv1 1 7 5}");
      paragraph.push_back(std::move(value));
      i = end;
    } else {
      piece.words += c;
    }
  }
  flush();
  if (piece.bold || piece.emphasized || piece.code)
    issue("a mark of bold, emphasized or code text is not closed",
          "Write it a second time behind the words, or \\ before it where it is an ordinary character");
  return paragraph;
}

}  // namespace lessons
