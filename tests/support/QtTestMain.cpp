#include <gtest/gtest.h>

#include <QApplication>

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (GTEST_FLAG_GET(list_tests)) return RUN_ALL_TESTS();
  // Settings of the tests never meet those of the person at this machine.
  QCoreApplication::setOrganizationName("ConvScopeTests");
  QCoreApplication::setApplicationName("ConvScopeTests");
  QApplication application(argc, argv);
  return RUN_ALL_TESTS();
}
