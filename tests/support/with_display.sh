#!/usr/bin/env bash
# with_display.sh COMMAND [ARG ...]: run COMMAND in a private X server with Mesa's software renderer, and end both together.
#
# CONVSCOPE_DISPLAY=keep uses the display that is there instead, with whatever renderer it has (to try a real GPU, or to watch).
# CONVSCOPE_SCREEN=1920x1080 chooses the size of the screen.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,5p' "$0" >&2; exit 2; }

export QT_QPA_PLATFORM=xcb
[ "${CONVSCOPE_DISPLAY:-}" = keep ] && [ -n "${DISPLAY:-}" ] && exec "$@"

command -v Xvfb >/dev/null || { echo "with_display.sh: Xvfb is missing (apt-get install xvfb)" >&2; exit 127; }
log=$(mktemp)
exec {number_pipe}<> <(:)
Xvfb -displayfd "$number_pipe" -screen 0 "${CONVSCOPE_SCREEN:-1920x1080}x24" +extension GLX -noreset -nolisten tcp >"$log" 2>&1 &
server=$!
program=
finish() {
  if [ -n "$program" ]; then kill "$program" 2>/dev/null || true; fi
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  rm -f "$log"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

if ! read -r -t 30 -u "$number_pipe" number; then
  echo "with_display.sh: Xvfb did not start:" >&2
  cat "$log" >&2
  exit 126
fi
exec {number_pipe}>&-
export DISPLAY=:$number LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY XAUTHORITY

"$@" &
program=$!
status=0
wait "$program" || status=$?
program=
exit "$status"
