#include "formats/keras/keras.h"
#include "formats/keras/raw_file.h"
#include "formats/keras/read_config.h"

namespace keraft::formats {

Nesting read_nesting(const std::string& path, const Registry& registry, const Control& control) {
  base::Budget budget(control);
  Nesting out;
  read_model_dict(read_raw_keras(path, control).config, budget, registry, path, out);
  return out;
}

}  // namespace keraft::formats
