#include "training/spelling.h"

#include <algorithm>
#include <cmath>

#include "cards/op_card.h"
#include "ir/constant.h"

namespace keraft::training {
namespace {

using Kind = ir::FormArg::Kind;
constexpr int most_steps = 64;

class FormReader {
 public:
  FormReader(const Graph& graph, const ir::Form& form, const Registry& registry)
      : graph_(graph), form_(form), registry_(registry) {}

  bool statement(size_t index, NodeId id, Spelling& out) const {
    const ir::Statement& wanted = form_.statements[index];
    const Node& node = graph_.at(id);
    const OpCard* card = registry_.op(wanted.op);
    if (node.op != wanted.op && (!card || registry_.op(node.op) != card)) return false;
    if (node.inputs.size() != wanted.args.size() || !attributes(wanted, node, out)) return false;
    Spelling straight = out;
    if (arguments(wanted, node, false, straight)) {
      out = std::move(straight);
      return true;
    }
    if (!card || !card->swaps || node.inputs.size() != 2) return false;
    return arguments(wanted, node, true, out);
  }

 private:
  bool attributes(const ir::Statement& wanted, const Node& node, Spelling& out) const {
    for (const ir::FormAttr& attr : wanted.attrs) {
      const auto found = node.attrs.find(attr.name);
      if (found == node.attrs.end()) continue;
      if (!attr.field.empty()) {
        out.attrs[attr.field] = found->second;
      } else if (!attr.any && !(found->second == attr.literal)) {
        return false;
      }
    }
    return true;
  }

  bool arguments(const ir::Statement& wanted, const Node& node, bool swapped, Spelling& out) const {
    for (size_t i = 0; i < wanted.args.size(); ++i) {
      if (!argument(wanted.args[i], node, node.inputs[swapped ? 1 - i : i], out)) return false;
    }
    return true;
  }

  bool argument(const ir::FormArg& arg, const Node& reader, Edge edge, Spelling& out) const {
    const Edge from = behind(graph_, edge, registry_);
    switch (arg.kind) {
      case Kind::tensor: {
        if (arg.name == "_") return true;
        size_t port = 0, index = 0;
        const bool inner = form_.maker(arg.name, &port, &index) != nullptr;
        const auto [at, fresh] = out.tensors.try_emplace(arg.name, from);
        if (!fresh) return at->second == from;
        return !inner || (static_cast<size_t>(from.port) == port && statement(index, from.node, out));
      }
      case Kind::weight: {
        const auto [at, fresh] = out.tensors.try_emplace(arg.name, from);
        return fresh || at->second == from;
      }
      case Kind::number:
        return ir::filled_with(graph_, from, [&](double v) { return std::abs(v - arg.number) <= 1e-7 * std::abs(arg.number); });
      case Kind::field: {
        const auto [at, fresh] = out.numbers.try_emplace(arg.name, from);
        return fresh || at->second == from;
      }
      case Kind::ints: {
        auto ints = ir::constant_ints(graph_, from);
        const Shape shape = graph_.type(reader.inputs.front()).shape;
        if (!ints) return false;
        for (int64_t& axis : *ints) {
          if (axis >= 0 && shape.has_rank() && !arg.ints.empty() && arg.ints.front() < 0)
            axis -= static_cast<int64_t>(shape.rank());
        }
        return *ints == arg.ints;
      }
      default:
        return false;
    }
  }

  const Graph& graph_;
  const ir::Form& form_;
  const Registry& registry_;
};

}  // namespace

Edge behind(const Graph& graph, Edge edge, const Registry& registry) {
  for (int i = 0; i < most_steps; ++i) {
    const Node& node = graph.at(edge.node);
    const OpCard* card = registry.op(node.op);
    const bool reads = node.op == "tf/ReadVariableOp" || (card && card->passes && node.op != "tf/PlaceholderWithDefault");
    if (!reads || edge.port != 0 || node.inputs.empty()) break;
    edge = node.inputs[0];
  }
  return edge;
}

std::optional<Spelling> spelled(const Graph& graph, const ir::Form& form, NodeId root, const Registry& registry,
                                Spelling given) {
  if (!FormReader(graph, form, registry).statement(form.statements.size() - 1, root, given)) return std::nullopt;
  return given;
}

}  // namespace keraft::training
