#include <map>
#include <set>

#include "cards/infer.h"
#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// The dense tensor behind a list of the elements where `mask`, of the same sizes, is true.
struct Picked {
  Edge x, mask;
};

bool is_elementwise(std::string_view op) {
  static const std::set<std::string_view> ops{"tf/Less",     "tf/LessEqual", "tf/Greater",    "tf/GreaterEqual", "tf/Equal",
                                              "tf/NotEqual", "tf/LogicalOr", "tf/LogicalAnd", "tf/LogicalNot",   "tf/SelectV2",
                                              "tf/Cast",     "tf/Maximum",   "tf/Minimum",    "tf/FloorMod",     "tf/AddV2",
                                              "tf/Add",      "tf/Sub",       "tf/Mul",        "tf/ZerosLike",    "tf/OnesLike"};
  return ops.contains(op);
}

/// Sparse tensors that were dense: what became of lists of picked elements and of their indices, said of the dense tensors.
class Columns {
 public:
  explicit Columns(PassContext& context)
      : graph_(context.graph),
        registry_(context.registry),
        inference_(infer_types(context.graph, context.registry, context.control)) {}

  /// The sum (mean, …) of table rows for each row of a sparse tensor; zeros for rows without elements, as the Select node
  /// chooses.
  std::optional<Edge> looked_up(const Node& select) {
    if (select.inputs.size() != 3) return std::nullopt;
    const Edge sums = select.inputs[2];
    const Node reduce = graph_.at(sums.node);  // copies: nodes are added below
    if (!reduces(reduce.op) || reduce.inputs.size() != 3 || !zeros_like(select.inputs[1], sums)) return std::nullopt;
    const auto filled = source(select.inputs[0], {"tf/Tile", "tf/Reshape", "tf/ExpandDims", "tf/BroadcastTo"});
    const Node fill = graph_.at(filled.node);
    if (fill.op != "tf/SparseFillEmptyRows" || filled.port != 2 || fill.inputs.size() != 4) return std::nullopt;
    if (!first_column(reduce.inputs[2], filled.node)) return std::nullopt;
    const auto found = table_of(reduce, {filled.node, 1});
    if (!found) return std::nullopt;
    const Edge table = *found;
    const Shape of_table = graph_.type(table).shape;
    const auto mask = positions(fill.inputs[0]);
    const auto ids = list(fill.inputs[1]);
    if (!mask || !ids || ids->mask != *mask || !of_table.has_rank() || of_table.rank() != 2 ||
        !ir::is_constant(graph_, fill.inputs[3]))
      return std::nullopt;
    const Shape shape = graph_.type(*mask).shape;
    if (!shape.has_rank() || shape.rank() != 2 || sizes(fill.inputs[2]) != std::optional(shape.dims())) return std::nullopt;
    return sum_of_rows(graph_.at(sums.node).name, reduce.op, table, *ids, fill.inputs[3]);
  }

 private:
  /// Columns take a few steps; a file may hold thousands.
  struct Depth {
    explicit Depth(Columns& columns) : now(columns.depth_), over(++now > 32) {}
    ~Depth() { --now; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    int& now;
    bool over;
  };

  static bool reduces(std::string_view op) {
    return op == "tf/SparseSegmentSum" || op == "tf/SparseSegmentMean" || op == "tf/SparseSegmentSqrtN";
  }

  /// What stands behind ops that give a tensor other sizes.
  Edge source(Edge edge, const std::set<std::string_view>& through) const {
    while (through.contains(graph_.at(edge.node).op)) edge = graph_.at(edge.node).inputs.at(0);
    return edge;
  }

  /// The table whose rows are summed: those that the ids name, or those of the different ones among them.
  std::optional<Edge> table_of(const Node& reduce, Edge ids) const {
    const Edge numbers = reduce.inputs[1];
    if (numbers == ids) return reduce.inputs[0];
    const Node &rows = graph_.at(reduce.inputs[0].node), &unique = graph_.at(numbers.node);
    const auto batch = rows.attrs.find("batch_dims");
    const bool fits = rows.op == "tf/GatherV2" && rows.inputs.size() == 3 && unique.op == "tf/Unique" && numbers.port == 1 &&
                      rows.inputs[1] == Edge{numbers.node, 0} && unique.inputs.at(0) == ids &&
                      ir::constant_ints(graph_, rows.inputs[2]) == std::vector<int64_t>{0} &&
                      (batch == rows.attrs.end() || batch->second == Value(0));
    return fits ? std::optional(rows.inputs[0]) : std::nullopt;
  }

