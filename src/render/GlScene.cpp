#include "render/GlScene.h"

#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include <QFile>
#include <QOpenGLContext>
#include <QOpenGLFunctions_3_3_Core>
#include <QOpenGLShaderProgram>
#include <QOpenGLVersionFunctionsFactory>

#include "render/CellTexture.h"
#include "render/Instances.h"
#include "render/Lines.h"

namespace render {
namespace {

constexpr int kSlabVertices = 30;
constexpr int kSheetKinds = 6;  // scene::Sheet::Kind, and one of maps with small cells (Instances.cpp)

// defines: lines that stand behind the version in the fragment shader.
std::unique_ptr<QOpenGLShaderProgram> program(const char* name, std::string& error, const QByteArray& defines = {}) {
  auto result = std::make_unique<QOpenGLShaderProgram>();
  const QString base = QStringLiteral(":/shaders/") + QLatin1String(name);
  QFile file(base + ".frag");
  QByteArray fragment = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  fragment.insert(fragment.indexOf('\n') + 1, defines);
  if (result->addShaderFromSourceFile(QOpenGLShader::Vertex, base + ".vert") &&
      result->addShaderFromSourceCode(QOpenGLShader::Fragment, fragment) && result->link()) {
    return result;
  }
  error = std::string(name) + ": " + result->log().toStdString();
  return nullptr;
}

std::shared_ptr<QOpenGLShaderProgram> sheetProgram(std::size_t kind, std::string& error) {
  return program("sheet", error, "#define KIND " + QByteArray::number(qulonglong(kind)) + '\n');
}

QVector3D rgb(const QColor& c) {
  return {c.redF(), c.greenF(), c.blueF()};
}

}  // namespace

struct GlScene::Gl {
  QOpenGLFunctions_3_3_Core* f = nullptr;
  std::unique_ptr<QOpenGLShaderProgram> background, line;
  // Each costs a megabyte and some milliseconds, and no network has all kinds: those of maps are there, the others when they are needed.
  std::array<std::shared_ptr<QOpenGLShaderProgram>, kSheetKinds> sheets;
  // What stands behind everything, kept as a picture: software drivers copy one in a quarter of the time that they compute it in.
  struct Ground {
    GLuint frame = 0, pixels = 0;
    GLsizei width = 0, height = 0;
    QColor glow, ground;
  } ground;
  struct Ribbon {
    GLuint array = 0, vertices = 0, indices = 0;
    GLsizei count = 0;
  };
  GLuint emptyArray = 0, sheetArray = 0, instanceBuffer = 0, colorMaps = 0;
  CellTexture cells;
  Ribbon threads, highlight;  // behind the slabs, in front of them
  scene::Versions seen;
  bool seenDark = false, anything = false;
  scene::Palette seenPalette = scene::Palette::Glow;
  QColor seenInk;  // of threads and edges
  std::vector<SlabInstance> instances;

