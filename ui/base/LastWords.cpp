#include "ui/base/LastWords.h"

#include <iostream>

#include "cli/Printable.h"

namespace ui {

void tellOnStderr(const nn::Issue& issue) {
  std::cerr << "convscope: " << cli::printable(QString::fromStdString(nn::Error(issue).message())) << std::endl;
}

}  // namespace ui
