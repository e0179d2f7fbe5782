#!/usr/bin/env bash
# ConvScope: build it, open it, test it. `./run.sh --help` lists everything.
set -euo pipefail

caller=$PWD
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
cd "$root"

# What the build, the program and its tests need; "a|b": whichever this release of the distribution has; "a|b@FILES": missing
# when no such file is there (newer releases have put the first into the second, older ones have both).
packages=(
  g++ cmake ninja-build ccache
  qt6-base-dev 'libqt6opengl6-dev|qt6-base-dev@/usr/lib/*/cmake/Qt6OpenGL/Qt6OpenGLConfig.cmake' 'qt6-svg-dev|libqt6svg6-dev'
  'qt6-svg-plugins|libqt6svg6@/usr/lib/*/qt6/plugins/imageformats/libqsvg.so'
  qt6-image-formats-plugins
  libqcustomplot-dev
  libonnx-dev libprotobuf-dev protobuf-compiler libeigen3-dev zlib1g-dev libarchive-dev
  libgtest-dev libgmock-dev
  libgl1-mesa-dri libxcb-cursor0 fonts-dejavu-core xvfb xauth xdotool
)

usage() {
  cat <<'HELP'
ConvScope: draw a digit, watch a convolutional network answer in 3D, train it live.

  ./run.sh [FILE]           install what is missing, build, and open ConvScope (with a model or network FILE);
                            without a display: render a tour of pictures instead and say where they are
  ./run.sh test [ARG ...]   install what is missing, build everything and pass the whole suite; ARGs go to ctest,
                            for example: ./run.sh test -L unit      ./run.sh test -R scene

  ./run.sh build [TARGET ...]     install what is missing and build (all, or the TARGETs)
  ./run.sh bench [NAME [ARG ...]] list the benchmarks, or build and run one (the ones that open a window: in an Xvfb)
  ./run.sh tour [DIR]             render the tour of pictures into DIR (default build/tour)
  ./run.sh sanitize asan|tsan     the suite under AddressSanitizer + UBSan; engine and training thread under ThreadSanitizer
  ./run.sh includes               compile everything with clang and its library, where an include that is missing shows
  ./run.sh tidy [ROOM ...]        look for faults with clang-tidy (.clang-tidy) in rooms of src, or in those that are kept free of them
  ./run.sh format [--check]       lay out the sources with clang-format 14, or only check them
  ./run.sh packages               say which packages are needed and which of them are missing
  ./run.sh clean                  remove everything that was built (build/)
  ./run.sh --help                 this text

The program by itself: build/release/convscope --help
HELP
}

# ccache finds again what was compiled with precompiled headers.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros,include_file_ctime,include_file_mtime}

say() { printf '%s\n' "$*"; }
fail() { printf 'run.sh: %s\n' "$*" >&2; exit 1; }

# ---- packages ---------------------------------------------------------------------------------------------------------------

# The needs among "$@" of which no alternative is installed (or provided by something installed), one a line.
missing_packages() {
  local need by_name=()
  for need in "$@"; do
    if [ "$need" = "${need%@*}" ]; then by_name+=("$need"); else compgen -G "${need#*@}" >/dev/null || say "${need%@*}"; fi
  done
  dpkg-query -W -f='${db:Status-Status}\t${Package}, ${Provides}\n' 2>/dev/null |
    awk -F'\t' -v wanted="${by_name[*]}" '
      $1 == "installed" { gsub(/ *\([^)]*\)/, "", $2); n = split($2, names, /, */); for (i = 1; i <= n; ++i) present[names[i]] = 1 }
      END {
        n = split(wanted, needs, " ")
        for (i = 1; i <= n; ++i) {
          found = 0; m = split(needs[i], alternatives, "|")
          for (j = 1; j <= m; ++j) if (alternatives[j] in present) found = 1
          if (!found) print needs[i]
        }
      }'
}

# The needs "$@" for a person to read: the first name of each.
names() {
  local need list=()
  for need in "$@"; do list+=("${need%%[|@]*}"); done
  printf '%s' "${list[*]}"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then env "$@"; else sudo env "$@"; fi
}

