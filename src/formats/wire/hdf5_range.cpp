#include "formats/wire/hdf5_range.h"

#include "keraft/error.hpp"

namespace keraft::formats::wire {
namespace {

class Part : public Storage {
 public:
  Part(std::shared_ptr<const Storage> whole, uint64_t offset, uint64_t size)
      : whole_(std::move(whole)), offset_(offset), size_(size) {}
  uint64_t size() const noexcept override { return size_; }
  void read(uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size_ || out.size() > size_ - offset) throw Error(Status::internal, "read past the end of a tensor");
    whole_->read(offset_ + offset, out);
  }
  std::span<const std::byte> in_memory() const noexcept override {
    const auto all = whole_->in_memory();
    return all.empty() ? all : all.subspan(static_cast<size_t>(offset_), static_cast<size_t>(size_));
  }

 private:
  std::shared_ptr<const Storage> whole_;
  uint64_t offset_, size_;
};

}  // namespace

std::shared_ptr<const Storage> part_of(std::shared_ptr<const Storage> whole, uint64_t offset, uint64_t size) {
  if (offset > whole->size() || size > whole->size() - offset) {
    throw Error(Status::format, "the file is cut short: a tensor ends past its end", {{}, offset, {}});
  }
  return std::make_shared<Part>(std::move(whole), offset, size);
}

}  // namespace keraft::formats::wire
