#include <catch2/catch.hpp>

#include <cstring>

#include "keraft/registry.hpp"
#include "run_sample.h"

using namespace keraft;

TEST_CASE("every card has a summary and a shape function, with a kernel three samples") {
  REQUIRE(Registry::builtin().ops().size() > 100);
  for (const OpCard* card : Registry::builtin().ops()) {
    CAPTURE(card->name());
    CHECK_FALSE(card->summary.empty());
    CHECK(card->shape_fn);
    const bool variable = !card->ins.empty() || !card->attributes.empty();
    if (card->kernel_fn) CHECK(card->samples.size() >= (variable ? 3 : 1));
  }
}

TEST_CASE("samples run and give what shape inference says") {
  for (const OpCard* card : Registry::builtin().ops()) {
    for (size_t i = 0; i < card->samples.size(); ++i) {
      CAPTURE(card->name(), i);
      const auto one = test::run_sample(*card, card->samples[i]);
      std::vector<const Array*> in;
      for (const Array& array : one.inputs) in.push_back(&array);
      const auto types = run::inferred(one.node, *card, in).outputs();
      REQUIRE(types.size() == one.outputs.size());
      for (size_t port = 0; port < types.size(); ++port) {
        CHECK(types[port].dtype == one.outputs[port].dtype);
        REQUIRE(types[port].shape.has_rank());
        REQUIRE(types[port].shape.rank() == one.outputs[port].dims.size());
        for (size_t axis = 0; axis < types[port].shape.rank(); ++axis) {
          const Dim& dim = types[port].shape[axis];
          if (dim.known()) CHECK(dim.is(one.outputs[port].dims[axis]));
        }
      }
    }
  }
}

TEST_CASE("results do not depend on the number of threads") {
  for (const OpCard* card : Registry::builtin().ops()) {
    for (size_t i = 0; i < card->samples.size(); ++i) {
      CAPTURE(card->name(), i);
      const auto one = test::run_sample(*card, card->samples[i]), three = test::run_sample(*card, card->samples[i], 3);
      for (size_t port = 0; port < one.outputs.size(); ++port) {
        const Array &a = one.outputs[port], &b = three.outputs[port];
        CHECK(std::memcmp(a.data.get(), b.data.get(), a.bytes()) == 0);
      }
    }
  }
}

TEST_CASE("shapes are inferred with a symbol for the batch as with numbers") {
  for (const OpCard* card : Registry::builtin().ops()) {
    for (size_t i = 0; i < card->samples.size(); ++i) {
      CAPTURE(card->name(), i);
      const auto concrete = test::run_sample(*card, card->samples[i]);
      std::vector<TensorType> types;
      std::vector<std::optional<Dims>> ints;
      for (size_t k = 0; k < concrete.inputs.size(); ++k) {
        const Array& array = concrete.inputs[k];
        const bool given = card->samples[i].inputs[k].get<Tensor>() != nullptr;
        Shape shape = Shape::of(array.dims);
        if (!given && shape.rank() == 4) shape.dims()[0] = Dim::symbol("B");
        types.push_back({array.dtype, shape});
        ints.emplace_back();
        if (given && array.dtype == DType::i32) {
          ints.back() = Dims(array.as<int32_t>(), array.as<int32_t>() + array.elements());
        }
      }
      ShapeContext context(concrete.node, *card, types, ints);
      REQUIRE_NOTHROW(card->shape_fn(context));
      REQUIRE(context.outputs().size() == concrete.outputs.size());
      for (size_t port = 0; port < context.outputs().size(); ++port) {
        const Shape& shape = context.outputs()[port].shape;
        if (!shape.has_rank()) continue;
        REQUIRE(shape.rank() == concrete.outputs[port].dims.size());
        for (size_t axis = 0; axis < shape.rank(); ++axis) {
          if (shape[axis].known()) CHECK(shape[axis].is(concrete.outputs[port].dims[axis]));
        }
      }
    }
  }
}

TEST_CASE("wrong inputs are errors, not crashes") {
  const OpCard* card = nullptr;
  for (const OpCard* each : Registry::builtin().ops()) {
    if (!each->kernel_fn || each->samples.empty()) continue;
    card = each;
    CAPTURE(card->name());
    OpCard::Sample sample = card->samples.front();
    // Fewer inputs.
    if (!card->ins.empty() && !card->ins.front().list && !sample.inputs.empty()) {
      OpCard::Sample fewer = sample;
      fewer.inputs.clear();
      CHECK_THROWS_AS(test::run_sample(*card, fewer), Error);
    }
    // Every numeric attribute at hostile values.
    for (const OpCard::Attr& attr : card->attributes) {
      for (const int64_t bad : {int64_t{0}, int64_t{-1}, int64_t{1} << 40, std::numeric_limits<int64_t>::min(),
                                std::numeric_limits<int64_t>::max()}) {
        OpCard::Sample hostile = sample;
        const Value& old = hostile.attrs.contains(attr.name) ? hostile.attrs[attr.name]
                           : attr.fallback                   ? *attr.fallback
                                                             : Value();
        if (old.get<int64_t>())
          hostile.attrs[attr.name] = bad;
        else if (const auto list = old.as_ints(); list && !list->empty())
          hostile.attrs[attr.name] = Value::ints(std::vector<int64_t>(list->size(), bad));
        else
          continue;
        CAPTURE(attr.name, bad);
        try {
          test::run_sample(*card, hostile);
        } catch (const Error& error) {
          CHECK(error.status() != Status::internal);
        }
      }
    }
    // Every list of integers given as a tensor at hostile values.
    for (size_t i = 0; i < sample.inputs.size(); ++i) {
      const Tensor* tensor = sample.inputs[i].get<Tensor>();
      if (!tensor || tensor->dtype != DType::i32) continue;
      for (const int32_t bad : {0, -1, 7, std::numeric_limits<int32_t>::max(), std::numeric_limits<int32_t>::min()}) {
        OpCard::Sample hostile = sample;
        const std::vector<int32_t> values(static_cast<size_t>(tensor->elements()), bad);
        hostile.inputs[i] = make_tensor<int32_t>(DType::i32, tensor->dims, std::span<const int32_t>(values));
        CAPTURE(i, bad);
        try {
          test::run_sample(*card, hostile);
        } catch (const Error& error) {
          CHECK(error.status() != Status::internal);
        }
      }
    }
  }
}

TEST_CASE("16-bit floats give the float result rounded") {
  for (const DType type : {DType::f16, DType::bf16}) {
    for (const char* name : {"Relu", "Add", "MatMul", "Conv2D", "Softmax", "MaxPool"}) {
      const OpCard* card = Registry::builtin().op(name);
      REQUIRE(card);
      CAPTURE(name, name_of(type));
      const auto run = test::run_sample(*card, card->samples.front(), 1, type);
      CHECK(run.outputs[0].dtype == type);
    }
  }
}
