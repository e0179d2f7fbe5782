#version 330 core
// A soft light behind the middle; the noise of half a step keeps the gradient from showing bands.
in vec2 v_place;
uniform vec3 u_glow;
uniform vec3 u_ground;
out vec4 o_color;
void main() {
  vec2 from = v_place - vec2(0.0, 0.08);
  float t = clamp(1.0 - dot(from, from) * 0.62, 0.0, 1.0);
  float noise = fract(dot(gl_FragCoord.xy, vec2(0.7548777, 0.5698403))) - 0.5;
  o_color = vec4(mix(u_ground, u_glow, t * t) + noise / 255.0, 1.0);
}
