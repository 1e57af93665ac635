#include "cards/python_slice.h"

#include <span>

namespace keraft::cards {

const char* PythonSlice::op() { return "tf/StridedSlice"; }

bool PythonSlice::range(std::optional<int64_t> begin, std::optional<int64_t> end, std::optional<int64_t> step) {
  if (!begin) flag("begin_mask");
  if (!end) flag("end_mask");
  return push(begin.value_or(0), end.value_or(0), step.value_or(1));
}

bool PythonSlice::at(int64_t index) {
  if (index == INT64_MAX) return false;
  flag("shrink_axis_mask");
  return push(index, index + 1, 1);
}

bool PythonSlice::mark(const char* mask) {
  flag(mask);
  return push(0, 0, 1);
}

void PythonSlice::flag(const char* mask) {
  Value& bits = attrs_.try_emplace(mask, int64_t{0}).first->second;
  bits = *bits.get<int64_t>() | int64_t{1} << begin_.size();
}

bool PythonSlice::push(int64_t begin, int64_t end, int64_t stride) {
  for (const int64_t one : {begin, end, stride}) {
    if (one < INT32_MIN || one > INT32_MAX) return false;
  }
  begin_.push_back(static_cast<int32_t>(begin));
  end_.push_back(static_cast<int32_t>(end));
  strides_.push_back(static_cast<int32_t>(stride));
  return true;
}

std::vector<Tensor> PythonSlice::bounds() const {
  std::vector<Tensor> out;
  for (const std::vector<int32_t>* one : {&begin_, &end_, &strides_}) {
    out.push_back(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(one->size())}, std::span<const int32_t>(*one)));
  }
  return out;
}

}  // namespace keraft::cards
