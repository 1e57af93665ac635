#include "keraft/shape.hpp"

#include <algorithm>
#include <numeric>

#include "base/checked.h"
#include "keraft/error.hpp"

namespace keraft {
namespace {

int64_t checked(std::optional<int64_t> value) {
  if (!value) throw Error(Status::format, "a size does not fit into 64 bits");
  return *value;
}

std::string bracketed(const Dim& dim) {
  const std::string text = dim.text();
  return text.find_first_of("+-*/") == std::string::npos ? text : "(" + text + ")";
}

}  // namespace

Dim Dim::symbol(std::string name) {
  Dim out;
  out.terms_.emplace_back(std::move(name), 1);
  return out;
}

int64_t Dim::value() const {
  if (!known()) throw Error(Status::internal, "the size " + text() + " is not a number");
  return constant_;
}

std::string Dim::text() const {
  std::string out;
  for (const auto& [name, factor] : terms_) {
    if (factor < 0)
      out += '-';
    else if (!out.empty())
      out += '+';
    const int64_t size = factor < 0 ? -factor : factor;
    if (size != 1) out += std::to_string(size) + "*";
    out += name;
  }
  if (out.empty()) return std::to_string(constant_);
  if (constant_ > 0) out += "+";
  if (constant_ != 0) out += std::to_string(constant_);
  return out;
}

Dim Dim::operator+(const Dim& other) const {
  Dim out(checked(base::add(constant_, other.constant_)));
  auto a = terms_.begin(), b = other.terms_.begin();
  while (a != terms_.end() || b != other.terms_.end()) {
    if (b == other.terms_.end() || (a != terms_.end() && a->first < b->first)) {
      out.terms_.push_back(*a++);
    } else if (a == terms_.end() || b->first < a->first) {
      out.terms_.push_back(*b++);
    } else {
      const int64_t factor = checked(base::add(a->second, b->second));
      if (factor != 0) out.terms_.emplace_back(a->first, factor);
      ++a, ++b;
    }
  }
  return out;
}

Dim Dim::operator-(const Dim& other) const { return *this + other * Dim(-1); }

Dim Dim::operator*(const Dim& other) const {
  if (!known() && !other.known()) {
    std::string a = bracketed(*this), b = bracketed(other);
    if (b < a) std::swap(a, b);
    return symbol("(" + a + "*" + b + ")");
  }
  const Dim& many = known() ? other : *this;
  const int64_t factor = known() ? constant_ : other.constant_;
  Dim out(checked(base::mul(many.constant_, factor)));
  if (factor == 0) return out;
  for (const auto& [name, old] : many.terms_) out.terms_.emplace_back(name, checked(base::mul(old, factor)));
  return out;
}

std::optional<Dim> Dim::exact_div(const Dim& other) const {
  if (*this == other && !is(0)) return Dim(1);
  if (!other.known()) {
    if (known() || terms_.size() != other.terms_.size()) return std::nullopt;
    const int64_t factor = terms_.front().second / other.terms_.front().second;
    if (factor != 0 && other * Dim(factor) == *this) return Dim(factor);
    return std::nullopt;
  }
  const int64_t by = other.constant_;
  if (by == 0) throw Error(Status::format, "a size is divided by zero");
  if (constant_ % by != 0) return std::nullopt;
  Dim out(constant_ / by);
  for (const auto& [name, factor] : terms_) {
    if (factor % by != 0) return std::nullopt;
    out.terms_.emplace_back(name, factor / by);
  }
  return out;
}

Dim Dim::floor_div(const Dim& other) const {
  if (const auto exact = exact_div(other)) return *exact;
  if (known() && other.known()) {
    const int64_t quotient = constant_ / other.constant_, rest = constant_ % other.constant_;
    return Dim(rest != 0 && (rest < 0) != (other.constant_ < 0) ? quotient - 1 : quotient);
  }
  return symbol("(" + bracketed(*this) + "//" + bracketed(other) + ")");
}

Dim Dim::ceil_div(const Dim& other) const { return (*this + other - Dim(1)).floor_div(other); }

Dim max(const Dim& a, const Dim& b) {
  if (a == b) return a;
  if (a.known() && b.known()) return std::max(a.value(), b.value());
  std::string first = a.text(), second = b.text();
  if (second < first) std::swap(first, second);
  return Dim::symbol("max(" + first + "," + second + ")");
}

const Dims& Shape::dims() const {
  if (!dims_) throw Error(Status::unsupported, "a shape is unknown; give it with --shape NAME=…");
  return *dims_;
}

Dims& Shape::dims() {
  static_cast<void>(static_cast<const Shape&>(*this).dims());
  return *dims_;
}

bool Shape::known() const noexcept {
  return dims_ && std::all_of(dims_->begin(), dims_->end(), [](const Dim& d) { return d.known(); });
}

std::vector<int64_t> Shape::values() const {
  std::vector<int64_t> out;
  for (const Dim& dim : dims()) out.push_back(dim.value());
  return out;
}

std::string Shape::text() const {
  if (!dims_) return "?";
  std::string out = "[";
  for (size_t i = 0; i < dims_->size(); ++i) out += (i ? ", " : "") + (*dims_)[i].text();
  return out + "]";
}

int64_t element_count(const std::vector<int64_t>& dims) {
  int64_t out = 1;
  bool empty = false;
  for (const int64_t dim : dims) {
    if (dim < 0) throw Error(Status::format, "a size is negative");
    empty = empty || dim == 0;
  }
  if (empty) return 0;
  for (const int64_t dim : dims) out = checked(base::mul(out, dim));
  return out;
}

}  // namespace keraft