available() { [ -n "$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p' | grep -v '(none)')" ]; }

# Installs the packages named, where the system is Debian's or Ubuntu's; elsewhere says what is needed and goes on.
need() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    [ -e build/.packages-told ] && return 0
    say "This system has no apt, so nothing is installed for you. Needed (by Debian's names): $(names "$@")"
    say "Trying with what is there."
    mkdir -p build && : >build/.packages-told
    return 0
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] && return 0

  say "Missing packages: $(names "${missing[@]}")"
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "they have to be installed as root, and there is no sudo. As root: apt-get install $(names "${missing[@]}")"
  fi
  [ "$(id -u)" = 0 ] || say "Installing them with sudo (it may ask for your password)."
  mkdir -p build
  install_packages "${missing[@]}" || fail "the packages could not be installed; everything apt said is in $root/build/packages.log"
}

install_packages() {
  local log=build/packages.log name alternative chosen=()
  local quiet=(DEBIAN_FRONTEND=noninteractive) lock=(-o DPkg::Lock::Timeout=600)
  : >"$log"
  as_root "${quiet[@]}" dpkg --configure -a >>"$log" 2>&1 </dev/null || true  # in case an earlier installation was cut off
  say "  reading the package lists ..."
  # An unreachable extra source is no reason to stop: what matters is whether the packages below can be had.
  as_root "${quiet[@]}" apt-get "${lock[@]}" update >>"$log" 2>&1 </dev/null || say "  (apt-get update complained; going on)"
  for name in "$@"; do
    for alternative in ${name//|/ }; do
      if available "$alternative"; then chosen+=("$alternative"); continue 2; fi
    done
    say "  no package ${name//|/ or } in this system's sources" | tee -a "$log"
    return 1
  done
  say "  installing ${#chosen[@]} packages and what they need ..."
  if ! as_root "${quiet[@]}" apt-get "${lock[@]}" install -y --no-install-recommends "${chosen[@]}" >>"$log" 2>&1 </dev/null; then
    grep -E '^(E|W|Err):?' "$log" | tail -n 12 || tail -n 12 "$log"
    return 1
  fi
}

# ---- building ---------------------------------------------------------------------------------------------------------------

# As many compilers at once as there are cores, but no more than the free memory feeds.
parallel_jobs() {
  local each_mb=$1 cores memory_mb limit
  cores=$(nproc)
  memory_mb=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
  if [ "$limit" != max ] && [ $((limit / 1048576)) -lt "$memory_mb" ]; then memory_mb=$((limit / 1048576)); fi
  local fitting=$((memory_mb / each_mb))
  [ "$fitting" -ge 1 ] || fitting=1
  echo $((fitting < cores ? fitting : cores))
}

# Shows ninja's progress: in place on a terminal, every twenty percent elsewhere.
show_progress() {
  local width=0 shown=0 line done total
  [ -t 1 ] && width=$(tput cols 2>/dev/null || echo 80)
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    done=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
    if [ "$width" -gt 0 ]; then
      line="  $line"
      printf '\r\033[K%s' "${line:0:width-1}"
    elif [ "$total" -ge 20 ] && [ $((5 * done / total)) -gt "$shown" ] && [ "$done" -lt "$total" ]; then
      shown=$((5 * done / total))
      say "  $((20 * shown)) %"
    fi
  done
  [ "$width" -eq 0 ] || printf '\r\033[K'
}

# Only one build at a time in this tree; a second one waits for the first.
lock_build() {
  mkdir -p build
  [ -w build ] || fail "cannot write in $root/build"
  command -v flock >/dev/null || return 0
  exec 8>build/.lock
  flock -n 8 || { say "Another build is running here; waiting for it ..."; flock 8; }
}
unlock_build() { exec 8>&-; }

configure() {
  local preset=$1 log=build/$1-configure.log
  local cache=build/$preset/CMakeCache.txt
  # A tree that was moved or copied with its build folder is configured anew.
  if [ -e "$cache" ] && [ "$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$cache")" != "$root" ]; then rm -rf "build/$preset"; fi
  [ -e "build/$preset/build.ninja" ] && return 0
  say "Configuring ($preset) ..."
  cmake --preset "$preset" >"$log" 2>&1 8>&- && return 0
  # What an interrupted run or an older compiler left behind may be in the way.
  if [ -e "$cache" ] && cmake --fresh --preset "$preset" >"$log" 2>&1 8>&-; then return 0; fi
  tail -n 30 "$log"
  fail "CMake could not configure; the whole log is $root/$log"
}

has_compiler_cache() { [ -d "$(ccache --get-config cache_dir 2>/dev/null)" ]; }

# build PRESET [TARGET ...]
build() {
  local preset=$1 each_mb=900 log=build/$1-build.log status=0
  shift
  command -v cmake >/dev/null && command -v ninja >/dev/null || fail "cmake and ninja are needed"
  [ "$preset" = asan ] && each_mb=1500
  lock_build
  configure "$preset"
  local start=$SECONDS
  # Nothing to do is the common case: say nothing then.
  if ninja -C "build/$preset" -n "$@" 2>/dev/null 8>&- | grep -q 'no work to do'; then unlock_build; return 0; fi
  say "Building ($preset) ..."
  # An empty cache has nothing to give, and filling it takes a fifth of a whole build: that is left to the builds that follow.
  local settings=(NINJA_STATUS='[%f/%t] ')
  if [ ! -e "build/$preset/.ninja_log" ] && ! has_compiler_cache; then settings+=(CCACHE_DISABLE=1); fi
  env "${settings[@]}" ninja -C "build/$preset" -j "$(parallel_jobs $each_mb)" "$@" 2>&1 8>&- | tee "$log" | show_progress || status=$?
  unlock_build
  if [ "$status" != 0 ]; then
    # From the first thing that failed on.
    awk '/^FAILED:/ { failed = 1 } /^ninja: error:/ { failed = 1 } failed' "$log" | head -n 120
    fail "the build failed; the whole log is $root/$log"
  fi
  say "Built in $((SECONDS - start)) s."
}

# ---- running ----------------------------------------------------------------------------------------------------------------

has_display() {
  [ -n "${WAYLAND_DISPLAY:-}" ] && return 0
  [ -n "${DISPLAY:-}" ] || return 1
  case $DISPLAY in
    :*) local number=${DISPLAY#:}; [ -S "/tmp/.X11-unix/X${number%%.*}" ] || grep -q "@/tmp/.X11-unix/X${number%%.*}\$" /proc/net/unix 2>/dev/null ;;
    *) return 0 ;;
  esac
}

