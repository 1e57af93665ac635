#include "cards/steps.h"

#include <algorithm>
#include <utility>

#include "base/string.h"
#include "ir/constant.h"
#include "ir/keras_object.h"
#include "ir/rewire.h"

namespace keraft::cards {
namespace {

using Calls = std::vector<NodeId>;

constexpr size_t most_steps = 1024;

class Steps {
 public:
  Steps(Graph& graph, const Registry& registry, const std::string& cls)
      : graph_(graph), registry_(registry), cls_(cls), uses_(graph.nodes.size(), 0) {
    for (const Node& node : graph.nodes) {
      if (node.dead) continue;
      for (const Edge& edge : node.inputs) ++uses_[static_cast<size_t>(edge.node)];
    }
    for (const Port& port : graph.outputs) ++uses_[static_cast<size_t>(port.edge.node)];
  }

  void run() {
    // What stands inside comes first, so that a wrapper can be wrapped.
    for (const NodeId id : graph_.order()) {
      if (is({id, 0}, "tf/Reshape")) joined(id);
      if (is({id, 0}, "tf/Transpose")) apart(id);
    }
    rewire_.apply();
  }

 private:
  bool is(Edge edge, std::string_view op) const {
    const Node& node = graph_.at(edge.node);
    return edge.port == 0 && !node.dead && node.op == op && !node.inputs.empty();
  }
  bool once(Edge edge) const { return uses_[static_cast<size_t>(edge.node)] == 1; }
  Edge input(Edge edge) const { return rewire_.now(graph_.at(edge.node).inputs[0]); }
  Shape shape(Edge edge) const { return graph_.type(edge).shape; }
  const Layer& layer(NodeId call) const { return graph_.layers[static_cast<size_t>(graph_.at(call).layer)]; }

  /// A call of one of Keras' own layers, that treats a row of its batch as every other.
  bool wraps(Edge edge) const {
    const Node& node = graph_.at(edge.node);
    if (edge.port != 0 || node.dead || node.layer < 0 || node.inputs.size() != 1 || !node.attrs.empty() || !once(edge))
      return false;
    const Layer& one = layer(edge.node);
    const bool plain = one.registered.empty() && one.code.empty() && registry_.layer(one.cls);
    return plain && graph_.type(edge).dtype == DType::f32 && shape(edge).has_rank();
  }

  bool same(NodeId a, NodeId b) const {
    const Layer &x = layer(a), &y = layer(b);
    const auto alike = [&](const Slot& s, const Slot& t) {
      return s.name == t.name && graph_.root(s.weight) == graph_.root(t.weight) && s.value.dims == t.value.dims;
    };
    return x.cls == y.cls && x.config == y.config && graph_.type({a, 0}) == graph_.type({b, 0}) &&
           std::equal(x.slots.begin(), x.slots.end(), y.slots.begin(), y.slots.end(), alike);
  }

  /// The sizes from `axis` on, where all are numbers.
  static std::optional<std::vector<int64_t>> from(const Shape& shape, size_t axis) {
    std::vector<int64_t> out;
    if (!shape.has_rank() || shape.rank() < axis) return std::nullopt;
    for (size_t i = axis; i < shape.rank(); ++i) {
      if (!shape[i].known()) return std::nullopt;
      out.push_back(shape[i].value());
    }
    return out;
  }

  static int64_t product(const std::vector<int64_t>& sizes) {
    int64_t out = 1;
    for (const int64_t size : sizes) {
      if (size <= 0 || __builtin_mul_overflow(out, size, &out)) return -1;
    }
    return out;
  }

  /// Reshape([-1, inner]) → calls → Reshape([-1, steps, outer]).
  void joined(NodeId out) {
    Calls calls;
    Edge at = input({out, 0});
    for (; wraps(at); at = input(at)) calls.insert(calls.begin(), at.node);
    if (calls.empty() || !is(at, "tf/Reshape") || !once(at)) return;
    const Edge x = input(at);
    const Shape whole = shape(x), result = shape({out, 0});
    const auto given = from(whole, 2), inner = from(shape(at), 1);
    const auto made = from(shape({calls.back(), 0}), 1), outer = from(result, 2);
    if (!given || !inner || !made || !outer || given->empty() || !(whole[1] == result[1])) return;
    if (whole[0].known() && !whole[1].known()) return;
    const int64_t before = product(*inner), after = product(*outer);
    if (before < 1 || after < 1 || product(*given) != before || product(*made) != after) return;
    // What a step was flattened by has become one with the reshapes.
    if (inner->size() != 1 && *given != *inner) return;
    if (outer->size() != 1 && *made != *outer) return;
    Edge now = x;
    if (*given != *inner)
      now = flattened(now, at, whole, before);
    else
      graph_.at(calls.front()).from.push_back(graph_.at(at.node).name);
    for (const NodeId call : calls) now = wrap({call}, now, whole);
    if (*made != *outer) now = flattened(now, {out, 0}, whole, after);
    finish(out, now);
  }

