#include "recover/match.h"

#include <algorithm>
#include <cmath>

#include "cards/codec.h"
#include "cards/twin.h"
#include "ir/constant.h"
#include "ir/number.h"

namespace keraft::recover {
namespace {

using Kind = ir::FormArg::Kind;

bool close(double a, double b) { return a == b || std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b)); }

bool same_value(const Value& a, const Value& b) {
  const auto x = a.number(), y = b.number();
  return x && y ? close(*x, *y) : a == b;
}

bool set(Dict& config, const std::string& field, Value value) {
  const auto [at, fresh] = config.try_emplace(field, value);
  return fresh || same_value(at->second, value);
}

/// The twin of `node` when that is the op of card `other`.
const cards::Twin* twin_of(const Graph& graph, const Registry& registry, const Node& node, const OpCard* other) {
  const cards::Twin* twin = cards::twin(node.op);
  if (!twin || !other || registry.op(twin->op) != other || node.inputs.size() != 2) return nullptr;
  const Tensor* tensor = ir::constant(graph, node.inputs[1]);
  return tensor && is_floating(tensor->dtype) ? twin : nullptr;
}

/// A transpose of the last two axes, or of the only two.
Tensor flipped(const Tensor& tensor) {
  std::vector<size_t> perm(tensor.dims.size());
  for (size_t i = 0; i < perm.size(); ++i) perm[i] = i;
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  return transposed(tensor, perm);
}

}  // namespace

Matcher::Matcher(const Graph& graph, const Registry& registry)
    : graph_(graph),
      registry_(registry),
      readers_(graph.readers()),
      is_output_(graph.nodes.size(), false),
      constant_(ir::constant_nodes(graph)) {
  for (const Port& port : graph_.outputs) is_output_.at(static_cast<size_t>(port.edge.node)) = true;
}

void Matcher::moved(Graph& graph, NodeId from, NodeId to) {
  const auto old = static_cast<size_t>(from), fresh = static_cast<size_t>(to);
  readers_.resize(graph.nodes.size());
  is_output_.resize(graph.nodes.size(), false);
  constant_.resize(graph.nodes.size(), false);
  for (const NodeId reader : readers_[old]) {
    for (Edge& edge : graph.at(reader).inputs) {
      if (edge == Edge{from, 0}) edge = {to, 0};
    }
  }
  readers_[fresh] = std::move(readers_[old]);
  readers_[old].clear();
  for (const Edge& edge : graph.at(to).inputs) readers_[static_cast<size_t>(edge.node)].push_back(to);
  for (Port& port : graph.outputs) {
    if (port.edge == Edge{from, 0}) port.edge = {to, 0};
  }
  is_output_[fresh] = is_output_[old];
}

std::optional<Match> Matcher::match(const LayerCard& card, const LayerCard::Rule& rule, NodeId root) const {
  const ir::Form& form = rule.form;
  Search search{{&graph_, &card, {}, {}, {}, rule.config, {}, {}, {}, {}, &readers_},
                {},
                std::vector<NodeId>(form.statements.size(), no_node)};
  search.match.values[form.statements.back().outputs.front()] = {root, 0};
  if (!enter(form, form.statements.size() - 1, root, search) || !solve(form, search)) return std::nullopt;
  return std::move(search.match);
}

std::optional<Match> Matcher::find(const LayerCard& card, const LayerCard::Finder& finder, NodeId root) const {
  std::optional<Match> match;
  if (finder.find) match = finder.find(graph_, root);
  if (finder.look) {
    match.emplace(Match{&graph_, &card, {}, {}, {}, {}, {root}, {}, {}, {}, &readers_});
    if (!finder.look(*match)) return std::nullopt;
  }
  if (!match) return std::nullopt;
  match->graph = &graph_;
  match->card = &card;
  const auto raw = [&](NodeId id) { return !graph_.at(id).dead && graph_.at(id).layer < 0; };
  const bool whole = match->nodes.front() == root && std::all_of(match->nodes.begin(), match->nodes.end(), raw);
  const auto computed = [&](Edge edge) { return !constant_[static_cast<size_t>(edge.node)]; };
  if (!whole || !std::all_of(match->inputs.begin(), match->inputs.end(), computed)) return std::nullopt;
  if (finder.look) add_sizes(*match);
  if (!closed(match->nodes, root) || !sizes(*match)) return std::nullopt;
  if (finder.look && card.guard_fn && !card.guard_fn(*match)) return std::nullopt;
  return match;
}

