#include <algorithm>
#include <map>
#include <set>

#include "cards/infer.h"
#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

const std::set<std::string, std::less<>> one_by_one{
    "tf/Relu",     "tf/Relu6",    "tf/LeakyRelu", "tf/Elu",     "tf/Selu",    "tf/Tanh",  "tf/Sigmoid", "tf/Erf",
    "tf/Softplus", "tf/Softsign", "tf/Exp",       "tf/Log",     "tf/Sqrt",    "tf/Rsqrt", "tf/Neg",     "tf/StopGradient",
    "tf/Identity", "tf/Abs",      "tf/Square",    "tf/Softmax", "ir/Dropout", "tf/Add",   "tf/AddV2",   "tf/Sub",
    "tf/Mul",      "tf/RealDiv",  "tf/Maximum",   "tf/Minimum", "tf/Pow",     "tf/AddN",  "tf/BiasAdd", "tf/SquaredDifference"};

/// The steps of each sample were made rows of one matrix: (B, T, …) → (B·T, D). T, where that is so.
std::optional<int64_t> steps(const Graph& graph, const Node& node) {
  if (node.op != "tf/Reshape" || node.inputs.empty() || node.outputs.empty()) return std::nullopt;
  const Shape in = graph.type(node.inputs[0]).shape, &out = node.outputs[0].shape;
  if (!in.has_rank() || in.rank() < 3 || !out.has_rank() || out.rank() != 2) return std::nullopt;
  Dim inner(1);
  for (size_t i = 2; i < in.rank(); ++i) inner = inner * in[i];
  const bool known = in[1].known() && in[1].value() > 1 && inner.known() && inner == out[1];
  return known ? std::optional(in[1].value()) : std::nullopt;
}

class Rows {
 public:
  explicit Rows(PassContext& context) : context_(context), graph_(context.graph) {}

  bool find() {
    for (const NodeId id : graph_.order()) {
      const Node& node = graph_.at(id);
      const Edge edge{id, 0};
      if (const auto count = steps(graph_, node)) {
        rows_[edge] = *count;
      } else if (const auto same = row_by_row(node)) {
        rows_[edge] = *same;
        order_.push_back(id);
        worth_ = worth_ || node.op == "tf/Mean" || mapped(node) > 1;
      }
    }
    return worth_;
  }

  void split() {
    std::map<Edge, Edge> now;
    for (const auto& [edge, count] : rows_) {
      const Node& node = graph_.at(edge.node);
      if (node.op == "tf/Reshape") now[edge] = reshaped(node.inputs[0], node.name, count, node.outputs[0].shape[1].value());
    }
    for (const NodeId id : order_) {
      Node node = graph_.at(id);
      for (Edge& edge : node.inputs) {
        if (now.contains(edge)) edge = now.at(edge);
      }
      if (node.op == "tf/Mean") {
        node.inputs[1] = ir::add_ints(graph_, node.name + "/steps/axis", {2});
        node.attrs["Tidx"] = DType::i32;
      }
      if (node.op == "tf/MatMul") multiply(node);
      node.name += "/steps";
      node.outputs.clear();
      now[{id, 0}] = {add_op(graph_, context_.registry, std::move(node)), 0};
    }
    rejoin(now);
  }

 private:
  size_t mapped(const Node& node) const {
    return static_cast<size_t>(
        std::count_if(node.inputs.begin(), node.inputs.end(), [&](Edge e) { return rows_.contains(e); }));
  }

