# Every library that is not ours. scripts/install_deps.sh brings them; docs/adr/0002-dependencies.md says why each.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(zmq REQUIRED IMPORTED_TARGET libzmq)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(ftxui REQUIRED)
# FTXUI 5 exports its targets without their include folder.
find_path(VJ_FTXUI_INCLUDE ftxui/dom/elements.hpp REQUIRED)
set_property(TARGET ftxui::screen APPEND PROPERTY INTERFACE_INCLUDE_DIRECTORIES "${VJ_FTXUI_INCLUDE}")
if(VJ_BUILD_TESTS)
  find_package(doctest REQUIRED)
endif()
if(VJ_BUILD_BENCH)
  find_package(benchmark REQUIRED)
endif()
