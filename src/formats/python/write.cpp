#include "formats/python/write.h"

#include "base/file.h"

namespace keraft::formats {

void write_python(const std::string& path, const std::string& code, const std::vector<std::pair<std::string, Tensor>>& weights,
                  const Control& control) {
  const std::string stem = path.ends_with(".py") ? path.substr(0, path.size() - 3) : path;
  write_npz(weights, stem + ".npz", control);
  base::AtomicFile file(path);
  file.append(code);
  file.commit();
}

}  // namespace keraft::formats
