#include "formats/keras/keras.h"

#include <algorithm>

#include "base/file.h"
#include "formats/keras/compile.h"
#include "formats/keras/layout.h"
#include "formats/keras/operations.h"
#include "keraft/error.hpp"

namespace keraft::formats {

std::optional<Kind> sniff_keras(const std::string& path) {
  if (base::is_folder(path)) return std::nullopt;
  const std::string head = base::File::open(path)->head(8);
  if (head == "\x89HDF\r\n\x1a\n") return Kind::keras_h5;
  if (head.starts_with("PK\x03\x04")) return Kind::keras_v3;
  return std::nullopt;
}

Audience audience(const Graph& graph, Kind kind, const WriteOptions& options, const Registry& registry) {
  const Plan calls = plan(graph);
  const Form form = choose_form(graph, calls, kind, options, registry);
  Audience out;
  if (auto state = compile_state(graph, calls, form, kind, options, registry)) out.notes = std::move(state->notes);
  const bool operations = std::any_of(calls.entries.begin(), calls.entries.end(),
                                      [&](const PlanEntry& entry) { return is_operation(graph.at(entry.calls.front())); });
  std::string first = "3.0.5";
  bool keras2_alone = form == Form::both_h5 && operations;
  for (const PlanEntry& entry : calls.entries) {
    if (entry.layer < 0) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
    if (const std::string own = since(layer, registry); older(first, own)) first = own;
    keras2_alone = keras2_alone || !keras2_only(layer, registry).empty();
    if (form == Form::both_h5 || form == Form::dual) {
      for (const NodeId call : entry.calls) keras2_alone = keras2_alone || has_two_forms(graph.at(call), layer, registry);
    }
  }
  const std::string older_line = form == Form::both_h5 ? "2.12–2.15, tf_keras" : "2.15, tf_keras";
  const std::string newer_line = first + "–3.15.1";
  const bool both = form == Form::both_h5 || form == Form::dual;
  out.keras = !both ? newer_line : keras2_alone ? older_line : older_line + ", " + newer_line;
  if (!options.keras.empty()) return out;
  for (const PlanEntry& entry : calls.entries) {
    if (is_operation(graph.at(entry.calls.front()))) {
      const bool keras2 = form == Form::both_h5;
      out.findings.emplace_back(
          entry.name, keras2 ? "Keras 3 has no form of this operation that Keras 2 loads; the file opens in Keras 2 only"
                             : "Keras 2 has no form of this operation; the file opens in Keras 3 only");
    }
    if (entry.layer < 0) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
    if (!keras2_only(layer, registry).empty())
      out.findings.emplace_back(entry.name, "Keras 3 has no form of this layer; the file opens in Keras 2 only");
    if (both) continue;
    const bool two_forms = std::any_of(entry.calls.begin(), entry.calls.end(),
                                       [&](NodeId call) { return has_two_forms(graph.at(call), layer, registry); });
    if (two_forms)
      out.findings.emplace_back(entry.name,
                                "a call with states, which each line of Keras notes in its own form; --keras 2 "
                                "writes the file for Keras 2");
    if (!keras3_only(layer, registry).empty())
      out.findings.emplace_back(entry.name, "Keras 2 has no form of this layer; the file opens in Keras 3 only");
  }
  return out;
}

}  // namespace keraft::formats
