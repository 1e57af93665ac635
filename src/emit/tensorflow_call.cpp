#include "emit/tensorflow_call.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>

#include "base/string.h"
#include "cards/codec.h"
#include "cards/infer.h"
#include "cards/op_types.h"
#include "emit/python_text.h"
#include "ir/constant.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

constexpr int64_t most_elements = 16, most_repeated = 1 << 16;

[[noreturn]] void refuse(const Node& node, const std::string& why) {
  throw Error(Status::unsupported, "TensorFlow code cannot say this node: " + why, {{}, {}, node.name});
}

/// The type that TensorFlow gives to numbers of Python's own.
bool is_usual(DType dtype) {
  return dtype == DType::f32 || dtype == DType::i32 || dtype == DType::boolean || dtype == DType::string;
}

std::string value_text(const Node& node, const Value& value) {
  if (value.null()) return "None";
  if (const bool* flag = value.get<bool>()) return *flag ? "True" : "False";
  if (const std::string* text = value.get<std::string>()) return quoted(*text);
  if (const DType* dtype = value.get<DType>()) return dtype_text(*dtype);
  if (value.number()) return number_text(value);
  std::vector<std::string> parts;
  if (const Shape* shape = value.get<Shape>()) {
    if (!shape->has_rank()) return "None";
    for (const Dim& dim : shape->dims()) parts.push_back(dim.known() ? std::to_string(dim.value()) : "None");
  } else if (const List* list = value.get<List>()) {
    for (const Value& one : *list) parts.push_back(value_text(node, one));
  } else {
    refuse(node, value.get<FunctionRef>() ? "it calls functions; convert to a SavedModel" : "an attribute is a tensor");
  }
  return "[" + base::join(parts, ", ") + "]";
}

/// For each argument of the op the place of its first tensor, and how many it has.
std::vector<std::pair<size_t, size_t>> spans(const Node& node, const OpCard* card, const std::optional<cards::OpTypes>& types) {
  std::vector<std::pair<size_t, size_t>> out;
  const size_t count = types ? types->ins.size() : card->ins.size();
  const auto is_list = [&](size_t i) {
    return types ? !types->ins[i].count.empty() || !types->ins[i].types.empty() : card->ins[i].list;
  };
  size_t lists = 0;
  for (size_t i = 0; i < count; ++i) lists += is_list(i);
  const size_t single = count - lists;
  size_t at = 0;
  for (size_t i = 0; i < count; ++i) {
    size_t size = 1;
    if (is_list(i)) {
      const auto told = types ? node.attrs.find(types->ins[i].count) : node.attrs.end();
      const int64_t* number = told == node.attrs.end() ? nullptr : told->second.get<int64_t>();
      size = number ? static_cast<size_t>(*number) : node.inputs.size() < single ? 0 : (node.inputs.size() - single) / lists;
    }
    out.emplace_back(at, std::min(size, node.inputs.size() - std::min(at, node.inputs.size())));
    at += size;
  }
  if (at != node.inputs.size()) refuse(node, "it has " + std::to_string(node.inputs.size()) + " inputs");
  return out;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; }

/// "name:codec|default"
struct Hole {
  std::string name, codec;
  std::optional<std::string> fallback;
  bool spread = false;

  explicit Hole(std::string text) {
    if (const size_t bar = text.find('|'); bar != std::string::npos) {
      fallback = text.substr(bar + 1);
      text.resize(bar);
    }
    if (const size_t colon = text.find(':'); colon != std::string::npos) {
      codec = text.substr(colon + 1);
      text.resize(colon);
    }
    spread = text.starts_with('*');
    name = text.substr(spread ? 1 : 0);
  }
};

struct Operator {
  std::string_view text;
  Term::Level level;
};
constexpr std::array<Operator, 10> operators{{{" < ", Term::comparison},
                                              {" <= ", Term::comparison},
                                              {" > ", Term::comparison},
                                              {" >= ", Term::comparison},
                                              {" + ", Term::sum},
                                              {" - ", Term::sum},
                                              {" * ", Term::product},
                                              {" / ", Term::product},
                                              {" // ", Term::product},
                                              {" % ", Term::product}}};