bool Matcher::solve(const ir::Form& form, Search& search) const {
  while (!search.tasks.empty()) {
    const Task task = search.tasks.back();
    search.tasks.pop_back();
    const Node& reader = graph_.at(task.reader);
    const OpCard* card = registry_.op(reader.op);
    // Input 0 of a commutative op is the choice point; its partner is the task below it on the stack.
    if (task.input == 0 && card && card->swaps && !search.tasks.empty() && search.tasks.back().reader == task.reader &&
        search.tasks.back().input == 1 && reader.inputs.size() == 2) {
      Task other = search.tasks.back();
      Search swapped = search;
      Task first = task;
      std::swap(first.edge, other.edge);
      first.input = 2;  // no second choice
      other.input = 2;
      swapped.tasks.back() = other;
      Search straight = search;
      if (bind(form, task, straight) && solve(form, straight)) {
        search = std::move(straight);
        return true;
      }
      if (!bind(form, first, swapped) || !solve(form, swapped)) return false;
      search = std::move(swapped);
      return true;
    }
    if (!bind(form, task, search)) return false;
  }
  if (!closed(search.nodes, search.nodes.back()) || !sizes(search.match)) return false;
  Match& match = search.match;
  match.nodes.assign(search.nodes.rbegin(), search.nodes.rend());
  for (const std::string& name : form.inputs()) {
    if (const auto list = match.lists.find(name); list != match.lists.end()) {
      match.inputs.insert(match.inputs.end(), list->second.begin(), list->second.end());
    } else if (name != "_") {
      match.inputs.push_back(match.values.at(name));
    }
  }
  for (size_t i = 0; i < search.nodes.size(); ++i) match.statement_of[search.nodes[i]] = i;
  const auto& rules = match.card->rules;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return &r.form == &form; });
  if (rule->guard && !rule->guard(match)) return false;
  return !match.card->guard_fn || match.card->guard_fn(match);
}

bool Matcher::bind(const ir::Form& form, const Task& task, Search& search) const {
  const ir::FormArg& arg = *task.arg;
  Match& match = search.match;
  switch (arg.kind) {
    case Kind::tensor: {
      if (arg.name == "_") return true;
      const auto [at, fresh] = match.values.try_emplace(arg.name, task.edge);
      if (!fresh) return at->second == task.edge;
      size_t port = 0, index = 0;
      if (!form.maker(arg.name, &port, &index)) return !constant_[static_cast<size_t>(task.edge.node)];
      return static_cast<size_t>(task.edge.port) == port && enter(form, index, task.edge.node, search);
    }
    case Kind::weight:
      return bind_weight(task, match);
    case Kind::number:
      return ir::filled_with(graph_, task.edge, [&](double v) { return close(task.turn ? task.turn(v) : v, arg.number); });
    case Kind::field: {
      auto value = ir::scalar(graph_, task.edge);
      if (value && task.turn) value = Value(task.turn(*value->number()));
      return value && set(match.config, arg.name, *value);
    }
    case Kind::ints:
    case Kind::field_list: {
      auto ints = ir::constant_ints(graph_, task.edge);
      if (!ints) return false;
      if (arg.kind == Kind::field_list) return set(match.config, arg.name, Value::ints(*ints));
      const Shape shape = graph_.type(graph_.at(task.reader).inputs.front()).shape;
      for (int64_t& axis : *ints) {
        if (axis < 0 && shape.has_rank() && !arg.ints.empty() && arg.ints.front() >= 0)
          axis += static_cast<int64_t>(shape.rank());
      }
      return *ints == arg.ints;
    }
    case Kind::list:
      return false;
  }
  return false;
}

