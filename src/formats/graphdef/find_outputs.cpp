#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/string.h"
#include "formats/graphdef/endpoints.h"
#include "formats/graphdef/machinery.h"

namespace keraft::formats {
namespace {

constexpr size_t most_listed = 20;

bool is_constant(const Node& node) noexcept { return node.op == "tf/Const"; }

/// Steps between a prediction and a loss or a metric that a user does not mean by "the output".
bool is_metric_step(const Node& node) noexcept {
  constexpr std::array<std::string_view, 19> ops{"ArgMax",      "Log",          "Log1p",  "Cast",   "Neg", "Minimum", "Maximum",
                                                 "ClipByValue", "Round",        "Shape",  "Size",   "Sub", "AddV2",   "Add",
                                                 "Greater",     "GreaterEqual", "TopKV2", "Square", "Rank"};
  return node.op.starts_with("tf/") && std::find(ops.begin(), ops.end(), std::string_view(node.op).substr(3)) != ops.end();
}

bool tells_sizes(const Node& node) noexcept {
  return node.op == "tf/Shape" || node.op == "tf/ShapeN" || node.op == "tf/Size" || node.op == "tf/Rank";
}

/// Ops that pick sizes and compute with them.
bool is_of_sizes(const Node& node) noexcept {
  constexpr std::array<std::string_view, 14> ops{"Shape", "ShapeN", "Size", "Rank",     "StridedSlice", "Slice", "Pack",
                                                 "Mul",   "Prod",   "Sub",  "ConcatV2", "AddV2",        "Add",   "FloorDiv"};
  return node.op.starts_with("tf/") && std::find(ops.begin(), ops.end(), std::string_view(node.op).substr(3)) != ops.end();
}

/// Ops that a loss puts before itself to bring a prediction into its form.
bool is_reforming(const Node& node) noexcept {
  constexpr std::array<std::string_view, 5> ops{"tf/Reshape", "tf/Slice", "tf/StridedSlice", "tf/Squeeze", "tf/Identity"};
  return std::find(ops.begin(), ops.end(), node.op) != ops.end();
}

/// Ops that only a layer with weights has.
bool is_weighty(const Node& node) noexcept {
  constexpr std::array<std::string_view, 11> ops{
      "tf/MatMul", "tf/BatchMatMul",           "tf/BatchMatMulV2",       "tf/BatchMatMulV3",    "tf/BiasAdd",       "tf/Conv2D",
      "tf/Conv3D", "tf/DepthwiseConv2dNative", "tf/Conv2DBackpropInput", "tf/FusedBatchNormV3", "tf/FusedBatchNorm"};
  return std::find(ops.begin(), ops.end(), node.op) != ops.end();
}

class Finder {
 public:
  explicit Finder(const Graph& graph) : graph_(graph), machinery_(machinery(graph)), readers_(graph.readers()) {
    const size_t n = graph.nodes.size();
    outside_.assign(n, false);
    valued_.assign(n, false);
    learned_.assign(n, false);
    const std::vector<NodeId> order = graph.order();
    // Loops run backwards, so what depends on what shows only after some rounds.
    for (bool changed = true; changed;) {
      changed = false;
      for (const NodeId id : order) {
        const Node& node = graph.at(id);
        const auto i = static_cast<size_t>(id);
        bool outside = is_source(node) && !is_training_flag(node), learned = is_variable(node);
        bool valued = outside;
        for (const Edge& edge : node.inputs) {
          valued = valued || (valued_[static_cast<size_t>(edge.node)] && !tells_sizes(node));
          outside = outside || outside_[static_cast<size_t>(edge.node)];
          learned = learned || learned_[static_cast<size_t>(edge.node)];
        }
        changed = changed || outside != outside_[i] || learned != learned_[i] || valued != valued_[i];
        valued_[i] = valued;
        outside_[i] = outside;
        learned_[i] = learned;
      }
    }
    any_outside_ = std::find(outside_.begin(), outside_.end(), true) != outside_.end();
  }

