#include <algorithm>
#include <set>
#include <utility>

#include "base/string.h"
#include "formats/graphdef/build.h"
#include "formats/graphdef/endpoints.h"
#include "formats/graphdef/machinery.h"

namespace keraft::formats {
namespace {

const Value* attr(const Node& node, std::string_view name) {
  const auto found = node.attrs.find(name);
  return found == node.attrs.end() ? nullptr : &found->second;
}

/// What the node itself says about its output.
TensorType declared(const Node& node, int port) {
  TensorType out;
  if (node.op == "ir/Input" || node.op == "ir/Weight") return node.outputs.at(static_cast<size_t>(port));
  for (const char* name : {"output_types", "component_types"}) {
    const Value* value = attr(node, name);
    const auto* list = value ? value->get<List>() : nullptr;
    if (list && static_cast<size_t>(port) < list->size()) {
      if (const auto* dtype = (*list)[static_cast<size_t>(port)].get<DType>()) out.dtype = *dtype;
    }
  }
  if (const Value* value = attr(node, "output_shapes")) {
    const auto* list = value->get<List>();
    if (list && static_cast<size_t>(port) < list->size()) {
      if (const auto* shape = (*list)[static_cast<size_t>(port)].get<Shape>()) out.shape = *shape;
    }
  }
  for (const char* name : {"DstT", "dtype", "out_type", "output_type", "T"}) {
    const Value* value = out.dtype == DType::invalid ? attr(node, name) : nullptr;
    if (const auto* dtype = value ? value->get<DType>() : nullptr) out.dtype = *dtype;
  }
  if (node.op.starts_with("tf/Placeholder")) {
    if (const Value* value = attr(node, "shape")) {
      if (const auto* shape = value->get<Shape>()) out.shape = *shape;
    }
  }
  return out;
}

/// The type that readers ask for, where the maker's is unknown: a reader's T is the type of one of its inputs at least, and of
/// this one when no other has it. Invalid when nobody tells, or readers disagree.
DType asked_for(const Graph& graph, Edge edge) {
  DType out = DType::invalid;
  for (const Node& reader : graph.nodes) {
    if (reader.dead || std::find(reader.inputs.begin(), reader.inputs.end(), edge) == reader.inputs.end()) continue;
    const Value* value = attr(reader, "T");
    const DType* type = value ? value->get<DType>() : nullptr;
    if (!type) continue;
    const bool another = std::any_of(reader.inputs.begin(), reader.inputs.end(), [&](Edge other) {
      if (other == edge) return false;
      const DType theirs = declared(graph.at(other.node), other.port).dtype;
      return theirs == *type || theirs == DType::invalid;
    });
    if (another) continue;
    if (out != DType::invalid && out != *type) return DType::invalid;
    out = *type;
  }
  return out;
}

/// Names of sizes: each letter once, B for every batch.
class Letters {
 public:
  explicit Letters(const std::map<std::string, Shape>& taken) {
    for (const auto& [name, shape] : taken) {
      if (!shape.has_rank()) continue;
      for (const Dim& dim : shape.dims()) used_.insert(dim.text());
    }
  }
  Dim next(size_t axis, size_t rank) {
    if (axis == 0) return Dim::symbol("B");
    static constexpr std::string_view by_rank[] = {"", "B", "BN", "BTC", "BHWC", "BDHWC"};
    const std::string letter(1, rank < std::size(by_rank) ? by_rank[rank][axis] : 'N');
    std::string name = letter;
    for (int i = 2; !used_.insert(name).second; ++i) name = letter + std::to_string(i);
    return Dim::symbol(name);
  }

 private:
  std::set<std::string> used_{"B"};
};

/// The shape that both say; sizes that only one knows are taken from it.
Shape merged(const Shape& a, const Shape& b, const std::string& name, const std::string& path) {
  if (!a.has_rank()) return b;
  if (!b.has_rank()) return a;
  const auto contradict = [&] {
    throw Error(Status::mismatch, "the shape " + b.text() + " contradicts the graph's " + a.text(), {path, {}, name});
  };
  if (a.rank() != b.rank()) contradict();
  Dims dims;
  for (size_t i = 0; i < a.rank(); ++i) {
    if (a[i].known() && b[i].known() && a[i] != b[i]) contradict();
    dims.push_back(a[i].known() ? a[i] : b[i]);
  }
  return Shape(std::move(dims));
}

/// A scalar that has a default is a setting, not a tensor that the model works on.
bool is_setting(const Node& node) {
  if (node.op != "tf/PlaceholderWithDefault") return false;
  const TensorType type = declared(node, 0);
  return type.shape.has_rank() && type.shape.rank() == 0;
}

std::string similar(const Graph& graph, const std::string& name) {
  std::string out;
  int count = 0;
  const std::string tail = base::lower(name.substr(name.rfind('/') + 1));
  for (const Node& node : graph.nodes) {
    if (node.dead || tail.empty() || base::lower(node.name).find(tail) == std::string::npos) continue;
    if (++count > 8) break;
    out += (out.empty() ? "; similar: " : ", ") + base::escaped(node.name);
  }
  return out;
}

}  // namespace

std::vector<Port> find_inputs(const Graph& graph) {
  std::vector<bool> needed(graph.nodes.size(), false);
  std::vector<NodeId> open;
  std::set<Edge> sources;
  const auto need = [&](Edge edge) {
    if (is_source(graph.at(edge.node)) && !is_training_flag(graph.at(edge.node)) && !is_setting(graph.at(edge.node))) {
      sources.insert(edge);
      return;
    }
    if (needed[static_cast<size_t>(edge.node)]) return;
    needed[static_cast<size_t>(edge.node)] = true;
    open.push_back(edge.node);
  };
  for (const Port& port : graph.outputs) need(port.edge);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    for (const Edge& edge : graph.at(id).inputs) need(edge);
  }
  std::vector<Port> out;
  for (const Edge& edge : sources) {
    const Node& node = graph.at(edge.node);
    out.push_back({edge.port == 0 ? node.name.str() : node.name + ":" + std::to_string(edge.port), edge});
  }
  return out;
}