  void uploadColorMaps(const SceneStyle& style);
  void upload(Ribbon& ribbon, const std::vector<Line>& lines);
  void drawGround(const SceneStyle& style, GLsizei width, GLsizei height);
  void computeGround(const SceneStyle& style);
  QOpenGLShaderProgram& sheetOf(std::size_t kind);
  void drawSlabs(const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style, const Motion& motion,
                 float pixelRatio);
  void draw(const Ribbon& ribbon, const scene::Camera& camera, float progress, float alpha, float pixelRatio, float lineScale);
  void describeInstances(std::size_t first);
  void create(Ribbon& ribbon);
};

GlScene::GlScene(int mostPageRows) : m_mostPageRows(mostPageRows) {}
GlScene::~GlScene() = default;

bool isSoftwareRenderer(const std::string& rendererName) {
  for (const char* name : {"llvmpipe", "softpipe", "swrast", "SwiftShader", "Software"})
    if (rendererName.find(name) != std::string::npos) return true;
  return false;
}

bool GlScene::initialize() {
  QOpenGLContext* context = QOpenGLContext::currentContext();
  auto* functions = context ? QOpenGLVersionFunctionsFactory::get<QOpenGLFunctions_3_3_Core>(context) : nullptr;
  if (!functions || !functions->initializeOpenGLFunctions()) {
    m_error = "OpenGL 3.3 is not available on this display";
    return false;
  }
  const auto* name = reinterpret_cast<const char*>(functions->glGetString(GL_RENDERER));
  m_rendererName = name ? name : "";
  auto gl = std::make_unique<Gl>();
  gl->f = functions;
  gl->background = program("background", m_error);
  gl->line = program("line", m_error);
  if (!gl->background || !gl->line) return false;
  gl->sheets[0] = sheetProgram(0, m_error);
  if (!gl->sheets[0]) return false;
  functions->glGenVertexArrays(1, &gl->emptyArray);
  functions->glGenVertexArrays(1, &gl->sheetArray);
  functions->glGenBuffers(1, &gl->instanceBuffer);
  gl->cells.create(*functions, m_mostPageRows);
  functions->glGenTextures(1, &gl->colorMaps);
  functions->glGenFramebuffers(1, &gl->ground.frame);
  functions->glGenRenderbuffers(1, &gl->ground.pixels);
  gl->create(gl->threads);
  gl->create(gl->highlight);
  m_gl = std::move(gl);
  m_error.clear();
  return true;
}

std::size_t GlScene::uploadedCells() const {
  return m_gl ? m_gl->cells.uploaded() : 0;
}

bool GlScene::complete() const {
  return !m_gl || m_gl->cells.complete();
}

void GlScene::release() {
  if (!m_gl) return;
  Gl& gl = *m_gl;
  const GLuint arrays[] = {gl.emptyArray, gl.sheetArray, gl.threads.array, gl.highlight.array},
               buffers[] = {gl.instanceBuffer, gl.threads.vertices, gl.threads.indices, gl.highlight.vertices, gl.highlight.indices};
  gl.f->glDeleteVertexArrays(4, arrays);
  gl.f->glDeleteBuffers(5, buffers);
  gl.f->glDeleteTextures(1, &gl.colorMaps);
  gl.cells.release();
  gl.f->glDeleteFramebuffers(1, &gl.ground.frame);
  gl.f->glDeleteRenderbuffers(1, &gl.ground.pixels);
  m_gl.reset();
}

// first: the record that the first instance reads. (OpenGL 3.3 cannot be told so when it draws.)
void GlScene::Gl::describeInstances(std::size_t first) {
  constexpr GLuint kVectors = 8;
  const std::uintptr_t start = first * sizeof(SlabInstance);
  for (GLuint i = 0; i < kVectors; ++i) {
    f->glEnableVertexAttribArray(i);
    f->glVertexAttribPointer(i, 4, GL_FLOAT, GL_FALSE, sizeof(SlabInstance), reinterpret_cast<void*>(start + i * 16));
    f->glVertexAttribDivisor(i, 1);
  }
  f->glEnableVertexAttribArray(kVectors);
  f->glVertexAttribIPointer(kVectors, 2, GL_INT, sizeof(SlabInstance), reinterpret_cast<void*>(start + offsetof(SlabInstance, cells)));
  f->glVertexAttribDivisor(kVectors, 1);
}

void GlScene::Gl::create(Ribbon& ribbon) {
  f->glGenVertexArrays(1, &ribbon.array);
  f->glGenBuffers(1, &ribbon.vertices);
  f->glGenBuffers(1, &ribbon.indices);
  f->glBindVertexArray(ribbon.array);
  f->glBindBuffer(GL_ARRAY_BUFFER, ribbon.vertices);
  f->glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, ribbon.indices);
  const auto attribute = [&](GLuint index, int size, std::size_t offset) {
    f->glEnableVertexAttribArray(index);
    f->glVertexAttribPointer(index, size, GL_FLOAT, GL_FALSE, sizeof(RibbonVertex), reinterpret_cast<void*>(offset));
  };
  attribute(0, 4, offsetof(RibbonVertex, point));
  attribute(1, 4, offsetof(RibbonVertex, tangent));
  attribute(2, 4, offsetof(RibbonVertex, color));
  attribute(3, 1, offsetof(RibbonVertex, width));
  f->glBindVertexArray(0);
}

