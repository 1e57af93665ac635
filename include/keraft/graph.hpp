// The one graph type: raw TensorFlow ops, Keras layers and mixtures of both.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keraft/name.hpp"
#include "keraft/shape.hpp"
#include "keraft/tensor.hpp"
#include "keraft/training.hpp"
#include "keraft/value.hpp"

namespace keraft {

using NodeId = int32_t;
inline constexpr NodeId no_node = -1;

/// One output of a node.
struct Edge {
  NodeId node = no_node;
  int32_t port = 0;
  auto operator<=>(const Edge&) const = default;
};

struct TensorType {
  DType dtype = DType::invalid;
  Shape shape;
  bool operator==(const TensorType&) const = default;
};

/// `op` is a name in a namespace: "tf/MatMul", "keras/Dense", "keras.ops/Add", and keraft's own: "ir/Input" (a graph input),
/// "ir/Weight" (a trainable or frozen variable; `weight` says which).
struct Node {
  Name name;
  Name op;
  std::vector<Edge> inputs;
  std::vector<NodeId> control;      ///< control inputs
  Dict attrs;                       ///< of a raw op
  int32_t layer = -1;               ///< of a layer call: index into Graph::layers
  int32_t weight = -1;              ///< of ir/Weight: index into Graph::weights
  std::vector<TensorType> outputs;  ///< filled by shape inference
  std::vector<Name> from;           ///< raw nodes that a layer call was recovered from, its result's node first
  bool dead = false;                ///< removed; ids of the others stay

  bool is(std::initializer_list<std::string_view> ops) const { return std::find(ops.begin(), ops.end(), op) != ops.end(); }
};

/// A variable or constant that serves as one.
struct Weight {
  Name name;  ///< as in the source: "conv1/kernel"
  Tensor value;
  bool trainable = true;
  bool variable = false;            ///< false: a constant of the graph
  Name key;                         ///< where it was stored (checkpoint key, node), for reports
  std::vector<Name> evidence;       ///< how role and values were found
  DType computed = DType::invalid;  ///< the floating type that ops read it in, where that is another than the value's
  int32_t view_of = -1;             ///< the weight that this one is a reshape or transpose of
};

/// A layer's slot bound to a weight of the graph.
struct Slot {
  Name name;            ///< "kernel"
  int32_t weight = -1;  ///< index into Graph::weights
  Tensor value;         ///< the weight in the layer's own layout
  /// What the optimizer keeps for the weight, in the same layout, in the order of Optimizer::slots; empty: nothing is known.
  std::vector<Tensor> state = {};
};

/// One layer object; several nodes may call it.
struct Layer {
  Name name;
  Name cls;                 ///< Keras class: "Conv2D"
  Dict config;              ///< without name; only what differs from the defaults, and what is required
  std::vector<Slot> slots;  ///< in Keras' own order: trainable, then non-trainable
  bool trainable = true;
  Name how = "card";  ///< card | metadata | ops | custom
  Name registered;    ///< "package>Class" of a class that is not Keras' own, else empty
  Name code;          ///< Python source of a generated class, else empty
};

struct Port {
  std::string name;
  Edge edge;
};

class Graph {
 public:
  std::string name;
  std::vector<Node> nodes;
  std::vector<Port> inputs;  ///< edges of ir/Input nodes, in call order
  std::vector<Port> outputs;
  std::vector<Weight> weights;
  std::vector<Layer> layers;
  std::map<std::string, std::shared_ptr<Graph>, std::less<>> functions;
  std::optional<Training> training;  ///< how it was trained; nothing: unknown, or left out

  NodeId add(Node node);
  Node& at(NodeId id) { return nodes.at(static_cast<size_t>(id)); }
  const Node& at(NodeId id) const { return nodes.at(static_cast<size_t>(id)); }
  /// The living node of this name, or no_node. Linear; build an index for more than a few.
  NodeId find(std::string_view node_name) const;
  TensorType type(Edge edge) const;

  /// The weight behind views.
  int32_t root(int32_t weight) const {
    while (weight >= 0 && weights.at(static_cast<size_t>(weight)).view_of >= 0)
      weight = weights[static_cast<size_t>(weight)].view_of;
    return weight;
  }

  /// For each node the nodes that read any of its outputs (each reader once per input; control edges not counted).
  std::vector<std::vector<NodeId>> readers() const;
  /// Living nodes, inputs before readers; throws Status::format "cycle" with the names.
  /// Edges out of tf/NextIteration do not count.
  std::vector<NodeId> order() const;
  /// Makes every reader of `from`, and every output, read `to`.
  void replace(Edge from, Edge to);
  /// Marks nodes dead that no output needs. Inputs stay.
  void prune();
  /// Drops dead nodes and renumbers.
  void compact();

  /// The text form; parse(print(g)) gives an equal graph but for weights' contents, which print as type and sizes.
  std::string print() const;
  static Graph parse(std::string_view text);
};

}  // namespace keraft
