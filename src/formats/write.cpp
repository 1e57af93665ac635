#include "formats/write.h"

#include <optional>

#include "formats/graphdef/write.h"
#include "formats/keras/keras.h"
#include "formats/keras/objects.h"
#include "formats/meta_graph/write.h"
#include "keraft/error.hpp"

namespace keraft::formats {

void write(const Model& model, const std::string& path, Kind kind, const WriteOptions& options, const Control& control,
           const Release& release) {
  const Graph& graph = model.graph;
  const Registry& registry = model.registry;
  std::optional<wire::ObjectGraph> objects;
  if (model.layers && (kind == Kind::meta_graph || kind == Kind::saved_model))
    objects = checkpoint_objects(*model.layers, registry);
  const wire::ObjectGraph* keras = objects ? &*objects : nullptr;
  switch (kind) {
    case Kind::keras_v3:
      return write_keras_v3(graph, path, options, registry, control, release);
    case Kind::keras_h5:
      return write_keras_h5(graph, path, options, registry, control, release);
    case Kind::graphdef:
      return write_graphdef(graph, path, registry, control);
    case Kind::graphdef_text:
      return write_graphdef_text(graph, path, registry, control);
    case Kind::meta_graph:
      return write_meta_graph(graph, path, keras, registry, control);
    case Kind::saved_model:
      return write_saved_model(graph, path, {model.in_training.get(), keras, options.signature}, registry, control);
    default:
      throw Error(Status::unsupported, "writing the kind " + std::string(name_of(kind)) + " is not supported", {path, {}, {}});
  }
}

}  // namespace keraft::formats