/// The loosest operator outside of brackets and holes; nothing: there is none.
std::optional<Operator> loosest(const std::string& text) {
  std::optional<Operator> out;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    if (depth != 0) continue;
    if (c == '-' && i == 0 && !out) out = Operator{"-", Term::sign};
    if (text.compare(i, 2, "**") == 0 && !out) out = Operator{"**", Term::power};
    for (const Operator& one : operators) {
      if (text.compare(i, one.text.size(), one.text) == 0 && (!out || one.level <= out->level)) out = one;
    }
  }
  return out;
}

class Speaker {
 public:
  Speaker(const Node& node, const OpCard& card, const std::vector<Term>& inputs)
      : node_(node), card_(card), inputs_(inputs), types_(cards::op_types(plain_name())) {
    spans_ = spans(node, &card, std::nullopt);
  }

  Term say(const std::string& text) {
    const auto sign = loosest(text);
    if (sign && sign->level == Term::power) return {power(expression(text, sign)), Term::power};
    const size_t open = text.find('(');
    const bool call = !sign && text.ends_with(')') && open != std::string::npos &&
                      std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(open), is_word);
    if (call) return {text.substr(0, open) + "(" + arguments(text.substr(open + 1, text.size() - open - 2)) + ")"};
    return {expression(text, sign), sign ? sign->level : Term::atom};
  }

 private:
  std::string plain_name() const { return node_.op.substr(node_.op.find('/') + 1); }

  /// x**2, but f(x) ** 2.
  static std::string power(std::string text) {
    int depth = 0;
    bool plain = true;
    size_t at = std::string::npos;
    for (size_t i = 0; i < text.size(); ++i) {
      depth += text[i] == '(' || text[i] == '[' ? 1 : text[i] == ')' || text[i] == ']' ? -1 : 0;
      if (depth == 0 && at == std::string::npos && text.compare(i, 2, "**") == 0)
        at = i++;
      else
        plain = plain && (is_word(text[i]) || text[i] == '-');
    }
    if (!plain && at != std::string::npos) text.replace(at, 2, " ** ");
    return text;
  }

  std::string arguments(const std::string& text) {
    std::vector<std::string> out;
    int depth = 0;
    size_t begin = 0;
    for (size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : ',';
      depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
      if (depth != 0 || c != ',') continue;
      const size_t first = text.find_first_not_of(' ', begin);
      if (auto said = argument(text.substr(first, i - first))) out.push_back(std::move(*said));
      begin = i + 1;
    }
    return base::join(out, ", ");
  }

  /// Nothing for one that has its default.
  std::optional<std::string> argument(const std::string& text) {
    const size_t open = text.find('{'), equals = text.find('=');
    const bool named = equals != std::string::npos && equals < open;
    if (open != std::string::npos && text.ends_with('}') && text.find('{', open + 1) == std::string::npos) {
      const Hole hole(text.substr(open + 1, text.size() - open - 2));
      if (named && is_default(hole)) return std::nullopt;
      const std::string said = filled(hole, false).text;
      if (hole.fallback && said == *hole.fallback) return std::nullopt;
      return text.substr(0, open) + said;
    }
    return expression(text, loosest(text));
  }

  bool is_default(const Hole& hole) const {
    const Value* fallback = card_.fallback(hole.name);
    const auto own = node_.attrs.find(hole.name);
    return fallback && (own == node_.attrs.end() || own->second == *fallback);
  }

  std::string expression(const std::string& text, const std::optional<Operator>& sign) {
    // Something must be a tensor for an operator to be TensorFlow's.
    bool tensors = false;
    for_holes(text, [&](const Hole& hole, size_t, size_t) {
      const auto input = index(hole.name);
      tensors = tensors || (input && spans_[*input].second == 1 && !inputs_[spans_[*input].first].literal);
    });
    std::string out;
    size_t at = 0;
    for_holes(text, [&](const Hole& hole, size_t begin, size_t end) {
      out += text.substr(at, begin - at);
      Term term = filled(hole, sign.has_value() && tensors);
      const bool bare = depth(text, begin) == 0;
      if (bare && (sign || (end < text.size() && text[end] == '['))) {
        if (term.literal && !tensors) {
          term = constant(term);
          tensors = true;
        }
        if (loose(term, text, begin, end)) term.text = "(" + term.text + ")";
      }
      out += term.text;
      at = end;
    });
    return out + text.substr(at);
  }

  static int depth(const std::string& text, size_t end) {
    int out = 0;
    for (size_t i = 0; i < end; ++i)
      out += text[i] == '(' || text[i] == '[' || text[i] == '{'   ? 1
             : text[i] == ')' || text[i] == ']' || text[i] == '}' ? -1
                                                                  : 0;
    return out;
  }

  /// Would it be read otherwise without brackets?
  static bool loose(const Term& term, const std::string& text, size_t begin, size_t end) {
    Term::Level before = Term::comparison, after = Term::comparison;
    bool has_before = false, has_after = false;
    for (const Operator& one : operators) {
      const size_t size = one.text.size();
      if (begin >= size && text.compare(begin - size, size, one.text) == 0) before = one.level, has_before = true;
      if (text.compare(end, size, one.text) == 0) after = one.level, has_after = true;
    }
    if (begin > 0 && text[begin - 1] == '-') before = Term::sign, has_before = true;
    if (begin > 1 && text.compare(begin - 2, 2, "**") == 0) before = Term::sign, has_before = true;
    if (text.compare(end, 2, "**") == 0 || (end < text.size() && text[end] == '['))
      return term.level < Term::atom || (term.literal && term.text.starts_with('-'));
    // a - (b + c), and sums of floats in the graph's own order.
    const bool unclear = before == Term::sign && (term.level < Term::sign || term.level == Term::power);
    if (has_before && (before == Term::sign ? unclear : term.level <= before)) return true;
    return has_after && (after == Term::comparison ? term.level <= after : term.level < after);
  }

  template <class Take>
  static void for_holes(const std::string& text, Take take) {
    for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
      const size_t close = text.find('}', open);
      take(Hole(text.substr(open + 1, close - open - 1)), open, close + 1);
      open = close;
    }
  }

  std::optional<size_t> index(const std::string& name) const {
    if (std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); })) return std::stoul(name);
    for (size_t i = 0; i < card_.ins.size(); ++i) {
      if (card_.ins[i].name == name) return i;
    }
    return std::nullopt;
  }

  Term filled(const Hole& hole, bool beside_tensor) {
    const auto input = index(hole.name);
    if (!input) return {attribute(hole)};
    const auto [first, count] = spans_[*input];
    if (!card_.ins[*input].list) return operand(hole, *input, first, beside_tensor);
    std::vector<std::string> parts;
    for (size_t i = first; i < first + count; ++i) {
      const Term part = plain(*input, inputs_[i]);
      parts.push_back((hole.spread && part.literal ? constant(part) : part).text);
    }
    const std::string all = base::join(parts, ", ");
    return {hole.spread ? all : "[" + all + "]"};
  }

  Term operand(const Hole& hole, size_t input, size_t at, bool beside_tensor) {
    const Term& term = inputs_[at];
    if (hole.codec == "only" && term.literal && term.text.starts_with('[') && !term.text.starts_with("[[") &&
        term.text.find(',') == std::string::npos && term.text.size() > 2)
      return {term.text.substr(1, term.text.size() - 2)};
    if (term.literal && beside_tensor) return term.text.starts_with('-') ? Term{term.text, Term::sign, true, term.dtype} : term;
    return plain(input, term);
  }

  /// As the argument of a function.
  Term plain(size_t input, const Term& term) const {
    // A function of several steps may want to know the shape of a list.
    const bool data = term.text.starts_with('[') && types_ && types_->ins.size() == card_.ins.size() &&
                      !card_.ins[input].list && !types_->ins[input].type.empty() && !counts(input);
    if (term.literal && data) return constant(term);
    if (!term.literal || is_usual(term.dtype)) return term;
    return term.dtype == DType::i64 && counts(input) ? term : constant(term);
  }

  static Term constant(const Term& term) {
    return {"tf.constant(" + term.text + (is_usual(term.dtype) ? "" : ", " + dtype_text(term.dtype)) + ")"};
  }

  /// Is the input sizes or axes, whose type is no other tensor's?
  bool counts(size_t input) const {
    if (!types_ || types_->ins.size() != card_.ins.size()) return false;
    const std::string_view type = types_->ins[input].type;
    const auto same = [&](const cards::OpTypes::Arg& arg) { return arg.type == type; };
    return !type.empty() && std::count_if(types_->ins.begin(), types_->ins.end(), same) == 1 &&
           std::none_of(types_->outs.begin(), types_->outs.end(), same);
  }

  std::string attribute(const Hole& hole) const {
    const auto own = node_.attrs.find(hole.name);
    const Value* value = own != node_.attrs.end() ? &own->second : card_.fallback(hole.name);
    if (!value) refuse(node_, "it has no " + hole.name);
    if (hole.codec == "only") {
      const List* list = value->get<List>();
      if (list && list->size() == 1) return value_text(node_, list->front());
    }
    if (hole.codec == "window" || hole.codec == "spatial") {
      const auto layout = node_.attrs.find("data_format");
      const std::string* text = layout == node_.attrs.end() ? nullptr : layout->second.get<std::string>();
      const bool first = text && text->starts_with("NC");
      for (const std::string_view codec : {"side", "spatial"}) {
        if (hole.codec == "spatial" && codec != "spatial") continue;
        if (const auto said = cards::decode(codec, *value, first)) return value_text(node_, *said);
      }
    }
    return value_text(node_, *value);
  }

  const Node& node_;
  const OpCard& card_;
  const std::vector<Term>& inputs_;
  std::optional<cards::OpTypes> types_;
  std::vector<std::pair<size_t, size_t>> spans_;
};

