# Read by llama-cpp-python's CMake project right after `project()` (CMAKE_PROJECT_llama_cpp_INCLUDE).
# Its CMakeLists.txt forces llama.cpp's `common` library on in the cache, although the Python package
# neither loads nor ships it, and that library is most of the compile time. A plain variable wins over
# the cache entry (policy CMP0126), so only libllama and libggml are built.
set(LLAMA_BUILD_COMMON OFF)

# GCC before 11.5, 12.4, 13.3 and 14 takes _tile_loadconfig for a read of 8 bytes instead of 64 (GCC bug 114098)
# and drops the stores of the other 56: on a CPU with AMX the first prompt ends in a general protection fault.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(gcc ${CMAKE_CXX_COMPILER_VERSION})
  if(gcc VERSION_LESS 11.5 OR (gcc VERSION_GREATER_EQUAL 12 AND gcc VERSION_LESS 12.4)
     OR (gcc VERSION_GREATER_EQUAL 13 AND gcc VERSION_LESS 13.3))
    add_compile_options(-fno-tree-dse -fno-dse)
  endif()
endif()
