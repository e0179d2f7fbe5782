# The few functions that every room's CMakeLists.txt uses.

add_library(convscope_options INTERFACE)
target_compile_features(convscope_options INTERFACE cxx_std_20)
target_include_directories(convscope_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
target_compile_options(convscope_options INTERFACE -Wall -Wextra -Wshadow -Wno-missing-field-initializers)

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

# convscope_tests(ROOM LABEL [QT] [ENVIRONMENT vars...] DEPENDS targets...): one program of all *Test.cpp in the folder, its
# cases registered with CTest under LABEL.
function(convscope_tests room label)
  cmake_parse_arguments(TESTS "QT" "" "DEPENDS;ENVIRONMENT" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${room} ${sources})
  target_include_directories(test_${room} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${room} PRIVATE CONVSCOPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" CONVSCOPE_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(TESTS_QT)
    set_target_properties(test_${room} PROPERTIES AUTOMOC ON)
    target_link_libraries(test_${room} PRIVATE ${TESTS_DEPENDS} convscope_test_qt_main)
  else()
    target_link_libraries(test_${room} PRIVATE ${TESTS_DEPENDS} GTest::gmock GTest::gtest_main)
  endif()
  gtest_discover_tests(test_${room} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${label} TIMEOUT 600
                       ENVIRONMENT "${TESTS_ENVIRONMENT}")
endfunction()
