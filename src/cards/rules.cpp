// The text of user rules, see docs/extending.md.

#include <algorithm>
#include <optional>
#include <set>

#include "base/file.h"
#include "base/string.h"
#include "cards/composed.h"
#include "cards/layer_card.h"
#include "cards/rule_checks.h"
#include "ir/lexer.h"

namespace keraft {
namespace {

constexpr uint64_t most_text = uint64_t{16} << 20;

std::string text(ir::Lexer& in, const char* what) {
  const Value value = in.value();
  const std::string* out = value.get<std::string>();
  if (!out) in.fail(std::string(what) + " is a text in quotes");
  return *out;
}

Dict dict(ir::Lexer& in) {
  if (in.peek() != '{') return {};
  const Value value = in.value();
  return *value.get<Dict>();
}

Fidelity fidelity(ir::Lexer& in) {
  const std::string word = in.identifier();
  for (const Fidelity one : {Fidelity::exact, Fidelity::rounding, Fidelity::approximate}) {
    if (name_of(one) == word) return one;
  }
  in.fail("'" + word + "' is no fidelity: exact, rounding or approximate");
}

ir::Form form(ir::Lexer& in) {
  in.expect('{');
  ir::Form out = ir::read_form(in);
  in.expect('}');
  return out;
}

/// "in x", "in list xs"
OpCard::Arg argument(ir::Lexer& in) {
  std::string name = in.identifier();
  const bool list = name == "list";
  if (list) name = in.identifier();
  return {std::move(name), list};
}

std::vector<std::string> sizes(ir::Lexer& in) {
  std::vector<std::string> out;
  in.expect('[');
  while (!in.take(']')) {
    out.push_back(in.identifier());
    if (in.peek() != ']') in.expect(',');
  }
  return out;
}

std::set<std::string> words(ir::Lexer& in) {
  std::set<std::string> out;
  for (const std::string& word : sizes(in)) out.insert(word);
  return out;
}

class OpRule {
 public:
  OpRule(ir::Lexer& in, const Registry& registry) : in_(in), registry_(registry) {
    card_.tf(in.identifier());
    in.expect('{');
    while (!in.take('}')) line(in.identifier());
    if (meaning_) cards::compose(card_, *meaning_, registry_);
  }

  OpCard take() { return std::move(card_); }

 private:
  void line(const std::string& word) {
    if (word == "about") {
      card_.about(text(in_, "about"));
    } else if (word == "also") {
      card_.also(in_.identifier());
    } else if (word == "in") {
      card_.ins.push_back(argument(in_));
    } else if (word == "out") {
      card_.outs.push_back(argument(in_));
    } else if (word == "attr") {
      OpCard::Attr attr{in_.identifier(), std::nullopt};
      if (in_.take('=')) attr.fallback = in_.value();
      card_.attributes.push_back(std::move(attr));
    } else if (word == "shape") {
      same_shape();
    } else if (word == "means") {
      meaning_ = form(in_);
      rules::check_ops(*meaning_, registry_, in_);
    } else if (word == "code") {
      card_.code(text(in_, "code"));
    } else if (word == "fidelity") {
      card_.fidelity(fidelity(in_));
    } else if (word == "commutative") {
      card_.commutative();
    } else if (word == "identity") {
      card_.identity();
    } else if (word == "stateful") {
      card_.stateful();
    } else if (word == "sample") {
      const Value shapes = in_.value();
      if (!shapes.get<List>()) in_.fail("a sample is a list of shapes: [[2, 3]]");
      card_.sample(*shapes.get<List>(), dict(in_));
    } else {
      in_.fail("an op rule has no '" + word + "'");
    }
  }

  /// "shape y = x"
  void same_shape() {
    const auto index = [&](const std::vector<OpCard::Arg>& args, const std::string& name) {
      const auto at = std::find_if(args.begin(), args.end(), [&](const auto& arg) { return arg.name == name && !arg.list; });
      if (at == args.end()) in_.fail("'" + name + "' is not among the names above");
      return static_cast<size_t>(at - args.begin());
    };
    const size_t to = index(card_.outs, in_.identifier());
    in_.expect('=');
    same_.emplace_back(to, index(card_.ins, in_.identifier()));
    card_.shape([same = same_](ShapeContext& s) {
      for (const auto& [out, input] : same) s.same(out, input);
    });
  }

  ir::Lexer& in_;
  const Registry& registry_;
  OpCard card_;
  std::optional<ir::Form> meaning_;
  std::vector<std::pair<size_t, size_t>> same_;
};

class LayerRule {
 public:
  /// `known`: the card that a "more" rule extends, else null.
  LayerRule(ir::Lexer& in, const Registry& registry, bool more) : in_(in), registry_(registry) {
    card_.keras(in.identifier());
    if (more) {
      known_ = registry.layer(card_.cls);
      if (!known_) in.fail("there is no layer " + base::escaped(card_.cls) + " that more could be said about");
    }
    in.expect('{');
    while (!in.take('}')) line(in.identifier());
    if (card_.rules.empty()) in.fail("a layer rule needs a form");
    for (const LayerCard::Rule& rule : card_.rules) rules::check_layer(rule, known_ ? *known_ : card_, registry_, in_);
  }

