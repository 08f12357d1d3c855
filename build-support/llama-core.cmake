# Read by llama-cpp-python's CMake project right after `project()` (CMAKE_PROJECT_llama_cpp_INCLUDE).
# Its CMakeLists.txt forces llama.cpp's `common` library on in the cache, although the Python package
# neither loads nor ships it, and that library is most of the compile time. A plain variable wins over
# the cache entry (policy CMP0126), so only libllama and libggml are built.
set(LLAMA_BUILD_COMMON OFF)
