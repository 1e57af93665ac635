#include "formats/graphdef/op_types.h"

#include <algorithm>
#include <iterator>

namespace keraft::formats {
namespace {

struct Line {
  std::string_view op, ins, outs, attrs;
};

constexpr Line table[] = {
#include "formats/graphdef/op_types.inc"
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
    OpTypes::Arg arg;
    if (const size_t colon = part.find(':'); colon != std::string_view::npos) {
      arg.name = part.substr(0, colon);
      part.remove_prefix(colon + 1);
    }
    const size_t star = part.find('*');
    const std::string_view type = part.substr(0, star);
    if (type.front() == '(')
      arg.types = type.substr(1, type.size() - 2);
    else if (type != ".")
      arg.type = type;
    if (star != std::string_view::npos) arg.count = part.substr(star + 1);
    out.push_back(arg);
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

}  // namespace keraft::formats