void GlScene::Gl::uploadColorMaps(const SceneStyle& style) {
  std::vector<scene::Rgb> pixels;
  for (const scene::ColorMap* map : {&scene::ColorMap::sequential(style.dark, style.palette), &scene::ColorMap::diverging(style.dark)})
    pixels.insert(pixels.end(), map->colors().begin(), map->colors().end());
  f->glActiveTexture(GL_TEXTURE1);
  f->glBindTexture(GL_TEXTURE_2D, colorMaps);
  f->glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB8, scene::ColorMap::kSize, 2, 0, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
  f->glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  f->glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  f->glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  f->glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

void GlScene::Gl::upload(Ribbon& ribbon, const std::vector<Line>& lines) {
  const Ribbons data = ribbonsOf(lines);
  f->glBindVertexArray(ribbon.array);
  f->glBindBuffer(GL_ARRAY_BUFFER, ribbon.vertices);
  f->glBufferData(GL_ARRAY_BUFFER, GLsizeiptr(data.vertices.size() * sizeof(RibbonVertex)), data.vertices.data(), GL_DYNAMIC_DRAW);
  f->glBufferData(GL_ELEMENT_ARRAY_BUFFER, GLsizeiptr(data.indices.size() * sizeof(std::uint32_t)), data.indices.data(), GL_DYNAMIC_DRAW);
  ribbon.count = GLsizei(data.indices.size());
  f->glBindVertexArray(0);
}

void GlScene::Gl::drawGround(const SceneStyle& style, GLsizei width, GLsizei height) {
  GLint target = 0;
  f->glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &target);
  f->glDisable(GL_BLEND);
  const bool resized = ground.width != width || ground.height != height;
  if (resized) {
    ground.width = width, ground.height = height;
    f->glBindRenderbuffer(GL_RENDERBUFFER, ground.pixels);
    f->glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
    f->glBindFramebuffer(GL_FRAMEBUFFER, ground.frame);
    f->glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, ground.pixels);
  }
  if (resized || ground.glow != style.glow || ground.ground != style.ground) {
    ground.glow = style.glow, ground.ground = style.ground;
    f->glBindFramebuffer(GL_FRAMEBUFFER, ground.frame);
    computeGround(style);
  }
  f->glBindFramebuffer(GL_FRAMEBUFFER, GLuint(target));
  f->glBindFramebuffer(GL_READ_FRAMEBUFFER, ground.frame);
  f->glBlitFramebuffer(0, 0, width, height, 0, 0, width, height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  f->glBindFramebuffer(GL_FRAMEBUFFER, GLuint(target));
}

void GlScene::Gl::computeGround(const SceneStyle& style) {
  background->bind();
  background->setUniformValue("u_glow", rgb(style.glow));
  background->setUniformValue("u_ground", rgb(style.ground));
  f->glBindVertexArray(emptyArray);
  f->glDrawArrays(GL_TRIANGLES, 0, 3);
}

// One that the driver does not take after it took that of maps is drawn as a map.
QOpenGLShaderProgram& GlScene::Gl::sheetOf(std::size_t kind) {
  std::string error;
  if (!sheets[kind]) sheets[kind] = sheetProgram(kind, error);
  if (!sheets[kind]) sheets[kind] = sheets[0];
  return *sheets[kind];
}

void GlScene::Gl::drawSlabs(const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style, const Motion& motion,
                            float pixelRatio) {
  slabInstances(state, camera, motion, pixelRatio, instances);
  f->glBindVertexArray(sheetArray);
  f->glBindBuffer(GL_ARRAY_BUFFER, instanceBuffer);
  f->glBufferData(GL_ARRAY_BUFFER, GLsizeiptr(instances.size() * sizeof(SlabInstance)), instances.data(), GL_STREAM_DRAW);
  f->glActiveTexture(GL_TEXTURE1);
  f->glBindTexture(GL_TEXTURE_2D, colorMaps);
  const scene::Mat4 matrix = camera.viewProjection();
  std::array<bool, kSheetKinds> described{};
  const auto use = [&](std::size_t kind) -> QOpenGLShaderProgram& {
    QOpenGLShaderProgram& sheet = sheetOf(kind);
    sheet.bind();
    if (std::exchange(described[kind], true)) return sheet;
    f->glUniformMatrix4fv(sheet.uniformLocation("u_viewProjection"), 1, GL_FALSE, matrix.m.data());
    sheet.setUniformValue("u_colorMaps", 1);
    sheet.setUniformValue("u_slab", rgb(style.slab));
    sheet.setUniformValue("u_slabShade", rgb(style.slabShade));
    sheet.setUniformValue("u_fade", rgb(style.fade()));
    cells.describe(sheet);
    return sheet;
  };
  // From back to front, so that a shader takes as many as follow each other. What has no cells in the graphics memory yet is not shown.
  const auto kindOf = [&](std::size_t index) { return std::size_t(instances[index].scale[3]); };
  const auto pieceOf = [&](std::size_t index) { return cells.pieceOf(instances[index].cells[0]); };
  for (std::size_t first = 0, last = 0; first < instances.size(); first = last) {
    const int piece = pieceOf(first);
    while (last < instances.size() && kindOf(last) == kindOf(first) && pieceOf(last) == piece) ++last;
    if (piece < 0) continue;
    cells.bind(piece);
    use(kindOf(first)).setUniformValue("u_firstCell", cells.firstCellOf(piece));
    describeInstances(first);
    f->glDrawArraysInstanced(GL_TRIANGLES, 0, kSlabVertices, GLsizei(last - first));
  }
}

