#include "run/execute.h"

#include <new>

#include "cards/numeric.h"

namespace keraft::run {
namespace {

/// Longer lists are data, not sizes.
constexpr int64_t most_ints = 1024;

std::optional<Dims> small_ints(const Array& array) {
  if ((array.dtype != DType::i32 && array.dtype != DType::i64) || array.elements() > most_ints) return std::nullopt;
  const int64_t n = array.elements();
  Dims out(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) {
    out[static_cast<size_t>(i)] = array.dtype == DType::i32 ? array.as<int32_t>()[i] : array.as<int64_t>()[i];
  }
  return out;
}

}  // namespace

void at_node(const Node& node, const std::function<void()>& fn) {
  const Place place{{}, {}, node.name};
  try {
    fn();
  } catch (const Error& error) {
    throw error.at(place);
  } catch (const std::bad_alloc&) {
    throw Error(Status::memory, "out of memory", place);
  } catch (const std::exception& error) {
    throw Error(Status::mismatch, node.op + ": " + error.what(), place);
  }
}

ShapeContext inferred(const Node& node, const OpCard& card, const std::vector<const Array*>& in) {
  std::vector<TensorType> types;
  std::vector<std::optional<Dims>> ints;
  types.reserve(in.size());
  ints.reserve(in.size());
  for (const Array* array : in) {
    types.push_back({array->dtype, Shape::of(array->dims)});
    ints.push_back(small_ints(*array));
  }
  ShapeContext shapes(node, card, std::move(types), std::move(ints));
  card.shape_fn(shapes);
  return shapes;
}

std::vector<Array> execute(const Node& node, const OpCard& card, std::vector<const Array*> in, std::vector<bool> last,
                           Environment& env) {
  std::vector<Array> out;
  at_node(node, [&] {
    ShapeContext shapes = inferred(node, card, in);
    out.resize(shapes.outputs().size());
    KernelContext::Call call{std::move(in), std::move(last), &out, &env.allocate, &env.kernels};
    KernelContext context(std::move(shapes), std::move(call));
    card.kernel_fn(context);
  });
  return out;
}

void normalise_truth(Array& array) {
  if (array.dtype != DType::boolean) return;
  auto* bytes = array.as<uint8_t>();
  for (int64_t i = 0; i < array.elements(); ++i) bytes[i] = bytes[i] != 0;
}

}  // namespace keraft::run
