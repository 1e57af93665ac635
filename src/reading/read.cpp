#include "reading/read.h"

#include "formats/keras/keras.h"
#include "keraft/error.hpp"
#include "reading/compiled.h"
#include "reading/load_tensorflow.h"

namespace keraft::reading {

using namespace keraft::formats;  // this folder orders what those parts read

Model read(const std::string& path, const LoadOptions& options, const Control& control,
           std::map<std::string, DType>& promised) {
  if (const auto kind = sniff_keras(path)) {
    Model out = *kind == Kind::keras_v3 ? read_keras_v3(path, options.registry, control)
                                        : read_keras_h5(path, options.backend, options.registry, control);
    // An .h5 lists the optimizer's variables in the order of the version that wrote it.
    if (*kind == Kind::keras_h5 && out.graph.training) out.graph.training->stored.clear();
    if (options.infer)
      out.graph.training.reset();
    else
      read_compiled(out.graph, options.registry, out.lossy);
    return out;
  }
  if (const auto kind = sniff_tensorflow(path)) return load_tensorflow(path, *kind, options, control, promised);
  throw Error(Status::format, "neither a TensorFlow nor a Keras model", {path, {}, {}});
}

}  // namespace keraft::reading
