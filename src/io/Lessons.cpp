#include "io/Lessons.h"

#include <QFileInfo>

#include "io/FileNames.h"
#include "io/Files.h"
#include "io/Resources.h"

namespace io {

const std::vector<LessonText>& shippedLessons() {
  static const std::vector<LessonText> all = [] {
    std::vector<LessonText> read;
    for (const QString& id : shippedNames("lessons", ".md"))
      read.push_back({id, readFile(":/lessons/" + id + ".md", qint64(lessons::kMostBytes)).toStdString()});
    return read;
  }();
  return all;
}

bool isLessonFile(const QString& path) {
  return path.endsWith(".md", Qt::CaseInsensitive);
}

lessons::Parsed readLessonFile(const QString& path) {
  const QByteArray text = readFile(path, qint64(lessons::kMostBytes));
  return lessons::parseLesson(std::string_view(text.constData(), std::size_t(text.size())), shownName(QFileInfo(path).completeBaseName()));
}

}  // namespace io