  /// What nothing else reads; arithmetic on sizes, and which side a branch takes, only where there is nothing else.
  std::vector<NodeId> ends() const {
    const std::vector<bool> idle = idle_sizes();
    std::vector<NodeId> out;
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      const auto id = static_cast<NodeId>(i);
      if (is_data(i) && !idle[i] && !is_pivot(id) && !is_beside_gradient(i) && read_only_by(i, idle)) out.push_back(id);
    }
    return out.empty() ? leaves() : out;
  }

  std::vector<NodeId> leaves() const {
    std::vector<NodeId> out, aside;
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (is_data(i) &&
          std::all_of(readers_[i].begin(), readers_[i].end(), [&](NodeId r) { return machinery_[static_cast<size_t>(r)]; })) {
        const bool by_product = (outside_[i] && !valued_[i] && is_of_sizes(graph_.nodes[i])) || is_beside_gradient(i);
        (by_product ? aside : out).push_back(static_cast<NodeId>(i));
      }
    }
    // Layers of Keras compute sizes that nobody reads.
    return out.empty() ? aside : out;
  }

  bool training() const { return trains(graph_, machinery_); }

  /// In a training graph: what only the loss, metrics and gradients read.
  std::vector<NodeId> forward_ends() const {
    const std::vector<bool> judged = behind_labels();
    const std::set<NodeId> losses = gradient_ends(graph_, readers_);
    std::set<NodeId> found, judged_ones;
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      const auto id = static_cast<NodeId>(i);
      if (!is_data(i) || judged[i] || losses.count(id) || !learned_[i]) continue;
      if (std::any_of(readers_[i].begin(), readers_[i].end(), [&](NodeId r) { return judged[static_cast<size_t>(r)]; })) {
        judged_ones.insert(before_metrics(id, judged));
      }
      const auto aside = [&](NodeId r) {
        return machinery_[static_cast<size_t>(r)] || judged[static_cast<size_t>(r)] || losses.count(r) > 0;
      };
      if (std::all_of(readers_[i].begin(), readers_[i].end(), aside)) found.insert(before_metrics(id, judged));
    }
    // What neither is judged by the loss nor comes after it is a by-product: a measurement of a hidden layer.
    if (!judged_ones.empty()) {
      const std::vector<bool> after = behind(judged_ones);
      std::erase_if(found, [&](NodeId id) {
        if (!after[static_cast<size_t>(id)]) return true;
        const auto behind_it = [&](NodeId other) { return other != id && depends(id, other); };
        return in_loss_scope(id, judged) && std::any_of(judged_ones.begin(), judged_ones.end(), behind_it);
      });
      if (found.empty()) found = judged_ones;
    }
    // Taking a step back can end at a tensor that has another end behind it.
    std::vector<NodeId> out;
    for (const NodeId id : found) {
      const bool inner =
          std::any_of(found.begin(), found.end(), [&](NodeId other) { return other != id && depends(other, id); });
      if (!inner) out.push_back(id);
    }
    return out;
  }

 private:
  bool is_data(size_t i) const {
    const Node& node = graph_.nodes[i];
    if (node.dead || machinery_[i] || is_constant(node) || is_variable(node) || is_source(node)) return false;
    if (any_outside_ && !outside_[i]) return false;
    return !node.inputs.empty();
  }

  /// A condition switched by itself, for the control edges of its branches.
  bool is_pivot(NodeId id) const {
    const Node& node = graph_.at(id);
    const Node& from = node.op == "tf/Identity" ? graph_.at(node.inputs.at(0).node) : node;
    return from.op == "tf/Switch" && from.inputs.size() == 2 && from.inputs[0] == from.inputs[1];
  }

  /// Arithmetic on sizes that leads to nothing.
  std::vector<bool> idle_sizes() const {
    std::vector<bool> out(graph_.nodes.size(), false);
    const std::vector<NodeId> order = graph_.order();
    for (const NodeId id : order) {
      const Node& node = graph_.at(id);
      bool sizes = tells_sizes(node), others = false;
      for (const Edge& edge : sizes ? std::vector<Edge>() : node.inputs) {
        const bool size = out[static_cast<size_t>(edge.node)];
        sizes = sizes || size;
        others = others || (!size && !is_constant(graph_.at(edge.node)));
      }
      out[static_cast<size_t>(id)] = sizes && !others;
    }
    for (auto id = order.rbegin(); id != order.rend(); ++id) {
      const auto i = static_cast<size_t>(*id);
      out[i] = out[i] && read_only_by(i, out);
    }
    return out;
  }

  bool read_only_by(size_t i, const std::vector<bool>& aside) const {
    return std::all_of(readers_[i].begin(), readers_[i].end(),
                       [&](NodeId r) { return machinery_[static_cast<size_t>(r)] || aside[static_cast<size_t>(r)]; });
  }

  /// tf.custom_gradient leaves an Identity beside the IdentityN that the model goes on with.
  bool is_beside_gradient(size_t i) const {
    const Node& node = graph_.nodes[i];
    if (node.op != "tf/Identity" || node.inputs.empty()) return false;
    const auto& readers = readers_[static_cast<size_t>(node.inputs[0].node)];
    return std::any_of(readers.begin(), readers.end(), [&](NodeId r) {
      const Node& other = graph_.at(r);
      return other.op == "tf/IdentityN" && other.inputs[0] == node.inputs[0] &&
             base::scope_of(other.name) == base::scope_of(node.name);
    });
  }

  std::vector<bool> behind(const std::set<NodeId>& from) const {
    std::vector<bool> out(graph_.nodes.size(), false);
    std::vector<NodeId> open(from.begin(), from.end());
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (out[static_cast<size_t>(id)]) continue;
      out[static_cast<size_t>(id)] = true;
      for (const NodeId reader : readers_[static_cast<size_t>(id)]) open.push_back(reader);
    }
    return out;
  }

  bool depends(NodeId late, NodeId early) const {
    std::vector<NodeId> open{late};
    std::vector<bool> seen(graph_.nodes.size(), false);
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (id == early) return true;
      for (const Edge& edge : graph_.at(id).inputs) {
        if (!seen[static_cast<size_t>(edge.node)]) {
          seen[static_cast<size_t>(edge.node)] = true;
          open.push_back(edge.node);
        }
      }
    }
    return false;
  }

  bool in_loss_scope(NodeId id, const std::vector<bool>& judged) const {
    const std::string_view scope = base::scope_of(graph_.at(id).name);
    if (scope.empty()) return false;
    for (size_t i = 0; i < judged.size(); ++i) {
      if (judged[i] && base::scope_of(graph_.nodes[i].name) == scope) return true;
    }
    return false;
  }

  NodeId before_metrics(NodeId id, const std::vector<bool>& judged) const {
    while (is_metric_step(graph_.at(id)) || (is_reforming(graph_.at(id)) && in_loss_scope(id, judged))) {
      NodeId next = no_node;
      if (is_reforming(graph_.at(id)) && !is_metric_step(graph_.at(id))) {
        next = graph_.at(id).inputs[0].node;
        if (!outside_[static_cast<size_t>(next)] || !learned_[static_cast<size_t>(next)]) return id;
        id = next;
        continue;
      }
      for (const Edge& edge : graph_.at(id).inputs) {
        if (!outside_[static_cast<size_t>(edge.node)] || !learned_[static_cast<size_t>(edge.node)]) continue;
        if (next != no_node) return id;
        next = edge.node;
      }
      if (next == no_node) return id;
      id = next;
    }
    return id;
  }

  /// A tensor from outside is a label when it meets what the model has learned only through what depends on other tensors
  /// from outside. Returns what depends on labels.
  std::vector<bool> behind_labels() const {
    std::vector<bool> out(graph_.nodes.size(), false);
    std::set<Edge> sources;
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (machinery_[i]) continue;
      for (const Edge& edge : graph_.nodes[i].inputs) {
        if (is_source(graph_.at(edge.node)) && !is_training_flag(graph_.at(edge.node))) sources.insert(edge);
      }
    }
    for (const Edge& source : sources) {
      if (is_label(source)) spread(source, out);
    }
    return out;
  }

  bool is_label(const Edge& source) const {
    std::vector<bool> mine(graph_.nodes.size(), false);
    std::vector<NodeId> open;
    const auto visit = [&](NodeId id) {
      if (mine[static_cast<size_t>(id)] || machinery_[static_cast<size_t>(id)]) return;
      mine[static_cast<size_t>(id)] = true;
      open.push_back(id);
    };
    for (const NodeId reader : readers_[static_cast<size_t>(source.node)]) {
      const auto& inputs = graph_.at(reader).inputs;
      if (std::find(inputs.begin(), inputs.end(), source) != inputs.end()) visit(reader);
    }
    std::vector<NodeId> meetings;
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      bool meets_other = false, meets_weights = false, meets_prediction = false;
      for (const Edge& edge : graph_.at(id).inputs) {
        const auto i = static_cast<size_t>(edge.node);
        if (mine[i] || edge == source) continue;
        meets_prediction = meets_prediction || (learned_[i] && outside_[i]);
        meets_weights = meets_weights || (learned_[i] && !outside_[i]);
        meets_other = meets_other || (outside_[i] && !learned_[i]);
      }
      if (meets_weights) return false;
      if (meets_prediction) meetings.push_back(id);
      if (meets_prediction || meets_other) continue;
      for (const NodeId reader : readers_[static_cast<size_t>(id)]) visit(reader);
    }
    return !meetings.empty() && !layers_follow(std::move(meetings));
  }

  /// A second input that joins the model on its way meets predictions too, but layers come after it.
  bool layers_follow(std::vector<NodeId> open) const {
    std::vector<bool> seen(graph_.nodes.size(), false);
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (seen[static_cast<size_t>(id)] || machinery_[static_cast<size_t>(id)]) continue;
      seen[static_cast<size_t>(id)] = true;
      for (const Edge& edge : graph_.at(id).inputs) {
        const auto i = static_cast<size_t>(edge.node);
        if (is_weighty(graph_.at(id)) && learned_[i] && !outside_[i]) return true;
      }
      for (const NodeId reader : readers_[static_cast<size_t>(id)]) open.push_back(reader);
    }
    return false;
  }

  void spread(const Edge& source, std::vector<bool>& out) const {
    std::vector<NodeId> open;
    const auto visit = [&](NodeId id) {
      if (out[static_cast<size_t>(id)] || machinery_[static_cast<size_t>(id)]) return;
      out[static_cast<size_t>(id)] = true;
      open.push_back(id);
    };
    for (const NodeId reader : readers_[static_cast<size_t>(source.node)]) {
      const auto& inputs = graph_.at(reader).inputs;
      if (std::find(inputs.begin(), inputs.end(), source) != inputs.end()) visit(reader);
    }
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      for (const NodeId reader : readers_[static_cast<size_t>(id)]) visit(reader);
    }
  }

  const Graph& graph_;
  std::vector<bool> machinery_;
  std::vector<std::vector<NodeId>> readers_;
  std::vector<bool> outside_, learned_;  // depends on tensors from outside, on variables
  std::vector<bool> valued_;             // depends on more than the sizes of tensors from outside
  bool any_outside_ = false;
};