  bool zeros_like(Edge zeros, Edge like) const {
    const Node& node = graph_.at(zeros.node);
    return (node.op == "tf/ZerosLike" && node.inputs.at(0) == like) ||
           ir::filled_with(graph_, zeros, [](double value) { return value == 0; });
  }

  /// StridedSlice [:, 0] of the indices that the node gives, maybe cast.
  bool first_column(Edge edge, NodeId filled) const {
    const Node& slice = graph_.at(source(edge, {"tf/Cast"}).node);
    if (slice.op != "tf/StridedSlice" || slice.inputs.size() != 4 || slice.inputs[0] != Edge{filled, 0}) return false;
    const auto is = [&](const char* name, int64_t value) {
      const auto found = slice.attrs.find(name);
      return (found == slice.attrs.end() ? Value(0) : found->second) == Value(value);
    };
    const auto begin = ir::constant_ints(graph_, slice.inputs[1]), step = ir::constant_ints(graph_, slice.inputs[3]);
    return begin && begin->size() == 2 && (*begin)[1] == 0 && step && *step == std::vector<int64_t>{1, 1} &&
           is("begin_mask", 1) && is("end_mask", 1) && is("shrink_axis_mask", 2) && is("new_axis_mask", 0) &&
           is("ellipsis_mask", 0);
  }

  std::optional<Dims> sizes(Edge edge) const {
    if (const auto known = ir::constant_ints(graph_, edge)) return Dims(known->begin(), known->end());
    if (static_cast<size_t>(edge.node) >= inference_.ints.size()) return std::nullopt;
    const auto& values = inference_.ints[static_cast<size_t>(edge.node)];
    return static_cast<size_t>(edge.port) < values.size() ? values[static_cast<size_t>(edge.port)] : std::nullopt;
  }

  /// The mask whose true elements the indices name.
  std::optional<Edge> positions(Edge indices) {
    const Depth depth(*this);
    if (depth.over) return std::nullopt;
    const Node node = graph_.at(indices.node);
    if (node.op == "tf/Where") {
      const TensorType type = graph_.type(node.inputs.at(0));
      return type.dtype == DType::boolean && type.shape.has_rank() ? std::optional(node.inputs[0]) : std::nullopt;
    }
    if (node.op == "tf/SparseReshape" && indices.port == 0) {
      const auto mask = positions(node.inputs.at(0));
      const bool stays = mask && sizes({indices.node, 1}) == std::optional(graph_.type(*mask).shape.dims());
      return stays ? mask : std::nullopt;
    }
    return node.op == "tf/GatherV2" ? filtered(node, positions(node.inputs.at(0))) : std::nullopt;
  }

  /// The dense tensor from which the elements of a list were picked.
  std::optional<Picked> list(Edge edge) {
    const Depth depth(*this);
    if (depth.over) return std::nullopt;
    const Node node = graph_.at(edge.node);
    if (node.op == "tf/GatherNd") {
      const auto mask = positions(node.inputs.at(1));
      if (!mask || !(graph_.type(node.inputs[0]).shape == graph_.type(*mask).shape)) return std::nullopt;
      return Picked{node.inputs[0], *mask};
    }
    if (node.op == "tf/GatherV2") {
      const auto before = list(node.inputs.at(0));
      const auto mask = before ? filtered(node, before->mask) : std::nullopt;
      return mask ? std::optional(Picked{before->x, *mask}) : std::nullopt;
    }
    if (!is_elementwise(node.op)) return std::nullopt;
    const auto known = lists_.find(edge.node);
    if (known != lists_.end()) return known->second;
    Node dense = node;
    dense.name += "/dense";
    std::optional<Edge> mask;
    for (Edge& input : dense.inputs) {
      if (const auto constant = single(input)) {
        input = *constant;
        continue;
      }
      const auto picked = list(input);
      if (!picked || (mask && *mask != picked->mask)) return std::nullopt;
      mask = picked->mask;
      input = picked->x;
    }
    if (!mask) return std::nullopt;
    const Picked out{{add_op(graph_, registry_, std::move(dense)), 0}, *mask};
    lists_.emplace(edge.node, out);
    return out;
  }

