# What every file of ours is compiled with. Warnings are errors, in every preset.

add_library(vj_compiler INTERFACE)
add_library(vj::compiler ALIAS vj_compiler)

target_compile_options(vj_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What g++ 12 reports with optimization on and which cannot happen: overlaps in std::string's operator+ (GCC bug
  # 105651), and frees of the small buffers inside std::vector and std::variant (GCC bug 104475 and its kin),
  # and reads of the value of an empty std::optional (GCC bug 80635).
  target_compile_options(vj_compiler INTERFACE -Wno-restrict -Wno-free-nonheap-object -Wno-maybe-uninitialized)
endif()

target_include_directories(vj_compiler INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_compile_definitions(vj_compiler INTERFACE _GNU_SOURCE VJ_VERSION="${PROJECT_VERSION}")

if(VJ_SANITIZE)
  target_compile_options(vj_compiler INTERFACE -fsanitize=${VJ_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(vj_compiler INTERFACE -fsanitize=${VJ_SANITIZE})
endif()

if(VJ_BUILD_FUZZ)
  target_compile_options(vj_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()
