#include <algorithm>
#include <map>
#include <optional>

#include "cards/infer.h"
#include "cards/op_card.h"
#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// Axis i of a channels-last tensor is axis order[i] of the channels-first one.
std::vector<int64_t> to_last(size_t rank) {
  std::vector<int64_t> out{0};
  for (size_t i = 2; i < rank; ++i) out.push_back(static_cast<int64_t>(i));
  out.push_back(1);
  return out;
}

std::vector<int64_t> to_first(size_t rank) {
  std::vector<int64_t> out{0, static_cast<int64_t>(rank) - 1};
  for (size_t i = 1; i + 1 < rank; ++i) out.push_back(static_cast<int64_t>(i));
  return out;
}

const std::string* data_format(const Node& node) {
  const auto found = node.attrs.find("data_format");
  return found == node.attrs.end() ? nullptr : found->second.get<std::string>();
}

bool channels_first(const Node& node) {
  const std::string* format = data_format(node);
  return format && format->starts_with("NC") && format->size() >= 4;
}

/// `values` has `width` entries for each axis.
std::vector<int64_t> permuted(const std::vector<int64_t>& values, const std::vector<int64_t>& order, size_t width) {
  std::vector<int64_t> out;
  for (const int64_t axis : order) {
    const auto begin = values.begin() + axis * static_cast<int64_t>(width);
    out.insert(out.end(), begin, begin + static_cast<int64_t>(width));
  }
  return out;
}

class ChannelsLast {
 public:
  explicit ChannelsLast(PassContext& context) : context_(context), graph_(context.graph) {}

  void run() {
    for (const NodeId id : graph_.order()) {
      if (!source_transpose(id) && !convert(id)) keep(id);
    }
    for (Port& port : graph_.outputs) port.edge = first(port.edge);
  }

 private:
  /// One tensor of the source, as it is and with its channels last; at least one of them is there.
  struct Versions {
    std::optional<Edge> first, last;
  };

  size_t rank(Edge edge) const {
    const Shape shape = graph_.type(edge).shape;
    return shape.has_rank() ? shape.rank() : 0;
  }

  Versions& versions(Edge edge) {
    const auto [at, fresh] = versions_.try_emplace(edge);
    if (fresh) at->second.first = edge;
    return at->second;
  }

  Edge first(Edge edge) {
    Versions& v = versions(edge);
    if (!v.first) v.first = transpose(*v.last, to_first(rank(edge)), graph_.at(edge.node).name + "/channels_first");
    return *v.first;
  }

  Edge last(Edge edge) {
    Versions& v = versions(edge);
    if (!v.last) v.last = transpose(*v.first, to_last(rank(edge)), graph_.at(edge.node).name + "/channels_last");
    return *v.last;
  }

  bool has_last(Edge edge) const {
    const auto at = versions_.find(edge);
    return at != versions_.end() && at->second.last;
  }

  std::string fresh(const std::string& name) {
    const int count = used_[name]++;
    return count == 0 ? name : name + "_" + std::to_string(count);
  }

  Edge transpose(Edge from, const std::vector<int64_t>& order, const std::string& name) {
    Node node;
    node.name = fresh(name);
    node.op = "tf/Transpose";
    node.inputs = {from, ir::add_ints(graph_, node.name + "/perm", order)};
    return {graph_.add(std::move(node)), 0};
  }

  void keep(NodeId id) {
    const std::vector<Edge> inputs = graph_.at(id).inputs;
    std::vector<Edge> now;
    for (size_t i = 0; i < inputs.size(); ++i) {
      // A reshape does not mind in which order axes of size 1 come.
      const bool same_bytes = i == 0 && graph_.at(id).op == "tf/Reshape" && has_last(inputs[0]) && one_run(inputs[0]);
      now.push_back(same_bytes ? last(inputs[i]) : first(inputs[i]));
    }
    graph_.at(id).inputs = std::move(now);
  }

