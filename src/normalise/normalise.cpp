#include "normalise/normalise.h"

#include <string_view>

#include "cards/infer.h"

namespace keraft::normalise {
namespace {

struct Pass {
  std::string_view stage;
  void (*run)(PassContext&);
};

constexpr Pass passes[] = {
#define KERAFT_PASS(stage, name, reason) {#stage, name},
#include "normalise/passes.inc"
#undef KERAFT_PASS
};

void run(std::string_view stage, PassContext& context) {
  for (const Pass& pass : passes) {
    if (pass.stage != stage) continue;
    check(context.control);
    pass.run(context);
    context.graph.prune();
  }
}

}  // namespace

void resolve(PassContext context) { run("resolve", context); }

void simplify(PassContext context) {
  run("simplify", context);
  infer_types(context.graph, context.registry, context.control);
}

}  // namespace keraft::normalise
