#include "run/plan.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/string.h"
#include "ir/constant.h"
#include "run/stored_rows.h"

namespace keraft::run {
namespace {

size_t index(int32_t i) { return static_cast<size_t>(i); }

class Planner {
 public:
  Planner(const Graph& graph, const Registry& registry, const std::vector<Edge>& fetch, Environment& env)
      : graph_(graph),
        registry_(registry),
        fetch_(fetch),
        env_(env),
        cards_(graph.nodes.size(), nullptr),
        constant_(graph.nodes.size(), false),
        absorbed_(graph.nodes.size(), false) {}

  Plan make() {
    find_needed();
    need_kernels();
    leave_in_files();
    fold();
    fuse();
    number();
    return std::move(plan_);
  }

 private:
  const Node& node(NodeId id) const { return graph_.at(id); }
  bool is_input(NodeId id) const { return inputs_.contains(id); }

  void find_needed() {
    for (size_t i = 0; i < graph_.inputs.size(); ++i) inputs_[graph_.inputs[i].edge.node] = i;
    std::vector<bool> needed(graph_.nodes.size(), false);
    std::vector<NodeId> open;
    const auto need = [&](NodeId id) {
      if (needed.at(index(id))) return;
      needed[index(id)] = true;
      open.push_back(id);
    };
    for (const Edge& edge : fetch_) need(edge.node);
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (is_input(id)) continue;
      for (const Edge& edge : node(id).inputs) need(edge.node);
    }
    for (const NodeId id : graph_.order()) {
      if (needed[index(id)]) order_.push_back(id);
    }
    for (const NodeId id : order_) {
      if (is_input(id)) continue;
      for (const Edge& edge : node(id).inputs) ++reads_[edge];
    }
    // A fetched tensor counts as read once more, so that nothing is fused over it.
    for (const Edge& edge : fetch_) reads_[edge] += 2;
  }

  void need_kernels() {
    std::string missing;
    int count = 0;
    for (const NodeId id : order_) {
      const Node& n = node(id);
      if (is_input(id) || n.op == "ir/Weight") continue;
      cards_[index(id)] = registry_.op(n.op);
      if (cards_[index(id)] && cards_[index(id)]->kernel_fn && cards_[index(id)]->shape_fn) continue;
      ++count;
      missing += "\n  " + base::escaped(n.name) + " (" + base::escaped(n.op) + ")";
    }
    if (count > 0) throw Error(Status::unsupported, std::to_string(count) + " nodes have no kernel:" + missing);
  }

  /// Large weights of which every reader picks rows stay in their files.
  void leave_in_files() {
    std::map<Edge, std::vector<NodeId>> readers;
    for (const NodeId id : order_) {
      if (!is_input(id) && !node(id).inputs.empty()) readers[node(id).inputs.front()].push_back(id);
    }
    for (const NodeId id : order_) {
      const Tensor* table = is_input(id) ? nullptr : large(id);
      if (!table) continue;
      std::vector<Edge> same{{id, 0}};
      std::vector<std::pair<NodeId, std::unique_ptr<Fused>>> picks;
      bool rows_only = true;
      for (size_t at = 0; at < same.size() && rows_only; ++at) {
        const std::vector<NodeId> mine = readers[same[at]];
        rows_only = static_cast<int>(mine.size()) == reads_[same[at]];
        for (const NodeId reader : mine) {
          const OpCard& card = *cards_[index(reader)];
          if (card.passes && node(reader).inputs.size() == 1) {
            same.push_back({reader, 0});
          } else {
            picks.emplace_back(reader, stored_rows(graph_, node(reader), card, *table));
            rows_only = rows_only && picks.back().second;
          }
        }
      }
      if (!rows_only) continue;
      for (const Edge& edge : same) constant_[index(edge.node)] = true;
      for (auto& [reader, rows] : picks) chains_[reader] = {Chain{reader, {reader, 0}, {}, 1}, std::move(rows)};
    }
  }

  /// The node's tensor, when it is large and lies in a file.
  const Tensor* large(NodeId id) const {
    const Node& n = node(id);
    const Tensor* tensor = n.op == "ir/Weight" ? &graph_.weights.at(index(n.weight)).value : ir::constant(graph_, {id, 0});
    const bool in_file = tensor && tensor->storage && tensor->storage->in_memory().empty();
    return in_file && tensor->bytes() >= worth_storing ? tensor : nullptr;
  }

