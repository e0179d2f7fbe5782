#version 330 core
// Cells from the value texture through the color map: crisp at every size, with lines between them where they are large
// enough, and a soft outer border instead of multisampling. Compiled once for each KIND of sheet (scene::Sheet::Kind): software
// drivers compute every branch of a shader for every pixel.
in vec2 v_place;
in float v_side;
flat in vec4 v_grid;
flat in vec4 v_scale;
flat in vec4 v_focus;
flat in vec4 v_tone;
flat in vec3 v_limits;
flat in float v_gap;
flat in ivec2 v_cells;

uniform sampler2DArray u_cells;  // displayed cells, those of the sheet among them, row by row, page behind page
uniform sampler2D u_colorMaps;   // row 0 sequential, row 1 diverging
uniform vec3 u_slab;
uniform vec3 u_slabShade;
uniform vec3 u_fade;            // where the dimmed goes
uniform int u_cellsWidthShift;
uniform int u_cellsWidthMask;
uniform int u_pageShift;         // rows of a page, as a power of two

out vec4 o_color;

float cellValue(int index) {
  int at = v_cells.x + clamp(index, 0, v_cells.y - 1);
  int row = at >> u_cellsWidthShift, page = row >> u_pageShift;
  return texelFetch(u_cells, ivec3(at & u_cellsWidthMask, row - (page << u_pageShift), page), 0).r;
}

vec3 colorOf(float value) {
  float t = clamp((value - v_scale.x) * v_scale.y, 0.0, 1.0);
  return texelFetch(u_colorMaps, ivec2(int(t * 255.0 + 0.5), int(v_scale.z)), 0).rgb;
}

// Nearest cell, blended over one pixel at the borders between cells.
vec3 mapColor(vec2 place, vec2 pixel) {
  ivec2 size = ivec2(v_grid.xy);
  vec2 at = place - 0.5;
  ivec2 cell = ivec2(floor(at));
  vec2 blend = clamp((fract(at) - 0.5) / max(pixel, vec2(1e-4)) + 0.5, 0.0, 1.0);
  ivec2 a = clamp(cell, ivec2(0), size - 1), b = clamp(cell + 1, ivec2(0), size - 1);
  float top = mix(cellValue(a.y * size.x + a.x), cellValue(a.y * size.x + b.x), blend.x);
  float bottom = mix(cellValue(b.y * size.x + a.x), cellValue(b.y * size.x + b.x), blend.x);
  return colorOf(mix(top, bottom, blend.y));
}

// The same of a picture, which has three values a cell.
vec3 lightAt(int index) {
  int area = int(v_grid.x * v_grid.y);
  return clamp(vec3(cellValue(index), cellValue(index + area), cellValue(index + 2 * area)), 0.0, 1.0);
}

vec3 pictureColor(vec2 place, vec2 pixel) {
  ivec2 size = ivec2(v_grid.xy);
  vec2 at = place - 0.5;
  ivec2 cell = ivec2(floor(at));
  vec2 blend = clamp((fract(at) - 0.5) / max(pixel, vec2(1e-4)) + 0.5, 0.0, 1.0);
  ivec2 a = clamp(cell, ivec2(0), size - 1), b = clamp(cell + 1, ivec2(0), size - 1);
  vec3 top = mix(lightAt(a.y * size.x + a.x), lightAt(a.y * size.x + b.x), blend.x);
  vec3 bottom = mix(lightAt(b.y * size.x + a.x), lightAt(b.y * size.x + b.x), blend.x);
  return mix(top, bottom, blend.y);
}

// How much of this pixel is a line between cells; lines fade in when cells are larger than a few pixels.
float lineShare(vec2 inCell, vec2 pixel, float halfWidth) {
  vec2 fromBorder = min(inCell, 1.0 - inCell);
  vec2 width = max(vec2(halfWidth), pixel * 0.5);
  vec2 covered = clamp((width - fromBorder) / pixel + 0.5, 0.0, 1.0) * clamp(halfWidth / (pixel * 0.5), 0.0, 1.0);
  vec2 share = covered * smoothstep(0.28, 0.12, pixel);
  return max(share.x, share.y);
}

