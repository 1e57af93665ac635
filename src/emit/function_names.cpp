#include "emit/function_names.h"

#include <algorithm>
#include <set>

namespace keraft::emit {
namespace {

constexpr size_t most_words = 3;  ///< that name a function

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The words of a text: "_1_conv" → conv.
std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  bool inside = false;
  for (const char c : text) {
    if (!is_letter(c)) {
      inside = false;
      continue;
    }
    if (!inside) out.emplace_back();
    out.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    inside = true;
  }
  return out;
}

const Pattern* layer_name(const Item& item) {
  for (const Argument& argument : item.arguments) {
    if (argument.value.kind == Pattern::Kind::text) return &argument.value;
  }
  return nullptr;
}

/// conv_bn_relu for a few layers whose names end so.
std::string from_ends(const Function& function) {
  std::vector<std::string> out;
  for (const Item& item : function.body) {
    const Pattern* name = layer_name(item);
    const auto ends =
        name && !item.call && !name->pieces.empty() ? words(name->pieces.back().text) : std::vector<std::string>{};
    if (ends.empty()) return {};
    if (std::find(out.begin(), out.end(), ends.back()) == out.end()) out.push_back(ends.back());
  }
  if (out.size() > most_words || out.size() < 2) return {};
  std::string text;
  for (const std::string& word : out) text += (text.empty() ? "" : "_") + word;
  return text;
}

/// The longest word of what a call gives as the name.
std::string from_call(const Program& program, int function) {
  const auto by = std::find_if(program.items.begin(), program.items.end(),
                               [&](const Item& item) { return item.call && item.callee == function; });
  const Pattern* name = by == program.items.end() ? nullptr : layer_name(*by);
  std::string out;
  for (const Piece& piece : name ? name->pieces : std::vector<Piece>{}) {
    for (const std::string& word : words(piece.text)) {
      if (word.size() > out.size()) out = word;
    }
  }
  return out.size() < 3 ? std::string() : out;
}

}  // namespace

void name_functions(Program& program) {
  std::set<std::string> functions = module_names();
  functions.insert({"y", "z", "i", "j", "k", "layer", "_"});
  for (size_t i = 0; i < program.functions.size(); ++i) {
    Function& function = program.functions[i];
    std::string name = from_ends(function);
    if (name.empty()) name = from_call(program, static_cast<int>(i));
    function.name = free_name(identifier(name.empty() ? "block" : name), functions);
  }
  for (Function& function : program.functions) {
    std::set<std::string> taken = functions;
    taken.insert({"inputs", "other"});
    for (Parameter& parameter : function.parameters) parameter.name = free_name(identifier(parameter.name), taken);
  }
}

}  // namespace keraft::emit
