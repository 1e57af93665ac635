// Calls and references in a Keras config, in all their spellings.
#pragma once

#include <string>
#include <vector>

#include "keraft/error.hpp"
#include "keraft/name.hpp"
#include "keraft/tensor.hpp"
#include "keraft/value.hpp"

namespace keraft::formats {

struct Reference {
  Name layer;
  int64_t call = 0, tensor = 0;
};

/// [name, call, tensor, …]?
bool is_reference(const Value& value);
Reference to_reference(const Value& value);

struct ParsedCall {
  std::vector<Reference> tensors;  ///< in call-argument order
  std::vector<Reference> masks;    ///< of the inputs
  Dict attrs;                      ///< keyword arguments that are no tensors
  std::vector<Tensor> constants;   ///< inputs of the node behind the tensors, or
  std::vector<size_t> places;      ///< where they stand among all inputs, in order
};

/// One element of inbound_nodes: [["x", 0, 0, {…}], …] of Keras 2, or {"args": […], "kwargs": {…}} of Keras 3. `tensors`: the
/// keyword arguments that may be tensors, in the order in which they follow the positional ones. Throws Status::unsupported for
/// arguments that a graph of layers cannot hold.
ParsedCall parse_call(const Value& call, const std::vector<std::string>& tensors, const Place& place);

/// input_layers, output_layers: one triple, a list of triples, or a nested structure of them, in Keras' own order.
std::vector<Reference> parse_references(const Value& value, const Place& place);

}  // namespace keraft::formats
