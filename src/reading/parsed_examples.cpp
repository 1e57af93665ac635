#include "reading/parsed_examples.h"

#include <optional>
#include <set>

namespace keraft::reading {
namespace {

template <class T>
const T* attr(const Node& node, const char* name) {
  const auto found = node.attrs.find(name);
  return found == node.attrs.end() ? nullptr : found->second.get<T>();
}

/// The dense features of one op that parses.
class Parser {
 public:
  Parser(const Graph& graph, NodeId id) : graph_(graph), id_(id), node_(graph.at(id)) {
    second_ = node_.op == "tf/ParseExampleV2";
    if (!second_ && node_.op != "tf/ParseExample") return;
    const int64_t* sparse = attr<int64_t>(node_, second_ ? "num_sparse" : "Nsparse");
    types_ = attr<List>(node_, "Tdense");
    shapes_ = attr<List>(node_, "dense_shapes");
    if (!sparse || !types_ || !shapes_ || types_->size() != shapes_->size() || *sparse < 0 || *sparse > most) return;
    sparse_ = *sparse;
    known_ = true;
  }

  /// Is this output a dense feature?
  bool dense(int32_t port) const {
    return known_ && port >= 3 * sparse_ && port - 3 * sparse_ < static_cast<int64_t>(types_->size());
  }

  Port port(int32_t port) const { return {key(static_cast<size_t>(port - 3 * sparse_)), {id_, port}}; }

  TensorType type(int32_t port) const {
    const auto i = static_cast<size_t>(port - 3 * sparse_);
    TensorType out;
    if (const auto* dtype = (*types_)[i].get<DType>()) out.dtype = *dtype;
    const auto* shape = (*shapes_)[i].get<Shape>();
    if (!shape || !shape->has_rank()) return out;
    Dims dims{Dim::symbol("S0")};
    for (const Dim& dim : shape->dims()) dims.push_back(dim.known() ? dim : Dim::symbol("S" + std::to_string(dims.size())));
    out.shape = Shape(std::move(dims));
    return out;
  }

 private:
  static constexpr int64_t most = 1000000;

  /// The keys are one vector in the second version of the op, an input each in the first.
  std::string key(size_t i) const {
    const size_t input = second_ ? 3 : 2 + static_cast<size_t>(sparse_) + i;
    const size_t element = second_ ? i : 0;
    if (input < node_.inputs.size()) {
      const Node& from = graph_.at(node_.inputs[input].node);
      const auto* value = from.op == "tf/Const" ? attr<Tensor>(from, "value") : nullptr;
      if (value && value->strings && element < value->strings->size()) return (*value->strings)[element];
    }
    return node_.name + ":" + std::to_string(i);
  }

  const Graph& graph_;
  NodeId id_;
  const Node& node_;
  bool second_ = false, known_ = false;
  int64_t sparse_ = 0;
  const List *types_ = nullptr, *shapes_ = nullptr;
};

/// What takes the place of the port; nothing when something else reads it.
std::optional<std::vector<std::pair<Port, TensorType>>> features(const Graph& graph, Edge examples,
                                                                 const std::map<Edge, std::set<NodeId>>& readers) {
  std::vector<std::pair<Port, TensorType>> out;
  const auto found = readers.find(examples);
  if (found == readers.end()) return std::nullopt;
  for (const NodeId id : found->second) {
    const Parser parser(graph, id);
    if (graph.at(id).inputs.front() != examples) return std::nullopt;
    for (auto read = readers.lower_bound({id, 0}); read != readers.end() && read->first.node == id; ++read) {
      if (!parser.dense(read->first.port)) return std::nullopt;
      out.emplace_back(parser.port(read->first.port), parser.type(read->first.port));
    }
  }
  return out;
}

}  // namespace

int64_t use_parsed_examples(const Graph& graph, std::vector<Port>& ports, std::map<std::string, TensorType>& types) {
  std::map<Edge, std::set<NodeId>> readers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].dead) continue;
    for (const Edge& edge : graph.nodes[i].inputs) readers[edge].insert(static_cast<NodeId>(i));
  }
  std::vector<Port> out;
  std::set<std::string> names;
  for (const Port& port : ports) names.insert(port.name);
  int64_t parsers = 0;
  for (Port& port : ports) {
    const auto found = features(graph, port.edge, readers);
    if (!found || found->empty()) {
      out.push_back(std::move(port));
      continue;
    }
    parsers += static_cast<int64_t>(readers.at(port.edge).size());
    for (auto [feature, type] : *found) {
      for (int i = 2; !names.insert(feature.name).second; ++i) feature.name += "_" + std::to_string(i);
      types.emplace(feature.name, type);
      out.push_back(std::move(feature));
    }
  }
  ports = std::move(out);
  return parsers;
}

}  // namespace keraft::reading
