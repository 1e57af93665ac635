#include "formats/keras/keras.h"

#include "base/file.h"
#include "formats/keras/compile.h"
#include "formats/keras/layout.h"
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
  switch (form) {
    case Form::both_h5:
      out.keras = "2.12–2.15, tf_keras, 3.0.5–3.15.1";
      return out;
    case Form::dual:
      out.keras = "2.15, tf_keras, 3.0.5–3.15.1";
      return out;
    case Form::keras3:
      break;
  }
  out.keras = "3.0.5–3.15.1";
  for (const PlanEntry& entry : calls.entries) {
    if (!options.keras.empty() || entry.layer < 0) continue;
    if (!keras3_only(graph.layers[static_cast<size_t>(entry.layer)], registry).empty()) out.keras3_only.push_back(entry.name);
  }
  return out;
}

}  // namespace keraft::formats