  /// Do the elements lie in the same order with the channels first and last?
  bool one_run(Edge edge) const {
    const Shape shape = graph_.type(edge).shape;
    if (!shape.has_rank() || shape.rank() < 4) return false;
    const bool no_space = std::all_of(shape.dims().begin() + 2, shape.dims().end(), [](const Dim& dim) { return dim.is(1); });
    return no_space || shape[1].is(1);
  }

  /// Transposes of the source between the two orders cost nothing.
  bool source_transpose(NodeId id) {
    const Node& node = graph_.at(id);
    if (node.op != "tf/Transpose" || node.inputs.size() != 2) return false;
    const auto order = ir::constant_ints(graph_, node.inputs[1]);
    const size_t axes = order ? order->size() : 0;
    if (axes < 4 || rank(node.inputs[0]) != axes) return false;
    const Edge from = node.inputs[0];
    if (*order == to_first(axes)) {
      const Edge plain = first(from);
      graph_.at(id).inputs[0] = plain;
      versions_[{id, 0}] = {Edge{id, 0}, plain};
      return true;
    }
    if (*order != to_last(axes) || !has_last(from)) return false;
    versions_[{id, 0}] = {last(from), std::nullopt};
    keep(id);
    return true;
  }

  std::vector<size_t> positions(const std::vector<int>& inputs, size_t count) const {
    std::vector<size_t> out;
    for (const int i : inputs) out.push_back(i < 0 ? count - static_cast<size_t>(-i) : static_cast<size_t>(i));
    return out;
  }

  std::vector<size_t> images(const Layout& layout, size_t count) const {
    if (!layout.images.empty()) return positions(layout.images, count);
    const auto lists = positions(layout.list_inputs, count), axes = positions(layout.axis_inputs, count);
    std::vector<size_t> out;
    for (size_t i = 0; i < count; ++i) {
      const bool image =
          std::find(lists.begin(), lists.end(), i) == lists.end() && std::find(axes.begin(), axes.end(), i) == axes.end();
      if (image) out.push_back(i);
    }
    return out;
  }

  std::optional<std::vector<int64_t>> numbers(Edge edge) const {
    const Tensor* tensor = ir::constant(graph_, edge);
    if (!tensor || !is_integer(tensor->dtype) || tensor->elements() > 64) return std::nullopt;
    return to_ints(*tensor);
  }

  /// The axes that the node names, in the source's order; nothing when they are not known.
  std::optional<std::vector<int64_t>> named_axes(const Node& node, const Layout& layout, size_t axes) const {
    std::vector<int64_t> out;
    for (const size_t i : positions(layout.axis_inputs, node.inputs.size())) {
      const auto values = numbers(node.inputs[i]);
      if (!values) return std::nullopt;
      out.insert(out.end(), values->begin(), values->end());
    }
    for (const std::string& name : layout.axis_attrs) {
      const auto attr = node.attrs.find(name);
      const auto values = attr == node.attrs.end() ? std::nullopt : attr->second.as_ints();
      if (!values || values->empty()) {
        // Squeeze without axes takes all that it can.
        const bool keeps = std::all_of(node.outputs.begin(), node.outputs.end(), [&](const TensorType& type) {
          return type.shape.has_rank() && type.shape.rank() == axes;
        });
        if (!keeps) return std::nullopt;
        continue;
      }
      out.insert(out.end(), values->begin(), values->end());
    }
    for (int64_t& axis : out) {
      if (axis < 0) axis += static_cast<int64_t>(axes);
      if (axis < 0 || axis >= static_cast<int64_t>(axes)) return std::nullopt;
    }
    return out;
  }

  /// Without the axes that are gone, are those that stay in the same order either way?
  static bool order_stays(const std::vector<int64_t>& gone, size_t axes) {
    std::vector<int64_t> rest;
    for (const int64_t axis : to_last(axes)) {
      if (std::find(gone.begin(), gone.end(), axis) == gone.end()) rest.push_back(axis);
    }
    return std::is_sorted(rest.begin(), rest.end());
  }

