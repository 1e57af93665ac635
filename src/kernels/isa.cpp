#include "isa.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace keraft::kernels {

// KERAFT_ISA_LIST is written by cmake/isa.cmake: X(base) X(avx2) ...
#ifndef KERAFT_ISA_LIST
#error "call keraft_add_isa_sources(<target>) from cmake/isa.cmake"
#endif

#define KERAFT_DECLARE(isa) \
  namespace isa_##isa {     \
    extern const Isa table; \
  }
#define X(isa) KERAFT_DECLARE(isa)
KERAFT_ISA_LIST
#undef X
#undef KERAFT_DECLARE

namespace {

[[maybe_unused]] bool runs_base() { return true; }

#if defined(__x86_64__) || defined(__i386__)
// __builtin_cpu_supports also asks the operating system whether it saves the wide registers.
[[maybe_unused]] bool runs_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
[[maybe_unused]] bool runs_avx512() {
  return runs_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd");
}
#endif

struct Tables {
  std::array<const Isa*, 8> list{};
  std::size_t count = 0;
};

Tables detect() {
  Tables tables;
#define X(isa) \
  if (runs_##isa()) tables.list[tables.count++] = &isa_##isa::table;
  KERAFT_ISA_LIST
#undef X
  return tables;
}

}  // namespace

std::span<const Isa* const> available_isas() {
  static const Tables tables = detect();
  return {tables.list.data(), tables.count};
}

const Isa& best_isa() { return *available_isas().back(); }

const Isa* find_isa(const char* name) {
  for (const Isa* isa : available_isas())
    if (std::strcmp(isa->name, name) == 0) return isa;
  return nullptr;
}

}  // namespace keraft::kernels
