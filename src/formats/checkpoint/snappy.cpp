#include "formats/checkpoint/snappy.h"

#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  std::string run(uint64_t limit) {
    const uint64_t size = length();
    if (size > limit) throw Error(Status::memory, "a compressed block of " + std::to_string(size) + " bytes");
    // No element of the format yields more than 64 bytes from 2, or 2^32 from as many.
    if (size / 32 > bytes_.size()) damaged();
    std::string out;
    out.reserve(static_cast<size_t>(size));
    while (at_ < bytes_.size()) {
      element(out);
      if (out.size() > size) damaged();
    }
    if (out.size() != size) damaged();
    return out;
  }

 private:
  [[noreturn]] static void damaged() { throw Error(Status::format, "a damaged compressed block"); }

  uint64_t little(size_t count) {
    if (bytes_.size() - at_ < count) damaged();
    uint64_t out = 0;
    for (size_t i = 0; i < count; ++i) out |= static_cast<uint64_t>(static_cast<uint8_t>(bytes_[at_++])) << (8 * i);
    return out;
  }

  uint64_t length() {
    uint64_t out = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const uint64_t byte = little(1);
      out |= (byte & 0x7F) << shift;
      if (byte < 0x80) return out;
    }
    damaged();
  }

  void element(std::string& out) {
    const uint64_t tag = little(1);
    switch (tag & 3) {
      case 0: {
        uint64_t count = tag >> 2;
        if (count >= 60) count = little(static_cast<size_t>(count - 59));
        ++count;
        if (count > bytes_.size() - at_) damaged();
        out += bytes_.substr(at_, static_cast<size_t>(count));
        at_ += static_cast<size_t>(count);
        return;
      }
      case 1:
        return back(out, (tag >> 5) << 8 | little(1), ((tag >> 2) & 7) + 4);
      case 2:
        return back(out, little(2), (tag >> 2) + 1);
      default:
        return back(out, little(4), (tag >> 2) + 1);
    }
  }

  static void back(std::string& out, uint64_t offset, uint64_t count) {
    if (offset == 0 || offset > out.size()) damaged();
    // The copy may overlap what it appends.
    for (uint64_t i = 0; i < count; ++i) out += out[out.size() - static_cast<size_t>(offset)];
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace

std::string snappy_decompressed(std::string_view bytes, uint64_t limit) { return Decoder(bytes).run(limit); }

}  // namespace keraft::formats
