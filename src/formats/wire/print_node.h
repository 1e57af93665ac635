// NodeDefs as bytes and as text. libprotobuf stays behind this header.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "keraft/error.hpp"
#include "keraft/value.hpp"

namespace keraft::formats::wire {

struct RawAttr {
  std::string_view name;
  char kind;  ///< of OpTypes::Attr
  Value value;
};

struct RawNode {
  std::string name, op;
  std::vector<std::string> inputs;  ///< "node", "node:1", "^node"
  std::vector<RawAttr> attrs;       ///< by name, no tensors
  const Tensor* value = nullptr;    ///< attribute "value" of a constant
};

/// The node as a field of a GraphDef, or of a FunctionDef: 3. Where `value` is a tensor with storage, the field ends where its
/// bytes() begin, which the caller puts behind. Throws Status::unsupported for an attribute that is not of its kind, and for
/// what is larger than 2 GiB.
std::string print_node(const RawNode& node, int field = 1);
/// The node in the text form, with its tensor.
std::string print_node_text(const RawNode& node);
/// The versions of a GraphDef, as its last field, in both forms.
std::string print_versions(int producer, int min_consumer);
std::string print_versions_text(int producer, int min_consumer);

}  // namespace keraft::formats::wire
