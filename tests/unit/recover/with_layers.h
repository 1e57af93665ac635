// Raw graphs on their way to layers, as far as the tests of this folder share it.
#pragma once

#include <map>
#include <string>

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

/// The graph of `text` behind constants of these names.
inline Graph with_constants(const std::string& text, const std::map<std::string, Tensor>& constants) {
  std::string all;
  for (const auto& [name, value] : constants) {
    const std::string type = std::string(name_of(value.dtype)) + " " + Value::ints(value.dims).text();
    all += name + " = tf/Const(value=tensor " + type + ")\n";
  }
  Graph graph = Graph::parse(all + text);
  for (const auto& [name, value] : constants) graph.at(graph.find(name)).attrs["value"] = value;
  return graph;
}

}  // namespace keraft::test
