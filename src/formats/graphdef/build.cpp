#include "formats/graphdef/build.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <utility>

#include "base/string.h"
#include "cards/op_card.h"
#include "formats/graphdef/signature.h"
#include "ir/function_attr.h"
#include "keraft/registry.hpp"

namespace keraft::formats {
namespace {

// TensorFlow's own limit on the outputs of a node is lower; ports beyond are damage.
constexpr int most_outputs = 1 << 20;

std::optional<int> number(std::string_view text) {
  int out = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || text[0] == '-' || result.ec != std::errc() || result.ptr != text.data() + text.size() ||
      out > most_outputs)
    return std::nullopt;
  return out;
}

/// An edge of a FunctionDef: "arg", "node:output:k" or "^node".
struct FunctionEdge {
  std::string node, output;
  int index = 0;
  bool control = false;
};

std::optional<FunctionEdge> parse_function_edge(std::string_view text) {
  FunctionEdge out;
  if (text.empty()) return std::nullopt;
  if (text[0] == '^') {
    out.control = true;
    out.node = text.substr(1);
    return out.node.empty() || out.node.find(':') != std::string::npos ? std::nullopt : std::optional(out);
  }
  const auto parts = base::split(text, ':');
  if (parts.size() > 3 || parts[0].empty()) return std::nullopt;
  out.node = parts[0];
  if (parts.size() == 1) return out;
  // "arg:0" and "node:output" are both legal; which one it is shows in the text.
  const auto last = number(parts.back());
  if (parts.size() == 2) {
    if (last) {
      out.index = *last;
    } else {
      out.output = parts[1];
    }
    return out;
  }
  if (!last || parts[1].empty()) return std::nullopt;
  out.output = parts[1];
  out.index = *last;
  return out;
}

/// Number of tensors in an argument of an op list, from the node's attributes.
std::optional<int> tensors_in(const wire::OpSignature::Arg& arg, const Dict& attrs) {
  if (!arg.number_attr.empty()) {
    const auto found = attrs.find(arg.number_attr);
    const auto* count = found == attrs.end() ? nullptr : found->second.get<int64_t>();
    if (!count || *count < 0 || *count > most_outputs) return std::nullopt;
    return static_cast<int>(*count);
  }
  if (!arg.type_list_attr.empty()) {
    const auto found = attrs.find(arg.type_list_attr);
    const auto* list = found == attrs.end() ? nullptr : found->second.get<List>();
    return list ? std::optional(static_cast<int>(list->size())) : std::nullopt;
  }
  return 1;
}

constexpr size_t most_unread = 4096;

class Builder {
 public:
  Builder(const Registry& registry, std::string path) : registry_(registry), path_(std::move(path)) {}

  void add(Graph& graph, RawNode& raw) {
    Node node;
    node.name = std::move(raw.name);
    node.op = "tf/" + raw.op;
    node.attrs = std::move(raw.attrs);
    drop_unread(node);
    const NodeId id = graph.add(std::move(node));
    remember(id, graph.at(id).name, raw.offset);
  }

  /// Long lists that the op does not have: every copy of the graph would carry them.
  void drop_unread(Node& node) const {
    const OpCard* card = card_of(node.op);
    if (!card) return;
    std::erase_if(node.attrs.edit(), [&](const auto& attr) {
      const List* list = attr.second.template get<List>();
      const auto same = [&](const auto& known) { return known.name == attr.first; };
      return list && list->size() > most_unread && std::none_of(card->attributes.begin(), card->attributes.end(), same);
    });
  }

  void remember(NodeId id, const std::string& name, uint64_t offset) {
    if (!ids_.emplace(name, id).second) throw Error(Status::format, "two nodes have this name", {path_, offset, name});
  }

  NodeId find(const std::string& name) const {
    const auto found = ids_.find(name);
    return found == ids_.end() ? no_node : found->second;
  }

  [[noreturn]] void fail(const RawNode& raw, const Graph& graph, NodeId id, const std::string& what,
                         Status status = Status::format) const {
    throw Error(status, what, {path_, raw.offset, graph.at(id).name});
  }

  NodeId wanted(const Graph& graph, NodeId id, const RawNode& raw, const std::string& edge, const std::string& name) const {
    const NodeId from = find(name);
    if (from == no_node) fail(raw, graph, id, "its input '" + base::escaped(edge) + "' names a node that is not there");
    return from;
  }

