// Running a model on arrays.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "keraft/model.hpp"

namespace keraft {

/// Owned, contiguous, row-major.
struct Array {
  DType dtype = DType::invalid;
  std::vector<int64_t> dims;
  std::shared_ptr<std::byte[]> data;

  int64_t elements() const { return element_count(dims); }
  uint64_t bytes() const { return static_cast<uint64_t>(elements()) * size_of(dtype); }
  template <class T>
  T* as() {
    return reinterpret_cast<T*>(data.get());
  }
  template <class T>
  const T* as() const {
    return reinterpret_cast<const T*>(data.get());
  }
};

/// Uninitialised, aligned to 64 bytes.
Array make_array(DType dtype, std::vector<int64_t> dims);

/// A model made ready to run. One run at a time per Runner.
class Runner {
 public:
  /// Keeps the graph that it runs, so a model that nobody else needs is best moved here.
  /// Prepares runs that fetch the same; others are prepared when they are asked for.
  /// Throws Status::unsupported with every node that has no kernel.
  explicit Runner(Model model, const Control& control = {}, const std::vector<std::string>& fetch = {});
  ~Runner();
  Runner(Runner&&) noexcept;

  /// Arrays by input name; every input must be there. `fetch`: output names, or names of tensors ("node", "node:1") or layers;
  /// empty: the model's outputs. Returns them by those names. Throws Status::mismatch for a wrong dtype or shape.
  std::map<std::string, Array> run(const std::map<std::string, Array>& inputs, const std::vector<std::string>& fetch = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace keraft