  /// Computes what depends on no input.
  void fold() {
    for (const NodeId id : order_) {
      const Node& n = node(id);
      check(env_.control);
      if (is_input(id) || constant_[index(id)]) continue;
      if (n.op == "ir/Weight") {
        const Tensor& value = graph_.weights.at(index(n.weight)).value;
        at_node(n, [&] {
          Array array = env_.memory->allocate(value.dtype, value.dims);
          if (array.elements() > 0) value.storage->read(0, {array.data.get(), array.bytes()});
          normalise_truth(array);
          values_[{id, 0}] = std::move(array);
        });
        constant_[index(id)] = true;
        continue;
      }
      const OpCard& card = *cards_[index(id)];
      if (card.effects || !std::all_of(n.inputs.begin(), n.inputs.end(), [&](Edge e) { return values_.contains(e); })) continue;
      std::vector<const Array*> in;
      for (const Edge& edge : n.inputs) in.push_back(&values_.at(edge));
      std::vector<Array> out = execute(n, card, std::move(in), {}, env_);
      if (card.name() == "Const" && !out.empty()) normalise_truth(out[0]);
      for (size_t port = 0; port < out.size(); ++port) values_[{id, static_cast<int32_t>(port)}] = std::move(out[port]);
      constant_[index(id)] = true;
    }
  }

  const Array* constant(Edge edge) const {
    const auto found = values_.find(edge);
    return found == values_.end() ? nullptr : &found->second;
  }

  void fuse() {
    std::map<Edge, NodeId> reader;
    for (const NodeId id : order_) {
      if (is_input(id)) continue;
      for (const Edge& edge : node(id).inputs) reader[edge] = id;
    }
    for (const NodeId id : order_) {
      if (constant_[index(id)] || is_input(id) || node(id).inputs.size() != 2) continue;
      const Array* weight = constant(node(id).inputs[1]);
      std::unique_ptr<Fused> one = weight ? fused(node(id), *cards_[index(id)], *weight) : nullptr;
      if (!one) continue;
      Chain chain{id, {id, 0}, {}};
      for (auto next = reader.find(chain.result); next != reader.end(); next = reader.find(chain.result)) {
        if (reads_[chain.result] != 1 || absorbed_[index(next->second)] || !absorb(*one, chain, next->second)) break;
        absorbed_[index(next->second)] = true;
        chain.result = {next->second, 0};
      }
      one->finish(env_);
      absorbed_[index(id)] = true;
      chains_[chain.result.node] = {chain, std::move(one)};
    }
  }

  struct Chain {
    NodeId first;
    Edge result;
    std::optional<Edge> residual;
    size_t input = 0;  ///< of the first node
  };

  bool absorb(Fused& to, Chain& chain, NodeId next) {
    const Node& n = node(next);
    const OpCard& card = *cards_[index(next)];
    for (const auto& [edge, count] : reads_of(next)) {
      if (edge.port != 0 && count > 0) return false;
    }
    const bool first = n.inputs.front() == chain.result;
    if (card.passes) return n.inputs.size() == 1;
    if (card.fusion == Fusion::clamp) return to.clamp(card.low, card.high);
    if (card.fusion == Fusion::normalise) return first && absorb_norm(to, n, card);
    if (n.inputs.size() != 2) return false;
    const Edge other = n.inputs[first ? 1 : 0];
    const Array* constant_other = constant(other);
    if (constant_other) {
      switch (card.fusion) {
        case Fusion::bias:
          return attr_text(n, "data_format", "NHWC") == "NHWC" && to.shift(*constant_other, false);
        case Fusion::add:
          return to.shift(*constant_other, false);
        case Fusion::subtract:
          return first && to.shift(*constant_other, true);
        case Fusion::multiply:
          return to.scale(*constant_other);
        default:
          return false;
      }
    }
    if (card.fusion != Fusion::add || other == chain.result) return false;
    const Shape &mine = graph_.type(chain.result).shape, &theirs = graph_.type(other).shape;
    if (!mine.has_rank() || mine != theirs || graph_.type(other).dtype != graph_.type(chain.result).dtype || !to.residual())
      return false;
    chain.residual = other;
    return true;
  }

  bool absorb_norm(Fused& to, const Node& n, const OpCard& card) const {
    if (n.inputs.size() != 5 || attr_text(n, "data_format", "NHWC") != "NHWC") return false;
    const ShapeContext attrs(n, card, {}, {});
    if (attrs.flag("is_training")) return false;
    const Array* vectors[4];
    for (size_t i = 0; i < 4; ++i) {
      vectors[i] = constant(n.inputs[i + 1]);
      if (!vectors[i]) return false;
    }
    return to.normalise(*vectors[0], *vectors[1], *vectors[2], *vectors[3], attrs.real("epsilon"));
  }

  static std::string attr_text(const Node& n, std::string_view name, std::string fallback) {
    const auto found = n.attrs.find(name);
    const std::string* text = found == n.attrs.end() ? nullptr : found->second.get<std::string>();
    return text ? *text : fallback;
  }

  std::vector<std::pair<Edge, int>> reads_of(NodeId id) const {
    std::vector<std::pair<Edge, int>> out;
    for (auto at = reads_.lower_bound({id, 0}); at != reads_.end() && at->first.node == id; ++at) out.emplace_back(*at);
    return out;
  }

