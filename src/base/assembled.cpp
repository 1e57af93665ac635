#include <algorithm>
#include <utility>

#include "base/checked.h"
#include "base/rectangle.h"
#include "base/storage.h"
#include "keraft/error.hpp"

namespace keraft::base {
namespace {

constexpr size_t most_parts = 4096;

bool inside(const std::vector<int64_t>& dims, const std::vector<int64_t>& start, const std::vector<int64_t>& extent) {
  if (start.size() != dims.size() || extent.size() != dims.size()) return false;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    const auto end = add(start[axis], extent[axis]);
    if (start[axis] < 0 || extent[axis] < 0 || !end || *end > dims[axis]) return false;
  }
  return true;
}

bool overlap(const Part& a, const Part& b) {
  for (size_t axis = 0; axis < a.dims.size(); ++axis) {
    if (a.start[axis] >= b.start[axis] + b.dims[axis] || b.start[axis] >= a.start[axis] + a.dims[axis]) return false;
  }
  return true;
}

class Assembled : public Storage {
 public:
  Assembled(const std::vector<int64_t>& dims, std::vector<Part> parts, size_t element)
      : element_(element), size_(static_cast<uint64_t>(element_count(dims)) * element) {
    for (Part& part : parts) {
      if (element_count(part.dims) > 0) pieces_.push_back({Rows(dims, part.start, part.dims), std::move(part.storage)});
    }
  }

  uint64_t size() const noexcept override { return size_; }

  void read(uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size_ || out.size() > size_ - offset) throw Error(Status::internal, "read past the end of a tensor");
    const uint64_t end = offset + out.size();
    for (const Piece& piece : pieces_) {
      const uint64_t row = piece.rows.length() * element_;
      Window window(*piece.storage, row);
      for (uint64_t i = first_row(piece, offset); i < piece.rows.count(); ++i) {
        const uint64_t begin = piece.rows.offset(i) * element_;
        if (begin >= end) break;
        const uint64_t from = std::max(begin, offset), to = std::min(begin + row, end);
        window.read(i * row + (from - begin), out.subspan(static_cast<size_t>(from - offset), static_cast<size_t>(to - from)));
      }
    }
  }

 private:
  struct Piece {
    Rows rows;
    std::shared_ptr<const Storage> storage;
  };

  /// The first row that ends after `offset`.
  uint64_t first_row(const Piece& piece, uint64_t offset) const {
    uint64_t low = 0, high = piece.rows.count();
    while (low < high) {
      const uint64_t middle = low + (high - low) / 2;
      if ((piece.rows.offset(middle) + piece.rows.length()) * element_ > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  size_t element_;
  uint64_t size_;
  std::vector<Piece> pieces_;
};

class Rectangle : public Storage {
 public:
  Rectangle(std::shared_ptr<const Storage> from, const std::vector<int64_t>& dims, const std::vector<int64_t>& start,
            const std::vector<int64_t>& extent, size_t element)
      : from_(std::move(from)), rows_(dims, start, extent), element_(element) {}
  uint64_t size() const noexcept override { return rows_.count() * rows_.length() * element_; }
  void read(uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) throw Error(Status::internal, "read past the end of a tensor");
    const uint64_t row = rows_.length() * element_;
    Window window(*from_, rows_.stride() * element_);
    while (!out.empty()) {
      const uint64_t inside_row = offset % row;
      const size_t step = static_cast<size_t>(std::min<uint64_t>(out.size(), row - inside_row));
      window.read(rows_.offset(offset / row) * element_ + inside_row, out.first(step));
      out = out.subspan(step);
      offset += step;
    }
  }

 private:
  std::shared_ptr<const Storage> from_;
  Rows rows_;
  size_t element_;
};

}  // namespace

std::shared_ptr<const Storage> rectangle(std::shared_ptr<const Storage> from, const std::vector<int64_t>& dims,
                                         const std::vector<int64_t>& start, const std::vector<int64_t>& extent,
                                         size_t element) {
  if (!inside(dims, start, extent)) throw Error(Status::mismatch, "a part lies outside its tensor");
  return std::make_shared<Rectangle>(std::move(from), dims, start, extent, element);
}

std::shared_ptr<const Storage> assembled(std::vector<int64_t> dims, std::vector<Part> parts, size_t element) {
  if (parts.size() > most_parts) throw Error(Status::memory, "a tensor in " + std::to_string(parts.size()) + " parts");
  int64_t covered = 0;
  for (const Part& part : parts) {
    if (!inside(dims, part.start, part.dims)) throw Error(Status::mismatch, "a part lies outside its tensor");
    const int64_t count = element_count(part.dims);
    const auto bytes = mul(static_cast<uint64_t>(count), static_cast<uint64_t>(element));
    if (!part.storage || !bytes || part.storage->size() != *bytes)
      throw Error(Status::mismatch, "a part has another size than its data");
    covered += count;
  }
  if (covered != element_count(dims)) throw Error(Status::mismatch, "the parts do not make up the whole tensor");
  for (size_t i = 0; i < parts.size(); ++i) {
    for (size_t j = i + 1; j < parts.size(); ++j) {
      if (overlap(parts[i], parts[j])) throw Error(Status::mismatch, "two parts of a tensor overlap");
    }
  }
  return std::make_shared<Assembled>(dims, std::move(parts), element);
}

}  // namespace keraft::base
