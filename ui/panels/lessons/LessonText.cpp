#include "ui/panels/lessons/LessonText.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QObject>

#include "scene/text/Numbers.h"
#include "scene/text/Text.h"
#include "ui/app/LessonPlayer.h"
#include "ui/base/Numbers.h"

namespace ui {

namespace {

constexpr double kCellHeight = 1.6;    // of a table, in sizes of its type
constexpr double kWidestNumber = 3.1;  // "−1.56", likewise
constexpr int kLeastCellPx = 11;

QString utf8(const std::string& words) {
  return QString::fromStdString(words).toHtmlEscaped();
}

float largestOf(const std::vector<float>& numbers) {
  float largest = 0;
  for (const float number : numbers) largest = std::max(largest, std::abs(number));
  return largest;
}

// One step of a lesson while its page is written.
class PageWriter {
 public:
  PageWriter(const LessonValues& values, const LessonPage& page) : m_values(values), m_page(page) {}

  QString paragraph(const lessons::Paragraph& pieces, const QString& style = {}) const {
    if (pieces.size() == 1 && pieces.front().value)
      if (const auto value = m_values(*pieces.front().value); value && value->kind == lessons::Value::Kind::Figure)
        return figure(value->figure);
    return QStringLiteral("<p style='margin-top:0; margin-bottom:%1px; %2'>%3</p>").arg(m_page.typePx / 2).arg(style, inside(pieces));
  }

  QString inside(const lessons::Paragraph& pieces) const {
    QString html;
    for (const lessons::Piece& piece : pieces) {
      QString words = piece.value ? number(*piece.value) : utf8(piece.words);
      if (piece.code) words = QStringLiteral("<code>%1</code>").arg(words);
      if (piece.bold) words = QStringLiteral("<b>%1</b>").arg(words);
      if (piece.emphasized) words = QStringLiteral("<i>%1</i>").arg(words);
      html += words;
    }
    return html;
  }

  QString question(const lessons::Question& question, bool answered, int picked) const {
    QString html = paragraph(question.text, QStringLiteral("font-weight:600;"));
    // Once it is answered, the right one and what was picked are left.
    for (int i = 0; i < int(question.choices.size()); ++i)
      if (!answered || i == picked || question.choices[std::size_t(i)].right)
        html += choice(question.choices[std::size_t(i)], i, answered, picked);
    if (!answered) return html;
    const bool right = picked >= 0 && question.choices[std::size_t(picked)].right;
    const lessons::Paragraph reply = picked >= 0 ? question.choices[std::size_t(picked)].reply : lessons::Paragraph();
    if (picked >= 0)
      html += QStringLiteral("<p style='margin-top:%1px; margin-bottom:%1px;'><b>%2</b> %3</p>")
                  .arg(m_page.typePx / 3)
                  .arg(right ? QObject::tr("That is right.") : QObject::tr("No, look."), inside(reply));
    else
      html += QStringLiteral("<p style='font-size:%1px; margin-top:0; margin-bottom:0;'>&nbsp;</p>").arg(m_page.typePx / 3);
    for (const lessons::Paragraph& told : question.answer) html += paragraph(told);
    return html;
  }

 private:
  // In one line: the reader of a page takes every space but this one for one at which a line may end, narrow ones too.
  QString number(const lessons::Expression& expression) const {
    QString words = lessonValue(m_values(expression)).toHtmlEscaped();
    for (QChar& c : words)
      if (c.isSpace()) c = QChar::Nbsp;
    return QStringLiteral("<span style='color:%1; font-weight:600;'>%2</span>").arg(m_page.theme.accent.name(), words);
  }

