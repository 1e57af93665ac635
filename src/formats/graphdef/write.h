// GraphDef files.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "formats/graphdef/function_body.h"
#include "formats/graphdef/raw_nodes.h"
#include "keraft/control.hpp"

namespace keraft::formats {

/// A frozen graph: weights are constants.
void write_graphdef(const Graph& graph, const std::string& path, const Registry& registry, const Control& control);
/// The same in the text form.
void write_graphdef_text(const Graph& graph, const std::string& path, const Registry& registry, const Control& control);

/// A graph as bytes, with tensors that are streamed in between.
struct GraphBytes {
  struct Piece {
    std::string bytes;
    const Tensor* behind = nullptr;  ///< null: nothing
  };
  std::vector<Piece> pieces;
  uint64_t size = 0;

  void add(const std::string& bytes, const Tensor* behind = nullptr);
  /// A message as a field of this one.
  void add(int field, const GraphBytes& message);
};
/// `raw` and `functions`, the graph's library, must outlive the result.
GraphBytes graph_bytes(const RawNodes& raw, const std::vector<FunctionBody>& functions = {});
void append(base::AtomicFile& file, const GraphBytes& graph, const Control& control);

}  // namespace keraft::formats
