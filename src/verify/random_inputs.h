// Inputs that suit two models.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "keraft/run.hpp"

namespace keraft::verifying {

/// What a random input must look like: the types of one input in both models.
struct InputSpec {
  std::string name_a, name_b;
  DType dtype = DType::invalid;
  Shape shape;         ///< of both, numbers before symbols
  bool whole = false;  ///< real numbers that stand for integers: the source casts them
};

/// Throws Status::mismatch when the inputs cannot be paired or contradict each other, ::unsupported without a shape.
std::vector<InputSpec> input_specs(const Graph& a, const Graph& b);
bool batch_is_free(const std::vector<InputSpec>& specs);
/// Has the first axis of an input another name than the batch's? A graph may ask more than one or three of it.
bool batch_may_grow(const std::vector<InputSpec>& specs);
/// Is there a symbol beside the batch?
bool sizes_are_free(const std::vector<InputSpec>& specs);

/// One array per spec: floats are normal, integers 0…3. The same seed gives the same numbers everywhere.
std::vector<Array> random_inputs(const std::vector<InputSpec>& specs, int64_t batch, int64_t free_size, uint64_t seed);

}  // namespace keraft::verifying