// A corner above right in cells that are saturated and large enough.
vec3 marked(vec3 color, vec2 inCell, float value, vec2 pixel) {
  if (value > v_limits.x && value < v_limits.y) return color;
  float size = max(pixel.x, pixel.y);
  float share = clamp((inCell.x - inCell.y - 0.64) / (size * 1.5) + 0.5, 0.0, 1.0) * smoothstep(0.111, 0.083, size);
  vec3 mark = dot(color, vec3(0.3, 0.6, 0.1)) > 0.5 ? vec3(0.0) : vec3(1.0);
  return mix(color, mark, 0.85 * share);
}

// Of cells that have no value yet: render::SceneStyle::blank().
vec3 blankColor() { return mix(u_slabShade, u_slab, 0.35); }

void main() {
  if (v_side > 0.0) {
    o_color = vec4(mix(mix(u_slabShade, u_slab, v_side), u_fade, v_tone.x * 0.6), 1.0);
    return;
  }
  vec2 pixel = fwidth(v_place);
  float radius = v_tone.y;
  vec2 halfSize = v_grid.zw * 0.5;
  vec2 corner = abs(v_place - halfSize) - halfSize + radius;
  float outside = length(max(corner, 0.0)) + min(max(corner.x, corner.y), 0.0) - radius;
  float coverage = clamp(0.5 - outside / max(max(pixel.x, pixel.y), 1e-5), 0.0, 1.0);

#if KIND == 0  // a map
  vec2 cell = floor(v_place);
  vec3 color = mapColor(v_place, pixel);
  int index = int(cell.y) * int(v_grid.x) + int(cell.x);
  color = float(index) < v_limits.z ? marked(color, fract(v_place), cellValue(index), pixel) : blankColor();
  color = mix(color, u_slab, 0.55 * lineShare(fract(v_place), pixel, 0.02));
#elif KIND == 5  // a map with cells in which nothing can be seen
  vec2 cell = floor(v_place);
  vec3 color = cell.y * v_grid.x + cell.x < v_limits.z ? mapColor(v_place, pixel) : blankColor();
#elif KIND == 1  // a piece of a vector
  vec2 cell = floor(v_place);
  int index = int(cell.y) * int(v_grid.x) + int(cell.x);
  if (index >= v_cells.y) discard;
  float value = cellValue(index);
  vec3 color = float(index) < v_limits.z ? marked(colorOf(value), fract(v_place), value, pixel) : blankColor();
  color = mix(color, u_slab, v_grid.x * v_grid.y > 1.0 ? lineShare(fract(v_place), pixel, 0.05) : 0.0);
#elif KIND == 2  // kernels
  vec2 step = v_grid.xy + v_gap;
  vec2 tileAt = floor(v_place / step);
  vec2 inTile = v_place - tileAt * step;
  int tile = int(tileAt.y) * int(v_tone.z) + int(tileAt.x);
  vec2 cell = floor(min(inTile, v_grid.xy - 0.001));
  int area = int(v_grid.x * v_grid.y);
  if ((tile + 1) * area > v_cells.y) discard;
  vec2 over = (inTile - v_grid.xy) / pixel;
  coverage *= clamp(0.5 - max(over.x, over.y), 0.0, 1.0);
  vec3 color = colorOf(cellValue(tile * area + int(cell.y) * int(v_grid.x) + int(cell.x)));
  color = mix(color, u_slab, 0.6 * lineShare(fract(inTile), pixel, 0.025));
#elif KIND == 4  // the picture that three channels make
  vec2 cell = floor(v_place);
  vec3 color = mix(pictureColor(v_place, pixel), u_slab, 0.55 * lineShare(fract(v_place), pixel, 0.02));
#else  // a slab that stands for a whole layer
  vec2 cell = vec2(0.0);
  vec3 color = u_slab;
#endif
#if KIND != 2
  // A fine rim sets every slab off from the next.
  color = mix(color, u_slab, 0.8 * clamp(1.5 + outside / max(pixel.x, pixel.y), 0.0, 1.0));
  const int tile = 0;
#endif
  bool lit = all(greaterThanEqual(cell, v_focus.xy)) && all(lessThanEqual(cell, v_focus.zw)) && (v_tone.w < 0.0 || int(v_tone.w) == tile);
  color = mix(color, u_fade, lit ? 0.0 : v_tone.x);
  o_color = vec4(color * coverage, coverage);
}
