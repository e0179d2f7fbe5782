// Writes over one picture of a scene: every part of the overlay is a member, since all share what is already taken. Lives for
// one picture; private to render.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include <QPainter>
#include <QPolygonF>
#include <QRectF>

#include "render/Overlay.h"
#include "scene/text/Numbers.h"

namespace render {

inline constexpr qreal kLabelGap = 14;  // between a block and its label
inline constexpr qreal kEdge = 10;      // nothing is written nearer to the border
inline constexpr qreal kBarWidth = 66, kNarrowBar = 46, kBarHeight = 5;

// What one legend says.
struct Legend {
  scene::Scale scale;
  QString low, high, note;
  std::optional<float> value;  // of the cell under the pointer: a tick on the bar
  bool on = true;              // highlighted, or nothing is
};

// The name of a layer, or of its kernels, and its size below that.
struct BlockName {
  int of = -1;     // the layer, also of its kernels
  int block = -1;  // -1: of kernels
  bool folded = false;
  scene::Vec3 anchor;
  QString head, below;
  QFont headFont, belowFont;
  QColor headInk, belowInk;
  QSizeF size;
};

struct MapName {
  QString words;
  QPointF baseline;
  QRectF rect;
};

// How the numbers in cells are written.
struct CellType {
  scene::CellNumbers numbers;
  QFont font;
};

class Writer {
 public:
  Writer(QPainter& painter, const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style)
      : m_painter(painter),
        m_state(state),
        m_layout(*state.layout()),
        m_camera(camera),
        m_style(style),
        m_area(0, 0, camera.widthPx(), camera.heightPx()) {}

  void outputs();
  QRectF labelArea() const;  // of all names and legends, wherever they lie
  void layers();
  void tag(qreal foot);  // foot: pixels at the lower edge that bars take
  void pins();
  void invitation();
  void key();
  void mapNames();
  void numbers(const Motion& motion);  // in the cells that are large enough
  void reserve(const std::vector<QRectF>& rects) {
    m_clear.over = rects;
    m_taken.insert(m_taken.end(), rects.begin(), rects.end());
  }
  void reserveRoutes();  // nothing is written over the ways between stages
  // What is told to whoever draws, and which name is under the pointer.
  void record(const OverlayOptions& options) {
    m_written = options.written;
    m_names = options.names;
    m_pointed = options.pointed;
  }
  void shares();             // of the edges of a trace
  void caption(qreal foot);  // of an animation
  void paddingZeros();

