#include "render/CellTexture.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include <QOpenGLShaderProgram>

namespace render {
namespace {

constexpr int kCellsWidth = 1 << 10;
constexpr int kMostPageRows = 8192;                         // 32 MiB
constexpr std::size_t kCellsAPiece = std::size_t(1) << 20;  // 4 MiB, unless a sheet has more
constexpr std::size_t kCellsAFrame = std::size_t(1) << 20;  // a few milliseconds

// Tells rows of cells apart; never 0, which stands for a row that was not uploaded yet.
std::uint64_t digestOf(std::span<const float> cells) {
  constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15u;
  std::array<std::uint64_t, 4> sums{1, 2, 3, 4};  // side by side, since each step waits for the one before
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::uint64_t& sum = sums[i % 4];
    sum = (std::rotl(sum, 23) ^ std::bit_cast<std::uint32_t>(cells[i])) * kPrime;
  }
  return std::max<std::uint64_t>(1, sums[0] ^ std::rotl(sums[1], 16) ^ std::rotl(sums[2], 32) ^ std::rotl(sums[3], 48));
}

}  // namespace

void CellTexture::create(QOpenGLFunctions_3_3_Core& functions, int mostPageRows) {
  m_f = &functions;
  GLint most = 0;
  m_f->glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
  m_pageShift = pageShiftOf(most, mostPageRows);
}

int CellTexture::pageShiftOf(int longestSide, int mostPageRows) {
  if (mostPageRows > 0) longestSide = std::min(longestSide, mostPageRows);
  return std::bit_width(unsigned(std::clamp(longestSide, 1, kMostPageRows))) - 1;
}

void CellTexture::release() {
  for (const Piece& piece : m_pieces)
    if (piece.texture) m_f->glDeleteTextures(1, &piece.texture);
  m_pieces.clear();
  m_made = 0;
}

// Into pieces that begin with a sheet.
void CellTexture::divide(const scene::Layout& layout, std::size_t cells) {
  release();
  m_rowDigests.assign(std::max<std::size_t>(1, (cells + kCellsWidth - 1) >> kCellsShift), 0);
  std::vector<std::size_t> begins;
  for (const scene::Sheet& sheet : layout.sheets) begins.push_back(sheet.firstCell);
  std::sort(begins.begin(), begins.end());
  m_pieces.push_back({});
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : cells;
    const bool full = end - (m_pieces.back().firstRow << kCellsShift) > kCellsAPiece;
    if (full && begins[i] > m_pieces.back().firstCell) m_pieces.push_back({begins[i], begins[i] >> kCellsShift});
    m_pieces.back().rows = ((std::max(end, begins[i] + 1) - 1) >> kCellsShift) + 1 - m_pieces.back().firstRow;
  }
  m_pieces.back().rows = m_rowDigests.size() - m_pieces.back().firstRow;
}

void CellTexture::makeNext(std::span<const float> all) {
  if (m_made == m_pieces.size()) return;
  Piece& piece = m_pieces[m_made++];
  const std::size_t page = std::size_t(1) << m_pageShift;
  m_f->glGenTextures(1, &piece.texture);
  m_f->glActiveTexture(GL_TEXTURE0);
  m_f->glBindTexture(GL_TEXTURE_2D_ARRAY, piece.texture);
  m_f->glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R32F, kCellsWidth, GLsizei(std::min(piece.rows, page)),
                    GLsizei((piece.rows + page - 1) / page), 0, GL_RED, GL_FLOAT, nullptr);
  m_f->glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  m_f->glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  // The piece before may have brought this row already.
  if (m_rowDigests[piece.firstRow] != 0) uploadRows(all, piece, piece.firstRow, piece.firstRow + 1);
}

int CellTexture::pieceOf(int firstCell) const {
  const auto behind = std::upper_bound(m_pieces.begin(), m_pieces.end(), std::size_t(firstCell),
                                       [](std::size_t cell, const Piece& piece) { return cell < piece.firstCell; });
  const int piece = int(behind - m_pieces.begin()) - 1;
  return piece < int(m_made) ? piece : -1;
}

