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
  Terms terms;
  terms.emplace_back(std::move(name), 1);
  return Dim(0, std::move(terms));
}

Dim::Dim(int64_t constant, Terms terms) : constant_(constant) {
  if (!terms.empty()) terms_ = std::make_shared<const Terms>(std::move(terms));
}

const Dim::Terms& Dim::terms() const noexcept {
  static const Terms none;
  return terms_ ? *terms_ : none;
}

bool Dim::operator==(const Dim& other) const {
  return constant_ == other.constant_ && (terms_ == other.terms_ || terms() == other.terms());
}

int64_t Dim::value() const {
  if (!known()) throw Error(Status::internal, "the size " + text() + " is not a number");
  return constant_;
}

std::string Dim::text() const {
  std::string out;
  for (const auto& [name, factor] : terms()) {
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
  const int64_t constant = checked(base::add(constant_, other.constant_));
  const Terms &mine = terms(), &theirs = other.terms();
  Terms sum;
  auto a = mine.begin(), b = theirs.begin();
  while (a != mine.end() || b != theirs.end()) {
    if (b == theirs.end() || (a != mine.end() && a->first < b->first)) {
      sum.push_back(*a++);
    } else if (a == mine.end() || b->first < a->first) {
      sum.push_back(*b++);
    } else {
      const int64_t factor = checked(base::add(a->second, b->second));
      if (factor != 0) sum.emplace_back(a->first, factor);
      ++a, ++b;
    }
  }
  return Dim(constant, std::move(sum));
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
  const int64_t constant = checked(base::mul(many.constant_, factor));
  Terms product;
  if (factor == 0) return constant;
  for (const auto& [name, old] : many.terms()) product.emplace_back(name, checked(base::mul(old, factor)));
  return Dim(constant, std::move(product));
}

std::optional<Dim> Dim::exact_div(const Dim& other) const {
  if (*this == other && !is(0)) return Dim(1);
  if (!other.known()) {
    if (known() || terms().size() != other.terms().size()) return std::nullopt;
    const int64_t factor = terms().front().second / other.terms().front().second;
    if (factor != 0 && other * Dim(factor) == *this) return Dim(factor);
    return std::nullopt;
  }
  const int64_t by = other.constant_;
  if (by == 0) throw Error(Status::format, "a size is divided by zero");
  if (constant_ % by != 0) return std::nullopt;
  Terms quotient;
  for (const auto& [name, factor] : terms()) {
    if (factor % by != 0) return std::nullopt;
    quotient.emplace_back(name, factor / by);
  }
  return Dim(constant_ / by, std::move(quotient));
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
  const Dims& all = static_cast<const Shape&>(*this).dims();
  if (dims_.use_count() != 1) dims_ = std::make_shared<Dims>(all);
  return *dims_;
}

bool Shape::operator==(const Shape& other) const {
  return dims_ == other.dims_ || (dims_ && other.dims_ && *dims_ == *other.dims_);
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
