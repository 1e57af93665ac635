// TensorFlow graph → Keras model.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "keraft/model.hpp"
#include "keraft/report.hpp"

namespace keraft {

/// How far a conversion may go where no layer fits: Keras' own layers; and keras.ops nodes; and generated layers; and, for ops
/// that nobody knows, layers whose call is yet to be written.
enum class Allow : int32_t { layers = 0, ops = 1, custom = 2, stubs = 3 };

struct ConvertOptions {
  Language to = Language::keras;
  Allow allow = Allow::custom;
  bool keep_data_format = false;  ///< a graph of channels-first images stays one; otherwise its layers get channels-last images
  bool unfold_norms = false;      ///< an identity BatchNormalization behind what an exporter folded one into
  bool training_calls = true;     ///< to TensorFlow: what layers compute in training too, which a SavedModel alone holds
};

struct Conversion {
  Model model;          ///< keras/… calls and keras.ops/… nodes alone, or raw ops alone, when report.status is "ok"
  std::string not_run;  ///< why it cannot be run, and so not compared with its source; empty: it can
  Report report;        ///< status "ok" or "unsupported"
};

/// The layers of a Keras file are kept, in the words that every Keras reads; to TensorFlow they are told in ops, and a graph
/// stays as it is. Throws for errors of the caller or the graph; what no layer can express is in the report.
Conversion convert(const Model& source, const ConvertOptions& options = {}, const Control& control = {});

/// Takes the layers from the metadata that Keras 2 left in a SavedModel, where they fit `source`, which was loaded from it with
/// `load`: the same inputs and outputs, each weight with the sizes that its layer's config says, the same variables read. What
/// they compute is not compared; who takes the result verifies it, and converts `source` where it differs. Nothing without such
/// metadata, or where it cannot be taken: `why` says so then.
std::optional<Conversion> convert_by_metadata(const Model& source, const LoadOptions& load, const ConvertOptions& options,
                                              const Control& control, std::string& why);

/// Completes a report for a write of that kind: the target, the Keras versions that load it, and each layer that keeps it from
/// Keras 2 as a finding. Throws as write() does.
void describe_target(const Model& model, const std::string& path, Kind kind, const WriteOptions& options, Report& report);

}  // namespace keraft
