# src/kernels/isa/*.cpp are compiled once per instruction set, each time with its own flags and with
# Eigen's namespace renamed, so that the linker cannot merge code of different instruction sets.
# keraft_add_isa_sources(<target>) adds all of them to <target>.

set(KERAFT_ISA_DIR "${CMAKE_CURRENT_LIST_DIR}/../src/kernels/isa")

# One line per instruction set, worst first: name, then its compiler flags.
set(KERAFT_ISAS_x86 base avx2 avx512)
set(KERAFT_ISA_FLAGS_base)
set(KERAFT_ISA_FLAGS_avx2 -mavx2 -mfma)
set(KERAFT_ISA_FLAGS_avx512 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx512cd -mavx2 -mfma)

function(keraft_add_isa_sources target)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64|i[3-6]86)$")
    set(isas ${KERAFT_ISAS_x86})
  else()
    set(isas base)
  endif()
  find_package(Eigen3 3.4 REQUIRED NO_MODULE)
  get_target_property(eigen_dirs Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
  file(GLOB sources CONFIGURE_DEPENDS "${KERAFT_ISA_DIR}/*.cpp")

  # Sanitised builds stay on the machine that makes them, where every instruction set may leak; -O3 would take minutes, and so
  # would the widest registers, for which the sources are the same.
  if(KERAFT_SANITISED)
    # Steps of pointers are checked nowhere else as often: a third of the time of a build. A step too far is AddressSanitizer's.
    set(optimise -O1 -fno-sanitize=pointer-overflow)
    list(REMOVE_ITEM isas avx512)
  else()
    set(optimise -O3)
  endif()

  set(list "")
  foreach(isa IN LISTS isas)
    set(objects "${target}_isa_${isa}")
    add_library(${objects} OBJECT ${sources})
    target_include_directories(${objects} SYSTEM PRIVATE ${eigen_dirs})
    target_compile_features(${objects} PRIVATE cxx_std_20)
    target_compile_definitions(${objects} PRIVATE
      KERAFT_ISA=${isa} Eigen=keraft_eigen_${isa} EIGEN_NO_IO EIGEN_FAST_MATH=0 EIGEN_DONT_PARALLELIZE EIGEN_MPL2_ONLY)
    # Always optimised: without inlining, inline functions of std would stay behind as weak symbols
    # that carry this instruction set into the rest of the program.
    target_compile_options(${objects} PRIVATE
      ${KERAFT_ISA_FLAGS_${isa}} ${optimise} -ffp-contract=off -fno-math-errno -fno-exceptions -fno-rtti
      -fvisibility=hidden -fvisibility-inlines-hidden $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>
      -Wall -Wextra -Wpedantic -Wconversion -Wshadow
      # Packets as template arguments lose an attribute that only the ABI between files would need.
      $<$<CXX_COMPILER_ID:GNU>:-Wno-ignored-attributes>
      # GCC bug 105593: false alarms inside its own AVX-512 headers.
      $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
      $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized>)
    set_target_properties(${objects} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${objects}>)
    string(APPEND list "X(${isa})")
  endforeach()
  cmake_path(SET table NORMALIZE "${KERAFT_ISA_DIR}/../isa.cpp")
  set_property(SOURCE "${table}" TARGET_DIRECTORY ${target}
    PROPERTY COMPILE_DEFINITIONS "KERAFT_ISA_LIST=${list}")
endfunction()
