#include "io/datasets/PictureStyle.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <QImageReader>

#include "io/FileNames.h"
#include "io/PictureFile.h"
#include "nn/Counted.h"
#include "nn/Error.h"
#include "nn/SizeText.h"

namespace io {
namespace {

constexpr std::size_t kMostSized = 2000, kMostSeen = 96;  // pictures of a set that are measured, and looked at
constexpr double kMostHeldBytes = double(1 << 30);        // of all pictures of a set, as they are held
constexpr int kSeenPx = 256;                              // on the longer side of a picture that is looked at
constexpr double kMostOfThem = 0.8;                       // of the pictures, to be called the way of the set
constexpr double kMostInk = 0.4;                          // of a page: what is darker than its paper in more of it is a photo
constexpr double kFaintChroma = 0.06, kNoChroma = 0.004;  // mean distance of a pixel's channels, of 1
constexpr int kDark = 64, kLight = 128;                   // of 255: paper of a set that has ink on it

int lightOf(QRgb color) {
  return (299 * qRed(color) + 587 * qGreen(color) + 114 * qBlue(color) + 500) / 1000;
}

QRgb onGround(QRgb color, bool dark) {
  const int alpha = qAlpha(color), ground = dark ? 0 : 255;
  const auto over = [&](int value) { return ground + (value - ground) * alpha / 255; };
  return qRgb(over(qRed(color)), over(qGreen(color)), over(qBlue(color)));
}

std::uint8_t medianOf(std::vector<std::uint8_t>& values) {
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <typename Visit>
void eachBorderCell(int width, int height, Visit visit) {
  for (int x = 0; x < width; ++x) visit(x, 0), visit(x, height - 1);
  for (int y = 1; y + 1 < height; ++y) visit(0, y), visit(width - 1, y);
}

// What the borders of pictures say of their paper.
class PaperVote {
 public:
  // light: row by row.
  template <typename Light>
  void add(int width, int height, Light light) {
    std::vector<std::uint8_t> border;
    eachBorderCell(width, height, [&](int x, int y) { border.push_back(light(x, y)); });
    const std::uint8_t paper = medianOf(border);
    m_papers.push_back(paper);
    double darker = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) darker += std::max(0, paper - light(x, y));
    m_ink.push_back(darker / (255.0 * width * height));
  }
  bool isLightPaper() const {
    return share([](std::uint8_t paper) { return paper >= kLight; }) >= kMostOfThem && hasInk() && meanInk() <= kMostInk;
  }
  bool isDarkPaper() const {
    return share([](std::uint8_t paper) { return paper <= kDark; }) >= kMostOfThem;
  }
  // Of turned pictures.
  std::uint8_t paper() const {
    std::vector<std::uint8_t> papers = m_papers;
    return std::uint8_t(255 - medianOf(papers));
  }

 private:
  template <typename Is>
  double share(Is is) const {
    return m_papers.empty() ? 0 : double(std::count_if(m_papers.begin(), m_papers.end(), is)) / double(m_papers.size());
  }
  double meanInk() const {
    double sum = 0;
    for (const double ink : m_ink) sum += ink;
    return sum / double(m_ink.size());
  }
  bool hasInk() const {
    return std::count_if(m_ink.begin(), m_ink.end(), [](double ink) { return ink > 0.002; }) * 2 > std::ptrdiff_t(m_ink.size());
  }
  std::vector<std::uint8_t> m_papers;
  std::vector<double> m_ink;
};

std::vector<QString> spread(const QStringList& all, std::size_t most) {
  std::vector<QString> some;
  const std::size_t count = std::size_t(all.size()), taken = std::min(count, most);
  for (std::size_t i = 0; i < taken; ++i) some.push_back(all[qsizetype(i * count / taken)]);
  return some;
}

// As the picture says of itself, upright; invalid where it does not.
QSize statedSize(const QString& path) {
  QFile file;
  if (isPipeOrDevice(path) || !openForReading(file, path)) return {};
  QImageReader reader(&file);
  const QSize size = reader.size();
  return reader.transformation() & QImageIOHandler::TransformationRotate90 ? size.transposed() : size;
}

int medianSide(std::vector<int> sides) {
  const auto middle = sides.begin() + std::ptrdiff_t(sides.size() / 2);
  std::nth_element(sides.begin(), middle, sides.end());
  return *middle;
}

// The size of most; where none is that, one in the middle of them.
QSize commonSize(const std::vector<QSize>& sizes, bool& same) {
  std::map<std::pair<int, int>, std::size_t> counts;
  for (const QSize& size : sizes) ++counts[{size.width(), size.height()}];
  const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  same = counts.size() == 1;
  if (2 * most->second >= sizes.size()) return {most->first.first, most->first.second};
  std::vector<int> widths, heights;
  for (const QSize& size : sizes) widths.push_back(size.width()), heights.push_back(size.height());
  return {medianSide(std::move(widths)), medianSide(std::move(heights))};
}

std::string rangeOf(const std::vector<QSize>& sizes) {
  const auto area = [](const QSize& a, const QSize& b) { return qint64(a.width()) * a.height() < qint64(b.width()) * b.height(); };
  const auto [smallest, largest] = std::minmax_element(sizes.begin(), sizes.end(), area);
  return nn::sizeText(smallest->width(), smallest->height()) + " to " + nn::sizeText(largest->width(), largest->height());
}

void chooseSize(PictureStyle& style, const std::vector<QSize>& sizes, std::size_t pictures) {
  QSize size = commonSize(sizes, style.sameSize);
  const std::string before = nn::sizeText(size.width(), size.height());
  const double bytes = 3.0 * double(pictures) * size.width() * size.height();
  if (bytes > kMostHeldBytes) size = (QSizeF(size) * std::sqrt(kMostHeldBytes / bytes)).toSize().expandedTo({1, 1});
  style.shape = {3, size.height(), size.width()};
  const std::string chosen = nn::sizeText(size.width(), size.height());
  if (!style.sameSize)
    style.notes.push_back("The pictures have many sizes, " + rangeOf(sizes) + ": all are scaled to " + chosen +
                          ", as a whole, with paper on two sides");
  else if (chosen != before)
    style.notes.push_back("The pictures are " + before + ", more than can be held: they are scaled to " + chosen);
}

// Transparency becomes the paper that contrasts with what is visible.
bool isGroundDark(const std::vector<QImage>& seen, bool& transparent) {
  double visible = 0, light = 0;
  for (const QImage& picture : seen) {
    if (!picture.hasAlphaChannel()) continue;
    double alphas = 0, lights = 0;
    bool clear = false;
    for (int y = 0; y < picture.height(); ++y) {
      const auto* row = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
      for (int x = 0; x < picture.width(); ++x) {
        clear = clear || qAlpha(row[x]) < 250;
        alphas += qAlpha(row[x]);
        lights += double(qAlpha(row[x])) * lightOf(row[x]) / 255;
      }
    }
    if (!clear) continue;
    transparent = true;
    visible += alphas;
    light += lights;
  }
  return visible > 0 && light / visible > 0.5;
}

// The color of most borders.
std::array<int, 3> tintOf(const std::vector<QImage>& seen, bool darkGround) {
  std::array<std::vector<std::uint8_t>, 3> papers;
  for (const QImage& picture : seen) {
    std::array<std::vector<std::uint8_t>, 3> border;
    eachBorderCell(picture.width(), picture.height(), [&](int x, int y) {
      const QRgb color = onGround(reinterpret_cast<const QRgb*>(picture.constScanLine(y))[x], darkGround);
      const std::array<int, 3> channels{qRed(color), qGreen(color), qBlue(color)};
      for (std::size_t c = 0; c < 3; ++c) border[c].push_back(std::uint8_t(channels[c]));
    });
    for (std::size_t c = 0; c < 3; ++c) papers[c].push_back(medianOf(border[c]));
  }
  std::array<int, 3> tint{};
  for (std::size_t c = 0; c < 3 && !seen.empty(); ++c) tint[c] = medianOf(papers[c]);
  return tint;
}

// How far the channels are apart in what differs from the paper: paper that is yellowish or bluish all over makes no colors.
double meanChroma(std::span<const QImage> seen, const PictureStyle& style) {
  double sum = 0, count = 0;
  for (const QImage& picture : seen) {
    for (int y = 0; y < picture.height(); ++y) {
      const auto* row = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
      for (int x = 0; x < picture.width(); ++x) {
        const QRgb color = onGround(row[x], style.darkGround);
        const auto [least, most] = std::minmax({qRed(color) - style.tint[0], qGreen(color) - style.tint[1], qBlue(color) - style.tint[2]});
        sum += most - least;
      }
    }
    count += double(picture.width()) * picture.height();
  }
  return sum / (255 * std::max(1.0, count));
}

void tellPaper(PictureStyle& style) {
  if (style.transparent && style.darkGround)
    style.notes.emplace_back("The pictures are light on transparent ground, which is taken for black");
  if (style.lightPaper)
    style.notes.emplace_back("The pictures are dark on light: they are turned round, so that ink is 1 and paper 0, as in MNIST");
}

void addTo(PaperVote& vote, const QImage& picture, bool darkGround) {
  vote.add(picture.width(), picture.height(), [&](int x, int y) {
    return std::uint8_t(lightOf(onGround(reinterpret_cast<const QRgb*>(picture.constScanLine(y))[x], darkGround)));
  });
}

void decidePaper(PictureStyle& style, const std::vector<QImage>& seen) {
  style.darkGround = isGroundDark(seen, style.transparent);
  PaperVote vote;
  for (const QImage& picture : seen) addTo(vote, picture, style.darkGround);
  style.ink = vote.isLightPaper() || vote.isDarkPaper();
  if (style.ink) style.tint = tintOf(seen, style.darkGround);
  const double chroma = meanChroma(seen, style);
  const auto [palest, strongest] = std::minmax_element(style.tint.begin(), style.tint.end());
  const bool faint = chroma > kNoChroma || *strongest - *palest > 255 * kNoChroma;
  if (chroma <= kNoChroma || (style.ink && chroma < kFaintChroma)) style.shape.channels = 1;
  if (style.shape.channels == 1 && faint) style.notes.emplace_back("The pictures are ink with little color: they are read in gray");
  style.lightPaper = style.shape.channels == 1 && vote.isLightPaper();
  if (style.lightPaper) style.paper = vote.paper();
  tellPaper(style);
}

// From light to ink: nothing where paper is dark already.
std::array<std::uint8_t, 256> inkOfLight(const PictureStyle& style) {
  std::array<std::uint8_t, 256> table{};
  for (int light = 0; light < 256; ++light) {
    const int ink = style.lightPaper ? 255 - light : light;
    table[std::size_t(light)] =
        style.lightPaper ? std::uint8_t(std::max(0, ink - style.paper) * 255 / std::max(1, 255 - style.paper)) : std::uint8_t(ink);
  }
  return table;
}

// Scaled as a whole into the middle, its own border around.
QImage fitted(const QImage& picture, const QSize& size) {
  const QSize inner = picture.size().scaled(size, Qt::KeepAspectRatio).expandedTo({1, 1});
  const QImage small = picture.scaled(inner, Qt::IgnoreAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_ARGB32);
  if (inner == size) return small;
  std::array<std::vector<std::uint8_t>, 4> border;
  eachBorderCell(small.width(), small.height(), [&](int x, int y) {
    const QRgb color = reinterpret_cast<const QRgb*>(small.constScanLine(y))[x];
    const std::array<int, 4> channels{qRed(color), qGreen(color), qBlue(color), qAlpha(color)};
    for (std::size_t c = 0; c < 4; ++c) border[c].push_back(std::uint8_t(channels[c]));
  });
  QImage whole(size, QImage::Format_ARGB32);
  whole.fill(QColor(medianOf(border[0]), medianOf(border[1]), medianOf(border[2]), medianOf(border[3])));
  const int left = (size.width() - inner.width()) / 2, top = (size.height() - inner.height()) / 2;
  for (int y = 0; y < inner.height(); ++y)
    std::copy_n(reinterpret_cast<const QRgb*>(small.constScanLine(y)), inner.width(),
                reinterpret_cast<QRgb*>(whole.scanLine(y + top)) + left);
  return whole;
}

}  // namespace

Unlike unlikeOthers(const QImage& picture, const PictureStyle& style) {
  if (style.shape.channels != 1) return {};
  PaperVote vote;
  addTo(vote, picture, style.darkGround);
  const bool turned = style.lightPaper ? vote.isDarkPaper() : vote.isLightPaper();
  return {meanChroma({&picture, 1}, style) >= kFaintChroma, style.ink && turned};
}

PictureStyle styleOf(const QStringList& pictures, const data::Progress& progress) {
  PictureStyle style;
  std::vector<QSize> sizes;
  for (const QString& path : spread(pictures, kMostSized)) {
    if (progress && !progress(0)) return {};
    if (const QSize size = statedSize(path); size.isValid() && !size.isEmpty()) sizes.push_back(size);
  }
  std::vector<QImage> seen;
  for (const QString& path : spread(pictures, kMostSeen)) {
    if (progress && !progress(0)) return {};
    try {
      std::string unread;
      const QImage picture = readPictureFile(path, kSeenPx, 0, &unread).convertToFormat(QImage::Format_ARGB32);
      if (sizes.empty()) sizes.push_back(picture.size());  // of a kind that says it late
      seen.push_back(std::max(picture.width(), picture.height()) <= kSeenPx
                         ? picture
                         : picture.scaled(kSeenPx, kSeenPx, Qt::KeepAspectRatio).convertToFormat(QImage::Format_ARGB32));
    } catch (const nn::Error&) {
      continue;  // told of when all are read
    }
  }
  if (sizes.empty()) return {};
  chooseSize(style, sizes, std::size_t(pictures.size()));
  if (!seen.empty()) decidePaper(style, seen);
  return style;
}

void writeStyled(const QImage& picture, const PictureStyle& style, std::span<std::uint8_t> planes) {
  const QSize size(style.shape.width, style.shape.height);
  const QImage image = picture.size() == size ? picture : fitted(picture, size);
  const std::size_t area = std::size_t(size.width()) * std::size_t(size.height());
  const std::array<std::uint8_t, 256> ink = inkOfLight(style);
  std::size_t at = 0;
  for (int y = 0; y < size.height(); ++y) {
    const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
    for (int x = 0; x < size.width(); ++x, ++at) {
      const QRgb color = onGround(line[x], style.darkGround);
      if (style.shape.channels == 1) {
        planes[at] = ink[std::size_t(lightOf(color))];
        continue;
      }
      planes[at] = std::uint8_t(qRed(color));
      planes[area + at] = std::uint8_t(qGreen(color));
      planes[2 * area + at] = std::uint8_t(qBlue(color));
    }
  }
}

PictureStyle paperOf(const data::Dataset& images) {
  PictureStyle style;
  style.shape = images.shape;
  if (images.shape.channels != 1 || images.shape.height < 3 || images.shape.width < 3) return style;
  PaperVote vote;
  const std::size_t seen = std::min(images.count(), kMostSeen);
  for (std::size_t i = 0; i < seen; ++i) {
    const auto image = images.image(i * images.count() / seen);
    vote.add(images.shape.width, images.shape.height,
             [&](int x, int y) { return image[std::size_t(y) * std::size_t(images.shape.width) + std::size_t(x)]; });
  }
  style.lightPaper = vote.isLightPaper();
  if (style.lightPaper) style.paper = vote.paper();
  tellPaper(style);
  return style;
}

void turnToInk(data::Dataset& images, const PictureStyle& style) {
  if (!style.lightPaper) return;
  const std::array<std::uint8_t, 256> ink = inkOfLight(style);
  for (std::uint8_t& pixel : images.pixels) pixel = ink[pixel];
}

}  // namespace io
