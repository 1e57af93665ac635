#include "formats/graphdef/tensor.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "base/checked.h"
#include "base/storage.h"
#include "formats/wire/messages.h"

namespace keraft::formats {
namespace {

// Below this, a copy in memory is cheaper than a reference to the file.
constexpr uint64_t small = 256;

/// How a typed field writes one element.
enum class Form { none, fixed32, fixed64, integer, half, flag, text, pair32, pair64, raw };

struct Field {
  uint32_t number;
  Form form;
};

Field field_of(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return {5, Form::fixed32};
    case DType::f64:
      return {6, Form::fixed64};
    case DType::i32:
    case DType::i16:
    case DType::i8:
    case DType::u8:
    case DType::u16:
    case DType::qi8:
    case DType::qu8:
    case DType::qi32:
    case DType::qi16:
    case DType::qu16:
    case DType::i4:
    case DType::u4:
      return {7, Form::integer};
    case DType::string:
      return {8, Form::text};
    case DType::c64:
      return {9, Form::pair32};
    case DType::i64:
      return {10, Form::integer};
    case DType::boolean:
      return {11, Form::flag};
    case DType::c128:
      return {12, Form::pair64};
    case DType::f16:
    case DType::bf16:
      return {13, Form::half};
    case DType::u32:
      return {16, Form::integer};
    case DType::u64:
      return {17, Form::integer};
    case DType::f8e5m2:
    case DType::f8e4m3fn:
      return {18, Form::raw};
    default:
      return {0, Form::none};
  }
}

bool fits(int64_t value, DType dtype) {
  const auto within = [&](int64_t low, int64_t high) { return value >= low && value <= high; };
  switch (dtype) {
    case DType::i8:
    case DType::qi8:
      return within(-128, 127);
    case DType::u8:
    case DType::qu8:
      return within(0, 255);
    case DType::i16:
    case DType::qi16:
      return within(-32768, 32767);
    case DType::u16:
    case DType::qu16:
      return within(0, 65535);
    case DType::i32:
    case DType::qi32:
      return within(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
    case DType::u32:
      return within(0, std::numeric_limits<uint32_t>::max());
    case DType::i4:
      return within(-8, 7);
    case DType::u4:
      return within(0, 15);
    default:
      return true;
  }
}

class TensorReader {
 public:
  TensorReader(wire::Scan scan, base::Budget& budget) : scan_(scan), whole_(scan), budget_(budget) {}

  Tensor read() {
    fields();
    if (dtype_ == DType::invalid) fail("a tensor without a data type");
    if (!shape_.dims) fail("a tensor of unknown rank");
    for (const int64_t size : *shape_.dims) {
      if (size < 0) fail("a tensor with an unknown size");
    }
    const int64_t count = element_count(*shape_.dims);
    if (dtype_ == DType::resource || dtype_ == DType::variant) return {dtype_, *shape_.dims, nullptr, nullptr};
    if (count == 0) return empty();
    const size_t width = size_of(dtype_);
    const auto bytes = base::mul(static_cast<uint64_t>(count), static_cast<uint64_t>(width));
    if (!bytes) fail("the size of a tensor overflows");
    if (content_ && typed_) fail("a tensor with two sets of values");
    if (content_) return from_content(count, *bytes);
    if (foreign_) fail("the values of a tensor are of another kind than its data type " + std::string(name_of(dtype_)));
    return dtype_ == DType::string ? from_strings(count) : from_values(*bytes, width);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { whole_.fail(what); }

  Tensor empty() const {
    if (dtype_ == DType::string) return make_strings(*shape_.dims, {});
    return make_tensor(dtype_, *shape_.dims, std::vector<std::byte>());
  }

  void fields() {
    const Place place{scan_.source().path(), scan_.offset(), {}};
    wire::Scan first = scan_;
    while (first.next()) {
      if (first.field() == 1) {
        if (dtype_ != DType::invalid) first.fail("a tensor with two data types");
        dtype_ = wire::dtype_of(static_cast<int32_t>(first.varint()), place);
      }
    }
    const Field own = field_of(dtype_);
    while (scan_.next()) {
      whole_ = scan_;
      switch (scan_.field()) {
        case 1:
          break;
        case 2:
          if (shape_seen_) scan_.fail("a tensor with two shapes");
          shape_seen_ = true;
          if (scan_.size() > 4096) scan_.fail("a shape of " + std::to_string(scan_.size()) + " bytes");
          shape_ = wire::parse_shape(scan_.text(), {scan_.source().path(), scan_.offset(), {}});
          break;
        case 4:
          scan_.want(wire::Wire::bytes);
          if (scan_.size() == 0) break;
          if (content_) scan_.fail("a tensor with two sets of values");
          content_ = scan_;
          break;
        case 5:
        case 6:
        case 7:
        case 8:
        case 9:
        case 10:
        case 11:
        case 12:
        case 13:
        case 16:
        case 17:
        case 18:
          if (scan_.wire() == wire::Wire::bytes && scan_.size() == 0 && scan_.field() != 8) break;
          typed_ = true;
          if (scan_.field() == own.number) {
            value(own.form);
          } else {
            foreign_ = true;
          }
          break;
        default:
          break;
      }
    }
    if (!shape_seen_) shape_.dims.emplace();
  }

  void put(uint64_t bits, size_t width) {
    for (size_t i = 0; i < width; ++i) values_.push_back(static_cast<std::byte>(bits >> (8 * i)));
  }

  void value(Form form) {
    budget_.bytes(scan_.wire() == wire::Wire::bytes ? scan_.size() : 8);
    switch (form) {
      case Form::fixed32:
      case Form::pair32:
        return fixed(wire::Wire::fixed32, 4);
      case Form::fixed64:
      case Form::pair64:
        return fixed(wire::Wire::fixed64, 8);
      case Form::text:
        strings_.push_back(scan_.text());
        return;
      case Form::raw: {
        const std::string bytes = scan_.text();
        const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
        values_.insert(values_.end(), data, data + bytes.size());
        return;
      }
      default:
        break;
    }
    std::vector<int64_t> numbers;
    scan_.repeated_varints(numbers);
    const size_t width = size_of(dtype_);
    for (const int64_t number : numbers) {
      if (form == Form::half   ? number < 0 || number > 65535
          : form == Form::flag ? number < 0 || number > 1
                               : !fits(number, dtype_)) {
        scan_.fail("the value " + std::to_string(number) + " does not fit into " + std::string(name_of(dtype_)));
      }
      put(static_cast<uint64_t>(number), width);
    }
  }

  void fixed(wire::Wire one, size_t width) {
    if (scan_.wire() == one) return put(scan_.value(), width);
    scan_.want(wire::Wire::bytes);
    if (scan_.size() % width != 0) scan_.fail("packed numbers are cut short");
    const std::string bytes = scan_.text();
    const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
    values_.insert(values_.end(), data, data + bytes.size());
  }

  Tensor from_content(int64_t count, uint64_t bytes) const {
    if (dtype_ == DType::string) return strings_in_content(count);
    if (content_->size() != bytes) {
      content_->fail("a tensor of " + std::to_string(bytes) + " bytes has " + std::to_string(content_->size()) +
                     " bytes of contents");
    }
    auto storage = content_->range();
    if (bytes <= small) {
      std::vector<std::byte> copy(static_cast<size_t>(bytes));
      storage->read(0, copy);
      return make_tensor(dtype_, *shape_.dims, std::move(copy));
    }
    return {dtype_, *shape_.dims, std::move(storage), nullptr};
  }

  Tensor strings_in_content(int64_t count) const {
    // Every string takes at least the byte of its length.
    if (static_cast<uint64_t>(count) > content_->size()) content_->fail("a string tensor is cut short");
    budget_.bytes(content_->size() + static_cast<uint64_t>(count) * sizeof(std::string));
    const std::string all = content_->text();
    std::vector<uint64_t> sizes;
    size_t at = 0;
    for (int64_t i = 0; i < count; ++i) {
      uint64_t size = 0;
      for (int shift = 0;; shift += 7) {
        if (at >= all.size() || shift > 56) content_->fail("a string tensor is cut short");
        const auto byte = static_cast<uint8_t>(all[at++]);
        size |= static_cast<uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80) break;
      }
      sizes.push_back(size);
    }
    std::vector<std::string> strings;
    for (const uint64_t size : sizes) {
      if (size > all.size() - at) content_->fail("a string tensor is cut short");
      strings.push_back(all.substr(at, static_cast<size_t>(size)));
      at += static_cast<size_t>(size);
    }
    if (at != all.size()) content_->fail("a string tensor with bytes left over");
    return make_strings(*shape_.dims, std::move(strings));
  }

  Tensor from_strings(int64_t count) {
    if (strings_.empty()) strings_.emplace_back();
    if (strings_.size() > static_cast<uint64_t>(count)) fail("a tensor with more values than elements");
    // Repeating the last string is real memory here, unlike for numbers.
    budget_.bytes(static_cast<uint64_t>(count) * (sizeof(std::string) + strings_.back().size()));
    strings_.resize(static_cast<size_t>(count), std::string(strings_.back()));
    return make_strings(*shape_.dims, std::move(strings_));
  }

  Tensor from_values(uint64_t bytes, size_t width) {
    if (values_.size() % width != 0) fail("half of a complex number");
    if (values_.size() > bytes) fail("a tensor with more values than elements");
    if (values_.size() == bytes) return make_tensor(dtype_, *shape_.dims, std::move(values_));
    budget_.repeated(bytes);
    if (values_.empty()) return make_splat(dtype_, *shape_.dims, std::vector<std::byte>(width));
    std::vector<std::byte> last(values_.end() - static_cast<std::ptrdiff_t>(width), values_.end());
    if (values_.size() == width) return make_splat(dtype_, *shape_.dims, std::move(last));
    return {dtype_, *shape_.dims, base::padded(std::move(values_), std::move(last), bytes), nullptr};
  }

  wire::Scan scan_, whole_;
  base::Budget& budget_;
  DType dtype_ = DType::invalid;
  wire::RawShape shape_;
  bool shape_seen_ = false, typed_ = false, foreign_ = false;
  std::optional<wire::Scan> content_;
  std::vector<std::byte> values_;
  std::vector<std::string> strings_;
};

}  // namespace

Tensor read_tensor(wire::Scan scan, base::Budget& budget) { return TensorReader(scan, budget).read(); }

}  // namespace keraft::formats
