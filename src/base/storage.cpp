#include "base/storage.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "keraft/error.hpp"

namespace keraft::base {
namespace {

void check_range(const Storage& storage, uint64_t offset, uint64_t count) {
  if (offset > storage.size() || count > storage.size() - offset)
    throw Error(Status::internal, "read past the end of a tensor");
}

class Memory : public Storage {
 public:
  explicit Memory(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const noexcept override { return bytes_.size(); }
  void read(uint64_t offset, std::span<std::byte> out) const override {
    check_range(*this, offset, out.size());
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
  }
  std::span<const std::byte> in_memory() const noexcept override { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

class Padded : public Storage {
 public:
  Padded(std::vector<std::byte> head, std::vector<std::byte> element, uint64_t size)
      : head_(std::move(head)), element_(std::move(element)), size_(size) {
    if (element_.empty() && head_.size() < size_) throw Error(Status::internal, "nothing to repeat");
  }
  uint64_t size() const noexcept override { return size_; }
  void read(uint64_t offset, std::span<std::byte> out) const override {
    check_range(*this, offset, out.size());
    if (offset < head_.size()) {
      const size_t step = static_cast<size_t>(std::min<uint64_t>(out.size(), head_.size() - offset));
      std::memcpy(out.data(), head_.data() + offset, step);
      out = out.subspan(step);
      offset += step;
    }
    if (out.empty()) return;
    const uint64_t phase = offset - head_.size();
    const size_t width = element_.size();
    for (size_t i = 0; i < std::min(out.size(), width); ++i) out[i] = element_[static_cast<size_t>((phase + i) % width)];
    for (size_t done = width; done < out.size();) {
      const size_t step = std::min(done, out.size() - done);
      std::memcpy(out.data() + done, out.data(), step);
      done += step;
    }
  }

 private:
  std::vector<std::byte> head_, element_;
  uint64_t size_;
};

class Range : public Storage {
 public:
  Range(std::shared_ptr<const Storage> from, uint64_t offset, uint64_t size)
      : from_(std::move(from)), offset_(offset), size_(size) {}
  uint64_t size() const noexcept override { return size_; }
  void read(uint64_t offset, std::span<std::byte> out) const override {
    check_range(*this, offset, out.size());
    from_->read(offset_ + offset, out);
  }
  std::span<const std::byte> in_memory() const noexcept override {
    const auto all = from_->in_memory();
    return all.empty() ? all : all.subspan(static_cast<size_t>(offset_), static_cast<size_t>(size_));
  }

 private:
  std::shared_ptr<const Storage> from_;
  uint64_t offset_, size_;
};

class Scaled : public Storage {
 public:
  Scaled(std::shared_ptr<const Storage> from, float factor) : from_(std::move(from)), factor_(factor) {}
  uint64_t size() const noexcept override { return from_->size(); }
  void read(uint64_t offset, std::span<std::byte> out) const override {
    check_range(*this, offset, out.size());
    const uint64_t begin = offset / sizeof(float), end = (offset + out.size() + sizeof(float) - 1) / sizeof(float);
    std::vector<float> buffer(static_cast<size_t>(std::min(end, size() / sizeof(float)) - begin));
    from_->read(begin * sizeof(float), std::as_writable_bytes(std::span(buffer)));
    for (float& value : buffer) value *= factor_;
    if (!out.empty())
      std::memcpy(out.data(), reinterpret_cast<const std::byte*>(buffer.data()) + (offset - begin * sizeof(float)), out.size());
  }

 private:
  std::shared_ptr<const Storage> from_;
  float factor_;
};

class Swapped : public Storage {
 public:
  Swapped(std::shared_ptr<const Storage> from, size_t width) : from_(std::move(from)), width_(width) {}
  uint64_t size() const noexcept override { return from_->size(); }
  void read(uint64_t offset, std::span<std::byte> out) const override {
    check_range(*this, offset, out.size());
    const uint64_t begin = offset / width_ * width_;
    const uint64_t end = std::min<uint64_t>((offset + out.size() + width_ - 1) / width_ * width_, size());
    std::vector<std::byte> buffer(static_cast<size_t>(end - begin));
    from_->read(begin, buffer);
    for (size_t at = 0; at + width_ <= buffer.size(); at += width_) {
      std::reverse(buffer.begin() + static_cast<std::ptrdiff_t>(at), buffer.begin() + static_cast<std::ptrdiff_t>(at + width_));
    }
    if (!out.empty()) std::memcpy(out.data(), buffer.data() + (offset - begin), out.size());
  }

 private:
  std::shared_ptr<const Storage> from_;
  size_t width_;
};

}  // namespace

std::shared_ptr<const Storage> memory(std::vector<std::byte> bytes) { return std::make_shared<Memory>(std::move(bytes)); }

std::shared_ptr<const Storage> repeated(std::vector<std::byte> element, uint64_t size) {
  return std::make_shared<Padded>(std::vector<std::byte>(), std::move(element), size);
}

std::shared_ptr<const Storage> padded(std::vector<std::byte> head, std::vector<std::byte> element, uint64_t size) {
  return std::make_shared<Padded>(std::move(head), std::move(element), size);
}

std::shared_ptr<const Storage> range(std::shared_ptr<const Storage> from, uint64_t offset, uint64_t size) {
  if (offset > from->size() || size > from->size() - offset)
    throw Error(Status::format, "a tensor's bytes end past the end of the file");
  if (offset == 0 && size == from->size()) return from;
  return std::make_shared<Range>(std::move(from), offset, size);
}

std::shared_ptr<const Storage> scaled(std::shared_ptr<const Storage> from, float factor) {
  return std::make_shared<Scaled>(std::move(from), factor);
}

std::shared_ptr<const Storage> swapped(std::shared_ptr<const Storage> from, size_t width) {
  if (width < 2) return from;
  return std::make_shared<Swapped>(std::move(from), width);
}

}  // namespace keraft::base
