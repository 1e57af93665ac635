#include <algorithm>

#include "cards/infer.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"
#include "normalise/window_ops.h"

namespace keraft::normalise {
namespace {

/// What happens along one axis of the convolution's input.
struct Axis {
  int64_t block = 1;
  Dim before = 0, after = 0, cut_before = 0, cut_after = 0;
};

/// SpaceToBatchND → [ExpandDims →] convolution → [Squeeze →] BatchToSpaceND.
class Chain {
 public:
  Chain(const Graph& graph, const Inference& inference, const std::vector<std::vector<NodeId>>& readers)
      : graph_(graph), inference_(inference), readers_(readers) {}

  /// From BatchToSpaceND upwards.
  bool follow(const Node& back) {
    NodeId id = back.inputs[0].node;
    if (graph_.at(id).op == "tf/Squeeze") {
      squeeze = id;
      if (only_reader(readers_, id) == no_node || graph_.at(id).inputs.empty()) return false;
      id = graph_.at(id).inputs[0].node;
    }
    conv = id;
    const Node& op = graph_.at(conv);
    if (!is_convolution(op) || only_reader(readers_, conv) == no_node || op.inputs.size() != 2) return false;
    id = op.inputs[0].node;
    if (squeeze != no_node) {
      expand = id;
      const Node& wider = graph_.at(expand);
      const auto axis = wider.op == "tf/ExpandDims" ? ints({expand, 0}, 1) : std::nullopt;
      const Shape shape = graph_.type({expand, 0}).shape;
      if (!axis || axis->size() != 1 || !axis->front().known() || !shape.has_rank()) return false;
      unit_ = axis->front().value() + (axis->front().value() < 0 ? static_cast<int64_t>(shape.rank()) : 0);
      id = wider.inputs[0].node;
    }
    forth = id;
    const Node& first = graph_.at(forth);
    return first.op == "tf/SpaceToBatchND" && first.inputs.size() == 3 && read_axes(first, back);
  }

  /// "SAME" or "VALID" of the dilated convolution, or nothing when the paddings fit neither (formats.md 6.2).
  std::optional<std::string> padding() const {
    const Node& op = graph_.at(conv);
    const Shape kernel = graph_.type(op.inputs[1]).shape;
    const size_t start = channels_first(op) ? 2 : 1;
    if (!kernel.known() || kernel.rank() != axes.size()) return std::nullopt;
    bool same = true, valid = true;
    for (size_t i = 0; i < axes.size(); ++i) {
      const Axis& a = axes[i];
      if (!a.cut_before.is(0)) return std::nullopt;
      const Dim after = a.after - a.cut_after;
      const bool space = i >= start && i < start + axes.size() - 2;
      if (!space && (a.block != 1 || !a.before.is(0) || !a.after.is(0) || !a.cut_after.is(0))) return std::nullopt;
      const int64_t total = space ? (kernel[i - start].value() - 1) * a.block : 0;
      same = same && a.before.is(total / 2) && after.is(total - total / 2);
      valid = valid && a.before.is(0) && after.is(0);
    }
    if (valid) return "VALID";
    return same ? std::optional<std::string>("SAME") : std::nullopt;
  }

  NodeId forth = no_node, expand = no_node, conv = no_node, squeeze = no_node;
  std::vector<Axis> axes;  ///< of the convolution's input

 private:
  std::optional<Dims> ints(Edge reader, size_t input) const {
    const Edge edge = graph_.at(reader.node).inputs.at(input);
    const auto& known = inference_.ints.at(static_cast<size_t>(edge.node));
    return static_cast<size_t>(edge.port) < known.size() ? known[static_cast<size_t>(edge.port)] : std::nullopt;
  }

  bool read_axes(const Node& first, const Node& back) {
    const auto block = ints({forth, 0}, 1), pads = ints({forth, 0}, 2);
    const auto at = [&](size_t i) -> std::optional<Dims> {
      const Edge edge = back.inputs[i];
      const auto& known = inference_.ints.at(static_cast<size_t>(edge.node));
      return static_cast<size_t>(edge.port) < known.size() ? known[static_cast<size_t>(edge.port)] : std::nullopt;
    };
    const auto same_block = at(1), crops = at(2);
    const Shape in = graph_.type(first.inputs[0]).shape;
    if (!block || !pads || !crops || block != same_block || pads->size() != 2 * block->size() ||
        crops->size() != pads->size() || !in.has_rank() || in.rank() <= block->size())
      return false;
    axes.assign(in.rank() + (expand == no_node ? 0 : 1), {});
    for (size_t i = 0; i < block->size(); ++i) {
      const size_t axis = i + 1 + (unit_ >= 0 && static_cast<int64_t>(i) + 1 >= unit_ ? 1 : 0);
      if (!(*block)[i].known() || (*block)[i].value() < 1) return false;
      axes.at(axis) = {(*block)[i].value(), (*pads)[2 * i], (*pads)[2 * i + 1], (*crops)[2 * i], (*crops)[2 * i + 1]};
    }
    return true;
  }

  const Graph& graph_;
  const Inference& inference_;
  const std::vector<std::vector<NodeId>>& readers_;
  int64_t unit_ = -1;
};

bool plain(const Node& conv) {
  const auto strides = conv.attrs.find("strides"), padding = conv.attrs.find("padding"),
             dilations = conv.attrs.find("dilations");
  const auto ones = [](const Value& value) {
    const auto all = value.as_ints();
    return all && std::all_of(all->begin(), all->end(), [](int64_t v) { return v == 1; });
  };
  return padding != conv.attrs.end() && padding->second == Value("VALID") && strides != conv.attrs.end() &&
         ones(strides->second) && (dilations == conv.attrs.end() || ones(dilations->second));
}

}  // namespace

/// SpaceToBatchND → convolution → BatchToSpaceND is a dilated convolution.
void dilate(PassContext& context) {
  Graph& graph = context.graph;
  const size_t count = graph.nodes.size();
  if (std::none_of(graph.nodes.begin(), graph.nodes.end(),
                   [](const Node& n) { return !n.dead && n.op == "tf/BatchToSpaceND"; }))
    return;
  const Inference inference = infer_types(graph, context.registry, context.control);
  const auto readers = graph.readers();
  ir::Rewire rewire(graph);
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead || graph.nodes[i].op != "tf/BatchToSpaceND" || graph.nodes[i].inputs.size() != 3) continue;
    Chain chain(graph, inference, readers);
    if (!chain.follow(graph.nodes[i]) || !plain(graph.at(chain.conv))) continue;
    const auto padding = chain.padding();
    if (!padding) continue;
    std::vector<int64_t> dilations;
    for (const Axis& axis : chain.axes) dilations.push_back(axis.block);
    Edge x = graph.at(chain.forth).inputs[0];
    const auto copy = [&](NodeId from) {
      Node fresh = graph.at(from);
      fresh.inputs[0] = x;
      if (from == chain.conv) {
        fresh.attrs["padding"] = *padding;
        fresh.attrs["dilations"] = Value::ints(dilations);
      }
      x = {graph.add(std::move(fresh)), 0};
    };
    if (chain.expand != no_node) copy(chain.expand);
    copy(chain.conv);
    if (chain.squeeze != no_node) copy(chain.squeeze);
    rewire.set({static_cast<NodeId>(i), 0}, x);
  }
  rewire.apply();
}

}  // namespace keraft::normalise
