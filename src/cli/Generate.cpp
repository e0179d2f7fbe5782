#include <thread>

#include <QDir>
#include <QFileInfo>

#include "cli/Command.h"
#include "cli/Interruption.h"
#include "cli/Printable.h"
#include "data/StrokeDigits.h"
#include "io/DataFiles.h"
#include "io/FileNames.h"
#include "io/Files.h"
#include "nn/Counted.h"
#include "nn/Error.h"

namespace cli {

namespace {

// What the folder holds of the set that is to be written: it may be somebody's only copy.
void requireNoOther(const QString& folder, const QString& set, bool writesOver, const Output& output) {
  const QStringList found = io::idxFiles(folder, set);
  if (found.isEmpty()) return;
  QStringList names;
  for (const QString& path : found) names << io::shownPath(QFileInfo(path).fileName());
  const QString verb = names.size() == 1 ? " is" : " are";
  if (!writesOver)
    throw nn::Error(names.join(", ").toStdString() + verb.toStdString() + " there already", io::shownPath(folder).toStdString(),
                    "Choose another folder, or say --overwrite");
  output.note(names.join(", ") + verb +
              " there already; what has the name of a file that is written is written over, any other is left out "
              "when the folder is read");
}

void runGenerate(const Arguments& arguments, const Output& output) {
  const QString folder = arguments.text("out");
  const Interruption interruption("Ends; nothing is written");
  const QString set = arguments.has("test") ? "t10k" : "train";
  const io::MadeFolder made(folder);
  const QString prefix = QDir(folder).filePath(set);
  const QString images = prefix + "-images-idx3-ubyte", labels = prefix + "-labels-idx1-ubyte";
  for (const QString& path : {images, labels}) io::requireWritable(path);
  requireNoOther(folder, set, arguments.has("overwrite"), output);
  int threads = int(arguments.whole("threads"));
  if (threads == 0) threads = int(std::max(1u, std::thread::hardware_concurrency()));
  const auto digits = data::generateStrokeDigits(std::size_t(arguments.whole("count")), std::uint64_t(arguments.whole("seed")), threads,
                                                 [&](double) { return interruption.signal() == 0; });
  if (!digits || interruption.signal() != 0) throw Interrupted{interruption.signal()};
  io::writeIdx(images, labels, *digits);
  output.result({{"count", qint64(digits->count())}, {"images", images}, {"labels", labels}},
                QString("%1 in %2 and %3\n")
                    .arg(QString::fromStdString(nn::counted(digits->count(), "digit", "digits")), inOneLine(images), inOneLine(labels)));
}

}  // namespace

Command generateCommand() {
  Command command;
  command.name = "generate";
  command.summary = "Writes stroke digits as IDX files, the format of MNIST.";
  command.details = "JSON: count, images, labels, notes[].";
  Option count{"count", Kind::Whole, "N", "How many digits.", {}, 1, 10000000};
  Option out{"out", Kind::Text, "DIR", "The folder for the two files; made when it is not there."};
  count.required = out.required = true;
  command.options = {count,
                     seedOption(),
                     out,
                     {"test", Kind::Flag, {}, "Names them as test files (t10k-...) instead of training files."},
                     {"overwrite", Kind::Flag, {}, "Writes over such files, where they are there already."},
                     threadsOption()};
  command.run = runGenerate;
  return command;
}

}  // namespace cli
