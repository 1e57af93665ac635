#include "keraft/model.hpp"

namespace keraft {

std::string_view name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::graphdef:
      return "graphdef";
    case Kind::graphdef_text:
      return "graphdef_text";
    case Kind::saved_model:
      return "saved_model";
    case Kind::meta_graph:
      return "meta_graph";
    case Kind::checkpoint:
      return "checkpoint";
    case Kind::keras_h5:
      return "h5";
    case Kind::keras_v3:
      return "keras";
    case Kind::python:
      return "python";
  }
  return "unknown";
}

}  // namespace keraft