  /// Transpose → each index of axis 0 → calls → Pack → Transpose.
  void apart(NodeId out) {
    const Edge pack = swapped({out, 0});
    if (pack.node == no_node || !is(pack, "tf/Pack") || !once(pack) || !first_axis(graph_.at(pack.node))) return;
    std::vector<Edge> ends;
    for (const Edge& edge : graph_.at(pack.node).inputs) ends.push_back(rewire_.now(edge));
    if (ends.size() < 2 || ends.size() > most_steps) return;
    std::vector<Calls> calls;
    const auto goes_on = [&](const Edge& end) { return wraps(end) && same(end.node, ends.front().node); };
    while (wraps(ends.front()) && std::all_of(ends.begin(), ends.end(), goes_on)) {
      Calls row;
      for (Edge& end : ends) {
        row.push_back(end.node);
        end = input(end);
      }
      calls.insert(calls.begin(), std::move(row));
    }
    if (calls.empty() || !is(ends.front(), "tf/StridedSlice")) return;
    const Edge turned = input(ends.front());
    for (size_t i = 0; i < ends.size(); ++i) {
      if (!is(ends[i], "tf/StridedSlice") || !(input(ends[i]) == turned) || !takes(graph_.at(ends[i].node), i)) return;
    }
    const Edge x = swapped(turned);
    if (x.node == no_node) return;
    const Shape whole = shape(x);
    const auto given = from(whole, 1);
    if (!given || given->size() < 2 || given->front() != static_cast<int64_t>(ends.size())) return;
    graph_.at(calls.front().front()).from.push_back(graph_.at(turned.node).name);
    Edge now = x;
    for (const Calls& row : calls) now = wrap(row, now, whole);
    finish(out, now);
  }

  /// The input of a transpose that exchanges the first two axes, else no_node.
  Edge swapped(Edge edge) const {
    if (!is(edge, "tf/Transpose") || graph_.at(edge.node).inputs.size() != 2) return {};
    const auto perm = ir::constant_ints(graph_, graph_.at(edge.node).inputs[1]);
    if (!perm || perm->size() < 2 || (*perm)[0] != 1 || (*perm)[1] != 0) return {};
    for (size_t i = 2; i < perm->size(); ++i) {
      if ((*perm)[i] != static_cast<int64_t>(i)) return {};
    }
    return input(edge);
  }

  static int64_t attr(const Node& node, std::string_view name) {
    const auto found = node.attrs.find(name);
    const int64_t* value = found == node.attrs.end() ? nullptr : found->second.get<int64_t>();
    return value ? *value : 0;
  }
  static bool first_axis(const Node& pack) { return attr(pack, "axis") == 0; }

  /// x[index]
  bool takes(const Node& slice, size_t index) const {
    if (slice.inputs.size() != 4 || attr(slice, "shrink_axis_mask") != 1) return false;
    for (const char* mask : {"begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask"}) {
      if (attr(slice, mask) != 0) return false;
    }
    const auto begin = ir::constant_ints(graph_, slice.inputs[1]), stride = ir::constant_ints(graph_, slice.inputs[3]);
    return begin == std::vector<int64_t>{static_cast<int64_t>(index)} && stride == std::vector<int64_t>{1};
  }

  static TensorType stepwise(const TensorType& one, const Shape& whole) {
    std::vector<Dim> dims{whole[0], whole[1]};
    for (size_t i = 1; i < one.shape.rank(); ++i) dims.push_back(one.shape[i]);
    return {one.dtype, Shape(std::move(dims))};
  }

  Edge add(Node call, Layer inner, TensorType type, const Shape& whole) {
    Layer outer;
    outer.cls = cls_;
    outer.trainable = inner.trainable;
    outer.slots = std::move(inner.slots);
    Dict config = std::move(inner.config);
    config["name"] = base::lower(inner.cls);
    outer.config["layer"] = ir::keras_object("keras.layers", inner.cls, std::move(config));
    call.op = "keras/" + cls_;
    call.layer = static_cast<int32_t>(graph_.layers.size());
    call.outputs = {stepwise(type, whole)};
    graph_.layers.push_back(std::move(outer));
    uses_.push_back(1);
    return {graph_.add(std::move(call)), 0};
  }

  /// The calls of one layer become one call of the wrapper.
  Edge wrap(const Calls& row, Edge x, const Shape& whole) {
    Node call;
    call.name = graph_.at(row.front()).name;
    call.inputs = {x};
    for (const NodeId id : row) {
      const auto& from = graph_.at(id).from;
      call.from.insert(call.from.end(), from.begin(), from.end());
      graph_.at(id).dead = true;
    }
    return add(std::move(call), layer(row.front()), graph_.type({row.front(), 0}), whole);
  }

  Edge flattened(Edge x, Edge reshape, const Shape& whole, int64_t size) {
    Node call;
    call.name = graph_.at(reshape.node).name + "/flat";
    call.inputs = {x};
    call.from = {graph_.at(reshape.node).name};
    Layer inner;
    inner.cls = "Flatten";
    return add(std::move(call), std::move(inner), {graph_.type(x).dtype, Shape({Dim(1), Dim(size)})}, whole);
  }

  /// `made` takes the place of the raw node.
  void finish(NodeId out, Edge made) {
    Node& last = graph_.at(made.node);
    const std::string name = graph_.at(out).name;
    if (last.from.empty() || last.from.front() != name) last.from.insert(last.from.begin(), name);
    last.name = name;
    uses_[static_cast<size_t>(made.node)] = uses_[static_cast<size_t>(out)];
    graph_.at(out).dead = true;
    rewire_.set({out, 0}, made);
  }

  Graph& graph_;
  const Registry& registry_;
  const std::string& cls_;
  std::vector<int> uses_;
  ir::Rewire rewire_{graph_};
};

}  // namespace

LayerCard::Gather gather_steps(std::string cls) {
  return [cls = std::move(cls)](Graph& graph, const Registry& registry) { Steps(graph, registry, cls).run(); };
}

}  // namespace keraft::cards
