// How the window reads and writes numbers, the same in every country: written with a decimal point, as in the scene and in papers; read
// with a point or a comma, an exponent, and the digits of any script. Pure functions; any thread.
#pragma once

#include <optional>

#include <QString>

namespace ui {

enum class Legible { No, Begun, Yes };  // of a text that is being typed: "1e-" is begun

// A point and a comma are both decimals, so that there is one of them at most: "1,000" is 1 and "1,000.5" is no number. What stands
// between groups of digits without being either (a narrow space, an apostrophe) is passed over. Spaces around the number do not count.
Legible legible(const QString& text);
// Nothing unless it is complete. Too large for a double: infinite.
std::optional<double> readNumber(const QString& text);

// The shortest text that is read as the same float: "0.001", "4.66", "1e-6".
QString plainNumber(double value);
// A count, from five digits on in groups of three with narrow spaces: no comma or point that could be taken for a decimal.
QString countText(qulonglong count);

}  // namespace ui
