# What every file of ours is compiled with. Warnings are errors, in every preset.

add_library(vj_compiler INTERFACE)
add_library(vj::compiler ALIAS vj_compiler)

target_compile_options(vj_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # The warnings that follow values through inlined library code: with optimization on, g++ 12 reports what cannot
  # happen (GCC bugs 80635, 104475, 105651 and their kin). clang-tidy and the sanitizers look for the real ones.
  target_compile_options(vj_compiler INTERFACE
    -Wno-restrict -Wno-free-nonheap-object -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow
    -Wno-stringop-overread)
endif()

target_include_directories(vj_compiler INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_compile_definitions(vj_compiler INTERFACE _GNU_SOURCE VJ_VERSION="${PROJECT_VERSION}")

if(VJ_SANITIZE)
  # vptr looks at memory through a pipe of its own, so a test that takes all file descriptors away makes it see errors
  # where there are none.
  target_compile_options(vj_compiler INTERFACE
    -fsanitize=${VJ_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(vj_compiler INTERFACE -fsanitize=${VJ_SANITIZE})
endif()

if(VJ_BUILD_FUZZ)
  target_compile_options(vj_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()
