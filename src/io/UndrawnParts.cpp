#include "io/UndrawnParts.h"

#include <map>

#include <QColor>
#include <QRegularExpression>

namespace io {
namespace {

using Words = std::set<QString>;

// The elements that are drawn, or that say how.
const Words& drawnElements() {
  static const Words words{"svg",
                           "g",
                           "defs",
                           "switch",
                           "circle",
                           "ellipse",
                           "line",
                           "path",
                           "polygon",
                           "polyline",
                           "rect",
                           "text",
                           "textArea",
                           "tspan",
                           "use",
                           "image",
                           "stop",
                           "a",
                           "tbreak",
                           "style",
                           "linearGradient",
                           "radialGradient",
                           "solidColor",
                           "animateColor",
                           "font",
                           "hkern",
                           "glyph",
                           "missing-glyph",
                           "font-face",
                           "font-face-src",
                           "font-face-name",
                           "font-face-uri",
                           "animateTransform"};
  return words;
}

// Shown nowhere by anybody.
const Words& silentElements() {
  static const Words words{"title", "desc", "metadata", "script", "view", "cursor", "handler", "discard", "prefetch"};
  return words;
}

// In <defs> they are drawn by nobody. What makes use of them is told where it does.
const Words& restingElements() {
  static const Words words{"clipPath", "mask", "filter", "marker", "pattern", "symbol"};
  return words;
}

// Attributes and properties that are passed over, and the values with which they change nothing.
const std::map<QString, Words>& undrawnProperties() {
  static const std::map<QString, Words> table{
      {"clip-path", {"none"}},
      {"clip", {"auto"}},
      {"mask", {"none"}},
      {"mask-image", {"none"}},
      {"filter", {"none"}},
      {"backdrop-filter", {"none"}},
      {"mix-blend-mode", {"normal"}},
      {"marker", {"none"}},
      {"marker-start", {"none"}},
      {"marker-mid", {"none"}},
      {"marker-end", {"none"}},
      {"paint-order", {"normal", "fill", "fill stroke", "fill stroke markers", "markers fill stroke", "fill markers stroke"}},
      {"transform-origin", {"0", "0 0", "0px 0px"}},
      {"translate", {"none", "no", "yes"}},
      {"scale", {"none", "1"}},
      {"offset-path", {"none"}},
      {"background", {"none", "transparent", "white", "#fff", "#ffffff"}},
      {"background-color", {"none", "transparent", "white", "#fff", "#ffffff"}},
      {"font", {}},
      {"dx", {"0"}},
      {"dy", {"0"}},
      {"rotate", {"0", "none", "auto"}},
      {"textLength", {}},
      {"text-decoration", {"none"}},
      {"text-decoration-line", {"none"}},
      {"text-transform", {"none"}},
      {"letter-spacing", {"normal", "0", "0px"}},
      {"word-spacing", {"normal", "0", "0px"}},
      {"writing-mode", {"lr", "lr-tb", "horizontal-tb"}},
      {"baseline-shift", {"baseline", "0"}},
      {"dominant-baseline", {"auto", "alphabetic"}},
      {"alignment-baseline", {"auto", "baseline", "alphabetic"}},
      {"preserveAspectRatio", {"none", "xMidYMid", "xMidYMid meet"}},
  };
  return table;
}

// A place or size that counts only as an attribute.
const Words& geometry() {
  static const Words words{"x", "y", "cx", "cy", "r", "rx", "ry", "d"};
  return words;
}

const Words& lengths() {
  static const Words words{"x", "y", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "width", "height", "stroke-width", "font-size"};
  return words;
}

const Words& paints() {
  static const Words words{"fill", "stroke", "color", "stop-color", "solid-color"};
  return words;
}

bool isColor(const QString& value) {
  static const Words words{"none", "inherit", "transparent", "currentColor"};
  static const QRegularExpression hex("^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$");
  static const QRegularExpression rgb("^rgb\\(\\s*[-+.\\d]+%?(\\s*,\\s*|\\s+)[-+.\\d]+%?(\\s*,\\s*|\\s+)[-+.\\d]+%?\\s*\\)$");
  if (words.contains(value)) return true;
  if (value.startsWith('#')) return hex.match(value).hasMatch();
  return rgb.match(value).hasMatch() || (!value.isEmpty() && QColor::isValidColorName(value));
}

// Elements, classes, ids and their descendants. The root itself gets nothing from a rule.
bool isKnownSelector(const QString& selector) {
  static const QRegularExpression known("^[\\w\\-.#*>+~\\s\\[\\]=\"'|^$]+$");
  static const QRegularExpression root("(^|[\\s>+~])svg[^\\s>+~]*$");
  return known.match(selector).hasMatch() && !root.match(selector).hasMatch();
}

bool isSvg(const QXmlStreamReader& xml) {
  return xml.namespaceUri().isEmpty() || xml.namespaceUri() == QLatin1String("http://www.w3.org/2000/svg");
}

}  // namespace

void UndrawnParts::add(const QString& what) {
  constexpr qsizetype kMostLetters = 60;
  const QString shown = what.simplified().left(kMostLetters);
  if (!m_found.contains(shown)) m_found << shown;
}

void UndrawnParts::see(const QXmlStreamReader& xml) {
  if (xml.isStartElement()) {
    seeElement(xml);
  } else if (xml.isCharacters() && !m_open.empty() && m_open.back() == "style") {
    m_sheet += xml.text();
  } else if (xml.isEndElement() && !m_open.empty()) {
    if (m_open.back() == "style") seeStyleSheet(m_sheet);
    m_sheet.clear();
    if (m_open.back() == "defs") --m_defs;
    m_open.pop_back();
    if (m_resting > 0) --m_resting;
  }
}

void UndrawnParts::seeElement(const QXmlStreamReader& xml) {
  const QString name = xml.name().toString();
  const bool inDefs = m_defs > 0;
  const bool silent = silentElements().contains(name) || (inDefs && restingElements().contains(name)), ours = isSvg(xml);
  const bool foreign = !ours && !drawnElements().contains(name);
  // In a <switch> with what everybody can draw, as Illustrator writes it.
  const bool extended = !xml.attributes().value("requiredExtensions").isEmpty();
  m_open.push_back(ours ? name : QString());
  if (m_open.back() == "defs") ++m_defs;
  if (m_resting > 0 || silent || foreign || extended) {
    ++m_resting;
    return;
  }
  if (!ours || !drawnElements().contains(name)) {
    add('<' + xml.qualifiedName().toString() + '>');
    return;
  }
  if (name == "linearGradient" || name == "radialGradient" || name == "solidColor")
    m_paints.insert(xml.attributes().value("id").toString());
  seeAttributes(xml, name);
  static const Words holders{"svg", "g", "defs", "style", "switch", "a"};
  m_drawn = m_drawn || (!inDefs && !holders.contains(name));
}

void UndrawnParts::seeAttributes(const QXmlStreamReader& xml, const QString& element) {
  const QXmlStreamAttributes attributes = xml.attributes();
  const bool hasClass = attributes.hasAttribute("class"), root = m_open.size() == 1;
  for (const QXmlStreamAttribute& attribute : attributes) {
    if (!attribute.namespaceUri().isEmpty()) continue;
    const QString name = attribute.name().toString(), value = attribute.value().trimmed().toString();
    if (name == "style")
      seeDeclarations(value, nullptr);
    else
      seeProperty(name, value, false);
    // A rule counts more than an attribute, and is drawn as if it counted less.
    if (m_byOthers.contains(name) || (hasClass && m_byClass.contains(name))) add("a style rule for " + name);
    static const Words kept{"style", "class", "fill", "stroke", "transform", "opacity", "display", "visibility"};
    if (element == "a" && kept.contains(name)) add("the " + name + " of <a>");
    if (element == "svg" && !root && (name == "x" || name == "y") && value != "0") add("the place of an <svg> in another");
    if (element.endsWith("Gradient") && name == "href") add("href of a gradient");
  }
  m_rootHasClass = m_rootHasClass || (root && hasClass);
  if (element == "text" || element == "tspan") seePlaceOfText(element, attributes);
}

// A part of a text is drawn where the text goes on.
void UndrawnParts::seePlaceOfText(const QString& element, const QXmlStreamAttributes& attributes) {
  const QString x = attributes.value("x").trimmed().toString(), y = attributes.value("y").trimmed().toString();
  static const QRegularExpression several("[\\d.][\\s,]+[-+.\\d]");
  if (several.match(x).hasMatch() || several.match(y).hasMatch()) add("the place of each letter");
  if (element == "text")
    m_textX = x, m_textY = y;
  else if ((!x.isEmpty() && x != m_textX) || (!y.isEmpty() && y != m_textY))
    add("the place of a <tspan>");
}

void UndrawnParts::seeProperty(const QString& name, const QString& value, bool css) {
  static const QRegularExpression units("\\d(em|ex|rem|ch|vw|vh|vmin|vmax|q)$", QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression cssUnits("\\d(px|deg|rad|turn|grad|%|em)", QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression functions("\\b(var|calc|env|min|max|clamp)\\(");
  if (name.startsWith("--")) return;
  const auto undrawn = undrawnProperties().find(name);
  const bool usual = value == "inherit" || value == "initial" || value == "unset";
  if (undrawn != undrawnProperties().end() && !usual && !undrawn->second.contains(value.simplified())) add(name);
  if (css && (value.contains('!') || functions.match(value).hasMatch())) return add(name + ": " + value);
  if (css && geometry().contains(name)) add("the style " + name);
  if (paints().contains(name)) seePaint(value);
  const bool percent = value.endsWith('%');
  const bool opacity = name.endsWith(QLatin1String("opacity")), length = lengths().contains(name);
  if ((length && units.match(value).hasMatch()) || (percent && (opacity || name == "font-size"))) add(name + ": " + value);
  if (name == "transform" && cssUnits.match(value).hasMatch()) add("transform with units");
}

void UndrawnParts::seePaint(const QString& value) {
  if (value.isEmpty() || isColor(value)) return;
  static const QRegularExpression link("^url\\(#([^'\")\\s]+)\\)$");
  if (const auto match = link.match(value); match.hasMatch())
    m_painted.push_back(match.captured(1));
  else
    add("the color " + value);
}

void UndrawnParts::seeDeclarations(const QString& declarations, std::set<QString>* names) {
  for (const QString& declaration : declarations.split(';')) {
    const qsizetype colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const QString name = declaration.left(colon).trimmed(), value = declaration.mid(colon + 1).trimmed();
    seeProperty(name, value, true);
    if (!names) continue;
    names->insert(name);
    if (name == "visibility" && value != "visible") add("a style rule for visibility");
  }
}

void UndrawnParts::seeStyleSheet(QString sheet) {
  static const QRegularExpression comment("/\\*.*?\\*/", QRegularExpression::DotMatchesEverythingOption), at("@[\\w\\-]+");
  sheet.remove(comment).remove("<!--").remove("-->");
  if (m_drawn && !sheet.trimmed().isEmpty()) add("<style> behind what it is for");
  if (const auto match = at.match(sheet); match.hasMatch()) return add("the style rule " + match.captured());
  for (const QString& rule : sheet.split('}')) {
    const qsizetype brace = rule.indexOf('{');
    if (brace < 0) continue;
    const QString selectors = rule.left(brace).trimmed();
    for (const QString& selector : selectors.split(','))
      if (!isKnownSelector(selector.trimmed())) add("the style rule " + selector.trimmed());
    seeDeclarations(rule.mid(brace + 1), selectors.startsWith('.') ? &m_byClass : &m_byOthers);
  }
}

QString UndrawnParts::text() const {
  QStringList all = m_found;
  if (m_rootHasClass && !m_byClass.empty()) all << "the class of <svg>";
  for (const QString& id : m_painted) {
    const QString what = "the paint #" + id;
    if (!m_paints.contains(id) && !all.contains(what)) all << what;
  }
  constexpr qsizetype kMostNamed = 3;
  const qsizetype others = all.size() - kMostNamed;
  if (others > 1) return all.first(kMostNamed).join(", ") + " and " + QString::number(others) + " others";
  if (all.size() < 2) return all.join(QString());
  const QString last = all.takeLast();
  return all.join(", ") + " and " + last;
}

}  // namespace io
