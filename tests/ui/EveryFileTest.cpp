// Files of every kind that people bring, opened one after the other in one run of the window: each does what it is for, or a sentence says
// why not; nothing ends, and the window goes on.
#include <functional>
#include <gtest/gtest.h>

#include <QBuffer>
#include <QDir>
#include <QElapsedTimer>
#include <QImage>
#include <QImageWriter>
#include <QMimeData>
#include <QProcess>
#include <QTimer>
#include <QUrl>

#include "io/Model.h"
#include "io/ModelTools.h"
#include "ui/WindowTest.h"
#include "ui/app/Workbench.h"
#include "ui/shell/MessageStrip.h"

namespace {

using Bytes = QByteArray;

QImage digitOf(int digit, QImage::Format format) {
  const auto set = data::generateStrokeDigits(10, 3);
  QImage image(28, 28, QImage::Format_Grayscale8);
  for (std::size_t i = 0; i < set->count(); ++i)
    if (int(set->labels[i]) == digit)
      for (int y = 0; y < 28; ++y) std::copy_n(set->image(i).data() + 28 * y, 28, image.scanLine(y));
  return image.convertToFormat(format);
}

// Another digit each time, so that it is to be seen that it came.
Bytes encoded(const char* format, QImage::Format pixels = QImage::Format_RGB888) {
  static int count = 0;
  Bytes bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QImageWriter writer(&buffer, format);
  return writer.write(digitOf(++count % 10, pixels).scaled(100 + count, 100 + count)) ? bytes : Bytes();
}

Bytes tableOf(const Bytes& header, char separator, bool last) {
  Bytes table = header;
  for (int i = 0; i < 40; ++i) {
    const Bytes label = Bytes::number(i % 2), pixels = Bytes::number(i % 2 ? 255 : 10) + (Bytes(1, separator) + "0").repeated(48);
    table += (last ? pixels + separator + label : label + separator + pixels) + "\n";
  }
  return table;
}

Bytes npyOf(const char* type, const char* shape, const Bytes& values) {
  Bytes header = Bytes("{'descr': '") + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  header += Bytes((64 - (header.size() + 11) % 64) % 64, ' ') + '\n';
  Bytes bytes("\x93NUMPY\x01\x00", 8);
  bytes += char(header.size() & 255);
  bytes += char(header.size() >> 8);
  return bytes + header + values;
}

// How long the event loop was away, at most.
class StallWatch {
 public:
  StallWatch() {
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { m_worst = std::max(m_worst, m_since.restart()); });
    m_since.start();
    m_timer.start(1);
  }
  qint64 worstMs() const { return m_worst; }
  void begin() {
    m_worst = 0;
    m_since.restart();
  }

 private:
  QTimer m_timer;
  QElapsedTimer m_since;
  qint64 m_worst = 0;
};

class EveryFileTest : public uitest::WindowTest {
 protected:
  QString put(const QString& name, const Bytes& bytes) {
    const QString path = folder.filePath("in/" + name);
    EXPECT_TRUE(QDir().mkpath(QFileInfo(path).path()));
    modeltest::writeAll(path, bytes);
    return path;
  }
  Bytes model() {
    const auto network = io::loadNetwork("softmax");
    io::saveOnnx(folder.filePath("made.onnx"), *network, network->initialParameters(1));
    return modeltest::readAll(folder.filePath("made.onnx"));
  }
  // What a person sees of it: another network, picture, data, or a message.
  struct Seen {
    std::shared_ptr<const nn::Network> network;
    std::vector<float> ink;
    QString data;
    ui::Mode mode;
    QStringList told;
    bool operator==(const Seen&) const = default;
  };
  Seen seen() {
    Seen now{workbench().network(),
             workbench().inference().drawing().ink.ink,
             workbench().library().current().key,
             window().panels().mode(),
             {}};
    const nn::Issue& issue = window().messages().message().issue;
    now.told << QString::fromStdString(issue.where + ": " + issue.what + " " + issue.hint) << QString::number(window().messages().count());
    return now;
  }
  void settleJobs() {
    ASSERT_TRUE(QTest::qWaitFor([&] { return !workbench().jobs().busy() && workbench().inference().upToDate(); }, 60000));
    settle(30);
  }
  void open(const QString& path) {
    SCOPED_TRACE(path.toStdString());
    while (window().messages().count() > 0) window().messages().dismiss();
    const Seen before = seen();
    watch.begin();
    window().files().openPath(path);
    settleJobs();
    if (watch.worstMs() > worstMs) {
      worstMs = watch.worstMs();
      worst = path;
    }
    EXPECT_FALSE(seen() == before) << "nothing was to be seen of it";
    if (window().messages().count() > 0) EXPECT_FALSE(window().messages().message().issue.what.empty());
    EXPECT_TRUE(window().isVisible());
    ++opened;
  }
  int opened = 0;
  StallWatch watch;
  qint64 worstMs = 0;
  QString worst;
};