void GlScene::Gl::draw(const Ribbon& ribbon, const scene::Camera& camera, float progress, float alpha, float pixelRatio, float lineScale) {
  if (ribbon.count == 0) return;
  line->bind();
  const scene::Mat4 matrix = camera.viewProjection();
  f->glUniformMatrix4fv(line->uniformLocation("u_viewProjection"), 1, GL_FALSE, matrix.m.data());
  line->setUniformValue("u_viewport", QVector2D(camera.widthPx() * pixelRatio, camera.heightPx() * pixelRatio));
  line->setUniformValue("u_pixelRatio", pixelRatio * lineScale);
  line->setUniformValue("u_progress", progress);
  line->setUniformValue("u_alpha", alpha);
  f->glBindVertexArray(ribbon.array);
  f->glDrawElements(GL_TRIANGLES, ribbon.count, GL_UNSIGNED_INT, nullptr);
}

void GlScene::draw(const scene::SceneState& state, const scene::Camera& camera, const SceneStyle& style, const Motion& motion,
                   float pixelRatio) {
  if (!m_gl) return;
  Gl& gl = *m_gl;
  const auto width = GLsizei(std::lround(camera.widthPx() * pixelRatio)), height = GLsizei(std::lround(camera.heightPx() * pixelRatio));
  gl.f->glViewport(0, 0, width, height);
  gl.f->glDisable(GL_DEPTH_TEST);
  gl.f->glDisable(GL_CULL_FACE);
  gl.f->glDisable(GL_SCISSOR_TEST);
  gl.drawGround(style, width, height);
  if (!state.empty()) {
    const bool recolored = !gl.anything || gl.seenDark != style.dark || gl.seenPalette != style.palette || gl.seenInk != style.faint;
    gl.cells.upload(state);
    if (recolored) gl.uploadColorMaps(style);
    const scene::Versions& now = state.versions();
    if (recolored || now.layout != gl.seen.layout) gl.upload(gl.threads, threads(state, style));
    if (recolored || now.layout != gl.seen.layout || now.highlight != gl.seen.highlight || now.marks != gl.seen.marks)
      gl.upload(gl.highlight, highlightLines(state, style));
    gl.seen = now;
    gl.seenDark = style.dark;
    gl.seenPalette = style.palette;
    gl.seenInk = style.faint;
    gl.anything = true;
    gl.f->glEnable(GL_BLEND);
    gl.f->glBlendEquation(GL_FUNC_ADD);
    gl.f->glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    gl.draw(gl.threads, camera, 1, 1 - kDimmed * motion.dimming, pixelRatio, style.lineScale);
    gl.drawSlabs(state, camera, style, motion, pixelRatio);
    gl.draw(gl.highlight, camera, motion.progress, 1, pixelRatio, style.lineScale);
    gl.f->glDisable(GL_BLEND);
  }
  gl.f->glBindVertexArray(0);
  gl.f->glUseProgram(0);
  gl.f->glBindBuffer(GL_ARRAY_BUFFER, 0);
  gl.f->glActiveTexture(GL_TEXTURE1);
  gl.f->glBindTexture(GL_TEXTURE_2D, 0);
  gl.f->glActiveTexture(GL_TEXTURE0);
  gl.f->glBindTexture(GL_TEXTURE_2D_ARRAY, 0);
}

}  // namespace render
