#version 330 core
// Ribbons that face the person, some pixels wide at every distance.
layout(location = 0) in vec4 a_point;    // position, side -1 or 1
layout(location = 1) in vec4 a_tangent;  // direction, way from 0 to 1
layout(location = 2) in vec4 a_color;    // not premultiplied
layout(location = 3) in float a_width;   // pixels

uniform mat4 u_viewProjection;
uniform vec2 u_viewport;  // pixels
uniform float u_pixelRatio;  // device pixels for one of a_width

out vec4 v_color;
out float v_across;  // in pixels from the middle
out float v_half;
out float v_way;

void main() {
  vec4 here = u_viewProjection * vec4(a_point.xyz, 1.0);
  vec4 ahead = u_viewProjection * vec4(a_point.xyz + a_tangent.xyz * 0.01, 1.0);
  vec2 direction = (ahead.xy / ahead.w - here.xy / here.w) * u_viewport;
  float size = length(direction);
  direction = size > 1e-6 ? direction / size : vec2(1.0, 0.0);
  v_half = a_width * u_pixelRatio * 0.5;
  float reach = v_half + 1.0;
  v_across = a_point.w * reach;
  v_color = a_color;
  v_way = a_tangent.w;
  here.xy += vec2(-direction.y, direction.x) * v_across * 2.0 / u_viewport * here.w;
  gl_Position = here;
}
