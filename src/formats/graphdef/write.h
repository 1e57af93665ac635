// GraphDef files.
#pragma once

#include <string>

#include "base/file.h"
#include "formats/graphdef/raw_nodes.h"
#include "keraft/control.hpp"

namespace keraft::formats {

/// TensorFlow 1.15's; every later one reads it.
inline constexpr int graph_producer = 134, graph_min_consumer = 12;

/// A frozen graph: weights are constants.
void write_graphdef(const Graph& graph, const std::string& path, const Registry& registry, const Control& control);
/// The same in the text form.
void write_graphdef_text(const Graph& graph, const std::string& path, const Registry& registry, const Control& control);

/// Appends the graph's bytes, tensors streamed; `control` is asked between tensors.
void append_graph(base::AtomicFile& file, const RawNodes& raw, const Control& control);

}  // namespace keraft::formats
