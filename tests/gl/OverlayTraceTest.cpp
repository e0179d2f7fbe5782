// What is written of a trace: each figure is what it rounds to.
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

#include <QRegularExpression>

#include "gl/Shown.h"
#include "support/Select.h"

namespace {

using namespace gl_test;

// Nothing is written that is not what the figure rounds to, as the command line writes it.
TEST(OverlayTrace, RoundsEachFigureByItself) {
  Shown shown(scene_test::harley(), Arrangement::Space);
  const auto network = shown.state.network();
  const int output = network->outputs().front();
  for (int index = 0; index < 10; ++index) {
    scene_test::pin(shown.state, scene::UnitId{output, {index, 0, 0}});
    scene::ConnectionOptions connectionOptions;
    connectionOptions.trace = true;
    scene_test::ask(shown.state, connectionOptions);
    const analysis::Trace& of = *shown.state.highlight()->trace;
    const auto& cells = of.amounts[std::size_t(network->inputs().front())];
    const double pixels = std::accumulate(cells.begin(), cells.end(), 0.0);
    QString words;
    for (const WrittenText& text : shown.written())
      if (text.onTag) words += text.words + u'\n';
    const QRegularExpressionMatch match = QRegularExpression(QStringLiteral("pixels ([+−][0-9.]+)")).match(words);
    ASSERT_TRUE(match.hasMatch()) << words.toStdString();
    QString number = match.captured(1);
    const double unit = std::pow(10.0, number.contains(u'.') ? -double(number.size() - number.indexOf(u'.') - 1) : 0.0);
    EXPECT_NEAR(number.replace(u'−', u'-').toDouble(), pixels, 0.502 * unit) << words.toStdString();
  }
}

}  // namespace
