#include "formats/graphdef/signature.h"

#include <algorithm>

#include "cards/op_card.h"
#include "ir/function_attr.h"

namespace keraft::formats {
namespace {

const Value* given(const Node& node, std::string_view name) {
  const auto found = node.attrs.find(name);
  if (found == node.attrs.end() || found->second.null() || ir::caller_attr_in(found->second)) return nullptr;
  return &found->second;
}

std::optional<std::string> wrong_count(const Node& node, const OpCard& card) {
  const auto lists = std::count_if(card.ins.begin(), card.ins.end(), [](const OpCard::Arg& arg) { return arg.list; });
  const size_t single = card.ins.size() - static_cast<size_t>(lists);
  const size_t got = node.inputs.size();
  const auto complain = [&](const std::string& wanted) {
    return card.name() + " takes " + wanted + ", but the node has " + std::to_string(got);
  };
  if (lists == 0) {
    if (got != single) return complain(std::to_string(single) + (single == 1 ? " input" : " inputs"));
    return std::nullopt;
  }
  if (got < single) return complain("at least " + std::to_string(single) + " inputs");
  const bool counted =
      std::any_of(card.attributes.begin(), card.attributes.end(), [](const OpCard::Attr& attr) { return attr.name == "N"; });
  const Value* count = counted && lists == 1 ? given(node, "N") : nullptr;
  if (!count) return std::nullopt;
  const auto* n = count->get<int64_t>();
  if (!n || *n < 0 || static_cast<uint64_t>(*n) != got - single) {
    return complain(std::to_string(single) + " + N inputs with N = " + count->text());
  }
  return std::nullopt;
}

/// Attributes that are a type in every op whose number of inputs does not follow from a list of types.
bool is_type(const OpCard& card, std::string_view attr) {
  if (attr == "dtype" || attr == "SrcT" || attr == "DstT") return true;
  return attr == "T" && std::none_of(card.ins.begin(), card.ins.end(), [](const OpCard::Arg& arg) { return arg.list; });
}

}  // namespace

std::optional<std::string> misfit(const Node& node, const OpCard& card) {
  if (auto wrong = wrong_count(node, card)) return wrong;
  for (const OpCard::Attr& attr : card.attributes) {
    const Value* value = given(node, attr.name);
    if (!value) continue;
    const bool fits = attr.fallback && !attr.fallback->null() ? value->any.index() == attr.fallback->any.index()
                                                              : !is_type(card, attr.name) || value->get<DType>();
    if (!fits) return card.name() + ": attribute " + attr.name + " is of another kind: " + value->text();
  }
  return std::nullopt;
}

}  // namespace keraft::formats
