#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QScreen>
#include <QStyle>

#include "ui/Pictures.h"
#include "ui/base/Icons.h"
#include "ui/base/Theme.h"

namespace {

double linear(double c) {
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}
double luminance(const QColor& c) {
  return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}
double contrast(const QColor& a, const QColor& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

class BothThemes : public testing::TestWithParam<bool> {
 protected:
  ui::Theme theme = GetParam() ? ui::darkTheme() : ui::lightTheme();
};

TEST_P(BothThemes, TextCanBeReadOnEverySurface) {
  for (const QColor& surface : {theme.window, theme.surface, theme.raised}) {
    EXPECT_GE(contrast(theme.text, surface), 7.0);
    EXPECT_GE(contrast(theme.muted, surface), 4.5);
    EXPECT_GE(contrast(theme.accent, surface), 4.0);
    EXPECT_GE(contrast(theme.warning, surface), 4.0);
  }
  EXPECT_GE(contrast(theme.onAccent, theme.accent), 4.5);
}

TEST_P(BothThemes, ValuesDivergeFromANeutralZeroAndNumbersCanBeReadOnThem) {
  EXPECT_EQ(theme.valueColor(0), theme.zero);
  EXPECT_EQ(theme.valueColor(-1).name(), theme.negative.name());
  EXPECT_EQ(theme.valueColor(1).name(), theme.positive.name());
  EXPECT_EQ(theme.valueColor(7).name(), theme.positive.name());
  EXPECT_EQ(theme.valueColor(std::nanf("")), theme.warning);
  for (float t = -1; t <= 1; t += 0.1f) {
    const QColor background = theme.valueColor(t);
    EXPECT_GE(contrast(theme.readableOn(background), background), 4.5) << t;
  }
}

TEST_P(BothThemes, IconsAreTintedByState) {
  const QIcon icon = ui::icon(ui::Icon::Play, theme);
  const auto center = [&](QIcon::Mode mode, QIcon::State state) {
    return icon.pixmap(QSize(48, 48), 1.0, mode, state).toImage().pixelColor(24, 24);
  };
  EXPECT_EQ(center(QIcon::Normal, QIcon::Off), theme.text);
  EXPECT_EQ(center(QIcon::Normal, QIcon::On), theme.accent);
  EXPECT_EQ(center(QIcon::Disabled, QIcon::Off), theme.faint);
}

INSTANTIATE_TEST_SUITE_P(Theme, BothThemes, testing::Bool());

TEST(Theme, ProjectorHasHighContrast) {
  for (const auto make : {ui::lightTheme, ui::darkTheme}) {
    const ui::Theme projector = make(true), usual = make(false);
    for (const QColor& surface : {projector.window, projector.surface, projector.raised}) {
      EXPECT_GE(contrast(projector.text, surface), 13.0);
      EXPECT_GE(contrast(projector.muted, surface), 7.0);
      EXPECT_GE(contrast(projector.faint, surface), 4.0);
      EXPECT_GE(contrast(projector.accent, surface), 4.0);
    }
    EXPECT_GT(contrast(projector.line, projector.surface), contrast(usual.line, usual.surface));
    EXPECT_GE(projector.body.pixelSize() * 100, usual.body.pixelSize() * 130);
  }
}

TEST(Theme, ProjectorHasLargerType) {
  EXPECT_GT(ui::lightTheme(true).body.pixelSize(), ui::lightTheme(false).body.pixelSize());
}

TEST(Theme, FollowsTheDesktopUnlessForced) {
  const QPalette light = ui::paletteOf(ui::lightTheme());
  const QPalette dark = ui::paletteOf(ui::darkTheme());
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
  EXPECT_FALSE(ui::makeTheme(ui::ThemeChoice::System, false, light).dark);
  EXPECT_TRUE(ui::makeTheme(ui::ThemeChoice::System, false, dark).dark);
#endif
  EXPECT_TRUE(ui::makeTheme(ui::ThemeChoice::Dark, false, light).dark);
  EXPECT_FALSE(ui::makeTheme(ui::ThemeChoice::Light, false, dark).dark);
}

TEST(Theme, AppliesToTheApplication) {
  const ui::Theme theme = ui::darkTheme();
  ui::applyTheme(*qApp, theme);
  EXPECT_EQ(QApplication::palette().color(QPalette::Window), theme.window);
  EXPECT_EQ(QApplication::palette().color(QPalette::Highlight), theme.accent);
  EXPECT_FALSE(ui::styleSheetOf(theme).contains('@'));
}

// Further columns would stand beyond the edge of a small screen.
TEST(Theme, AMenuHigherThanTheScreenIsScrolled) {
  ui::applyTheme(*qApp, ui::lightTheme());
  QMenu menu;
  for (int i = 0; i < 100; ++i) menu.addAction(QStringLiteral("Entry %1").arg(i));
  menu.popup({0, 0});
  EXPECT_LE(menu.height(), menu.screen()->geometry().height());
  for (const int i : {0, 99, 50}) {
    QAction* action = menu.actions()[i];
    menu.setActiveAction(action);
    const QRect place = menu.actionGeometry(action);
    EXPECT_TRUE(menu.rect().contains(place)) << i;
    EXPECT_EQ(place.left(), menu.actionGeometry(menu.actions()[0]).left()) << i;
  }
}

TEST(Icons, EveryFileIsAnIcon) {
  EXPECT_EQ(QDir(":/icons").entryList({"*.svg"}).size(), ui::kIcons);
}

TEST(Icons, EveryIconDrawsSomethingInsideItsSquare) {
  for (int i = 0; i < ui::kIcons; ++i) {
    const QImage image = ui::icon(ui::Icon(i), ui::lightTheme()).pixmap(QSize(48, 48), 1.0).toImage();
    int inked = 0;
    for (int y = 0; y < 48; ++y) {
      for (int x = 0; x < 48; ++x) {
        const bool border = x == 0 || y == 0 || x == 47 || y == 47;
        const int alpha = image.pixelColor(x, y).alpha();
        if (border) {
          EXPECT_EQ(alpha, 0) << "icon " << i << " is cut off";
        }
        inked += alpha > 128;
      }
    }
    EXPECT_GT(inked, 40) << "icon " << i;
  }
}

TEST(Icons, Sheet) {
  for (const ui::Theme& theme : {ui::lightTheme(), ui::darkTheme()}) {
    QImage sheet(6 * 96, 4 * 96, QImage::Format_ARGB32_Premultiplied);
    sheet.fill(theme.surface);
    QPainter painter(&sheet);
    for (int i = 0; i < ui::kIcons; ++i) {
      ui::paintIcon(painter, QRectF(i % 6 * 96 + 8, i / 6 * 96 + 8, 64, 64), ui::Icon(i), theme.text);
      painter.drawPixmap(i % 6 * 96 + 72, i / 6 * 96 + 48, ui::icon(ui::Icon(i), theme).pixmap(QSize(20, 20), 1.0));
    }
    painter.end();
    EXPECT_GT(pictures::colors(pictures::keep(sheet, theme.dark ? "icons-dark" : "icons-light")), 2);
  }
}

}  // namespace
