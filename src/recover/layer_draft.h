// Raw nodes as a class of Keras: as a form, for keraft, and as calls of keras.ops, for Keras.
#pragma once

#include <string>
#include <vector>

#include "cards/infer.h"
#include "emit/layer_class.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::recover {

struct LayerDraft {
  Dict config;
  std::vector<Edge> inputs, results;
  std::vector<Slot> slots;
  emit::CallBody body;
  std::vector<std::string> functions;
};

/// What keeps a region from becoming a layer.
struct Refused {
  NodeId node;
  std::string why;
};

/// `region` in graph order; `results`: its tensors that others read; `known`: what the graph's sizes are. Throws Refused.
LayerDraft draft_layer(Graph& graph, const Registry& registry, const Inference& known, const std::vector<NodeId>& region,
                       const std::vector<Edge>& results);

}  // namespace keraft::recover