// The rows that cells begin .. end lie in, those that have changed since they were last uploaded.
void CellTexture::uploadRange(std::span<const float> all, std::size_t begin, std::size_t end) {
  const std::size_t lastRow = (end - 1) >> kCellsShift;
  const auto changed = [&](std::size_t row) {
    const std::size_t first = row << kCellsShift;
    const std::uint64_t now = digestOf(all.subspan(first, std::min(std::size_t(kCellsWidth), all.size() - first)));
    return std::exchange(m_rowDigests[row], now) != now;
  };
  for (std::size_t row = begin >> kCellsShift, next = row; row <= lastRow; row = next) {
    next = row + 1;
    if (!changed(row)) continue;
    while (next <= lastRow && changed(next)) ++next;
    for (std::size_t piece = 0; piece < m_made; ++piece) uploadRows(all, m_pieces[piece], row, next);
  }
}

// Those of the rows that lie in the piece. Rows of a page go together; the last one may be short.
void CellTexture::uploadRows(std::span<const float> all, const Piece& piece, std::size_t begin, std::size_t end) {
  const std::size_t fullRows = all.size() >> kCellsShift, page = std::size_t(1) << m_pageShift;
  begin = std::max(begin, piece.firstRow);
  end = std::min(end, piece.firstRow + piece.rows);
  if (begin >= end) return;
  m_f->glActiveTexture(GL_TEXTURE0);
  m_f->glBindTexture(GL_TEXTURE_2D_ARRAY, piece.texture);
  for (std::size_t row = begin, next = row; row < end; row = next) {
    const std::size_t inPiece = row - piece.firstRow, first = row << kCellsShift;
    next = row < fullRows ? std::min({end, fullRows, row + page - (inPiece & (page - 1))}) : row + 1;
    const GLsizei width = row < fullRows ? kCellsWidth : GLsizei(all.size() - first);
    m_f->glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, GLint(inPiece & (page - 1)), GLint(inPiece >> m_pageShift), width, GLsizei(next - row),
                         1, GL_RED, GL_FLOAT, all.data() + first);
    m_uploaded += std::size_t(width) * (next - row);
  }
}

void CellTexture::uploadSome(std::span<const float> all, Range& range, std::size_t& budget) {
  while (budget > 0 && range.left > 0 && range.next < madeCells()) {
    const std::size_t count = std::min({budget, range.left, std::min(range.end, madeCells()) - range.next});
    uploadRange(all, range.next, range.next + count);
    range.next = range.next + count == range.end ? range.begin : range.next + count;
    range.left -= count;
    budget -= count;
  }
}

void CellTexture::upload(const scene::SceneState& state) {
  const scene::Versions& now = state.versions();
  const std::span<const float> all = state.shown().cells();
  const bool fresh = !std::exchange(m_anything, true) || now.layout != m_seen.layout;
  if (fresh) {
    divide(*state.layout(), all.size());
    const std::size_t kernels = state.layout()->firstKernelCell;
    m_units = {0, kernels, 0, 0};
    m_kernels = {kernels, all.size(), kernels, 0};
  }
  m_f->glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  if (fresh || now.units != m_seen.units) m_units.lookAtAll();
  if (fresh || now.kernels != m_seen.kernels) m_kernels.lookAtAll();
  m_seen = now;
  makeNext(all);
  std::size_t budget = kCellsAFrame;
  uploadSome(all, m_units, budget);
  uploadSome(all, m_kernels, budget);
}

void CellTexture::bind(int piece) {
  m_f->glActiveTexture(GL_TEXTURE0);
  m_f->glBindTexture(GL_TEXTURE_2D_ARRAY, m_pieces[std::size_t(piece)].texture);
}

void CellTexture::describe(QOpenGLShaderProgram& sheet) const {
  sheet.setUniformValue("u_cells", 0);
  sheet.setUniformValue("u_cellsWidthShift", kCellsShift);
  sheet.setUniformValue("u_cellsWidthMask", kCellsWidth - 1);
  sheet.setUniformValue("u_pageShift", m_pageShift);
}

}  // namespace render