  /// First every tensor has a cell of its own.
  Cell cell_of(Edge edge) {
    const auto [at, fresh] = numbers_.try_emplace(edge, static_cast<Cell>(plan_.count));
    if (fresh) {
      ++plan_.count;
      if (const Array* array = constant(edge)) plan_.constants.emplace_back(at->second, *array);
    }
    return at->second;
  }

  void step(NodeId first, std::span<const Edge> reads, std::span<const std::optional<Edge>> fills,
            std::unique_ptr<Fused> fused = nullptr) {
    Step out{&node(first),
             cards_[index(first)],
             std::move(fused),
             plan_.cells.size(),
             static_cast<uint32_t>(reads.size()),
             static_cast<uint32_t>(fills.size())};
    for (const Edge& edge : reads) plan_.cells.push_back(cell_of(edge));
    for (const auto& edge : fills) plan_.cells.push_back(edge ? cell_of(*edge) : no_cell);
    plan_.steps.push_back(std::move(out));
  }

  void number() {
    for (const NodeId id : order_) {
      if (is_input(id)) {
        plan_.inputs.emplace_back(inputs_.at(id), cell_of({id, 0}));
        continue;
      }
      if (constant_[index(id)]) continue;
      if (const auto found = chains_.find(id); found != chains_.end()) {
        auto& [chain, fused] = found->second;
        std::vector<Edge> reads{node(chain.first).inputs[chain.input]};
        if (chain.residual) reads.push_back(*chain.residual);
        const std::optional<Edge> result = chain.result;
        step(chain.first, reads, {&result, 1}, std::move(fused));
      } else if (!absorbed_[index(id)]) {
        std::vector<std::optional<Edge>> fills;
        for (const auto& [edge, count] : reads_of(id)) {
          if (edge.port < 0) continue;
          fills.resize(std::max(fills.size(), index(edge.port) + 1));
          fills[index(edge.port)] = edge;
        }
        step(id, node(id).inputs, fills);
      }
    }
    for (const Edge& edge : fetch_) plan_.fetched.push_back(cell_of(edge));
    mark_last_reads();
    share_cells();
  }

  void mark_last_reads() {
    std::vector<bool> later(plan_.count, false);
    for (const Cell cell : plan_.fetched) later[index(cell)] = true;
    for (const auto& [cell, array] : plan_.constants) later[index(cell)] = true;
    plan_.last.resize(plan_.cells.size(), false);
    for (auto step = plan_.steps.rbegin(); step != plan_.steps.rend(); ++step) {
      const auto in = plan_.in(*step);
      for (size_t i = 0; i < in.size(); ++i) plan_.last[step->begin + i] = !later[index(in[i])];
      for (const Cell cell : in) later[index(cell)] = true;
    }
  }

  /// A tensor takes the cell of one that nobody reads any more.
  void share_cells() {
    std::vector<Cell> now(plan_.count, no_cell), free;
    std::vector<bool> held;
    plan_.count = 0;
    const auto take = [&](Cell& cell) {
      if (cell == no_cell) return;
      Cell& mine = now[index(cell)];
      if (mine == no_cell && free.empty()) {
        mine = static_cast<Cell>(plan_.count++);
        held.push_back(true);
      } else if (mine == no_cell) {
        mine = free.back();
        free.pop_back();
        held[index(mine)] = true;
      }
      cell = mine;
    };
    for (auto& [cell, array] : plan_.constants) take(cell);
    for (auto& [input, cell] : plan_.inputs) take(cell);
    for (const Step& step : plan_.steps) {
      const size_t fills = step.begin + step.reads;
      for (size_t i = step.begin; i < fills; ++i) take(plan_.cells[i]);
      for (size_t i = step.begin; i < fills; ++i) {
        if (!plan_.last[i] || !held[index(plan_.cells[i])]) continue;  // a step may read a tensor twice
        held[index(plan_.cells[i])] = false;
        free.push_back(plan_.cells[i]);
      }
      for (size_t i = fills; i < fills + step.fills; ++i) take(plan_.cells[i]);
    }
    for (Cell& cell : plan_.fetched) take(cell);
  }

  const Graph& graph_;
  const Registry& registry_;
  const std::vector<Edge>& fetch_;
  Environment& env_;
  std::map<NodeId, size_t> inputs_;
  std::vector<NodeId> order_;
  std::map<Edge, int> reads_;
  std::vector<const OpCard*> cards_;
  std::vector<bool> constant_, absorbed_;
  std::map<Edge, Array> values_;
  std::map<NodeId, std::pair<Chain, std::unique_ptr<Fused>>> chains_;  ///< by the node of the result
  std::map<Edge, Cell> numbers_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const Graph& graph, const Registry& registry, const std::vector<Edge>& fetch, Environment& env) {
  return Planner(graph, registry, fetch, env).make();
}

}  // namespace keraft::run
