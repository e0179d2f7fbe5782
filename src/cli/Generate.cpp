#include <thread>

#include <QDir>

#include "cli/Command.h"
#include "cli/Interruption.h"
#include "cli/Printable.h"
#include "data/StrokeDigits.h"
#include "io/DataFiles.h"
#include "io/Files.h"
#include "nn/Counted.h"

namespace cli {

namespace {

void runGenerate(const Arguments& arguments, const Output& output) {
  const QString folder = arguments.text("out");
  const Interruption interruption("Ends; nothing is written");
  const io::MadeFolder made(folder);
  const QString prefix = QDir(folder).filePath(arguments.has("test") ? "t10k" : "train");
  const QString images = prefix + "-images-idx3-ubyte", labels = prefix + "-labels-idx1-ubyte";
  for (const QString& path : {images, labels}) io::requireWritable(path);
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
                     threadsOption()};
  command.run = runGenerate;
  return command;
}

}  // namespace cli
