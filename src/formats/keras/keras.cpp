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
  switch (form) {
    case Form::both_h5:
      out.keras = operations ? "2.12–2.15, tf_keras" : "2.12–2.15, tf_keras, 3.0.5–3.15.1";
      break;
    case Form::dual:
      out.keras = "2.15, tf_keras, 3.0.5–3.15.1";
      break;
    case Form::keras3:
    case Form::keras3_h5:
      out.keras = "3.0.5–3.15.1";
      break;
  }
  if (!options.keras.empty()) return out;
  for (const PlanEntry& entry : calls.entries) {
    if (is_operation(graph.at(entry.calls.front()))) {
      const bool keras2 = form == Form::both_h5;
      out.findings.emplace_back(
          entry.name, keras2 ? "Keras 3 has no form of this operation that Keras 2 loads; the file opens in Keras 2 only"
                             : "Keras 2 has no form of this operation; the file opens in Keras 3 only");
    }
    if (entry.layer < 0 || form == Form::both_h5 || form == Form::dual) continue;
    if (!keras3_only(graph.layers[static_cast<size_t>(entry.layer)], registry).empty())
      out.findings.emplace_back(entry.name, "Keras 2 has no form of this layer; the file opens in Keras 3 only");
  }
  return out;
}

}  // namespace keraft::formats