bool Matcher::bind_weight(const Task& task, Match& match) const {
  const Node& node = graph_.at(task.edge.node);
  if (node.op != "ir/Weight") return false;
  const Weight& weight = graph_.weights.at(static_cast<size_t>(node.weight));
  const LayerCard::WeightSpec* spec = match.card->spec(task.arg->name);
  if (!spec || !is_floating(weight.value.dtype)) return false;
  Tensor value = weight.value;
  std::vector<int64_t> dims = value.dims;
  while (!spec->any_shape() && dims.size() > spec->dims.size() && dims.front() == 1) dims.erase(dims.begin());
  if (!spec->any_shape() && dims.size() != spec->dims.size()) return false;
  value = reshaped(value, dims);
  if (task.arg->transposed) value = flipped(value);
  const WeightUse use{graph_.root(node.weight),     value,       weight.value.dims,
                      graph_.type(task.edge).dtype, task.reader, task.input};
  const auto [at, fresh] = match.weights.try_emplace(task.arg->name, use);
  return fresh || (at->second.weight == use.weight && at->second.value.dims == use.value.dims);
}

bool Matcher::enter(const ir::Form& form, size_t index, NodeId id, Search& search) const {
  const ir::Statement& statement = form.statements[index];
  const Node& node = graph_.at(id);
  if (node.dead || node.layer >= 0) return false;
  if (search.nodes[index] != no_node) return search.nodes[index] == id;
  const OpCard* card = registry_.op(statement.op);
  const bool same = card && registry_.op(node.op) == card;
  const cards::Twin* twin = same ? nullptr : twin_of(graph_, registry_, node, card);
  if ((!same && !twin) || !attributes(statement, node, *card, search.match)) return false;
  search.nodes[index] = id;
  if (twin) {
    const auto constant = [&](size_t i) {
      return statement.args[i].kind == Kind::number || statement.args[i].kind == Kind::field;
    };
    if (statement.args.size() != 2 || constant(0) == constant(1)) return false;
    const size_t at = constant(1) ? 1 : 0;
    for (const size_t i : {at, 1 - at}) {
      const bool is_constant = i == at;
      search.tasks.push_back(
          {&statement.args[i], node.inputs[is_constant ? 1 : 0], id, is_constant ? 1 : 0, is_constant ? twin->turn : nullptr});
    }
    return true;
  }

  const auto list =
      std::find_if(statement.args.begin(), statement.args.end(), [](const auto& a) { return a.kind == Kind::list; });
  const size_t fixed = statement.args.size() - (list != statement.args.end() ? 1 : 0);
  if (list == statement.args.end() ? node.inputs.size() != fixed : node.inputs.size() < fixed) return false;
  const size_t many = node.inputs.size() - fixed;
  size_t input = 0;
  std::vector<Task> tasks;
  for (const ir::FormArg& arg : statement.args) {
    if (arg.kind == Kind::list) {
      const std::vector<Edge> edges(node.inputs.begin() + static_cast<std::ptrdiff_t>(input),
                                    node.inputs.begin() + static_cast<std::ptrdiff_t>(input + many));
      for (const Edge& edge : edges) {
        if (constant_[static_cast<size_t>(edge.node)]) return false;
      }
      if (!search.match.lists.try_emplace(arg.name, edges).second) return false;
      input += many;
    } else {
      tasks.push_back({&arg, node.inputs[input], id, static_cast<int32_t>(input)});
      ++input;
    }
  }
  for (size_t i = 0; i < statement.outputs.size(); ++i) {
    if (statement.outputs[i] != "_") search.match.values.try_emplace(statement.outputs[i], Edge{id, static_cast<int32_t>(i)});
  }
  search.tasks.insert(search.tasks.end(), tasks.rbegin(), tasks.rend());
  return true;
}

bool Matcher::attributes(const ir::Statement& statement, const Node& node, const OpCard& card, Match& match) const {
  const auto of = [&](const std::string& name) -> const Value* {
    const auto found = node.attrs.find(name);
    return found != node.attrs.end() ? &found->second : card.fallback(name);
  };
  const Value* layout = of("data_format");
  const bool first = layout && cards::decode("layout", *layout, false) == Value("channels_first");
  for (const ir::FormAttr& attr : statement.attrs) {
    if (attr.any) continue;
    const Value* value = of(attr.name);
    if (!value) return false;
    if (attr.field.empty()) {
      if (!same_value(*value, attr.literal)) return false;
      continue;
    }
    auto entry = cards::decode(attr.codec, *value, first);
    if (!entry) return false;
    if (const double* real = entry->get<double>()) entry = Value(ir::shortest(*real));
    if (!set(match.config, attr.field, std::move(*entry))) return false;
  }
  for (const OpCard::Attr& known : card.attributes) {
    const auto found = node.attrs.find(known.name);
    const bool mentioned =
        std::any_of(statement.attrs.begin(), statement.attrs.end(), [&](const auto& a) { return a.name == known.name; });
    if (mentioned || found == node.attrs.end() || !known.fallback || found->second.get<DType>()) continue;
    if (!same_value(found->second, *known.fallback)) return false;
  }
  return true;
}