bool fits(const OpCard::Spelling& spelling, const Graph& graph, const Node& node, const OpCard& card) {
  for (const auto& [key, wanted] : spelling.when) {
    const auto own = node.attrs.find(key);
    const Value* value = own != node.attrs.end() ? &own->second : card.fallback(key);
    if (!value || !(*value == wanted)) return false;
  }
  return !spelling.guard || spelling.guard(shapes_of(graph, node, card));
}

Term raw(const Node& node, const OpCard* card, const std::vector<Term>& inputs) {
  const std::string name = node.op.substr(node.op.find('/') + 1);
  const auto types = cards::op_types(name);
  if (!node.op.starts_with("tf/") || (!types && !card)) refuse(node, "the op " + base::escaped(name) + " is unknown");
  const auto places = spans(node, card, types);
  std::vector<std::string> out;
  std::vector<std::string_view> told;  // attributes that follow from the inputs
  for (size_t i = 0; i < places.size(); ++i) {
    std::vector<std::string> parts;
    for (size_t at = places[i].first; at < places[i].first + places[i].second; ++at) {
      const Term& term = inputs[at];
      const bool as_it_is = !term.literal || is_usual(term.dtype);
      parts.push_back(as_it_is ? term.text : "tf.constant(" + term.text + ", " + dtype_text(term.dtype) + ")");
    }
    const std::string all = base::join(parts, ", ");
    const bool list = types ? !types->ins[i].count.empty() || !types->ins[i].types.empty() : card->ins[i].list;
    const std::string argument = types ? std::string(types->ins[i].name) : card->ins[i].name;
    out.push_back(argument + "=" + (list ? "[" + all + "]" : all));
    if (types) told.insert(told.end(), {types->ins[i].type, types->ins[i].count, types->ins[i].types});
  }
  const auto attribute = [&](const std::string& key) {
    const auto own = node.attrs.find(key);
    const Value* fallback = card ? card->fallback(key) : nullptr;
    if (own == node.attrs.end() || (fallback && own->second == *fallback)) return;
    out.push_back(key + "=" + value_text(node, own->second));
  };
  if (types) {
    for (const cards::OpTypes::Attr& attr : types->attrs) {
      if (std::find(told.begin(), told.end(), attr.name) != told.end()) continue;
      if (attr.kind == 'u' || attr.kind == 'U') refuse(node, "it calls functions; convert to a SavedModel");
      attribute(std::string(attr.name));
    }
  }
  return {"tf.raw_ops." + name + "(" + base::join(out, ", ") + ")"};
}

}  // namespace

