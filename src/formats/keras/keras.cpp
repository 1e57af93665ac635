#include "formats/keras/keras.h"

#include "base/file.h"
#include "formats/keras/config.h"
#include "keraft/error.hpp"

namespace keraft::formats {

std::optional<Kind> sniff_keras(const std::string& path) {
  if (base::is_folder(path)) return std::nullopt;
  const std::string head = base::File::open(path)->head(8);
  if (head == "\x89HDF\r\n\x1a\n") return Kind::keras_h5;
  if (head.starts_with("PK\x03\x04")) return Kind::keras_v3;
  return std::nullopt;
}

std::string keras_versions(const Graph& graph, Kind kind, const WriteOptions& options) {
  switch (choose_form(graph, plan(graph), kind, options)) {
    case Form::both_h5:
      return "Keras 2.12–2.15, tf_keras, Keras 3.0.5–3.15.1";
    case Form::dual:
      return "Keras 2.15, tf_keras, Keras 3.0.5–3.15.1";
    case Form::keras3:
      break;
  }
  return "Keras 3.0.5–3.15.1";
}

}  // namespace keraft::formats
