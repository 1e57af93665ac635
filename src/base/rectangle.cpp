#include "base/rectangle.h"

#include <algorithm>
#include <cstring>

namespace keraft::base {
namespace {

constexpr size_t window = 64 * 1024;

}  // namespace

Rows::Rows(const std::vector<int64_t>& dims, const std::vector<int64_t>& start, const std::vector<int64_t>& extent) {
  uint64_t stride = 1;
  bool whole = true;
  for (size_t axis = dims.size(); axis-- > 0;) {
    base_ += static_cast<uint64_t>(start[axis]) * stride;
    const auto size = static_cast<uint64_t>(extent[axis]);
    if (whole) {
      length_ *= size;
      whole = extent[axis] == dims[axis];
    } else if (size != 1) {
      extents_.insert(extents_.begin(), size);
      strides_.insert(strides_.begin(), stride);
      count_ *= size;
    }
    stride *= static_cast<uint64_t>(dims[axis]);
  }
  if (length_ == 0) count_ = 0;
}

uint64_t Rows::offset(uint64_t i) const noexcept {
  uint64_t out = base_;
  for (size_t axis = extents_.size(); axis-- > 0;) {
    out += i % extents_[axis] * strides_[axis];
    i /= extents_[axis];
  }
  return out;
}

void Window::read(uint64_t offset, std::span<std::byte> out) {
  if (out.size() >= window / 4 || stride_ >= window / 4) return from_.read(offset, out);
  if (offset < begin_ || offset + out.size() > begin_ + buffer_.size()) {
    begin_ = offset;
    buffer_.resize(static_cast<size_t>(std::min<uint64_t>(window, from_.size() - std::min(offset, from_.size()))));
    if (buffer_.size() < out.size()) return from_.read(offset, out);
    from_.read(offset, buffer_);
  }
  std::memcpy(out.data(), buffer_.data() + (offset - begin_), out.size());
}

}  // namespace keraft::base
