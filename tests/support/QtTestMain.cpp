#include <gtest/gtest.h>

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (GTEST_FLAG_GET(list_tests)) return RUN_ALL_TESTS();
  // Settings of the tests never meet those of the person at this machine, nor those of tests that run at the same time.
  const QTemporaryDir settings;
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
  QCoreApplication::setOrganizationName("ConvScopeTests");
  QCoreApplication::setApplicationName("ConvScopeTests");
  QApplication application(argc, argv);
  return RUN_ALL_TESTS();
}
