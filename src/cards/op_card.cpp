#include "cards/op_card.h"

#include "base/string.h"

namespace keraft {

std::string_view name_of(Fidelity fidelity) noexcept {
  switch (fidelity) {
    case Fidelity::exact:
      return "exact";
    case Fidelity::rounding:
      return "rounding";
    case Fidelity::approximate:
      break;
  }
  return "approximate";
}

ShapeContext::ShapeContext(const Node& node, const OpCard& card, std::vector<TensorType> in,
                           std::vector<std::optional<Dims>> ints)
    : node_(node), card_(card), in_(std::move(in)), ints_(std::move(ints)) {
  ints_.resize(in_.size());
}

void ShapeContext::fail(const std::string& what) const {
  throw Error(Status::mismatch, card_.name() + ": " + what, Place{{}, {}, node_.name});
}

static void need_input(const ShapeContext& context, size_t i) {
  if (i >= context.inputs()) {
    context.fail("too few inputs: " + std::to_string(context.inputs()) + ", need more than " + std::to_string(i));
  }
}

DType ShapeContext::dtype(size_t i) const {
  need_input(*this, i);
  return in_[i].dtype;
}

const Shape& ShapeContext::shape(size_t i) const {
  need_input(*this, i);
  return in_[i].shape;
}

const std::optional<Dims>& ShapeContext::ints(size_t i) const {
  need_input(*this, i);
  return ints_[i];
}

std::optional<std::vector<int64_t>> ShapeContext::numbers(size_t i) const {
  const auto& dims = ints(i);
  if (!dims) return std::nullopt;
  std::vector<int64_t> out;
  out.reserve(dims->size());
  for (const Dim& dim : *dims) {
    if (!dim.known()) return std::nullopt;
    out.push_back(dim.value());
  }
  return out;
}

const Value& ShapeContext::attr(std::string_view name) const {
  const auto found = node_.attrs.find(name);
  if (found != node_.attrs.end() && !found->second.null()) return found->second;
  const Value* fallback = card_.fallback(name);
  if (!fallback) fail("attribute " + base::escaped(name) + " is missing");
  return *fallback;
}

template <class T>
static const T& attr_as(const ShapeContext& context, std::string_view name, const char* kind) {
  const T* value = context.attr(name).get<T>();
  if (!value) context.fail("attribute " + base::escaped(name) + " is not " + kind);
  return *value;
}

int64_t ShapeContext::integer(std::string_view name) const { return attr_as<int64_t>(*this, name, "an integer"); }
bool ShapeContext::flag(std::string_view name) const { return attr_as<bool>(*this, name, "true or false"); }
const std::string& ShapeContext::text(std::string_view name) const { return attr_as<std::string>(*this, name, "a string"); }
DType ShapeContext::type(std::string_view name) const { return attr_as<DType>(*this, name, "a type"); }

double ShapeContext::real(std::string_view name) const {
  const auto value = attr(name).number();
  if (!value) fail("attribute " + base::escaped(name) + " is not a number");
  return *value;
}

std::vector<int64_t> ShapeContext::list(std::string_view name) const {
  auto value = attr(name).as_ints();
  if (!value) fail("attribute " + base::escaped(name) + " is not a list of integers");
  return *std::move(value);
}

void ShapeContext::out(size_t port, DType dtype, Shape shape) {
  if (port >= out_.size()) out_.resize(port + 1);
  out_[port] = {dtype, std::move(shape)};
}

void ShapeContext::same(size_t port, size_t i) { out(port, dtype(i), shape(i)); }

size_t ShapeContext::axis(int64_t axis, size_t rank) const {
  const auto signed_rank = static_cast<int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) {
    fail("axis " + std::to_string(axis) + " is outside of rank " + std::to_string(rank));
  }
  return static_cast<size_t>(axis < 0 ? axis + signed_rank : axis);
}

KernelContext::KernelContext(ShapeContext shapes, Call call) : ShapeContext(std::move(shapes)), call_(std::move(call)) {
  call_.last.resize(call_.in.size());
}

const Array& KernelContext::array(size_t i) const {
  need_input(*this, i);
  return *call_.in[i];
}

Array& KernelContext::result(size_t port) const {
  Array& out = call_.out->at(port);
  if (!out.data) {
    const TensorType& type = outputs().at(port);
    if (!type.shape.known()) fail("the size of output " + std::to_string(port) + " is unknown: " + type.shape.text());
    out = (*call_.allocate)(type.dtype, type.shape.values());
  }
  return out;
}

Array& KernelContext::result(size_t port, std::vector<int64_t> dims) const {
  return call_.out->at(port) = (*call_.allocate)(outputs().at(port).dtype, std::move(dims));
}

void KernelContext::alias(size_t port, size_t i) const {
  const TensorType& type = outputs().at(port);
  if (!type.shape.known()) fail("the size of output " + std::to_string(port) + " is unknown: " + type.shape.text());
  Array out = array(i);
  out.dims = type.shape.values();
  if (out.elements() != array(i).elements())
    fail("cannot give " + type.shape.text() + " to " + std::to_string(array(i).elements()) + " elements");
  call_.out->at(port) = std::move(out);
}

Array& KernelContext::in_place(size_t port, size_t i) const {
  const Array& in = array(i);
  const TensorType& type = outputs().at(port);
  if (call_.last[i] && in.dtype == type.dtype && type.shape.known() && in.dims == type.shape.values()) {
    call_.out->at(port) = in;
  }
  return result(port);
}

const Value* OpCard::fallback(std::string_view attr) const noexcept {
  for (const Attr& a : attributes) {
    if (a.name == attr) return a.fallback ? &*a.fallback : nullptr;
  }
  return nullptr;
}

}  // namespace keraft
