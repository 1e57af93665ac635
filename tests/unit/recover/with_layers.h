// Raw graphs on their way to layers, as far as the tests of this folder share it.
#pragma once

#include "normalise/normalise.h"
#include "recover/recover.h"

namespace keraft::test {

/// Simplified, with the layers that forms tell and the functions that they hold.
inline Graph with_layers(Graph graph) {
  std::vector<std::pair<std::string, std::string>> lossy;
  const Control control;
  const Registry& registry = Registry::builtin();
  normalise::simplify({graph, registry, control, false, lossy});
  recover::recover_layers(graph, registry, control);
  recover::fold_functions(graph, registry);
  return graph;
}

}  // namespace keraft::test
