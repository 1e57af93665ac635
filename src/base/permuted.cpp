#include <algorithm>
#include <cstring>
#include <utility>

#include "base/rectangle.h"
#include "base/storage.h"
#include "keraft/error.hpp"

namespace keraft::base {
namespace {

template <size_t Width>
void gather(const std::byte* from, std::byte* to, uint64_t count, uint64_t stride) {
  for (uint64_t i = 0; i < count; ++i) std::memcpy(to + i * Width, from + i * stride * Width, Width);
}

void gather(const std::byte* from, std::byte* to, uint64_t count, uint64_t stride, size_t width) {
  switch (width) {
    case 1:
      return gather<1>(from, to, count, stride);
    case 2:
      return gather<2>(from, to, count, stride);
    case 4:
      return gather<4>(from, to, count, stride);
    case 8:
      return gather<8>(from, to, count, stride);
    case 16:
      return gather<16>(from, to, count, stride);
    default:
      throw Error(Status::internal, "no such element size");
  }
}

class Permuted : public Storage {
 public:
  Permuted(std::shared_ptr<const Storage> from, std::vector<int64_t> dims, std::vector<size_t> perm, size_t element)
      : from_(std::move(from)), dims_(std::move(dims)), perm_(std::move(perm)), element_(element), inner_(perm_.size() + 1, 1) {
    for (size_t axis = perm_.size(); axis-- > 0;) inner_[axis] = inner_[axis + 1] * static_cast<uint64_t>(dims_[perm_[axis]]);
  }

  uint64_t size() const noexcept override { return from_->size(); }
  std::shared_ptr<const Storage> over(const Storage& base, const std::shared_ptr<const Storage>& other) const override {
    if (this == &base) return other;
    auto from = from_->over(base, other);
    return from ? std::make_shared<Permuted>(std::move(from), dims_, perm_, element_) : nullptr;
  }

  void read(uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) throw Error(Status::internal, "read past the end of a tensor");
    if (out.empty()) return;
    const uint64_t begin = offset / element_, end = (offset + out.size() + element_ - 1) / element_;
    std::vector<int64_t> start(dims_.size(), 0), extent = dims_;
    if (offset % element_ == 0 && out.size() % element_ == 0) return fill(0, begin, end, start, extent, out.data());
    std::vector<std::byte> whole(static_cast<size_t>((end - begin) * element_));
    fill(0, begin, end, start, extent, whole.data());
    std::memcpy(out.data(), whole.data() + (offset - begin * element_), out.size());
  }

 private:
  /// Output elements begin…end of the part that start/extent fix in the axes before `axis` of the output.
  void fill(size_t axis, uint64_t begin, uint64_t end, std::vector<int64_t>& start, std::vector<int64_t>& extent,
            std::byte* out) const {
    if (axis == perm_.size()) return block(start, extent, out);
    const uint64_t inner = inner_[axis + 1];
    const size_t source = perm_[axis];
    const auto one = [&](uint64_t index, uint64_t from, uint64_t to) {
      start[source] = static_cast<int64_t>(index);
      extent[source] = 1;
      fill(axis + 1, from - index * inner, to - index * inner, start, extent, out);
      out += (to - from) * element_;
    };
    uint64_t first = begin / inner;
    const uint64_t last = end / inner;
    if (first == last) {
      one(first, begin, end);
    } else {
      if (begin % inner != 0) {
        one(first, begin, (first + 1) * inner);
        ++first;
      }
      if (first < last) {
        start[source] = static_cast<int64_t>(first);
        extent[source] = static_cast<int64_t>(last - first);
        block(start, extent, out);
        out += (last - first) * inner * element_;
      }
      if (end % inner != 0) one(last, last * inner, end);
    }
    start[source] = 0;
    extent[source] = dims_[source];
  }

  /// A whole rectangle of the source, written to `out` in the order of the output.
  void block(const std::vector<int64_t>& start, const std::vector<int64_t>& extent, std::byte* out) const {
    const Rows rows(dims_, start, extent);
    std::vector<std::byte> buffer(static_cast<size_t>(rows.count() * rows.length() * element_));
    Window window(*from_, rows.stride() * element_);
    const size_t row = static_cast<size_t>(rows.length() * element_);
    for (uint64_t i = 0; i < rows.count(); ++i)
      window.read(rows.offset(i) * element_, std::span(buffer).subspan(static_cast<size_t>(i) * row, row));

    const size_t rank = perm_.size();
    std::vector<uint64_t> strides(rank, 1), counts(rank), step(rank);
    for (size_t axis = rank; axis-- > 1;) strides[axis - 1] = strides[axis] * static_cast<uint64_t>(extent[axis]);
    for (size_t axis = 0; axis < rank; ++axis) {
      counts[axis] = static_cast<uint64_t>(extent[perm_[axis]]);
      step[axis] = strides[perm_[axis]];
    }
    if (rank == 0) return gather(buffer.data(), out, 1, 1, element_);
    std::vector<uint64_t> index(rank, 0);
    uint64_t from = 0;
    for (;;) {
      gather(buffer.data() + from * element_, out, counts[rank - 1], step[rank - 1], element_);
      out += counts[rank - 1] * element_;
      size_t axis = rank - 1;
      while (axis-- > 0) {
        from += step[axis];
        if (++index[axis] < counts[axis]) break;
        from -= step[axis] * counts[axis];
        index[axis] = 0;
      }
      if (axis == static_cast<size_t>(-1)) return;
    }
  }

  std::shared_ptr<const Storage> from_;
  std::vector<int64_t> dims_;
  std::vector<size_t> perm_;
  size_t element_;
  std::vector<uint64_t> inner_;  // elements of the output in one index of the axis before
};

}  // namespace

std::shared_ptr<const Storage> permuted(std::shared_ptr<const Storage> from, std::vector<int64_t> dims,
                                        std::vector<size_t> perm, size_t element) {
  return std::make_shared<Permuted>(std::move(from), std::move(dims), std::move(perm), element);
}

}  // namespace keraft::base