  /// Computes each row by itself; T, when an input is of such rows.
  std::optional<int64_t> row_by_row(const Node& node) const {
    if (node.dead || node.inputs.empty() || node.outputs.empty() || mapped(node) == 0) return std::nullopt;
    std::optional<int64_t> out;
    const bool matmul = node.op == "tf/MatMul", mean = node.op == "tf/Mean";
    if (!matmul && !mean && !one_by_one.contains(node.op)) return std::nullopt;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const auto found = rows_.find(node.inputs[i]);
      if (found != rows_.end()) {
        if (i > 0 && (matmul || mean || node.op == "tf/BiasAdd")) return std::nullopt;
        if (out && *out != found->second) return std::nullopt;
        out = found->second;
      } else if (!matmul && !mean) {
        const Shape shape = graph_.type(node.inputs[i]).shape;
        if (!shape.has_rank() || shape.rank() > 1) return std::nullopt;
      }
    }
    if (matmul && (flag(node, "transpose_a") || !rows_.contains(node.inputs[0]))) return std::nullopt;
    if (mean) {
      const auto axes = ir::constant_ints(graph_, node.inputs[1]);
      if (!flag(node, "keep_dims") || !axes || axes->size() != 1 || ((*axes)[0] != 1 && (*axes)[0] != -1)) return std::nullopt;
    }
    return out;
  }

  static bool flag(const Node& node, const char* name) {
    const auto found = node.attrs.find(name);
    return found != node.attrs.end() && found->second == Value(true);
  }

  static void multiply(Node& node) {
    const bool turned = flag(node, "transpose_b");
    node.op = "tf/BatchMatMulV2";
    std::erase_if(node.attrs.edit(), [](const auto& attr) { return attr.first != "T"; });
    node.attrs["adj_x"] = false;
    node.attrs["adj_y"] = turned;
  }

  Edge reshaped(Edge x, const std::string& name, int64_t count, int64_t size) {
    const Shape shape = graph_.type(x).shape;
    if (shape.rank() == 3) return x;
    Node node;
    node.op = "tf/Reshape";
    node.name = name + "/steps";
    node.inputs = {x, ir::add_ints(graph_, node.name + "/shape", {-1, count, size})};
    return {add_op(graph_, context_.registry, std::move(node)), 0};
  }

  /// What else reads the rows: reshapes do not mind, others get the matrix back.
  void rejoin(const std::map<Edge, Edge>& now) {
    std::map<Edge, Edge> matrices;
    const auto matrix = [&](Edge edge) {
      const auto [at, fresh] = matrices.try_emplace(edge, edge);
      if (!fresh || graph_.at(edge.node).op == "tf/Reshape") return at->second;
      Node node;
      node.op = "tf/Reshape";
      node.name = graph_.at(edge.node).name + "/rows";
      const Shape shape = graph_.type(edge).shape;
      node.inputs = {now.at(edge), ir::add_ints(graph_, node.name + "/shape", {-1, shape[1].value()})};
      return at->second = {add_op(graph_, context_.registry, std::move(node)), 0};
    };
    const std::set<NodeId> old(order_.begin(), order_.end());
    const size_t count = graph_.nodes.size();
    for (size_t i = 0; i < count; ++i) {
      if (graph_.nodes[i].dead || old.contains(static_cast<NodeId>(i))) continue;
      for (size_t k = 0; k < graph_.nodes[i].inputs.size(); ++k) {
        const Edge edge = graph_.nodes[i].inputs[k];
        if (!now.contains(edge) || now.at(edge).node == static_cast<NodeId>(i)) continue;
        const bool reshape = graph_.nodes[i].op == "tf/Reshape" && k == 0;
        const Edge next = reshape ? now.at(edge) : matrix(edge);
        graph_.nodes[i].inputs[k] = next;
      }
    }
    for (Port& port : graph_.outputs) {
      if (now.contains(port.edge)) port.edge = matrix(port.edge);
    }
    graph_.prune();
  }

  PassContext& context_;
  Graph& graph_;
  std::map<Edge, int64_t> rows_;
  std::vector<NodeId> order_;
  bool worth_ = false;
};

}  // namespace

/// Matrices of all steps of all samples, as the first transformers computed with, become (batch, steps, features), as layers
/// have it. Products alone are left: Dense knows them.
void split_rows(PassContext& context) {
  Rows rows(context);
  if (rows.find()) rows.split();
}

}  // namespace keraft::normalise