bool Matcher::closed(const std::vector<NodeId>& nodes, NodeId root) const {
  const auto inside = [&](NodeId id) { return std::find(nodes.begin(), nodes.end(), id) != nodes.end(); };
  for (const NodeId id : nodes) {
    if (id == no_node) return false;
    if (id == root) continue;
    if (is_output_[static_cast<size_t>(id)]) return false;
    const auto& readers = readers_[static_cast<size_t>(id)];
    const auto fine = [&](NodeId reader) { return graph_.at(reader).dead || inside(reader); };
    if (!std::all_of(readers.begin(), readers.end(), fine)) return false;
  }
  for (const NodeId reader : readers_[static_cast<size_t>(root)]) {
    if (graph_.at(reader).dead) continue;
    for (const Edge& edge : graph_.at(reader).inputs) {
      if (edge.node == root && edge.port != 0) return false;
    }
  }
  return true;
}

/// Computations of sizes that serve the match alone belong to it: they may read inner values.
void Matcher::add_sizes(Match& match) const {
  const auto inside = [&](NodeId id) { return std::find(match.nodes.begin(), match.nodes.end(), id) != match.nodes.end(); };
  const auto is_input = [&](NodeId id) {
    return std::any_of(match.inputs.begin(), match.inputs.end(), [&](Edge e) { return e.node == id; });
  };
  bool more = true;
  while (more && match.nodes.size() < 4096) {
    more = false;
    for (size_t i = 0; i < match.nodes.size(); ++i) {
      for (const Edge& edge : graph_.at(match.nodes[i]).inputs) {
        const Node& maker = graph_.at(edge.node);
        const DType dtype = graph_.type(edge).dtype;
        const bool size = (dtype == DType::i32 || dtype == DType::i64) && maker.op.starts_with("tf/") && maker.op != "tf/Const";
        if (!size || maker.layer >= 0 || inside(edge.node) || is_input(edge.node)) continue;
        if (is_output_[static_cast<size_t>(edge.node)]) continue;
        const auto& readers = readers_[static_cast<size_t>(edge.node)];
        const auto ours = [&](NodeId reader) { return graph_.at(reader).dead || inside(reader); };
        if (!std::all_of(readers.begin(), readers.end(), ours)) continue;
        match.nodes.push_back(edge.node);
        more = true;
      }
    }
  }
}

bool Matcher::sizes(Match& match) const {
  std::map<std::string, int64_t> free;
  for (const auto& [slot, use] : match.weights) {
    const LayerCard::WeightSpec& spec = *match.card->spec(slot);
    if (spec.any_shape()) continue;
    for (size_t i = 0; i < spec.dims.size(); ++i) {
      const std::string& name = spec.dims[i];
      if (i >= use.value.dims.size()) return false;
      const int64_t size = use.value.dims[i];
      const size_t dot = name.find('.');
      const std::string field = name.substr(0, dot);
      if (name.find_first_not_of("0123456789") == std::string::npos) {
        if (std::to_string(size) != name) return false;
      } else if (!match.card->field(field)) {
        if (free.try_emplace(name, size).first->second != size) return false;
      } else if (dot == std::string::npos) {
        if (!set(match.config, field, Value(size))) return false;
      } else {
        const size_t index = static_cast<size_t>(std::stoul(name.substr(dot + 1)));
        Value& entry = match.config[field];
        if (entry.null()) entry = Value(List{});
        List* list = entry.edit<List>();
        if (!list) return false;
        if (list->size() <= index) list->resize(index + 1);
        if (!(*list)[index].null() && (*list)[index] != Value(size)) return false;
        (*list)[index] = Value(size);
      }
    }
  }
  return true;
}

}  // namespace keraft::recover