  // The number to press, and the words; once answered, which is right, and which was picked.
  QString choice(const lessons::Choice& choice, int index, bool answered, int picked) const {
    const Theme& theme = m_page.theme;
    const bool right = answered && choice.right, wrong = answered && index == picked && !choice.right;
    const QColor ground = right ? theme.accentSoft : theme.raised;
    const QColor ink = right ? theme.text : wrong ? theme.warning : answered ? theme.muted : theme.text;
    const QString mark = right ? QStringLiteral("✓") : wrong ? QStringLiteral("✗") : QString::number(index + 1);
    const QString words = answered ? QStringLiteral("<span style='color:%1;'>%2</span>").arg(ink.name(), inside(choice.text))
                                   : QStringLiteral("<a href='pick:%1' style='color:%2; text-decoration:none;'>%3</a>")
                                         .arg(index)
                                         .arg(ink.name(), inside(choice.text));
    const int pad = m_page.typePx / 4;
    return QStringLiteral(
               "<table width='100%' cellspacing='0' cellpadding='%1' style='margin-bottom:%2px;'><tr>"
               "<td bgcolor='%3' width='%4' align='center' style='color:%5; font-weight:600;'>%6</td>"
               "<td bgcolor='%3'>%7</td></tr></table>")
        .arg(pad)
        .arg(pad)
        .arg(ground.name())
        .arg(m_page.typePx * 3 / 2)
        .arg(right   ? theme.accent.name()
             : wrong ? theme.warning.name()
                     : theme.muted.name(),
             mark, words);
  }

  // A table of numbers in the colors of the scene; what lies outside of the map is framed alone.
  QString table(const QString& name, const std::vector<float>& numbers, const lessons::WindowFigure& figure, float largest,
                bool mayBeOutside) const {
    const Theme& theme = m_page.theme;
    const scene::CellNumbers written = scene::CellNumbers::compact(largestOf(numbers), true);
    QString html =
        QStringLiteral("<p align='center' style='margin:0; color:%1; font-size:%2px;'>%3</p><table cellspacing='1' cellpadding='0'>")
            .arg(theme.muted.name())
            .arg(std::max(kLeastCellPx, m_page.typePx * 4 / 5))
            .arg(name);
    for (int row = 0; row < figure.rows; ++row) {
      html += QStringLiteral("<tr>");
      for (int column = 0; column < figure.columns; ++column) {
        const std::size_t at = std::size_t(row * figure.columns + column);
        const bool outside = mayBeOutside && figure.outside[at];
        const QColor ground = outside ? theme.window : theme.valueColor(largest > 0 ? numbers[at] / largest : 0);
        html += QStringLiteral(
                    "<td bgcolor='%1' width='%2' height='%3' valign='middle'><p align='center' style='color:%4; font-size:%5px; margin:0; "
                    "white-space:nowrap;'>%6</p></td>")
                    .arg(ground.name())
                    .arg(cellWidth(figure))
                    .arg(int(cellPx(figure) * kCellHeight))
                    .arg(outside ? theme.muted.name() : theme.readableOn(ground).name())
                    .arg(cellPx(figure))
                    .arg(utf8(written.text(numbers[at])));
      }
      html += QStringLiteral("</tr>");
    }
    return html + QStringLiteral("</table>");
  }

  // Two tables stand beside each other where their numbers can be read then, else below each other.
  bool areBeside(const lessons::WindowFigure& figure) const { return cellRoom(figure, 2) >= kLeastCellPx * kWidestNumber; }
  int cellRoom(const lessons::WindowFigure& figure, int tables) const {
    return (m_page.widthPx - 2 * m_page.typePx) / (tables * figure.columns) - 2;
  }
  int cellWidth(const lessons::WindowFigure& figure) const {
    return std::min(int(m_page.typePx * kWidestNumber), cellRoom(figure, areBeside(figure) ? 2 : 1));
  }
  int cellPx(const lessons::WindowFigure& figure) const {
    return std::clamp(int(cellWidth(figure) / kWidestNumber), kLeastCellPx, m_page.typePx);
  }

  static QString side(const QString& html) { return QStringLiteral("<td valign='middle'>%1</td>").arg(html); }
  QString sign(const QString& mark) const {
    return QStringLiteral("<td valign='middle' align='center' width='%1'>%2</td>").arg(m_page.typePx * 3 / 2).arg(mark);
  }

