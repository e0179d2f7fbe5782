// What the tests of model files share.
#pragma once

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <QFile>
#include <QString>

#include "io/Model.h"
#include "nn/Error.h"
#include "nn/Workspace.h"

namespace modeltest {

// The picture that tests/io/foreign/make_foreign.py gives to its networks; any length.
inline std::vector<float> pattern(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = float((i * 37 + 11) % 101) / 101.0f;
  return values;
}

inline std::vector<float> outputOf(const io::Model& model, const std::vector<float>& input) {
  nn::Weights weights(model.network);
  weights.assign(model.parameters);
  nn::Workspace workspace(model.network, 1, false);
  workspace.setInput(0, input);
  workspace.forward(weights);
  std::vector<float> result(model.network->outputShape().size());
  workspace.read(model.network->outputs()[0], 0, result);
  return result;
}

inline std::vector<float> outputOf(const io::Model& model) {
  return outputOf(model, pattern(model.network->inputShape().size()));
}

// Of a model all of whose operators must have been read.
inline std::vector<float> wholeOutputOf(const io::Model& model, const std::vector<float>& input) {
  EXPECT_TRUE(model.unread.empty()) << io::unreadText(model);
  return outputOf(model, input);
}

// The issue of the nn::Error that `action` must throw.
inline nn::Issue refusalOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const nn::Error& error) {
    return error.issue();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

inline QByteArray readAll(const QString& path) {
  QFile file(path);
  EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path.toStdString();
  return file.readAll();
}

inline void writeAll(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  ASSERT_EQ(file.write(bytes), bytes.size());
}

// What it says, in one text; empty where nothing is thrown.
template <typename Action>
std::string refusalText(Action action) {
  try {
    action();
  } catch (const nn::Error& error) {
    return error.message();
  }
  return {};
}

}  // namespace modeltest