  LayerCard take() { return std::move(card_); }

 private:
  void line(const std::string& word) {
    if (word == "form" || word == "reads") {
      LayerCard::Rule rule{form(in_), dict(in_), {}, word == "form"};
      std::vector<rules::Condition> conditions;
      while (in_.take_word("where")) conditions.push_back(rules::condition(in_));
      if (!conditions.empty()) rule.guard = rules::guard(std::move(conditions));
      card_.rules.push_back(std::move(rule));
    } else if (known_) {
      in_.fail("a 'more' rule has only 'reads'");
    } else if (word == "registered") {
      registered();
    } else if (word == "about") {
      card_.about(text(in_, "about"));
    } else if (word == "needs") {
      card_.needs(in_.identifier());
    } else if (word == "config") {
      std::string field = in_.identifier();
      in_.expect('=');
      card_.config(std::move(field), in_.value());
    } else if (word == "always" && !card_.fields.empty()) {
      card_.always();
    } else if (word == "weight") {
      std::string slot = in_.identifier();
      card_.weight(std::move(slot), sizes(in_));
    } else if (word == "when" && !card_.weight_specs.empty()) {
      card_.weight_specs.back().when = in_.identifier();
    } else if (word == "known_as" && !card_.weight_specs.empty()) {
      card_.known_as(words(in_));
    } else if (word == "not_trainable" && !card_.weight_specs.empty()) {
      card_.not_trainable();
    } else if (word == "fidelity") {
      card_.fidelity(fidelity(in_));
    } else if (word == "folds_into") {
      card_.folds_into(in_.identifier());
    } else if (word == "only_keras3") {
      card_.only_keras3(text(in_, "only_keras3"));
    } else if (word == "identity_at_inference") {
      card_.identity_at_inference().training_unknown();
    } else if (word == "sample") {
      sample();
    } else {
      in_.fail("a layer rule has no '" + word + "' here");
    }
  }

  void registered() {
    const std::string name = text(in_, "registered");
    const std::string cls = card_.cls;
    card_.custom(name);
    if (card_.cls != cls) in_.fail("the class of " + base::escaped(name) + " is not " + base::escaped(cls));
  }

  void sample() {
    Dict config = dict(in_);
    const Value shapes = in_.value();
    std::vector<std::vector<int64_t>> inputs;
    for (const Value& shape : shapes.get<List>() ? *shapes.get<List>() : List{Value()}) {
      const auto ints = shape.as_ints();
      if (!ints) in_.fail("a sample is a config and a list of shapes: {units: 3} [[2, 4]]");
      inputs.push_back(*ints);
    }
    card_.sample(std::move(config), std::move(inputs));
  }

  ir::Lexer& in_;
  const Registry& registry_;
  LayerCard card_;
  const LayerCard* known_ = nullptr;
};

void complete(OpCard& card, const std::vector<OpFunctions>& functions, std::vector<bool>& used) {
  for (size_t i = 0; i < functions.size(); ++i) {
    if (functions[i].op != card.name()) continue;
    if (used[i]) throw Error(Status::argument, "two sets of functions for the op " + base::escaped(card.name()));
    used[i] = true;
    if (functions[i].shape) card.shape(functions[i].shape);
    if (functions[i].kernel) card.kernel(functions[i].kernel);
  }
}

Registry with_rules(const Registry& registry, std::string_view all, const std::vector<OpFunctions>& functions) {
  Registry out = registry;
  std::vector<bool> used(functions.size(), false);
  ir::Lexer in(all);
  while (!in.done()) {
    if (in.take_word("op")) {
      OpCard card = OpRule(in, out).take();
      complete(card, functions, used);
      out.add(std::move(card));
    } else if (in.take_word("layer")) {
      out.add(LayerRule(in, out, false).take());
    } else if (in.take_word("more")) {
      out.extend(LayerRule(in, out, true).take());
    } else {
      in.fail("'op', 'layer' or 'more' expected");
    }
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) throw Error(Status::argument, "no rule describes the op " + base::escaped(functions[i].op));
  }
  return out;
}

}  // namespace

void Registry::add_rules(std::string_view text, const std::string& origin, const std::vector<OpFunctions>& functions) {
  try {
    *this = with_rules(*this, text, functions);
  } catch (const Error& error) {
    throw Error(Status::argument, error.message(), {origin, {}, {}});
  }
}

void Registry::add_rules(std::string_view text, const std::string& origin) { add_rules(text, origin, {}); }

void Registry::load_rules(const std::string& path) { add_rules(base::File::open(path)->text(most_text), path); }

}  // namespace keraft
