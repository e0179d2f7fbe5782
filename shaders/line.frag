#version 330 core
in vec4 v_color;
in float v_across;
in float v_half;
in float v_way;
uniform float u_alpha;
uniform float u_progress;  // how far the edges have grown, 0..1
out vec4 o_color;
void main() {
  float grown = v_way < 0.0 ? 1.0 : clamp((u_progress - v_way) * 12.0 + 1.0, 0.0, 1.0) * step(1e-4, u_progress);
  float alpha = u_alpha * v_color.a * clamp(v_half + 0.5 - abs(v_across), 0.0, 1.0) * grown;
  o_color = vec4(v_color.rgb * alpha, alpha);
}