namespace {

/// tf.ones([64]) and the like.
std::optional<Term> filled(const Tensor& tensor) {
  const int64_t count = tensor.elements();
  if (tensor.dtype != DType::f32 || count <= most_elements || count > most_repeated) return std::nullopt;
  const std::vector<float> values = tensor.as<float>();
  if (std::any_of(values.begin(), values.end(), [&](float one) { return !(one == values.front()); })) return std::nullopt;
  const std::string sizes = Shape::of(tensor.dims).text();
  if (values.front() == 1) return Term{"tf.ones(" + sizes + ")"};
  if (values.front() == 0 && !std::signbit(values.front())) return Term{"tf.zeros(" + sizes + ")"};
  return Term{"tf.fill(" + sizes + ", " + float_text(values.front()) + ")"};
}

}  // namespace

std::optional<Term> literal(const Tensor& tensor) {
  const int64_t count = tensor.elements();
  if (auto repeated = filled(tensor)) return repeated;
  if (count > most_elements || tensor.dims.size() > 2) return std::nullopt;
  std::vector<std::string> flat;
  if (tensor.dtype == DType::string) {
    for (const std::string& text : *tensor.strings) {
      if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return std::nullopt;
      flat.push_back(quoted(text));
    }
  } else if (tensor.dtype == DType::boolean) {
    for (const int64_t one : to_ints(tensor)) flat.emplace_back(one ? "True" : "False");
  } else if (is_integer(tensor.dtype) && tensor.dtype != DType::u64) {
    for (const int64_t one : to_ints(tensor)) flat.push_back(std::to_string(one));
  } else if (is_floating(tensor.dtype)) {
    for (const double one : to_doubles(tensor)) flat.push_back(tensor.dtype == DType::f64 ? number_text(one) : float_text(one));
  } else {
    return std::nullopt;
  }
  Term out{nested_lists(flat, tensor.dims), Term::atom, true, tensor.dtype};
  if (out.text.starts_with('-')) out.level = Term::sign;
  // Python does not tell the type of nothing.
  if (count == 0) return Term{"tf.zeros(" + Shape::of(tensor.dims).text() + ", " + dtype_text(tensor.dtype) + ")"};
  return out;
}

