#include "cards/rule_checks.h"

#include <algorithm>

#include "base/string.h"

namespace keraft::rules {
namespace {

bool holds(const Condition& condition, const Match& match) {
  if (condition.rank) {
    const Shape shape = match.shape(condition.name);
    return shape.has_rank() && Value(static_cast<int64_t>(shape.rank())) == condition.value;
  }
  const Value* entry = match.get(condition.name);
  if (!entry) return false;
  const auto mine = entry->number(), other = condition.value.number();
  if (condition.sign == '=') return mine && other ? *mine == *other : *entry == condition.value;
  return mine && other && (condition.sign == '<' ? *mine < *other : *mine > *other);
}

}  // namespace

void check_ops(const ir::Form& form, const Registry& registry, const ir::Lexer& in) {
  for (const ir::Statement& statement : form.statements) {
    const OpCard* card = registry.op(statement.op);
    const std::string name = statement.op.starts_with("tf/") ? statement.op.substr(3) : statement.op;
    if (!card) in.fail("no card tells what the op " + base::escaped(name) + " is: describe it above with 'op'");
    for (const ir::FormAttr& attr : statement.attrs) {
      const auto& known = card->attributes;
      if (std::none_of(known.begin(), known.end(), [&](const OpCard::Attr& one) { return one.name == attr.name; }))
        in.fail("the op " + base::escaped(name) + " has no attribute " + base::escaped(attr.name));
    }
  }
}

void check_layer(const LayerCard::Rule& rule, const LayerCard& card, const Registry& registry, const ir::Lexer& in) {
  check_ops(rule.form, registry, in);
  const auto field = [&](const std::string& name) {
    if (!card.field(name)) in.fail(card.cls + " has no config entry " + base::escaped(name));
  };
  for (const ir::Statement& statement : rule.form.statements) {
    for (const ir::FormArg& arg : statement.args) {
      if (arg.kind == ir::FormArg::Kind::weight && !card.spec(arg.name))
        in.fail(card.cls + " has no weight " + base::escaped(arg.name));
      if (arg.kind == ir::FormArg::Kind::field || arg.kind == ir::FormArg::Kind::field_list) field(arg.name);
    }
    for (const ir::FormAttr& attr : statement.attrs) {
      if (!attr.field.empty()) field(attr.field);
    }
  }
  for (const auto& [name, value] : rule.config) field(name);
}

Condition condition(ir::Lexer& in) {
  Condition out;
  out.name = in.identifier();
  if (out.name == "rank") {
    out.rank = true;
    out.name = in.identifier();
  }
  for (const char sign : {'<', '=', '>'}) {
    if (!in.take(sign)) continue;
    out.sign = sign;
    out.value = in.value();
    if (out.rank && (sign != '=' || !out.value.get<int64_t>())) in.fail("a rank is compared with = and a number");
    return out;
  }
  in.fail("a condition is 'rank x = 4' or an entry with <, = or > and a value");
}

LayerCard::Guard guard(std::vector<Condition> conditions) {
  return [all = std::move(conditions)](Match& match) {
    return std::all_of(all.begin(), all.end(), [&](const Condition& one) { return holds(one, match); });
  };
}

}  // namespace keraft::rules
