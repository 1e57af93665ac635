#include "cards/op_types.h"

#include <algorithm>
#include <iterator>

namespace keraft::cards {
namespace {

struct Line {
  std::string_view op, ins, outs, attrs;
};

constexpr Line table[] = {
#include "cards/op_types.inc"
};

template <class Take>
void for_parts(std::string_view text, Take take) {
  while (!text.empty()) {
    const size_t comma = text.find(',');
    take(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
}

std::vector<OpTypes::Arg> args(std::string_view text) {
  std::vector<OpTypes::Arg> out;
  for_parts(text, [&](std::string_view part) {
    const size_t colon = part.find(':');
    const std::string_view name = colon == std::string_view::npos ? std::string_view() : part.substr(0, colon);
    part = colon == std::string_view::npos ? part : part.substr(colon + 1);
    const size_t star = part.find('*');
    const std::string_view type = part.substr(0, star);
    if (type.front() == '(')
      out.push_back({name, {}, {}, type.substr(1, type.size() - 2)});
    else
      out.push_back({name,
                     type == "." ? std::string_view() : type,
                     star == std::string_view::npos ? std::string_view() : part.substr(star + 1),
                     {}});
  });
  return out;
}

}  // namespace

std::optional<OpTypes> op_types(std::string_view op) {
  const auto* found =
      std::lower_bound(std::begin(table), std::end(table), op, [](const Line& a, std::string_view b) { return a.op < b; });
  if (found == std::end(table) || found->op != op) return std::nullopt;
  OpTypes out{args(found->ins), args(found->outs), {}};
  for_parts(found->attrs, [&](std::string_view part) {
    const size_t colon = part.find(':');
    out.attrs.push_back({part.substr(0, colon), part[colon + 1], part.ends_with('+')});
  });
  return out;
}

}  // namespace keraft::cards
