#include "formats/graphdef/write.h"

#include "base/append.h"
#include "formats/wire/field.h"

namespace keraft::formats {
namespace {

/// Understood by every TensorFlow from 1.12 on.
constexpr int producer = 27, min_consumer = 0;

void add_nodes(GraphBytes& out, const std::vector<wire::RawNode>& nodes, int field) {
  for (const wire::RawNode& node : nodes)
    out.add(wire::print_node(node, field), node.value && node.value->storage ? node.value : nullptr);
}

GraphBytes library_bytes(const std::vector<FunctionBody>& functions) {
  GraphBytes out;
  for (const FunctionBody& function : functions) {
    GraphBytes one;
    one.add(wire::print_function_head(function.head));
    add_nodes(one, function.nodes, 3);
    out.add(1, one);
  }
  return out;
}

}  // namespace

void GraphBytes::add(const std::string& bytes, const Tensor* behind) {
  if (pieces.empty() || pieces.back().behind) pieces.emplace_back();
  pieces.back().bytes += bytes;
  pieces.back().behind = behind;
  size += bytes.size() + (behind ? behind->bytes() : 0);
}

void GraphBytes::add(int field, const GraphBytes& message) {
  add(wire::field_head(field, message.size));
  for (const Piece& piece : message.pieces) add(piece.bytes, piece.behind);
}

GraphBytes graph_bytes(const RawNodes& raw, const std::vector<FunctionBody>& functions) {
  GraphBytes out;
  add_nodes(out, raw.nodes, 1);
  if (!functions.empty()) out.add(2, library_bytes(functions));
  out.add(wire::print_versions(producer, min_consumer));
  return out;
}

void append(base::AtomicFile& file, const GraphBytes& graph, const Control& control) {
  for (const GraphBytes::Piece& piece : graph.pieces) {
    check(control);
    file.append(piece.bytes);
    if (piece.behind) base::append(file, *piece.behind, control);
  }
}

void write_graphdef(const Graph& graph, const std::string& path, const Registry& registry, const Control& control) {
  const RawNodes raw = raw_nodes(graph, registry, false);
  base::AtomicFile file(path);
  append(file, graph_bytes(raw), control);
  file.commit();
}

void write_graphdef_text(const Graph& graph, const std::string& path, const Registry& registry, const Control& control) {
  const RawNodes raw = raw_nodes(graph, registry, false);
  base::AtomicFile file(path);
  for (const wire::RawNode& node : raw.nodes) {
    check(control);
    file.append(wire::print_node_text(node));
  }
  file.append(wire::print_versions_text(producer, min_consumer));
  file.commit();
}

}  // namespace keraft::formats
