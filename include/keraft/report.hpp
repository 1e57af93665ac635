// What a conversion or a comparison found. Findings are a report, not an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "keraft/error.hpp"
#include "keraft/name.hpp"

namespace keraft {

struct WeightReport {
  Name slot, variable;
  std::vector<int64_t> shape;
  bool trainable = true;
  std::vector<Name> evidence;
};

struct LayerReport {
  Name name, cls;
  std::vector<Name> from;  ///< raw nodes
  Name how;                ///< card | metadata | ops | custom
  Name fidelity;           ///< exact | rounding | approximate
  std::vector<WeightReport> weights;
};

struct Unsupported {
  std::string node, op, reason;
};

/// Nodes of the source that are no part of the model.
struct CutOff {
  std::string kind;  ///< gradients, optimizer, loss, summaries, saver, initialisers, queues, input pipeline, checks, other
  int64_t nodes = 0;
};

/// What training goes on with.
struct TrainingReport {
  std::string optimizer, loss;  ///< Keras classes; empty: not recovered
  int64_t iterations = 0;
  int64_t variables = 0;  ///< with what the optimizer keeps for them
};

struct Lossy {
  std::string where, what;
};

struct LayerDifference {
  std::string name;
  double max_abs = 0, max_rel = 0;  ///< max_rel: relative to the largest magnitude in that layer's output
  double ulp = 0;                   ///< largest distance in units of the last place of the largest magnitude
};

struct Verification {
  int samples = 0;
  uint64_t seed = 0;
  double max_abs = 0, max_rel = 0;
  double rtol = 0, atol = 0;
  bool equal = false;
  std::vector<LayerDifference> layers;  ///< the layers whose result is a tensor of the source too
  std::string first_difference;         ///< the first layer, in topological order, over the tolerance; empty when equal
};

struct Report {
  std::string status = "ok";  ///< ok | differs | unsupported | failed
  struct Side {
    std::string path, kind, producer;
    std::vector<std::string> inputs, outputs;  ///< "name float32 [B, 224, 224, 3]"
    std::string keras;                         ///< of a target: the versions that load it
  } source, target;
  std::vector<LayerReport> layers;
  std::vector<Unsupported> unsupported;
  std::vector<std::string> unused_variables;
  std::vector<CutOff> cut_off;
  std::optional<TrainingReport> training;
  std::vector<Lossy> lossy;
  std::optional<Verification> verification;
  struct Failure {
    std::string status, message, place;
  };
  std::optional<Failure> error;

  /// The JSON document of docs/cli.md ("Report").
  std::string json() const;
  /// For people: layers with the raw nodes they came from, variables with role and evidence, findings, comparison.
  std::string text() const;
  /// One page for a browser, without scripts and outside references.
  std::string html() const;
};

}  // namespace keraft
