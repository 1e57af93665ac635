#include "cards/scan.h"

#include "cards/calls.h"

namespace keraft::cards {
namespace {

/// `start` in front of all but the last element of the axis.
std::optional<Operand> shifted(CodeContext& k, Operand x, int64_t axis, double start) {
  const Shape& in = k.shape(0);
  if (!in.has_rank()) return std::nullopt;
  const size_t at = k.axis(axis, in.rank());
  if (!in[at].known() || in[at].value() < 2) return std::nullopt;
  x = called(
      k, "Split",
      {{"x", std::move(x)}, {"indices_or_sections", literal(Value::ints({in[at].value() - 1}))}, {"axis", literal(axis)}});
  List widths;
  for (size_t i = 0; i < in.rank(); ++i) widths.push_back(Value::ints({i == at ? 1 : 0, 0}));
  auto value = is_floating(k.dtype(0)) ? literal(start) : literal(static_cast<int64_t>(start));
  return called(k, "Pad",
                {{"x", std::move(x)}, {"pad_width", literal(std::move(widths))}, {"constant_values", std::move(value)}});
}

}  // namespace

std::optional<std::vector<Edge>> scan_code(CodeContext& k, std::string_view cls, double start) {
  const auto axis = number(k, 1);
  Operand x = k.input(0);
  if (!axis || !x.is_tensor()) return std::nullopt;
  const Operand along = literal(*axis);
  const auto turn = [&] {
    if (k.flag("reverse")) x = called(k, "Flip", {{"x", std::move(x)}, {"axis", along}});
  };
  turn();
  if (k.flag("exclusive")) {
    auto before = shifted(k, std::move(x), *axis, start);
    if (!before) return std::nullopt;
    x = std::move(*before);
  }
  x = called(k, cls, {{"x", std::move(x)}, {"axis", along}});
  turn();
  return std::vector<Edge>{x.edge};
}

}  // namespace keraft::cards
