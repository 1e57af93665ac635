#include "base/budget.h"

#include <string>

#include "base/checked.h"
#include "keraft/error.hpp"

namespace keraft::base {
namespace {

void count_to(uint64_t& total, uint64_t more, uint64_t limit, std::string_view what) {
  const auto sum = add(total, more);
  if (!sum || *sum > limit) {
    throw Error(Status::memory,
                "over the limit of " + std::to_string(limit) + " " + std::string(what) + "; raise it when the file is trusted");
  }
  total = *sum;
}

// The caller's callback is asked rarely enough not to cost, and often enough to stop soon.
constexpr uint64_t interval = 4096;

}  // namespace

void Budget::bytes(uint64_t count) {
  count_to(bytes_, count, control_.limits.bytes, "bytes");
  check(control_);
}

void Budget::repeated(uint64_t count) {
  count_to(repeated_, count, control_.limits.bytes, "bytes in constants of repeated values");
}

void Budget::nodes(uint64_t count) {
  const uint64_t before = nodes_;
  count_to(nodes_, count, control_.limits.nodes, "nodes");
  if (before / interval != nodes_ / interval) check(control_);
}

void Budget::edges(uint64_t count) { count_to(edges_, count, control_.limits.edges, "edges"); }

void Budget::work(uint64_t count) {
  count_to(work_, count, control_.limits.work, "elements computed");
  check(control_);
}

void Budget::release(uint64_t count) noexcept { bytes_ = count > bytes_ ? 0 : bytes_ - count; }

}  // namespace keraft::base