  /// Can the node compute on channels-last images, and does it gain by it?
  bool convertible(const Node& node, const OpCard& card, const std::vector<size_t>& images, size_t axes) const {
    const Layout& layout = *card.image_axes;
    if (axes < 4 || axes > 5) return false;
    const bool has_format = data_format(node) || card.fallback("data_format");
    const bool gains = std::any_of(images.begin(), images.end(),
                                   [&](size_t i) { return rank(node.inputs[i]) == axes && has_last(node.inputs[i]); });
    // With statistics of the batch at hand it may be a layer normalisation, whose "channels" are the batch.
    const auto found = node.attrs.find("is_training");
    const Value* training = found == node.attrs.end() ? card.fallback("is_training") : &found->second;
    const bool own_statistics = training && *training == Value(true);
    if (has_format && !own_statistics ? !channels_first(node) : !gains) return false;
    for (const size_t i : images) {
      const Shape shape = graph_.type(node.inputs[i]).shape;
      if (!shape.has_rank() || shape.rank() > axes) return false;
      const auto unknown = [](const Dim& dim) { return !dim.known(); };
      if (shape.rank() < axes && std::any_of(shape.dims().begin(), shape.dims().end(), unknown)) return false;
    }
    for (const size_t i : positions(layout.list_inputs, node.inputs.size())) {
      const auto values = numbers(node.inputs[i]);
      if (!values || values->size() % axes != 0 || values->empty()) return false;
    }
    const auto named = named_axes(node, layout, axes);
    if (!named) return false;
    // What is no image among the results of an op with data_format is a vector for each channel.
    return has_format || std::all_of(node.outputs.begin(), node.outputs.end(), [&](const TensorType& out) {
             return out.shape.has_rank() && (out.shape.rank() == axes || order_stays(*named, axes));
           });
  }

  bool convert(NodeId id) {
    const OpCard* card = context_.registry.op(graph_.at(id).op);
    if (!card || !card->image_axes || graph_.at(id).layer >= 0) return false;
    const Layout& layout = *card->image_axes;
    const size_t count = graph_.at(id).inputs.size();
    const auto at = images(layout, count);
    size_t axes = 0;
    for (const size_t i : at) {
      if (i < count) axes = std::max(axes, rank(graph_.at(id).inputs[i]));
    }
    if (!convertible(graph_.at(id), *card, at, axes)) return false;

    std::vector<Edge> inputs = graph_.at(id).inputs;
    const std::string name = graph_.at(id).name;
    const auto lists = positions(layout.list_inputs, count), numbered = positions(layout.axis_inputs, count);
    const auto among = [](const std::vector<size_t>& all, size_t i) {
      return std::find(all.begin(), all.end(), i) != all.end();
    };
    for (size_t i = 0; i < count; ++i) {
      if (among(at, i)) {
        inputs[i] = image(inputs[i], axes);
      } else if (among(lists, i)) {
        inputs[i] = integers(inputs[i], axes, false, name);
      } else if (among(numbered, i)) {
        inputs[i] = integers(inputs[i], axes, true, name);
      } else {
        inputs[i] = first(inputs[i]);
      }
    }
    Node& node = graph_.at(id);
    node.inputs = std::move(inputs);
    attributes(node, layout, axes);
    for (size_t port = 0; port < node.outputs.size(); ++port) {
      const Edge out{id, static_cast<int32_t>(port)};
      if (rank(out) == axes) versions_[out] = {std::nullopt, out};
    }
    if (context_.relaid) context_.relaid->insert(node.name);
    return true;
  }

