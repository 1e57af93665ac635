# The shared library `keraft` (only keraft_* is exported), the command `keraft`, and what is installed.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

file(GLOB capi_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/capi/*.cpp)
add_library(keraft SHARED ${capi_sources})
add_library(keraft::keraft ALIAS keraft)
set_target_properties(keraft PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
target_include_directories(keraft PRIVATE ${PROJECT_SOURCE_DIR}/capi PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/capi/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(keraft PRIVATE keraft_core)
target_link_options(keraft PRIVATE
  LINKER:--exclude-libs,ALL LINKER:--version-script=${PROJECT_SOURCE_DIR}/capi/abi/exports.map LINKER:--no-undefined-version)
set_property(TARGET keraft PROPERTY LINK_DEPENDS ${PROJECT_SOURCE_DIR}/capi/abi/exports.map)
keraft_warnings(keraft)
keraft_compile_together(keraft capi 8 ${capi_sources})

if(KERAFT_CLI)
  find_package(CLI11 REQUIRED)
  find_package(ZLIB REQUIRED)
  # The arrays of the command, apart so that tests and the demo can use them.
  add_library(keraft_arrays STATIC ${PROJECT_SOURCE_DIR}/src/cli/npy.cpp ${PROJECT_SOURCE_DIR}/src/cli/npz.cpp)
  target_include_directories(keraft_arrays PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(keraft_arrays PUBLIC keraft PRIVATE ZLIB::ZLIB)
  keraft_warnings(keraft_arrays)

  file(GLOB cli_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/cli/*.cpp)
  list(FILTER cli_sources EXCLUDE REGEX "/np[yz]\\.cpp$")
  add_executable(keraft_command ${cli_sources})
  set_target_properties(keraft_command PROPERTIES OUTPUT_NAME keraft RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
    INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  target_link_libraries(keraft_command PRIVATE keraft keraft_arrays CLI11::CLI11 fmt::fmt)
  keraft_warnings(keraft_command)
  keraft_compile_together(keraft_command cli 5 ${cli_sources})
  target_precompile_headers(keraft_command PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.h <CLI/CLI.hpp>)
  keraft_compile_fast(keraft keraft_command keraft_arrays)
  install(TARGETS keraft_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

install(TARGETS keraft EXPORT keraftTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${PROJECT_SOURCE_DIR}/capi/include/keraft.h ${PROJECT_SOURCE_DIR}/capi/include/keraft_raii.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT keraftTargets NAMESPACE keraft:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/keraft)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/keraftConfig.cmake.in ${CMAKE_BINARY_DIR}/keraftConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/keraft)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/keraftConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/keraftConfig.cmake ${CMAKE_BINARY_DIR}/keraftConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/keraft)