bool Wording::repeats(const OpCard& card, size_t input) const {
  if (raw || input >= card.ins.size()) return false;
  const auto twice = [&](const std::string& hole) {
    const size_t first = text.find(hole);
    return first != std::string::npos && text.find(hole, first + 1) != std::string::npos;
  };
  return twice("{" + card.ins[input].name + "}") || twice("{" + std::to_string(input) + "}");
}

Wording wording(const Graph& graph, const Node& node, const Registry& registry, bool first_alone) {
  const OpCard* card = registry.op(node.op);
  Wording out;
  out.raw = true;
  const bool list = card && std::any_of(card->outs.begin(), card->outs.end(), [](const auto& one) { return one.list; });
  const auto types = cards::op_types(node.op.substr(node.op.find('/') + 1));
  const bool counted = types && std::any_of(types->outs.begin(), types->outs.end(),
                                            [](const auto& one) { return !one.count.empty() || !one.types.empty(); });
  out.several = list || counted || (card ? card->outs.size() > 1 : types ? types->outs.size() > 1 : node.outputs.size() > 1);
  for (const OpCard::Spelling& one : card ? card->spellings : std::vector<OpCard::Spelling>{}) {
    if ((one.first_alone && !first_alone) || !fits(one, graph, node, *card)) continue;
    std::string text = one.make ? one.make(shapes_of(graph, node, *card)) : one.text;
    if (text.empty()) continue;
    return {std::move(text), false, out.several && !one.first_alone};
  }
  return out;
}

Term said(const Node& node, const Registry& registry, const Wording& wording, const std::vector<Term>& inputs) {
  const OpCard* card = registry.op(node.op);
  return wording.raw ? raw(node, card, inputs) : Speaker(node, *card, inputs).say(wording.text);
}

}  // namespace keraft::emit