tour() {
  local out=$1
  mkdir -p "$out"
  tests/support/with_display.sh build/release/convscope tour --out "$out" >build/tour.log 2>&1 8>&- || {
    tail -n 20 build/tour.log
    fail "the tour could not be rendered; the whole log is $root/build/tour.log"
  }
  say "The pictures are in $out:"
  find "$out" -maxdepth 1 -name '*.png' | sort | sed 's/^/  /'
}

open_program() {
  local file=()
  if [ $# -gt 0 ]; then file=("$(cd "$caller" && realpath -m -- "$1")"); fi
  need "${packages[@]}"
  build release convscope
  if has_display; then exec build/release/convscope "${file[@]}"; fi
  say "There is no display here, so ConvScope cannot open its window. Rendering a tour of pictures instead (Xvfb, software OpenGL) ..."
  tour "$root/build/tour"
}

run_tests() {
  need "${packages[@]}"
  build release
  # One more at a time than there are cores: the tests of the window wait for timers half of their time.
  ctest --test-dir build/release --parallel "$(($(nproc) + 1))" --output-on-failure --no-tests=error "$@"
}

sanitize() {
  local preset=${1:-}
  [ "$preset" = asan ] || [ "$preset" = tsan ] || fail "sanitize asan, or sanitize tsan"
  shift
  need "${packages[@]}"
  build "$preset"
  ctest --test-dir "build/$preset" --parallel "$(nproc)" --output-on-failure --no-tests=error "$@"
}

# Libraries of programs cannot be mixed with those of the distribution, so nothing is linked.
check_includes() {
  need "${packages[@]}"
  need clang 'libc++-dev' 'libc++abi-dev'
  lock_build
  configure includes
  unlock_build
  local objects
  # What a build folder of an older tree lists may be gone.
  ninja -C build/includes build.ninja >>build/includes-configure.log 2>&1 || fail "CMake could not configure; see $root/build/includes-configure.log"
  mapfile -t objects < <(ninja -C build/includes -t targets all | sed -n 's/: CXX_COMPILER__.*//p')
  [ ${#objects[@]} -gt 0 ] || fail "nothing to compile in build/includes"
  build includes "${objects[@]}"
  say "${#objects[@]} sources include what they use."
}

tidy() {
  need "${packages[@]}"
  need clang clang-tidy 'libc++-dev' 'libc++abi-dev'
  lock_build
  configure includes
  unlock_build
  local rooms=("$@")
  [ ${#rooms[@]} -gt 0 ] || rooms=(lessons tasks)
  find "${rooms[@]/#/src/}" -name '*.cpp' -print0 | sort -z | xargs -0 -n 4 -P "$(nproc)" clang-tidy -p build/includes --quiet ||
    fail "clang-tidy found something"
  say "clang-tidy finds nothing in ${rooms[*]}."
}

bench() {
  need "${packages[@]}"
  if [ $# -eq 0 ]; then
    say "Benchmarks (./run.sh bench NAME [ARG ...]):"
    sed -n 's/^ *convscope_bench(\([A-Za-z0-9_]*\).*/  \1/p' tests/bench/CMakeLists.txt | grep -v '^  name$' || true
    return 0
  fi
  local name=$1
  shift
  build release "$name"
  case $name in
    interaction* | scene* | render*) tests/support/with_display.sh "build/release/tests/bench/$name" "$@" ;;
    *) "build/release/tests/bench/$name" "$@" ;;
  esac
}

format() {
  need clang-format-14
  local tool
  tool=$(command -v clang-format-14) || fail "clang-format 14 is needed: other versions lay out some lines differently"
  local sources
  mapfile -d '' sources < <(find src ui tests \( -name '*.cpp' -o -name '*.h' \) -print0 | sort -z)
  if [ "${1:-}" = --check ]; then
    printf '%s\0' "${sources[@]}" | xargs -0 -n 16 -P "$(nproc)" "$tool" --dry-run -Werror || fail "some sources are not laid out by .clang-format: ./run.sh format"
    say "${#sources[@]} sources are laid out as .clang-format says."
  else
    printf '%s\0' "${sources[@]}" | xargs -0 -n 16 -P "$(nproc)" "$tool" -i
  fi
}

list_packages() {
  say "Needed: $(names "${packages[@]}")"
  command -v dpkg-query >/dev/null || return 0
  local missing
  mapfile -t missing < <(missing_packages "${packages[@]}")
  if [ ${#missing[@]} -eq 0 ]; then say "None is missing."; else say "Missing: $(names "${missing[@]}")"; fi
}

case ${1:-} in
  -h | --help | help) usage ;;
  test) shift; run_tests "$@" ;;
  build) shift; need "${packages[@]}"; build release "$@" ;;
  bench) shift; bench "$@" ;;
  tour)
    shift
    out=$(cd "$caller" && realpath -m -- "${1:-$root/build/tour}")
    need "${packages[@]}"
    build release convscope
    tour "$out"
    ;;
  sanitize) shift; sanitize "$@" ;;
  includes) check_includes ;;
  tidy) shift; tidy "$@" ;;
  format) shift; format "$@" ;;
  packages) list_packages ;;
  clean) rm -rf build; say "Removed build/." ;;
  --) shift; open_program "$@" ;;
  -*) usage >&2; exit 2 ;;
  *) [ $# -le 1 ] || { usage >&2; exit 2; }; open_program "$@" ;;
esac