  /// An image, or what is broadcast with one.
  Edge image(Edge edge, size_t axes) {
    const Shape shape = graph_.type(edge).shape;
    if (shape.rank() == axes) return last(edge);
    const auto sizes = shape.values();
    if (std::all_of(sizes.begin(), sizes.end(), [](int64_t size) { return size == 1; })) return first(edge);
    std::vector<int64_t> full(axes - sizes.size(), 1);
    full.insert(full.end(), sizes.begin(), sizes.end());
    Node node;
    node.name = fresh(graph_.at(edge.node).name + "/channels_last");
    node.op = "tf/Reshape";
    node.inputs = {first(edge), ir::add_ints(graph_, node.name + "/shape", permuted(full, to_last(axes), 1))};
    // Only one axis is longer than 1 where a reshape can stand for the transpose.
    if (std::count_if(sizes.begin(), sizes.end(), [](int64_t size) { return size != 1; }) > 1) {
      node.inputs[1] = ir::add_ints(graph_, node.name + "/full", full);
      const std::string name = node.name;
      return transpose({graph_.add(std::move(node)), 0}, to_last(axes), name + "/transposed");
    }
    return {graph_.add(std::move(node)), 0};
  }

  Edge integers(Edge edge, size_t axes, bool number_axes, const std::string& name) {
    const Tensor tensor = *ir::constant(graph_, edge);
    std::vector<int64_t> values = to_ints(tensor);
    const auto order = to_last(axes);
    if (number_axes) {
      for (int64_t& axis : values) axis = renumbered(axis, order);
    } else {
      values = permuted(values, order, values.size() / axes);
    }
    const Edge out = ir::add_ints(graph_, fresh(name + "/axes"), values, tensor.dtype);
    Node& node = graph_.at(out.node);
    node.attrs["value"] = reshaped(*node.attrs["value"].get<Tensor>(), tensor.dims);
    node.outputs[0].shape = Shape::of(tensor.dims);
    return out;
  }

  static int64_t renumbered(int64_t axis, const std::vector<int64_t>& order) {
    if (axis < 0) axis += static_cast<int64_t>(order.size());
    return std::find(order.begin(), order.end(), axis) - order.begin();
  }

  static void attributes(Node& node, const Layout& layout, size_t axes) {
    const auto order = to_last(axes);
    if (const std::string* format = data_format(node)) node.attrs["data_format"] = "N" + format->substr(2) + "C";
    const auto permute = [&](const std::string& name, size_t width) {
      Value* attr = node.attrs.edit(name);
      const auto values = attr ? attr->as_ints() : std::nullopt;
      if (values && values->size() == axes * width) *attr = Value::ints(permuted(*values, order, width));
    };
    for (const std::string& name : layout.lists) permute(name, 1);
    for (const std::string& name : layout.pairs) permute(name, 2);
    for (const std::string& name : layout.axis_attrs) {
      Value* attr = node.attrs.edit(name);
      if (!attr) continue;
      std::vector<int64_t> values = *attr->as_ints();
      for (int64_t& axis : values) axis = renumbered(axis, order);
      *attr = Value::ints(values);
    }
  }

  PassContext& context_;
  Graph& graph_;
  std::map<Edge, Versions> versions_;
  std::map<std::string, int> used_;
};

}  // namespace

/// Images with their channels first are turned into images with their channels last, once where they come in and once where
/// they go out; what lies between computes on the latter. What an op says about axes stands in its card (OpCard::layout).
void channels_last(PassContext& context) {
  const auto& nodes = context.graph.nodes;
  const auto first =
      std::find_if(nodes.begin(), nodes.end(), [](const Node& node) { return !node.dead && channels_first(node); });
  if (first == nodes.end()) return;
  const std::string name = first->name;
  if (context.keep_data_format) {
    context.lossy.emplace_back(name, "images with their channels first are kept; Keras runs them on a CPU only in part");
    return;
  }
  infer_types(context.graph, context.registry, context.control);
  ChannelsLast(context).run();
  context.graph.prune();
  context.lossy.emplace_back(
      name, "the graph has the channels of its images first, the model has them last; inputs and outputs stay as they are");
}

}  // namespace keraft::normalise