std::string listed(const Graph& graph, const std::vector<NodeId>& ids) {
  std::string out;
  for (size_t i = 0; i < ids.size() && i < most_listed; ++i) {
    out += (i ? ", " : "") + base::escaped(graph.at(ids[i]).name) + " (" + base::escaped(graph.at(ids[i]).op.substr(3)) + ")";
  }
  return ids.size() > most_listed ? out + ", …" : out;
}

}  // namespace

std::vector<Port> find_outputs(const Graph& graph, const std::string& path) {
  const Finder finder(graph);
  const bool training = finder.training();
  std::vector<NodeId> found = training ? finder.forward_ends() : finder.ends();
  if (found.empty()) {
    const std::vector<NodeId> leaves = finder.leaves();
    throw Error(Status::format,
                leaves.empty() ? "no output is found in the graph; name one with --outputs"
                               : "the output is not clear in this training graph; name it with --outputs. Nothing reads: " +
                                     listed(graph, leaves),
                {path, {}, {}});
  }
  if (training && found.size() > 1) {
    throw Error(Status::format,
                "several tensors may be the output; name the right ones with --outputs: " + listed(graph, found),
                {path, {}, {}});
  }
  std::vector<Port> out;
  for (const NodeId id : found) out.push_back({graph.at(id).name, {id, 0}});
  return out;
}

}  // namespace keraft::formats
