# A module is a folder under src/ and a library target vj::NAME. A program is a folder too: everything but main.cpp is
# a library of its own, so that its parts are tested like any module's.
#
#   vj_add_module(NAME wire SOURCES a.cpp TESTS a_test.cpp DEPENDS vj::base LIBRARIES fmt::fmt)
#   vj_add_program(NAME example_worker OUTPUT workers SOURCES a.cpp TESTS a_test.cpp DEPENDS vj::vj_bus)
#
# DEPENDS are ours and public; LIBRARIES are somebody else's and private to the folder.

if(VJ_BUILD_TESTS)
  add_library(vj_test_main STATIC
    "${PROJECT_SOURCE_DIR}/tests/support/doctest_main.cpp" "${PROJECT_SOURCE_DIR}/tests/support/paths.cpp"
    "${PROJECT_SOURCE_DIR}/tests/support/left_behind.cpp")
  add_library(vj::test_main ALIAS vj_test_main)
  target_link_libraries(vj_test_main PRIVATE vj::compiler doctest::doctest)
  target_include_directories(vj_test_main PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  set_source_files_properties("${PROJECT_SOURCE_DIR}/tests/support/paths.cpp" TARGET_DIRECTORY vj_test_main PROPERTIES
    COMPILE_DEFINITIONS "VJ_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\";VJ_BINARY_DIR=\"${PROJECT_BINARY_DIR}\"")
endif()

function(vj_add_tests name target)
  if(NOT VJ_BUILD_TESTS OR NOT ARGN)
    return()
  endif()
  add_executable(${name}_test ${ARGN})
  target_link_libraries(${name}_test PRIVATE ${target} vj::test_main vj::compiler doctest::doctest)
  target_include_directories(${name}_test PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  doctest_discover_tests(${name}_test TEST_PREFIX "${name}: " PROPERTIES TIMEOUT 120)
endfunction()

function(vj_add_module)
  cmake_parse_arguments(M "" "NAME" "SOURCES;TESTS;DEPENDS;LIBRARIES" ${ARGN})
  add_library(vj_${M_NAME} STATIC ${M_SOURCES})
  add_library(vj::${M_NAME} ALIAS vj_${M_NAME})
  target_link_libraries(vj_${M_NAME} PUBLIC vj::compiler ${M_DEPENDS} PRIVATE ${M_LIBRARIES})
  vj_add_tests(${M_NAME} vj::${M_NAME} ${M_TESTS})
endfunction()

function(vj_add_program)
  cmake_parse_arguments(P "" "NAME;OUTPUT" "SOURCES;TESTS;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${P_NAME} main.cpp)
  if(P_SOURCES)
    vj_add_module(NAME ${P_NAME}_parts SOURCES ${P_SOURCES} TESTS ${P_TESTS} DEPENDS ${P_DEPENDS} LIBRARIES ${P_LIBRARIES})
    target_link_libraries(${P_NAME} PRIVATE vj::${P_NAME}_parts)
  endif()
  target_link_libraries(${P_NAME} PRIVATE vj::compiler ${P_DEPENDS} ${P_LIBRARIES})
  set_target_properties(${P_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin/${P_OUTPUT}")
endfunction()
