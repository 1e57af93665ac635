// keraft from C++17: the steps of a conversion one by one.
//   example SOURCE TARGET.h5
#include <cstdio>
#include <iostream>

#include "keraft_raii.hpp"

using namespace keraft::raii;

std::string keraft_test_version();

namespace {

int run(const std::string& source, const std::string& target) {
  const Context context;
  const Model raw = Model::load(context, source);
  const auto [converted, report] = raw.convert(context);
  for (const keraft_unsupported& node : report.unsupported()) std::cerr << text(node.node) << ": " << text(node.reason) << '\n';
  if (report.status() != KERAFT_STATUS_OK) return 1;
  converted.write(context, target, KERAFT_KIND_KERAS_H5);

  const Model written = Model::load(context, target);
  const Report comparison = raw.verify(context, written);
  std::cout << comparison.write(KERAFT_FORMAT_TEXT) << written.inspect(KERAFT_FORMAT_TEXT);
  const auto layers = written.layers();
  View kept;
  for (size_t layer = 0; layer < layers.size() && !kept.raw().data; ++layer) {
    if (layers[layer].slot_count) kept = written.slot(layer, 0);
  }
  std::cout << kept.name() << " has " << kept.shape().size() << " axes; keraft " << keraft_test_version() << '\n';
  return comparison.status() == KERAFT_STATUS_OK && kept.raw().data ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    return run(argv[1], argv[2]);
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
