#version 330 core
// One slab per instance: four sides, then the front, in that order; slabs come sorted from back to front.
layout(location = 0) in vec4 a_origin;     // corner above left, side of a cell
layout(location = 1) in vec4 a_right;      // unit vector, columns
layout(location = 2) in vec4 a_down;       // unit vector, rows
layout(location = 3) in vec4 a_extent;     // width, height in cells, thickness, tile gap in cells
layout(location = 4) in vec4 a_scale;      // low, 1 / (high - low), row of the color maps, kind
layout(location = 5) in vec4 a_focus;      // lit cells: first column, first row, last column, last row; all -1: none
layout(location = 6) in vec4 a_tone;       // dimming, corner radius in cells, tiles beside each other, tile that is lit (-1: all)
layout(location = 7) in vec4 a_limits;     // values from here on are saturated: low, high; cells that have a value yet
layout(location = 8) in ivec2 a_cells;     // first displayed cell, count

uniform int u_firstCell;  // of the texture that is bound
uniform mat4 u_viewProjection;

out vec2 v_place;  // in cells from the corner above left
out float v_side;  // 0: front, else the brightness of a side
flat out vec4 v_grid;    // columns, rows, width, height
flat out vec4 v_scale;
flat out vec4 v_focus;
flat out vec4 v_tone;
flat out vec3 v_limits;
flat out float v_gap;
flat out ivec2 v_cells;

void main() {
  int face = gl_VertexID / 6;
  int corner = gl_VertexID % 6;
  vec2 unit = vec2(corner == 1 || corner == 2 || corner == 4 ? 1.0 : 0.0, corner == 2 || corner == 4 || corner == 5 ? 1.0 : 0.0);
  vec3 normal = cross(a_down.xyz, a_right.xyz);
  vec2 place = unit * a_extent.xy;
  float depth = 0.0;
  v_side = 0.0;
  float thickness = a_extent.z;
  // The sides start a little inside, so that the front's soft border has something behind it.
  float inset = a_tone.y * 0.3;
  if (face == 0) { place = vec2(unit.x * a_extent.x, inset); depth = unit.y; v_side = 0.55; }
  if (face == 1) { place = vec2(unit.x * a_extent.x, a_extent.y - inset); depth = unit.y; v_side = 1.0; }
  if (face == 2) { place = vec2(inset, unit.x * a_extent.y); depth = unit.y; v_side = 0.6; }
  if (face == 3) { place = vec2(a_extent.x - inset, unit.x * a_extent.y); depth = unit.y; v_side = 0.6; }
  if (face < 4 && thickness <= 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  vec3 world = a_origin.xyz + a_right.xyz * (place.x * a_origin.w) + a_down.xyz * (place.y * a_origin.w) - normal * (depth * thickness);
  v_place = place;
  v_grid = vec4(a_right.w, a_down.w, a_extent.xy);
  v_scale = a_scale;
  v_focus = a_focus;
  v_tone = a_tone;
  v_limits = a_limits.xyz;
  v_gap = a_extent.w;
  v_cells = ivec2(a_cells.x - u_firstCell, a_cells.y);
  gl_Position = u_viewProjection * vec4(world, 1.0);
}