  // Input times kernel, below them the products, and beside these their sum.
  QString figure(const lessons::WindowFigure& figure) const {
    const QString gap = QStringLiteral("<p style='font-size:%1px; margin-top:0; margin-bottom:0;'>&nbsp;</p>").arg(m_page.typePx / 3);
    const QString begin = QStringLiteral("<table cellspacing='0' cellpadding='0'><tr>"), end = QStringLiteral("</tr></table>");
    const QString kernel = table(QObject::tr("kernel"), figure.weights, figure, largestOf(figure.weights), false);
    if (figure.inputs.empty()) return begin + side(kernel) + end + gap;
    std::vector<float> products;
    for (std::size_t i = 0; i < figure.weights.size(); ++i) products.push_back(figure.inputs[i] * figure.weights[i]);
    const QString input = table(QObject::tr("input"), figure.inputs, figure, largestOf(figure.inputs), true),
                  times = sign(QStringLiteral("×")), product = table(QObject::tr("products"), products, figure, largestOf(products), false);
    if (areBeside(figure))
      return begin + side(input) + times + side(kernel) + end + begin + side(product) + sign({}) + side(sum(figure)) + end + gap;
    const auto below = [&](const QString& mark, const QString& part) { return begin + mark + side(part) + end; };
    return below(sign({}), input) + below(times, kernel) + below(sign(QStringLiteral("=")), product) + below(sign({}), sum(figure)) + gap;
  }

  // "sum of the products 0.52, bias + 0.07, = 0.59, ReLU 0.59", as they add up.
  QString sum(const lessons::WindowFigure& figure) const {
    const scene::SumWords words = scene::sumWords(std::array{figure.sum - figure.bias, figure.bias}, figure.sum, 1);
    const auto row = [&](const QString& name, const QString& value, bool strong) {
      return QStringLiteral(
                 "<tr><td><p style='color:%1; margin:0; white-space:nowrap;'>%2</p></td><td width='%5'></td>"
                 "<td><p align='right' style='font-weight:%3; margin:0; white-space:nowrap;'>%4</p></td></tr>")
          .arg(m_page.theme.muted.name(), name)
          .arg(strong ? 600 : 400)
          .arg(value)
          .arg(m_page.typePx / 2);
    };
    QString html = QStringLiteral("<table cellspacing='0' cellpadding='1'>") + row(QObject::tr("products"), utf8(words.addends[0]), false) +
                   row(QObject::tr("+ bias"), utf8(words.addends[1]), false) + row(QObject::tr("= sum"), utf8(words.total), true);
    if (figure.activation != "none")
      html += row(utf8(figure.activation == "relu" ? "ReLU" : figure.activation), utf8(scene::shortNumber(figure.value)), true);
    return html + QStringLiteral("</table>");
  }

  const LessonValues& m_values;
  const LessonPage& m_page;
};

}  // namespace

QString lessonValue(const std::optional<lessons::Value>& value) {
  if (!value) return QStringLiteral("–");
  switch (value->kind) {
    case lessons::Value::Kind::Count:
      return countText(qulonglong(value->number));
    case lessons::Value::Kind::Words:
      return QString::fromStdString(value->words);
    case lessons::Value::Kind::Real:
      return QString::fromStdString(scene::shortNumber(float(value->number)));
    case lessons::Value::Kind::Figure:
      break;
  }
  return {};
}

QString lessonHtml(const LessonPlayer& player, const LessonValues& values, const LessonPage& page) {
  const PageWriter writer(values, page);
  const lessons::Step& step = player.step();
  QString html = QStringLiteral("<p style='font-size:%1px; font-weight:600; margin-top:0; margin-bottom:%2px;'>%3</p>")
                     .arg(page.typePx * 5 / 4)
                     .arg(page.typePx / 2)
                     .arg(utf8(step.title));
  for (const lessons::Paragraph& paragraph : step.text) html += writer.paragraph(paragraph);
  if (step.question) html += writer.question(*step.question, player.answered(), player.picked());
  return html;
}

}  // namespace ui
