#include "cards/op_card.h"

namespace keraft {

OpCard& OpCard::tf(std::string name) {
  names.insert(names.begin(), std::move(name));
  return *this;
}

OpCard& OpCard::also(std::string name) {
  names.push_back(std::move(name));
  return *this;
}

OpCard& OpCard::about(std::string text) {
  summary = std::move(text);
  return *this;
}

OpCard& OpCard::in(std::string name) {
  ins.push_back({std::move(name), false});
  return *this;
}

OpCard& OpCard::in_list(std::string name) {
  ins.push_back({std::move(name), true});
  return *this;
}

OpCard& OpCard::out(std::string name) {
  outs.push_back({std::move(name), false});
  return *this;
}

OpCard& OpCard::out_list(std::string name) {
  outs.push_back({std::move(name), true});
  return *this;
}

OpCard& OpCard::attr(std::string name) {
  attributes.push_back({std::move(name), std::nullopt});
  return *this;
}

OpCard& OpCard::attr(std::string name, Value fallback) {
  attributes.push_back({std::move(name), std::move(fallback)});
  return *this;
}

OpCard& OpCard::shape(ShapeFn fn) {
  shape_fn = std::move(fn);
  return *this;
}

OpCard& OpCard::ints(IntsFn fn) {
  ints_fn = std::move(fn);
  return *this;
}

OpCard& OpCard::ints_list(IntsListFn fn) {
  ints_list_fn = std::move(fn);
  return *this;
}

OpCard& OpCard::kernel(KernelFn fn) {
  kernel_fn = std::move(fn);
  return *this;
}

OpCard& OpCard::in_training(TrainingFn fn) {
  training_fn = std::move(fn);
  return *this;
}

OpCard& OpCard::fidelity(Fidelity value) {
  how = value;
  return *this;
}

OpCard& OpCard::fuses(Fusion as) {
  fusion = as;
  return *this;
}

OpCard& OpCard::clamps(double from, double to) {
  low = from;
  high = to;
  return fuses(Fusion::clamp);
}

OpCard& OpCard::layout(Layout axes) {
  image_axes = std::move(axes);
  return *this;
}

OpCard& OpCard::commutative() {
  swaps = true;
  return *this;
}

OpCard& OpCard::identity() {
  passes = true;
  return *this;
}

OpCard& OpCard::stateful() {
  effects = true;
  return *this;
}

OpCard& OpCard::code(std::string call, Dict when, CodeGuard guard) {
  codes.push_back({std::move(call), std::move(when), std::move(guard)});
  return *this;
}

OpCard& OpCard::code_with(CodeFn fn) {
  code_fn = std::move(fn);
  return *this;
}

OpCard& OpCard::tensorflow(std::string call, Dict when, CodeGuard guard) {
  spellings.push_back({std::move(call), {}, std::move(when), std::move(guard), false});
  return *this;
}

OpCard& OpCard::tensorflow_with(SpellFn fn) {
  spellings.push_back({{}, std::move(fn), {}, {}, false});
  return *this;
}

OpCard& OpCard::first_alone() {
  spellings.back().first_alone = true;
  return *this;
}

OpCard& OpCard::sparse_gradient() {
  picks_rows = true;
  return *this;
}

OpCard& OpCard::sample(std::vector<Value> inputs, Dict attrs) {
  samples.push_back({std::move(inputs), std::move(attrs)});
  return *this;
}

}  // namespace keraft