 private:
  struct ClassName {
    QString words;
    QFont font;
  };
  // cell: its side on the screen
  ClassName classNameAt(const std::string& name, const scene::Vec3& place, float cell, bool won) const;
  bool classLabel(const scene::Block& block, int unit, bool won);
  void winnerApart(const scene::Block& block, int unit);
  bool visible(const scene::Box& box) const;
  // The network goes to the right: names stand below, legends above.
  bool turned() const { return m_layout.arrangement == scene::Arrangement::Rightward; }
  BlockName nameOf(const scene::Block& block, bool kernels) const;
  void foldMark(const BlockName& name, const QRectF& rect, qreal headLeft, qreal headBaseline);
  void write(BlockName name);
  void nearName();
  QRectF nameRect(const scene::Vec3& anchor, const QSizeF& size) const;
  // line: height of the legend without its note
  QRectF legendRect(const scene::Vec3& anchor, const QSizeF& size, qreal line) const;
  qreal barWidth() const { return (turned() ? kNarrowBar : kBarWidth) * m_style.textScale; }
  void receptiveField(const scene::Block& block, const BlockName& name);
  struct TagWords {
    QString head, number, note;
    QStringList more;  // one sentence, where its line may be broken
    scene::Vec3 place;
    bool corner = false;                 // above left of everything, instead of at its place
    std::optional<scene::CellRef> cell;  // not under the pointer: it stands beside the map, so that the neighbors can be seen
  };
  void tellNumber(TagWords& tag, const scene::UnitId& unit, float value) const;
  std::optional<TagWords> tagWords() const;
  struct TagRow {
    QString words;
    QFont font;
    QColor ink;
  };
  // In the order in which they are tried.
  enum class TagShape { Wide, Broken, Low, Halved, Narrow, HalvedWithoutMore, NarrowWithoutMore, Nameless };
  std::vector<TagRow> rowsOf(const TagWords& tag, TagShape shape) const;
  QRectF besidePointer(const QPointF& at, const QSizeF& size) const;
  static QSizeF sizeOf(const std::vector<TagRow>& rows);
  TagWords traceWords() const;
  static QStringList shareWords();
  bool tracesNothing() const;
  void sharesApart(const QPointF& near, qreal foot);
  bool isShare(const scene::Sheet& sheet) const;
  std::optional<QSizeF> smallestCell(int firstSheet, int sheetCount) const;
  std::optional<CellType> typeOf(const scene::Sheet& sheet, int index, const QSizeF& size, bool whole) const;
  float narrowestMap(const scene::Block& block) const;
  std::optional<MapName> mapName(const scene::Sheet& sheet, float narrowest) const;
  std::optional<scene::CellRef> highlightedCell(int firstSheet, int sheetCount) const;
  Legend legendOf(int block, bool kernels) const;
  bool hasLegends() const;
  std::optional<QRectF> legendPlace(const scene::Vec3& anchor, const QSizeF& size, qreal line) const;
  QRectF legend(const scene::Vec3& anchor, const Legend& legend);  // where it was written
  struct Note {
    QString words;
    QFont font;
    QRectF rect;
  };
  void notes();
  void bar(const QRectF& rect, const scene::ColorMap& map);
  bool isFree(const QRectF& rect) const;
  QPolygonF outlineOf(const scene::Sheet& sheet) const;
  QPolygonF outlineOf(const std::array<scene::Vec3, 4>& corners) const;
  QRectF extentOf(int firstSheet, int count) const;
  std::optional<QRectF> projected(const scene::Box& box) const;  // on the screen; nothing where a part lies behind the eye
  struct Outline {
    QRectF around;
    QPolygonF polygon;
  };
  // The sheets of a layer's maps or kernels on the screen; their outlines when they are needed.
  struct Cells {
    QRectF around;
    int block = 0, first = 0, count = 0;
    bool far = false;
    mutable bool made = false;
    mutable std::vector<Outline> outlines = {};
  };
  const std::vector<Cells>& cells() const;
  const std::vector<Outline>& outlinesOf(const Cells& cells) const;
  std::optional<QRectF> coveredSheet(const QRectF& rect) const;
  bool coversCells(const QRectF& rect) const;
  std::optional<QRectF> pastCells(const QRectF& rect, bool leftwards, qreal most) const;
  std::optional<QRectF> freePlace(const QPointF& middle, const QSizeF& size, qreal foot) const;
  QRectF alongRim(const QSizeF& size) const;
  QRectF inCorner(const QSizeF& size, qreal foot) const;
  void leader(const QRectF& tag, const scene::Vec3& place);
  std::optional<QRectF> besideCells(const BlockName& name, const QRectF& wanted) const;
  std::optional<QRectF> asidePlace(const QRectF& wanted, std::span<const qreal> steps) const;
  std::optional<QRectF> placeOf(BlockName& name, const QRectF& wanted) const;
  bool claim(const QRectF& rect);
  std::optional<QSizeF> cellSize(const scene::CellRef& cell) const;
  std::optional<QFont> typeFor(const QSizeF& cell, const QString& longest) const;
  std::optional<CellType> wholeType(const QSizeF& cell) const;
  std::optional<CellType> kernelType(const scene::Sheet& sheet, int index, int tile) const;
  QString wordsIn(const scene::CellRef& cell, float value, const CellType& type) const;
  void number(int sheet, const scene::CellRef& cell, const CellType& type, const Motion& motion);
  QColor inkOn(const scene::Sheet& sheet, int index, float value, const Motion& motion, bool lit) const;
  bool inReceptiveField(const scene::CellRef& cell, const QPointF& at) const;
  void backing(const QRectF& rect);
  void text(const QPointF& baseline, const QString& words, const QFont& font, const QColor& color);
  bool highlighted(const scene::Block& block) const;
  bool stepsBack() const { return m_state.highlight().has_value() || m_state.resting(); }  // what is not pointed at
  bool reached(int block) const;
  float typeSize(const scene::Vec3& at, float share, float least, float most) const {
    return std::clamp(m_camera.pixelsPerUnit(at) * share, least, most);
  }

  QPainter& m_painter;
  const scene::SceneState& m_state;
  const scene::Layout& m_layout;
  const scene::Camera& m_camera;
  const SceneStyle& m_style;
  QRectF m_area;
  std::vector<QRectF> m_taken;
  struct {
    std::vector<QRectF> letters;  // of pinned units
    std::vector<QRectF> over;     // stands over the picture
  } m_clear;                      // of these the tag at the pointer keeps clear
  std::vector<QRectF> m_digits;   // in cells
  std::vector<Note> m_notes;      // of legends
  mutable std::optional<std::vector<Cells>> m_cells;
  std::vector<WrittenText>* m_written = nullptr;
  std::vector<WrittenName>* m_names = nullptr;
  int m_pointed = -1;
  std::set<int> m_named;  // blocks whose names were written
};

}  // namespace render