  /// A number for all elements: a constant scalar, or Fill with one.
  std::optional<Edge> single(Edge edge) const {
    const Node& node = graph_.at(edge.node);
    if (node.op == "tf/Fill" && ir::scalar(graph_, node.inputs.at(1))) return node.inputs[1];
    const Shape shape = graph_.type(edge).shape;
    return ir::scalar(graph_, edge) && shape.has_rank() && shape.rank() == 0 ? std::optional(edge) : std::nullopt;
  }

  /// GatherV2(list, Reshape(Where(condition on the list), [-1]), 0) keeps the elements for which the condition holds.
  std::optional<Edge> filtered(const Node& gather, std::optional<Edge> mask) {
    if (!mask || gather.inputs.size() != 3 || ir::constant_ints(graph_, gather.inputs[2]) != std::vector<int64_t>{0})
      return std::nullopt;
    const Node reshape = graph_.at(gather.inputs[1].node);
    const Node where = graph_.at(source(gather.inputs[1], {"tf/Reshape", "tf/Squeeze"}).node);
    if (where.op != "tf/Where") return std::nullopt;
    const auto kept = list(where.inputs.at(0));
    if (!kept || kept->mask != *mask) return std::nullopt;
    const auto [known, fresh] = filters_.try_emplace({kept->x, *mask});
    if (fresh) {
      Node both{reshape.name + "/dense", "tf/LogicalAnd", {*mask, kept->x}};
      known->second = {add_op(graph_, registry_, std::move(both)), 0};
    }
    return known->second;
  }

  Edge sum_of_rows(const std::string& name, const std::string& op, Edge table, const Picked& ids, Edge rest) {
    const auto add = [&](const char* what, const char* kind, std::vector<Edge> inputs, Dict attrs) {
      return Edge{add_op(graph_, registry_, Node{name + what, kind, std::move(inputs), {}, std::move(attrs)}), 0};
    };
    const auto ints = [&](const char* what, const std::vector<int64_t>& values) {
      return ir::add_ints(graph_, name + what, values);
    };
    const DType real = graph_.type(table).dtype, whole = graph_.type(ids.x).dtype;
    const Edge safe = add("/ids", "tf/SelectV2", {ids.mask, ids.x, rest}, {{"T", whole}});
    const Edge axis = ir::add_constant(graph_, name + "/axis", make_tensor<int32_t>(DType::i32, {}, std::vector<int32_t>{0}));
    const Edge rows = add("/rows", "tf/GatherV2", {table, safe, axis},
                          {{"Tparams", real}, {"Tindices", whole}, {"Taxis", DType::i32}, {"batch_dims", 0}});
    const Edge wide = add("/mask", "tf/ExpandDims", {ids.mask, ints("/last", {-1})}, {{"T", DType::boolean}});
    const Edge none = add("/none", "tf/ZerosLike", {rows}, {{"T", real}});
    const Edge kept = add("/kept", "tf/SelectV2", {wide, rows, none}, {{"T", real}});
    const Dict summed{{"T", real}, {"keep_dims", false}};
    const Edge sum = add("/sum", "tf/Sum", {kept, ints("/columns", {1})}, summed);
    if (op == "tf/SparseSegmentSum") return sum;
    const Edge counted = add("/counted", "tf/Cast", {wide}, {{"SrcT", DType::boolean}, {"DstT", real}});
    Edge count = add("/count", "tf/Sum", {counted, ints("/count_columns", {1})}, summed);
    if (op == "tf/SparseSegmentSqrtN") count = add("/root", "tf/Sqrt", {count}, {{"T", real}});
    return add("/mean", "tf/DivNoNan", {sum, count}, {{"T", real}});
  }

  Graph& graph_;
  const Registry& registry_;
  Inference inference_;
  std::map<NodeId, Picked> lists_;
  std::map<std::pair<Edge, Edge>, Edge> filters_;
  int depth_ = 0;
};

}  // namespace

/// Columns of features that are made sparse to be looked up in a table are looked up as they are.
void sparse_columns(PassContext& context) {
  Graph& graph = context.graph;
  bool any = false;
  for (const Node& node : graph.nodes) any = any || (!node.dead && node.op == "tf/SparseFillEmptyRows");
  if (!any) return;
  Columns columns(context);
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead || (graph.nodes[i].op != "tf/Select" && graph.nodes[i].op != "tf/SelectV2")) continue;
    const Node node = graph.nodes[i];
    if (const auto sum = columns.looked_up(node)) rewire.set({static_cast<NodeId>(i), 0}, *sum);
  }
  rewire.apply();
}

}  // namespace keraft::normalise
