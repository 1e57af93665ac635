// Running two models on the same inputs and comparing.
#pragma once

#include "keraft/model.hpp"
#include "keraft/report.hpp"

namespace keraft {

struct VerifyOptions {
  int samples = 2;  ///< random input sets, each with batch 1 and batch 3 where the batch is free
  uint64_t seed = 1;
  double rtol = 1e-4;  ///< of the largest magnitude in the tensor compared
  double atol = 1e-6;
};

/// Inputs and outputs are paired by name where all names agree, else by position. Layers are paired through
/// Model::source_of of `b`, else by name. Throws Status::mismatch when inputs or outputs cannot be paired.
Verification verify(Model a, Model b, const VerifyOptions& options = {}, const Control& control = {});

}  // namespace keraft
