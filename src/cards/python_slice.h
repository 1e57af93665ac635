// x[1:, ..., 0] of Python as the op that TensorFlow makes of it (tensorflow/python/ops/array_ops.py, _slice_helper).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "keraft/tensor.hpp"
#include "keraft/value.hpp"

namespace keraft::cards {

class PythonSlice {
 public:
  /// One axis after the other. False for bounds that do not fit in 32 bits.
  bool range(std::optional<int64_t> begin, std::optional<int64_t> end, std::optional<int64_t> step);
  bool at(int64_t index);
  bool new_axis() { return mark("new_axis_mask"); }
  bool ellipsis() { return mark("ellipsis_mask"); }

  static const char* op();
  const Dict& attrs() const noexcept { return attrs_; }
  /// The op's inputs behind the tensor.
  std::vector<Tensor> bounds() const;

 private:
  bool mark(const char* mask);
  void flag(const char* mask);
  bool push(int64_t begin, int64_t end, int64_t stride);

  Dict attrs_;
  std::vector<int32_t> begin_, end_, strides_;
};

}  // namespace keraft::cards
