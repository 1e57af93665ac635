// Prints everything that keraft reads of HDF5 files, a JSON line each: {"file", "seconds", "datasets": {path: [dtype, dims,
// CRC-32]}, "errors": {path: text}}. What cannot be read is an error there; an internal one, or memory beyond 64 MB, ends the
// program. usage: walk FILE…
#include <chrono>
#include <iostream>

#include "base/budget.h"
#include "base/file.h"
#include "formats/wire/crc32.h"
#include "formats/wire/hdf5_reader.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"

namespace {

using namespace keraft;
using formats::wire::Hdf5Reader;

constexpr uint64_t most_memory = uint64_t{64} << 20;
constexpr int deepest = 8;

struct Found {
  Dict datasets, errors;

  template <class Body>
  void guarded(const std::string& path, Body body) {
    try {
      body();
    } catch (const Error& error) {
      if (error.status() == Status::internal) throw;
      errors[path] = std::string(error.what());
    }
  }

  void visit(Hdf5Reader& file, const std::string& path, int depth) {
    if (depth > deepest) return;
    std::vector<std::string> names;
    guarded(path, [&] { names = file.children(path); });
    for (const std::string& name : names) visit(file, (path == "/" ? path : path + "/") + name, depth + 1);
    if (!names.empty() || path == "/") return;
    guarded(path, [&] {
      const Tensor tensor = file.tensor(path);
      const auto bytes = tensor.load();
      datasets[path] = List{std::string(name_of(tensor.dtype)), Value::ints(tensor.dims),
                            static_cast<int64_t>(formats::wire::crc32(0, bytes))};
    });
  }
};

}  // namespace

int main(int count, char** arguments) {
  Control control;
  control.threads = 1;
  control.limits.bytes = most_memory;
  for (int i = 1; i < count; ++i) {
    const std::string path = arguments[i];
    const auto start = std::chrono::steady_clock::now();
    Found found;
    found.guarded("/", [&] {
      base::Budget budget(control);
      const auto file = base::File::open(path);
      Hdf5Reader reader(base::file_range(file, 0, file->size()), path, budget);
      found.visit(reader, "/", 0);
    });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const Dict line{{"file", path}, {"seconds", seconds.count()}, {"datasets", found.datasets}, {"errors", found.errors}};
    std::cout << formats::wire::print_json(Value(line)) << std::endl;
  }
}
