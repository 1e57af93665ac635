# Compiles src/formats/wire/proto/*.proto with protoc into the build folder and adds them to keraft_core. The path from src/ is
# part of each file's name, because libprotobuf keeps one table of file names per process.
file(GLOB proto_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/formats/wire/proto/*.proto)
set(proto_sources)
foreach(file ${proto_files})
  cmake_path(GET file STEM name)
  set(out ${CMAKE_BINARY_DIR}/generated/formats/wire/proto/${name}.pb)
  add_custom_command(
    OUTPUT ${out}.cc ${out}.h
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated
    COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR}/src --cpp_out=${CMAKE_BINARY_DIR}/generated ${file}
    DEPENDS ${proto_files} protobuf::protoc
    VERBATIM)
  list(APPEND proto_sources ${out}.cc)
endforeach()
target_sources(keraft_core PRIVATE ${proto_sources})
# Generated code is not ours to warn about, nor to sanitise: that takes a minute.
set_source_files_properties(${proto_sources} PROPERTIES
  COMPILE_OPTIONS "-w;$<$<BOOL:${KERAFT_SANITISED}>:-O0;-fno-sanitize=all>" SKIP_PRECOMPILE_HEADERS ON)
