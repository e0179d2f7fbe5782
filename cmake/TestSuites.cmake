# Read by ctest: asks a test program (program, room, label, launcher, environment) for its suites and adds one test for each.
if(NOT EXISTS "${program}")
  add_test(${room}.NOT_BUILT ${program})
  return()
endif()

# The answer is kept beside the program until that is built anew.
set(listing "${program}.suites")
if("${program}" IS_NEWER_THAN "${listing}")
  execute_process(COMMAND "${program}" --gtest_list_tests OUTPUT_VARIABLE suites ERROR_VARIABLE trouble RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${program} --gtest_list_tests failed (${status}):\n${suites}${trouble}")
  endif()
  file(WRITE "${listing}" "${suites}")
endif()

# A suite stands alone on its line and ends with a dot; a comment may follow ("# TypeParam = ..."). Its cases are indented.
file(STRINGS "${listing}" lines REGEX "^[A-Za-z0-9_/]+\\.( .*)?$")
foreach(line IN LISTS lines)
  string(REGEX REPLACE "\\..*" "" suite "${line}")
  set(suite_label ${label})
  if(suite MATCHES "Catalogue")
    set(suite_label catalogue)
  elseif(suite MATCHES "Golden")
    set(suite_label golden)
  endif()
  set(name "${room}.${suite}")
  add_test("${name}" ${launcher} "${program}" "--gtest_filter=${suite}.*" --gtest_brief=1)
  set_tests_properties("${name}" PROPERTIES LABELS ${suite_label} TIMEOUT 900 ENVIRONMENT "${environment}")
  if(launcher)
    # One display at a time: two software renderers on two cores would only make each other late.
    set_tests_properties("${name}" PROPERTIES RESOURCE_LOCK display COST 100)
  endif()
endforeach()
