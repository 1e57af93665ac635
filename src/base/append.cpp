#include "base/append.h"

#include <algorithm>

namespace keraft::base {
namespace {

constexpr uint64_t most_at_once = uint64_t{1} << 20;

}  // namespace

void append(AtomicFile& file, const Tensor& tensor, const Control& control,
            const std::function<void(std::span<const std::byte>)>& see) {
  const uint64_t size = tensor.bytes();
  std::string buffer(static_cast<size_t>(std::min(size, most_at_once)), '\0');
  for (uint64_t at = 0; at < size; at += most_at_once) {
    check(control);
    const auto part = std::as_writable_bytes(std::span(buffer)).first(static_cast<size_t>(std::min(most_at_once, size - at)));
    tensor.storage->read(at, part);
    if (see) see(part);
    file.append(std::string_view(buffer).substr(0, part.size()));
  }
}

}  // namespace keraft::base
