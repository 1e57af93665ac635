#include "formats/graphdef/write.h"

#include <algorithm>

namespace keraft::formats {
namespace {

constexpr uint64_t step = uint64_t{1} << 20;

void append_tensor(base::AtomicFile& file, const Tensor& tensor, const Control& control) {
  const uint64_t size = tensor.bytes();
  std::string buffer(static_cast<size_t>(std::min(size, step)), '\0');
  for (uint64_t at = 0; at < size; at += step) {
    check(control);
    const auto count = static_cast<size_t>(std::min(step, size - at));
    tensor.storage->read(at, std::as_writable_bytes(std::span(buffer).first(count)));
    file.append(std::string_view(buffer).substr(0, count));
  }
}

}  // namespace

void append_graph(base::AtomicFile& file, const RawNodes& raw, const Control& control) {
  for (const wire::RawNode& node : raw.nodes) {
    check(control);
    file.append(wire::print_node(node));
    if (node.value && node.value->storage) append_tensor(file, *node.value, control);
  }
  file.append(wire::print_versions(graph_producer, graph_min_consumer));
}

void write_graphdef(const Graph& graph, const std::string& path, const Registry& registry, const Control& control) {
  const RawNodes raw = raw_nodes(graph, registry, false);
  base::AtomicFile file(path);
  append_graph(file, raw, control);
  file.commit();
}

void write_graphdef_text(const Graph& graph, const std::string& path, const Registry& registry, const Control& control) {
  const RawNodes raw = raw_nodes(graph, registry, false);
  base::AtomicFile file(path);
  for (const wire::RawNode& node : raw.nodes) {
    check(control);
    file.append(wire::print_node_text(node));
  }
  file.append(wire::print_versions_text(graph_producer, graph_min_consumer));
  file.commit();
}

}  // namespace keraft::formats
