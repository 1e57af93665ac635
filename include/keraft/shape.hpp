// Symbolic dimensions and shapes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keraft {

/// A size that is a number, or a linear expression of named sizes: 3, B, 2*H+1. What is not linear gets a name of its own that
/// spells it ("(H+1)//2"), so equal computations stay equal. All arithmetic is checked and throws Status::format on overflow.
class Dim {
 public:
  Dim(int64_t value = 0) : constant_(value) {}
  static Dim symbol(std::string name);

  bool known() const noexcept { return !terms_; }
  /// The number; only when known().
  int64_t value() const;
  bool is(int64_t value) const noexcept { return !terms_ && constant_ == value; }
  std::string text() const;

  Dim operator+(const Dim& other) const;
  Dim operator-(const Dim& other) const;
  Dim operator*(const Dim& other) const;
  /// Rounds towards minus infinity. Division by a known 0 throws.
  Dim floor_div(const Dim& other) const;
  Dim ceil_div(const Dim& other) const;
  /// Exact quotient, or nothing when the division does not come out for every value of the symbols.
  std::optional<Dim> exact_div(const Dim& other) const;
  bool operator==(const Dim& other) const;

 private:
  using Terms = std::vector<std::pair<std::string, int64_t>>;
  Dim(int64_t constant, Terms terms);
  const Terms& terms() const noexcept;

  int64_t constant_ = 0;
  std::shared_ptr<const Terms> terms_;  // null when there are none; sorted by name, no zero factor
};

Dim max(const Dim& a, const Dim& b);

using Dims = std::vector<Dim>;

/// A shape of known or unknown rank. Copies share their sizes until one of them is changed.
class Shape {
 public:
  Shape() = default;  ///< unknown rank
  Shape(Dims dims) : dims_(std::make_shared<Dims>(std::move(dims))) {}
  Shape(std::initializer_list<Dim> dims) : Shape(Dims(dims)) {}
  static Shape of(const std::vector<int64_t>& dims) { return Shape(Dims(dims.begin(), dims.end())); }

  bool has_rank() const noexcept { return dims_ != nullptr; }
  size_t rank() const { return dims().size(); }
  /// Only when has_rank().
  const Dims& dims() const;
  Dims& dims();
  const Dim& operator[](size_t axis) const { return dims().at(axis); }
  /// All sizes known?
  bool known() const noexcept;
  /// The sizes as numbers; only when known().
  std::vector<int64_t> values() const;
  /// "[B, 224, 3]" or "?".
  std::string text() const;
  bool operator==(const Shape& other) const;

 private:
  std::shared_ptr<Dims> dims_;
};

/// The product, checked; throws Status::format on a negative size or overflow of int64.
int64_t element_count(const std::vector<int64_t>& dims);

}  // namespace keraft
