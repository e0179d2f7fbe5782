# The few functions that every room's CMakeLists.txt uses.

add_library(convscope_options INTERFACE)
target_compile_features(convscope_options INTERFACE cxx_std_20)
target_include_directories(convscope_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
target_compile_options(convscope_options INTERFACE -Wall -Wextra -Wshadow -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Reports overlaps and overflows inside std::string that cannot happen (GCC bug 105651).
  target_compile_options(convscope_options INTERFACE -Wno-restrict -Wno-stringop-overflow)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Takes a reference into one argument for one into the temporary of another.
  target_compile_options(convscope_options INTERFACE -Wno-dangling-reference)
endif()

# libFuzzer drives the fuzz targets where Clang builds for AddressSanitizer: then every file tells it what an input reaches.
set(CONVSCOPE_LIBFUZZER OFF)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=address")
  set(CONVSCOPE_LIBFUZZER ON)
  target_compile_options(convscope_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(convscope_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# convscope_precompiled(NAME [PROGRAMS] HEADERS headers... DEPENDS targets... OPTIONS options...)
# Precompiled headers halve the compiler's time. Each of these targets has one that all targets with the same kind of sources use;
# -fpch-preprocess lets ccache look through it. Sources include what they use all the same: ./run.sh includes builds without these.
function(convscope_precompiled name)
  cmake_parse_arguments(PCH "PROGRAMS" "" "DEPENDS;OPTIONS;HEADERS" ${ARGN})
  set(source ${CMAKE_BINARY_DIR}/precompiled/${name}.cpp)
  file(GENERATE OUTPUT ${source} CONTENT "")
  add_library(convscope_precompiled_${name} OBJECT ${source})
  set_target_properties(convscope_precompiled_${name} PROPERTIES AUTOMOC OFF AUTOUIC OFF AUTORCC OFF)
  target_link_libraries(convscope_precompiled_${name} PRIVATE convscope_options ${PCH_DEPENDS})
  target_precompile_headers(convscope_precompiled_${name} PRIVATE ${PCH_HEADERS})
  target_compile_options(convscope_precompiled_${name} PRIVATE ${PCH_OPTIONS} $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  if(PCH_PROGRAMS)
    # The sources of programs are compiled like this, and with a header that was compiled otherwise they cannot be.
    set_target_properties(convscope_precompiled_${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(convscope_precompiled_${name} PRIVATE -fPIE)
  endif()
endfunction()

function(convscope_use_precompiled target name)
  target_precompile_headers(${target} REUSE_FROM convscope_precompiled_${name})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

set(convscope_std_headers <algorithm> <array> <atomic> <chrono> <cmath> <cstdint> <functional> <map> <memory> <mutex> <numeric> <optional>
  <random> <set> <span> <sstream> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>)
# No errno and no floating-point traps: sqrt and comparisons become single instructions. NaN and infinity keep their meaning.
set(convscope_numeric_options -fno-math-errno -fno-trapping-math)
# What only checks is compiled fast rather than made fast.
set(convscope_test_options $<$<CONFIG:Release>:-Og>)
convscope_precompiled(numeric HEADERS ${convscope_std_headers} OPTIONS ${convscope_numeric_options})
# What most sources include, by name: the headers that bring all of Qt's Core, Gui or Widgets take twice as long.
set(convscope_gui_headers <QByteArray> <QDir> <QFile> <QFileInfo> <QImage> <QJsonArray> <QJsonDocument> <QJsonObject> <QPainter> <QString>)
set(convscope_widget_headers ${convscope_gui_headers} <QAction> <QApplication> <QComboBox> <QElapsedTimer> <QFontMetricsF> <QHBoxLayout>
  <QLabel> <QLineEdit> <QMainWindow> <QMenu> <QMouseEvent> <QPushButton> <QSettings> <QTimer> <QToolButton> <QVBoxLayout>)
convscope_precompiled(plain HEADERS ${convscope_std_headers})
if(CONVSCOPE_QT)
  convscope_precompiled(gui HEADERS ${convscope_std_headers} ${convscope_gui_headers} DEPENDS Qt6::Gui)
  convscope_precompiled(widgets HEADERS ${convscope_std_headers} ${convscope_widget_headers} DEPENDS Qt6::Widgets
    OPTIONS $<$<CONFIG:Release>:-O1>)  # as the window is compiled: newer compilers take no header that was optimized otherwise
endif()
if(CONVSCOPE_TESTS)
  find_package(GTest REQUIRED)
  convscope_precompiled(tests PROGRAMS HEADERS ${convscope_std_headers} <gtest/gtest.h> <gmock/gmock.h>
    DEPENDS GTest::gmock OPTIONS ${convscope_test_options})
  if(CONVSCOPE_QT)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
    # Without QtTest, of which each target has definitions of its own.
    convscope_precompiled(qt_tests PROGRAMS HEADERS ${convscope_std_headers} ${convscope_widget_headers} <gtest/gtest.h> <gmock/gmock.h>
      DEPENDS GTest::gmock Qt6::Widgets OPTIONS ${convscope_test_options})
  endif()
endif()

# convscope_unity(TARGET): compiles sixteen sources at a time, where the preset asks for it, which halves a whole build: what their headers
# bring is compiled once for all of them. Names in anonymous namespaces must then differ within a folder.
option(CONVSCOPE_UNITY "Compile several sources at a time: faster as a whole, slower after an edit" OFF)
function(convscope_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${CONVSCOPE_UNITY} UNITY_BUILD_BATCH_SIZE 16)
endfunction()

# convscope_optimize(TARGET LEVEL): a release needs no more of code that waits for people and files, and compiles it a quarter faster.
function(convscope_optimize target level)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:${level}>)
endfunction()

# convscope_state_conversions(TARGET): where a number changes its type and may lose something by it, the source says so.
function(convscope_state_conversions target)
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wconversion>)
endfunction()

# convscope_room(NAME [QT] [PRECOMPILED headers] DEPENDS targets...): the static library convscope_NAME of all sources in the room's folder.
function(convscope_room name)
  cmake_parse_arguments(ROOM "QT" "PRECOMPILED" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  add_library(convscope_${name} STATIC ${sources})
  target_link_libraries(convscope_${name} PUBLIC convscope_options ${ROOM_DEPENDS})
  set_target_properties(convscope_${name} PROPERTIES LINKER_LANGUAGE CXX)
  convscope_unity(convscope_${name})
  convscope_state_conversions(convscope_${name})
  if(ROOM_QT)
    set_target_properties(convscope_${name} PROPERTIES AUTOMOC ON)
  endif()
  if(ROOM_PRECOMPILED)
    convscope_use_precompiled(convscope_${name} ${ROOM_PRECOMPILED})
  elseif(ROOM_QT)
    convscope_use_precompiled(convscope_${name} gui)
  else()
    convscope_use_precompiled(convscope_${name} plain)
  endif()
endfunction()

# convscope_tests(ROOM LABEL [QT] [DISPLAY] [ENVIRONMENT vars...] DEPENDS targets...): one program of all sources in the folder.
# CTest gets one test for each suite in it ("room.Suite"), not for each case: a process with a QApplication, and still more one
# under a sanitizer, costs more than most cases. Suites named *Catalogue* and *Golden* carry those labels instead of LABEL.
# DISPLAY: the suites need an X server; each gets a private one, whatever the machine has.
function(convscope_tests room label)
  cmake_parse_arguments(TESTS "QT;DISPLAY" "" "DEPENDS;ENVIRONMENT" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY CONVSCOPE_TEST_SOURCES ${sources})
  add_executable(test_${room} ${sources})
  convscope_unity(test_${room})
  target_include_directories(test_${room} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${room} PRIVATE CONVSCOPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" CONVSCOPE_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(TESTS_QT)
    set_target_properties(test_${room} PROPERTIES AUTOMOC ON)
    target_link_libraries(test_${room} PRIVATE ${TESTS_DEPENDS} convscope_test_qt_main)
    convscope_use_precompiled(test_${room} qt_tests)
  else()
    target_link_libraries(test_${room} PRIVATE ${TESTS_DEPENDS} GTest::gmock GTest::gtest_main)
    convscope_use_precompiled(test_${room} tests)
  endif()
  target_compile_options(test_${room} PRIVATE ${convscope_test_options})

  set(launcher "")
  if(TESTS_DISPLAY)
    set(launcher "${CMAKE_SOURCE_DIR}/tests/support/with_display.sh")
  endif()
  list(PREPEND launcher ${CONVSCOPE_TEST_LAUNCHER})
  set(environment "${TESTS_ENVIRONMENT};${CONVSCOPE_TEST_ENVIRONMENT}")
  if(TESTS_DISPLAY)
    # OpenGL drivers are unloaded before the leak check, so what they keep cannot be told from leaks of ours; the same widgets
    # are checked without a display.
    string(REPLACE "ASAN_OPTIONS=" "ASAN_OPTIONS=detect_leaks=0:" environment "${environment}")
  endif()
  set(script ${CMAKE_CURRENT_BINARY_DIR}/test_${room}.cmake)
  file(GENERATE OUTPUT ${script} CONTENT "set(program [[$<TARGET_FILE:test_${room}>]])
set(room ${room})
set(label ${label})
set(launcher [[${launcher}]])
set(environment [[${environment}]])
include([[${CMAKE_SOURCE_DIR}/cmake/TestSuites.cmake]])
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
endfunction()

# ThreadSanitizer of these compilers cannot live with the address layouts that newer kernels draw.
set(CONVSCOPE_TEST_LAUNCHER "")
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
  execute_process(COMMAND setarch -R true RESULT_VARIABLE no_setarch OUTPUT_QUIET ERROR_QUIET)
  if(no_setarch EQUAL 0)
    set(CONVSCOPE_TEST_LAUNCHER setarch -R)
  endif()
endif()

# What a sanitizer should do in every test; programs built without one ignore it.
set(CONVSCOPE_TEST_ENVIRONMENT
  "ASAN_OPTIONS=detect_stack_use_after_return=1:check_initialization_order=1:new_delete_type_mismatch=1"
  "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/lsan.supp:print_suppressions=0"
  "UBSAN_OPTIONS=print_stacktrace=1"
  "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")

# convscope_catalogue(TARGET FOLDER KIND names...): a source of the target from FOLDER/KINDCatalogue.cpp.in, with a row describeNAME() for each.
# It is compiled by itself, so that a program which has a catalogue of its own does not take that of the library.
function(convscope_catalogue target folder kind)
  string(TOUPPER ${kind} name)
  set(CONVSCOPE_${name}_DECLARATIONS "")
  set(CONVSCOPE_${name}_ROWS "")
  foreach(row IN LISTS ARGN)
    string(APPEND CONVSCOPE_${name}_DECLARATIONS "${kind} describe${row}();\n")
    string(APPEND CONVSCOPE_${name}_ROWS "      describe${row}(),\n")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${kind}Catalogue.cpp)
  configure_file(${CMAKE_SOURCE_DIR}/${folder}/${kind}Catalogue.cpp.in ${source} @ONLY)
  set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${source})
endfunction()
