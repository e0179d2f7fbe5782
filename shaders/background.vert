#version 330 core
// One triangle over the whole picture.
out vec2 v_place;  // -1..1
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  v_place = corner * 2.0 - 1.0;
  gl_Position = vec4(v_place, 0.0, 1.0);
}
