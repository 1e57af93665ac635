# Compiles the files of a folder `size` at a time, in groups of this `name`, which halves the time of a build: what the headers instantiate is compiled
# once for all of them. Names of anonymous namespaces have to be unique within a folder then; the compiler says where they are not.
function(keraft_compile_together target name size)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  foreach(file ${ARGN})
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE group)
    string(REPLACE "/" "_" group "${name}_${group}")
    math(EXPR batch "${keraft_in_${group}} + 0")
    math(EXPR keraft_in_${group} "${batch} + 1")
    math(EXPR batch "${batch} / ${size}")
    set_source_files_properties(${file} PROPERTIES UNITY_GROUP ${group}_${batch})
  endforeach()
endfunction()

# A part of `target` that is compiled with options of its own.
function(keraft_add_objects target name)
  set(objects ${target}_${name})
  add_library(${objects} OBJECT ${ARGN})
  target_include_directories(${objects} PRIVATE include src ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(${objects} PRIVATE Eigen3::Eigen fmt::fmt)
  target_precompile_headers(${objects} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.h)
  keraft_warnings(${objects})
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${objects}>)
endfunction()

# Not optimised in sanitised builds: compiling then takes half the time, which what runs for a few seconds does not win back.
function(keraft_compile_fast)
  if(KERAFT_SANITISED)
    foreach(target ${ARGN})
      target_compile_options(${target} PRIVATE -O0)
    endforeach()
  endif()
endfunction()