  void control(Graph& graph, NodeId id, NodeId from) { graph.at(id).control.push_back(from); }

  void data(Graph& graph, NodeId id, const RawNode& raw, const std::string& edge, Edge from) {
    Node& node = graph.at(id);
    if (!node.control.empty()) fail(raw, graph, id, "the data input '" + base::escaped(edge) + "' comes after a control input");
    const Node& source = graph.at(from.node);
    if (!has_port(source, from.port)) {
      fail(raw, graph, id,
           "its input '" + base::escaped(edge) + "' names an output that " + source.op.substr(3) + " does not have");
    }
    node.inputs.push_back(from);
  }

  /// True too where the number of outputs is not fixed.
  bool has_port(const Node& node, int port) const {
    const OpCard* card = card_of(node.op);
    if (!card) return true;
    const bool fixed = std::none_of(card->outs.begin(), card->outs.end(), [](const OpCard::Arg& arg) { return arg.list; });
    return !fixed || static_cast<size_t>(port) < card->outs.size();
  }

  /// Throws when the node, whose inputs are all there, does not fit its op.
  void check_signature(const Graph& graph, NodeId id, const RawNode& raw) const {
    const OpCard* card = card_of(graph.at(id).op);
    const auto wrong = card ? misfit(graph.at(id), *card) : std::nullopt;
    if (wrong) fail(raw, graph, id, *wrong, Status::mismatch);
  }

  const OpCard* card_of(const std::string& op) const { return op.starts_with("tf/") ? registry_.op(op) : nullptr; }

  const std::string& path() const noexcept { return path_; }

 private:
  const Registry& registry_;
  std::string path_;
  std::unordered_map<std::string, NodeId> ids_;
};

/// The place of output `name`, tensor k, among the outputs of a node.
class Ports {
 public:
  Ports(const OpTable& ops) : ops_(ops) {}

  static constexpr int not_there = -1;

  /// Nothing when it is not known, not_there past the end.
  std::optional<int> flat(const Node& node, const FunctionEdge& edge) {
    const OpCard* card = ops_.cards.op(node.op);
    if (card && !card->outs.empty()) {
      int before = 0;
      for (const OpCard::Arg& arg : card->outs) {
        if (arg.name == edge.output) return arg.list || edge.index == 0 ? before + edge.index : not_there;
        if (arg.list) break;
        ++before;
      }
      if (card->outs.size() == 1) return edge.index;
    }
    const auto listed = ops_.listed.find(std::string_view(node.op).substr(3));
    if (listed != ops_.listed.end()) {
      int before = 0;
      for (const auto& arg : listed->second.outs) {
        const auto count = tensors_in(arg, node.attrs);
        if (arg.name == edge.output) return !count || edge.index < *count ? before + edge.index : not_there;
        if (!count) return std::nullopt;
        before += *count;
      }
      return std::nullopt;
    }
    // An op that nobody describes: with a single output name in use, that output is taken for the first.
    const auto [used, fresh] = used_.emplace(node.name, edge.output);
    if (!fresh && used->second != edge.output) return std::nullopt;
    return edge.index;
  }

 private:
  const OpTable& ops_;
  std::map<std::string, std::string> used_;
};

}  // namespace

bool has_port(const Node& node, int port) {
  const bool raw = node.op.starts_with("tf/");
  const OpCard* card = raw ? Registry::builtin().op(std::string_view(node.op).substr(3)) : nullptr;
  if (!card) return true;
  const bool fixed = std::none_of(card->outs.begin(), card->outs.end(), [](const OpCard::Arg& arg) { return arg.list; });
  return !fixed || static_cast<size_t>(port) < card->outs.size();
}

std::optional<TensorName> parse_tensor_name(std::string_view text) {
  TensorName out;
  out.control = !text.empty() && text[0] == '^';
  if (out.control) text.remove_prefix(1);
  const size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    const auto port = number(text.substr(colon + 1));
    if (!port || out.control) return std::nullopt;
    out.port = *port;
    text = text.substr(0, colon);
  }
  if (text.empty() || text.find(':') != std::string_view::npos || text[0] == '^') return std::nullopt;
  out.node = text;
  return out;
}

