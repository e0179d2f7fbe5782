// In place of ffmpeg: a shell script of the test's own, found first as long as this lives. Every way of ours to ffmpeg is tested with
// it; what ffmpeg itself does is not.
#pragma once

#include <gtest/gtest.h>

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>

class FakeFfmpeg {
 public:
  // script: $last is the file that ffmpeg is asked to write.
  explicit FakeFfmpeg(const QByteArray& script = "cat > \"$last\"\n") : m_path(qgetenv("PATH")) {
    QFile file(m_folder.filePath("ffmpeg"));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\nfor last; do :; done\nlast=${last#file:}\n" + script);
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("PATH", m_folder.path().toUtf8() + ":" + m_path);
  }
  ~FakeFfmpeg() { qputenv("PATH", m_path); }
  void hide() { qputenv("PATH", "/nowhere"); }  // as if none were installed
  QString filePath(const QString& name) const { return m_folder.filePath(name); }

 private:
  QTemporaryDir m_folder;
  QByteArray m_path;
};