TEST_F(EveryFileTest, OpensOrIsAnsweredWithASentence) {
  const Bytes whole = model(), png = encoded("png");
  const QString html = "<!DOCTYPE html><html><body>Not found</body></html>", text = "some words about digits\n";
  const Bytes lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
  const Bytes network =
      R"({"name":"own","nodes":[{"name":"in","type":"input","channels":1,"height":8,"width":8},{"name":"out","type":"dense","units":10}]})";
  QStringList files;
  // Pictures.
  for (const char* format : {"png", "jpg", "bmp", "gif", "webp", "tiff", "ppm", "pgm", "xbm", "ico"})
    if (const Bytes bytes = encoded(format); !bytes.isEmpty()) files << put(QString("digit.") + format, bytes);
  files << put("palette.png", encoded("png", QImage::Format_Indexed8)) << put("deep.png", encoded("png", QImage::Format_Grayscale16))
        << put("alpha.png", encoded("png", QImage::Format_ARGB32)) << put("no ending", encoded("png")) << put("called.jpg", encoded("png"))
        << put("half.png", png.left(png.size() / 2)) << put("empty.png", "") << put("words.png", text.toUtf8())
        << put("page.jpg", html.toUtf8()) << put("pointer.png", lfs)
        << put("drawn.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='50' height='50'><path d='M10 10 L40 40' stroke='black'/></svg>")
        << put("letters.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='50' height='50'><text y='40'>7</text></svg>")
        << put("white.png", [] {
             Bytes bytes;
             QBuffer buffer(&bytes);
             QImage image(5, 5, QImage::Format_RGB32);
             image.fill(Qt::white);
             buffer.open(QIODevice::WriteOnly);
             image.save(&buffer, "PNG");
             return bytes;
           }());
  // Models and networks.
  files << put("own.onnx", whole) << put("half.onnx", whole.left(whole.size() / 2)) << put("empty.onnx", "")
        << put("page.onnx", html.toUtf8()) << put("pointer.onnx", lfs) << put("zip.onnx", "PK\3\4rest")
        << put("weights.pt", "PK\3\4archive/data.pkl") << put("weights.pth", Bytes("\x80\x02}q\x00", 5))
        << put("keras.h5", Bytes("\x89HDF\r\n\x1a\n", 8) + Bytes(100, '\0'))
        << put("light.tflite", Bytes("\x1c\0\0\0TFL3", 8) + Bytes(100, '\0')) << put("network.json", network)
        << put("broken.json", network.left(40)) << put("other.json", "{\"a\": 1}") << put("list.json", "[1, 2]")
        << put("half.convscope", Bytes("ConvScope", 9)) << put("zeros.onnx", Bytes(5000, '\0'));
  // Data.
  files << put("label-first.csv", tableOf({}, ',', false)) << put("label-last.csv", tableOf({}, ',', true))
        << put("header.csv", tableOf("label" + Bytes(",pixel").repeated(49) + "\n", ',', false))
        << put("semicolons.csv", tableOf({}, ';', false)) << put("words.csv", "a,b\nc,d\n") << put("empty.csv", "")
        << put("x.npy", npyOf("|u1", "40, 5, 5", Bytes(1000, '\7'))) << put("broken.npy", Bytes("\x93NUMPY", 6))
        << put("broken.npz", "PK\3\4rest") << put("broken.zip", "PK\3\4rest") << put("broken.tar.gz", Bytes("\x1f\x8b\x08", 3));
  {
    const auto digits = data::generateStrokeDigits(60, 2);
    QDir().mkpath(folder.filePath("in/idx"));
    io::writeIdx(folder.filePath("in/idx/train-images-idx3-ubyte"), folder.filePath("in/idx/train-labels-idx1-ubyte"), *digits);
    files << folder.filePath("in/idx");
    QProcess tar;
    tar.start("tar", {"-czf", folder.filePath("in/digits.tgz"), "-C", folder.filePath("in"), "idx"});
    ASSERT_TRUE(tar.waitForFinished());
    files << folder.filePath("in/digits.tgz");
    for (int i = 0; i < 20; ++i) put(QString("pictures/%1/%2.png").arg(i % 2 ? "cat" : "dog").arg(i), png);
    put("pictures/cat/odd.png", "no picture");
    QDir().mkpath(folder.filePath("in/nothing"));
    files << folder.filePath("in/pictures") << folder.filePath("in/nothing");
  }
  // Others.
  files << put("readme.txt", text.toUtf8()) << put("paper.pdf", "%PDF-1.5\n") << put("program.exe", Bytes("MZ\x90\0", 4))
        << put("unknown.xyz", Bytes(300, '\x5a')) << put("lesson.md", "# A lesson\n\nNothing more.\n")
        << folder.filePath("in/not there.png") << folder.filePath("in/not there.onnx") << folder.filePath("in/nor this");
  EXPECT_GE(files.size(), 60);
  for (const QString& file : files) open(file);
  EXPECT_EQ(opened, files.size());
  // On an idle machine it is below 50 ms; what is asserted is what no load explains.
  std::printf("The longest stall: %d ms, of %s\n", int(worstMs), qPrintable(QFileInfo(worst).fileName()));
  EXPECT_LT(worstMs, 1000);
  window().files().openShipped("harley");
  settleJobs();
  drawThree();  // all the same
}

TEST_F(EveryFileTest, WhatIsDroppedIsOpened) {
  const QString picture = put("dropped.png", encoded("png")), table = put("dropped.csv", tableOf({}, ',', false));
  for (const QString& path : {picture, table, put("dropped.onnx", model()), put("dropped.xyz", "??")}) {
    SCOPED_TRACE(path.toStdString());
    while (window().messages().count() > 0) window().messages().dismiss();
    const Seen before = seen();
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(path)});
    window().files().openDropped(mime);
    settleJobs();
    EXPECT_FALSE(seen() == before);
  }
}

}  // namespace
