#include "formats/write.h"

#include "formats/graphdef/write.h"
#include "formats/keras/keras.h"
#include "formats/keras/objects.h"
#include "formats/meta_graph/write.h"
#include "keraft/error.hpp"

namespace keraft::formats {

void write(const Graph& graph, const std::string& path, Kind kind, const WriteOptions& options, const Graph* layers,
           const Registry& registry, const Control& control) {
  switch (kind) {
    case Kind::keras_v3:
      return write_keras_v3(graph, path, options, registry, control);
    case Kind::keras_h5:
      return write_keras_h5(graph, path, options, registry, control);
    case Kind::graphdef:
      return write_graphdef(graph, path, registry, control);
    case Kind::graphdef_text:
      return write_graphdef_text(graph, path, registry, control);
    case Kind::meta_graph:
      if (layers) {
        const wire::ObjectGraph objects = checkpoint_objects(*layers, registry);
        return write_meta_graph(graph, path, &objects, registry, control);
      }
      return write_meta_graph(graph, path, nullptr, registry, control);
    case Kind::saved_model:
      return write_saved_model(graph, path, registry, control);
    default:
      throw Error(Status::unsupported, "writing the kind " + std::string(name_of(kind)) + " is not supported", {path, {}, {}});
  }
}

}  // namespace keraft::formats
