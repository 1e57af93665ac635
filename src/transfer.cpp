// Weights of one file in the model of another: read both, match, and write as a conversion of the model.

#include "keraft/transfer.hpp"

#include <algorithm>

#include "base/file.h"
#include "formats/keras/keras.h"
#include "transfer/match.h"
#include "transfer/names.h"
#include "transfer/read.h"

namespace keraft {
namespace {

using transfer::Pairing;
using transfer::Source;
using transfer::Target;

struct Wanted {
  Model model;
  formats::Nesting nesting;
  Target places;
};

Wanted read_wanted(const std::string& path, const LoadOptions& load_options, const Control& control) {
  if (!formats::sniff_keras(path))
    throw Error(Status::argument, "is to get the weights, and is no Keras model: a .keras or .h5 file", {path, {}, {}});
  LoadOptions own;
  own.registry = load_options.registry;
  Wanted out{load(path, own, control), formats::read_nesting(path, own.registry, control), {}};
  out.places = transfer::target_of(out.model, out.nesting);
  return out;
}

/// A SavedModel that only Python code can call is still a checkpoint.
std::optional<Source> checkpoint_of_folder(const std::string& path, const LoadOptions& load, const Control& control) {
  const std::string prefix = path + "/variables/variables";
  if (!base::is_folder(path) || !base::exists(prefix + ".index")) return std::nullopt;
  return transfer::read_checkpoint(prefix, control, load.follow_links ? std::string() : path);
}

/// What the file is read as, the first that fits counts.
std::vector<Source> read_sources(const std::string& path, const Wanted& wanted, const LoadOptions& load_options,
                                 const Control& control) {
  std::vector<Source> out;
  if (auto weights = transfer::read_weights(path, wanted.model, wanted.nesting, control)) {
    out.push_back(std::move(*weights));
    return out;
  }
  try {
    const Model model = load(path, load_options, control);
    if (model.keras()) {
      const formats::Nesting nesting = formats::read_nesting(path, load_options.registry, control);
      out.push_back(transfer::source_of_layers(model, &nesting));
      return out;
    }
    const Conversion layers = convert(model, {}, control);
    if (layers.report.status == "ok") {
      out.push_back(transfer::source_of_layers(layers.model, nullptr));
      out.back().kind = name_of(model.kind);
    }
    out.push_back(transfer::source_of_variables(model));
  } catch (const Error& error) {
    if (error.status() != Status::format && error.status() != Status::unsupported) throw;
    auto stored = checkpoint_of_folder(path, load_options, control);
    if (!stored) throw;
    out.clear();
    out.push_back(std::move(*stored));
  }
  return out;
}

/// The first source that fills the model. What contradicts itself is refused, not read in another way.
std::pair<const Source*, Pairing> match_first(const std::vector<Source>& sources, const Target& target,
                                              const TransferOptions& options) {
  for (size_t i = 0;; ++i) {
    try {
      return {&sources[i], transfer::match(sources[i], target, options)};
    } catch (const Error& error) {
      if (i + 1 == sources.size() || (error.status() != Status::mismatch && error.status() != Status::unsupported)) throw;
    }
  }
}

/// Gives the slots their values; what was changed on the way, and what keeps its own, is lossy.
void fill(const Source& source, const Pairing& found, const TransferOptions& options, Wanted& wanted) {
  Graph& graph = wanted.model.graph;
  for (size_t i = 0; i < wanted.places.places.size(); ++i) {
    const transfer::SlotPlace& place = wanted.places.places[i];
    Slot& slot = graph.layers[place.layer].slots[place.slot];
    Weight& weight = graph.weights.at(static_cast<size_t>(slot.weight));
    if (found.stored[i] == transfer::nowhere) {
      const auto clash = found.clashes.find(i);
      const std::string why = clash == found.clashes.end() ? std::string() : "; " + clash->second;
      weight.name = {};
      weight.evidence = {"kept: nothing fits" + why};
      wanted.model.lossy.emplace_back(place.name(), "keeps the model's values: nothing fits" + why);
      continue;
    }
    const transfer::Stored& stored = source.weights[found.stored[i]];
    auto fitted = transfer::fit(stored.value, place, options.layout);
    if (!fitted) throw Error(Status::internal, "a weight was matched that does not fit", {source.path, {}, stored.key});
    slot.value = weight.value = std::move(fitted->value);
    slot.state.clear();
    weight.name = weight.key = stored.key;
    weight.evidence.assign(found.evidence[i].begin(), found.evidence[i].end());
    weight.evidence.emplace_back("sizes and type agree");
    if (fitted->changed.empty()) continue;
    weight.evidence.back() = fitted->changed;
    wanted.model.lossy.emplace_back(place.name(), fitted->changed);
  }
}

}  // namespace

Conversion transfer_weights(const std::string& weights, const std::string& model, const TransferOptions& options,
                            const LoadOptions& load, const Control& control) {
  Wanted wanted = read_wanted(model, load, control);
  std::vector<Source> sources = read_sources(weights, wanted, load, control);
  for (Source& one : sources) {
    one.path = weights;
    transfer::keep_below(one, options.prefix);
    transfer::rename(one, options.renames);
  }
  const auto [source, found] = match_first(sources, wanted.places, options);
  fill(*source, found, options, wanted);
  if (wanted.model.graph.training) {
    wanted.model.graph.training.reset();
    wanted.model.lossy.emplace_back("optimizer", "the model's own state, which belongs to its own values, is left out");
  }
  for (const auto& note : source->notes) wanted.model.lossy.push_back(note);
  if (source->state > 0) {
    wanted.model.lossy.emplace_back(
        "optimizer", std::to_string(source->state) + " variables of optimizers, metrics and counters are left out");
  }
  wanted.model.unused_variables = source->set_aside;
  for (size_t i = 0; i < source->weights.size(); ++i) {
    if (found.place[i] == transfer::nowhere) wanted.model.unused_variables.push_back(source->weights[i].key);
  }
  Conversion out = convert(wanted.model, {}, control);
  out.report.source = {weights, source->kind, source->producer, {}, {}, {}};
  return out;
}

}  // namespace keraft