std::vector<Port> named(const Graph& graph, const std::vector<std::string>& names, const std::vector<Port>& known,
                        const std::string& path) {
  std::map<std::string_view, NodeId> ids;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!graph.nodes[i].dead) ids.emplace(graph.nodes[i].name, static_cast<NodeId>(i));
  }
  std::vector<Port> out;
  for (const std::string& name : names) {
    const auto key = std::find_if(known.begin(), known.end(), [&](const Port& port) { return port.name == name; });
    if (key != known.end()) {
      out.push_back(*key);
      continue;
    }
    const auto tensor = parse_tensor_name(name);
    const auto found = tensor && !tensor->control ? ids.find(tensor->node) : ids.end();
    if (found == ids.end()) {
      throw Error(Status::argument, "no tensor of the graph has this name" + similar(graph, name), {path, {}, name});
    }
    const Node& node = graph.at(found->second);
    const bool there = node.op == "ir/Input" || node.op == "ir/Weight" ? tensor->port == 0 : has_port(node, tensor->port);
    if (!there) throw Error(Status::argument, "the node has no such output", {path, {}, name});
    out.push_back({name.ends_with(":0") ? tensor->node : name, {found->second, tensor->port}});
  }
  return out;
}

void make_inputs(Graph& graph, std::vector<Port> ports, const std::map<std::string, TensorType>& given,
                 const LoadOptions& options, const std::string& path) {
  Letters letters(options.shapes);
  for (const auto& [name, shape] : options.shapes) {
    if (std::none_of(ports.begin(), ports.end(), [&, &wanted = name](const Port& port) { return port.name == wanted; })) {
      std::string all;
      for (const Port& port : ports) all += (all.empty() ? "" : ", ") + base::escaped(port.name);
      throw Error(Status::argument, "a shape is given for an input that the model does not have; its inputs: " + all,
                  {path, {}, name});
    }
  }
  graph.inputs.clear();
  for (Port& port : ports) {
    TensorType type = declared(graph.at(port.edge.node), port.edge.port);
    if (const auto found = given.find(port.name); found != given.end()) {
      if (type.dtype == DType::invalid) type.dtype = found->second.dtype;
      if (found->second.dtype != DType::invalid && found->second.dtype != type.dtype) {
        throw Error(Status::mismatch,
                    "the signature says " + std::string(name_of(found->second.dtype)) + ", the graph " +
                        std::string(name_of(type.dtype)),
                    {path, {}, port.name});
      }
      type.shape = merged(type.shape, found->second.shape, port.name, path);
    }
    if (type.dtype == DType::invalid) type.dtype = asked_for(graph, port.edge);
    Shape shape = type.shape;
    const auto asked = options.shapes.find(port.name);
    if (asked != options.shapes.end()) {
      shape = merged(type.shape, asked->second, port.name, path);
    } else if (shape.has_rank()) {
      for (size_t axis = 0; axis < shape.rank(); ++axis) {
        if (!shape[axis].known()) shape.dims()[axis] = letters.next(axis, shape.rank());
      }
    }
    Node& source = graph.at(port.edge.node);
    const bool in_place = source.op.starts_with("tf/Placeholder");
    Node node;
    node.name =
        in_place ? source.name.str() : source.name + (port.edge.port ? "_" + std::to_string(port.edge.port) : std::string());
    node.op = "ir/Input";
    node.outputs = {{type.dtype, shape}};
    if (in_place) {
      source = std::move(node);
    } else {
      const Edge old = port.edge;
      port.edge = {graph.add(std::move(node)), 0};
      graph.replace(old, port.edge);
    }
    graph.inputs.push_back(std::move(port));
  }
  graph.prune();
}

}  // namespace keraft::formats
