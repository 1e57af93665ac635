// A GraphDef as it lies in the file: edges are still text, functions are found but not read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/budget.h"
#include "formats/wire/messages.h"
#include "formats/wire/scan.h"
#include "keraft/value.hpp"

namespace keraft::formats {

struct RawNode {
  std::string name, op;
  std::vector<std::string> inputs;
  Dict attrs;
  uint64_t offset = 0;
};

struct RawFunction {
  wire::OpSignature signature;
  std::vector<RawNode> nodes;
  std::map<std::string, std::string> ret, control_ret;
  uint64_t offset = 0;
};

/// Bytes of one function in the source.
struct FunctionRange {
  uint64_t begin = 0, end = 0;
};

struct RawGraph {
  std::vector<RawNode> nodes;
  std::map<std::string, FunctionRange, std::less<>> functions;
  wire::Versions versions;
};

/// Reads messages of one file. Tensors of more than a few bytes stay in the file.
class GraphReader {
 public:
  GraphReader(std::shared_ptr<wire::Source> source, base::Budget& budget) : source_(std::move(source)), budget_(budget) {}

  RawGraph graph(wire::Scan scan);
  /// A function of `graph`, read when somebody needs it.
  RawFunction function(const FunctionRange& range);
  const wire::Source& source() const noexcept { return *source_; }
  wire::Source& source() noexcept { return *source_; }

 private:
  RawNode node(wire::Scan scan, bool inside_function);
  void attr(wire::Scan scan, RawNode& node);
  void library(wire::Scan scan, RawGraph& out);
  std::string limited_text(const wire::Scan& scan);
  wire::AttrReader attr_reader();

  std::shared_ptr<wire::Source> source_;
  base::Budget& budget_;
  int symbols_ = 0;
};

/// "a/b_1": what TensorFlow takes as the name of a node.
bool is_node_name(std::string_view name) noexcept;

}  // namespace keraft::formats
