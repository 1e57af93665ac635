// Classifies images of digits with a model and draws some of them as text.
//   keraft_digits MODEL IMAGES.npz LABELS.npy [HOW_MANY]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <stdexcept>

#include "cli/npz.h"
#include "keraft_raii.hpp"

using namespace keraft;

namespace {

constexpr uint64_t limit = uint64_t{1} << 30;

template <class T>
std::vector<T> values(const cli::NamedArray& array, keraft_dtype dtype) {
  if (array.dtype != dtype || !array.byte_strides.empty())
    throw std::runtime_error(array.name + ": not the type that is expected");
  std::vector<T> out(array.bytes.size() / sizeof(T));
  std::memcpy(out.data(), array.bytes.data(), out.size() * sizeof(T));
  return out;
}

/// One text line per row, two characters per pixel, dark to light.
void draw(const float* pixels, int64_t height, int64_t width) {
  constexpr char shades[] = " .:-=+*#%@";
  for (int64_t y = 0; y < height; ++y) {
    std::string line = "    ";
    for (int64_t x = 0; x < width; ++x) {
      const float value = std::clamp(pixels[y * width + x], 0.0f, 1.0f);
      line += std::string(2, shades[static_cast<size_t>(value * 9.0f + 0.5f)]);
    }
    std::cout << line << '\n';
  }
}

int run(const std::string& path, const std::string& images_path, const std::string& labels_path, size_t shown) {
  std::vector<cli::NamedArray> images = cli::read_arrays(images_path, limit);
  const std::vector<int64_t> labels = values<int64_t>(cli::read_arrays(labels_path, limit).at(0), KERAFT_DTYPE_I64);
  const std::vector<float> pixels = values<float>(images.at(0), KERAFT_DTYPE_F32);
  const std::vector<int64_t> shape = images[0].shape;

  const raii::Context context;
  const raii::Model model = raii::Model::load(context, path);
  images[0].name = raii::text(model.inputs().at(0).name);
  raii::Runner runner(context, model);
  const raii::Arrays results = runner.run({images[0].view()});
  const keraft_tensor_view scores = results[0];
  if (scores.dtype != KERAFT_DTYPE_F32 || scores.rank != 2 || shape.size() != 4 || scores.shape[0] != shape[0] ||
      labels.size() != static_cast<size_t>(shape[0])) {
    throw std::runtime_error("the model does not give one row of scores per image");
  }
  const int64_t classes = scores.shape[1];
  size_t right = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const float* row = static_cast<const float*>(scores.data) + static_cast<int64_t>(i) * classes;
    const int64_t guess = std::max_element(row, row + classes) - row;
    right += guess == labels[i] ? 1 : 0;
    if (i >= shown) continue;
    draw(pixels.data() + static_cast<int64_t>(i) * shape[1] * shape[2], shape[1], shape[2]);
    std::printf("    recognised as %ld (%.1f %%), is %ld\n\n", static_cast<long>(guess),
                100.0 * static_cast<double>(row[guess]), static_cast<long>(labels[i]));
    std::fflush(stdout);
  }
  const double part = static_cast<double>(right) / static_cast<double>(labels.size());
  std::printf("%s: %zu of %zu images kept out of the training are recognised (%.2f %%)\n", path.c_str(), right, labels.size(),
              100 * part);
  return part > 0.97 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    std::cerr << "usage: keraft_digits MODEL IMAGES.npz LABELS.npy [HOW_MANY]\n";
    return 2;
  }
  try {
    return run(argv[1], argv[2], argv[3], argc == 5 ? static_cast<size_t>(std::atoi(argv[4])) : 0);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
