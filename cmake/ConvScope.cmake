# The few functions that every room's CMakeLists.txt uses.

add_library(convscope_options INTERFACE)
target_compile_features(convscope_options INTERFACE cxx_std_20)
target_include_directories(convscope_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
target_compile_options(convscope_options INTERFACE -Wall -Wextra -Wshadow -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Reports overlaps inside std::string that cannot happen (GCC bug 105651).
  target_compile_options(convscope_options INTERFACE -Wno-restrict)
endif()

# libFuzzer drives the fuzz targets where Clang builds for AddressSanitizer: then every file tells it what an input reaches.
set(CONVSCOPE_LIBFUZZER OFF)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=address")
  set(CONVSCOPE_LIBFUZZER ON)
  target_compile_options(convscope_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(convscope_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# convscope_room(NAME [QT] DEPENDS targets...): the static library convscope_NAME of all sources in the room's folder.
function(convscope_room name)
  cmake_parse_arguments(ROOM "QT" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  add_library(convscope_${name} STATIC ${sources})
  target_link_libraries(convscope_${name} PUBLIC convscope_options ${ROOM_DEPENDS})
  set_target_properties(convscope_${name} PROPERTIES LINKER_LANGUAGE CXX)
  if(ROOM_QT)
    set_target_properties(convscope_${name} PROPERTIES AUTOMOC ON)
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
  target_include_directories(test_${room} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${room} PRIVATE CONVSCOPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" CONVSCOPE_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(TESTS_QT)
    set_target_properties(test_${room} PROPERTIES AUTOMOC ON)
    target_link_libraries(test_${room} PRIVATE ${TESTS_DEPENDS} convscope_test_qt_main)
  else()
    target_link_libraries(test_${room} PRIVATE ${TESTS_DEPENDS} GTest::gmock GTest::gtest_main)
  endif()

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