Graph build_graph(RawGraph raw, const Registry& registry, const std::string& path) {
  Graph graph;
  Builder builder(registry, path);
  graph.nodes.reserve(raw.nodes.size());
  for (RawNode& node : raw.nodes) builder.add(graph, node);
  for (size_t i = 0; i < raw.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    for (const std::string& edge : raw.nodes[i].inputs) {
      const auto name = parse_tensor_name(edge);
      if (!name) builder.fail(raw.nodes[i], graph, id, "'" + base::escaped(edge) + "' is no input that a node can have");
      const NodeId from = builder.wanted(graph, id, raw.nodes[i], edge, name->node);
      if (name->control) {
        builder.control(graph, id, from);
      } else {
        builder.data(graph, id, raw.nodes[i], edge, {from, name->port});
      }
    }
    builder.check_signature(graph, id, raw.nodes[i]);
  }
  graph.order();
  return graph;
}

Graph build_function(const std::string& name, RawFunction raw, const OpTable& ops, const std::string& path) {
  Graph graph;
  graph.name = name;
  Builder builder(ops.cards, path);
  for (const auto& arg : raw.signature.ins) {
    Node node;
    node.name = arg.name;
    node.op = "ir/Input";
    node.outputs = {{arg.type, Shape()}};
    if (arg.type == DType::invalid && !arg.type_attr.empty()) {
      node.attrs.emplace("T", ir::from_caller(arg.type_attr));
    }
    if (!arg.number_attr.empty() || !arg.type_list_attr.empty()) {
      throw Error(Status::unsupported, "a function with a list of tensors as one argument", {path, raw.offset, name});
    }
    const NodeId id = graph.add(std::move(node));
    builder.remember(id, arg.name, raw.offset);
    graph.inputs.push_back({arg.name, {id, 0}});
  }
  const auto args = static_cast<NodeId>(graph.nodes.size());
  for (RawNode& node : raw.nodes) builder.add(graph, node);

  Ports ports(ops);
  const auto resolve = [&](const FunctionEdge& edge) -> std::optional<Edge> {
    const NodeId from = builder.find(edge.node);
    if (from == no_node) return std::nullopt;
    if (from < args) return edge.index == 0 ? std::optional(Edge{from, 0}) : std::nullopt;
    if (edge.output.empty())
      return builder.has_port(graph.at(from), edge.index) ? std::optional(Edge{from, edge.index}) : std::nullopt;
    const auto port = ports.flat(graph.at(from), edge);
    if (!port) {
      throw Error(
          Status::unsupported,
          "which output of op " + graph.at(from).op.substr(3) + " '" + base::escaped(edge.output) + "' is, is not known",
          {path, raw.offset, edge.node});
    }
    return *port == Ports::not_there || !builder.has_port(graph.at(from), *port) ? std::nullopt
                                                                                 : std::optional(Edge{from, *port});
  };
  for (size_t i = 0; i < raw.nodes.size(); ++i) {
    const NodeId id = args + static_cast<NodeId>(i);
    for (const std::string& text : raw.nodes[i].inputs) {
      const auto edge = parse_function_edge(text);
      if (!edge) builder.fail(raw.nodes[i], graph, id, "'" + base::escaped(text) + "' is no input that a node can have");
      const NodeId from = builder.wanted(graph, id, raw.nodes[i], text, edge->node);
      if (edge->control) {
        builder.control(graph, id, from);
        continue;
      }
      const auto tensor = resolve(*edge);
      if (!tensor) builder.fail(raw.nodes[i], graph, id, "'" + base::escaped(text) + "' names an output that is not there");
      builder.data(graph, id, raw.nodes[i], text, *tensor);
    }
    builder.check_signature(graph, id, raw.nodes[i]);
  }
  for (const auto& out : raw.signature.outs) {
    const auto ret = raw.ret.find(out.name);
    const auto edge = ret == raw.ret.end() ? std::nullopt : parse_function_edge(ret->second);
    const auto tensor = edge && !edge->control ? resolve(*edge) : std::nullopt;
    if (!tensor)
      throw Error(Status::format, "the function's output '" + base::escaped(out.name) + "' names nothing",
                  {path, raw.offset, name});
    graph.outputs.push_back({out.name, *tensor});
  }
  for (const auto& [key, node] : raw.control_ret) {
    if (builder.find(node) == no_node)
      throw Error(Status::format,
                  "the function's control output '" + base::escaped(key) + "' names nothing: " + base::escaped(node),
                  {path, raw.offset, name});
  }
  graph.order();
  return graph;
}

}  // namespace keraft::formats
