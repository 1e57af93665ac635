#include "formats/graphdef/write.h"

#include "base/append.h"

namespace keraft::formats {
namespace {

/// Understood by every TensorFlow from 1.12 on.
constexpr int producer = 27, min_consumer = 0;

}  // namespace

GraphBytes graph_bytes(const RawNodes& raw) {
  GraphBytes out;
  for (const wire::RawNode& node : raw.nodes) {
    const bool streamed = node.value && node.value->storage;
    if (out.pieces.empty() || out.pieces.back().behind) out.pieces.emplace_back();
    out.pieces.back().bytes += wire::print_node(node);
    if (streamed) out.pieces.back().behind = node.value;
  }
  out.pieces.push_back({wire::print_versions(producer, min_consumer), nullptr});
  for (const GraphBytes::Piece& piece : out.pieces) out.size += piece.bytes.size() + (piece.behind ? piece.behind->bytes() : 0);
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
