#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "base/json_out.h"
#include "base/string.h"
#include "cards/layer_card.h"
#include "cards/op_card.h"
#include "keraft/registry.hpp"

namespace keraft {
namespace {

/// The TensorFlow name of an op of a form; empty for keraft's own.
std::string_view tensorflow_name(const ir::Statement& statement) {
  constexpr std::string_view prefix = "tf/";
  const std::string_view op = statement.op;
  return op.substr(0, prefix.size()) == prefix ? op.substr(prefix.size()) : std::string_view();
}

/// Op name → the layers that it can become a part of.
std::map<std::string, std::set<std::string>, std::less<>> layers_by_op(const Registry& registry) {
  std::map<std::string, std::set<std::string>, std::less<>> out;
  for (const LayerCard* card : registry.layers()) {
    for (const LayerCard::Rule& rule : card->rules) {
      for (const ir::Statement& statement : rule.form.statements)
        out[std::string(tensorflow_name(statement))].insert(card->cls);
    }
  }
  return out;
}

/// The ops that the written forms consist of all have kernels.
bool can_run(const LayerCard& card, const Registry& registry) {
  if (!card.lowers()) return false;
  for (const LayerCard::Rule& rule : card.rules) {
    if (!rule.writes) continue;
    for (const ir::Statement& statement : rule.form.statements) {
      const std::string_view name = tensorflow_name(statement);
      const OpCard* op = name.empty() ? nullptr : registry.op(name);
      if (!name.empty() && (!op || !op->kernel_fn)) return false;
    }
  }
  return true;
}

std::vector<std::string> sorted(const std::map<std::string, std::set<std::string>, std::less<>>& table, const OpCard& card) {
  std::set<std::string> all;
  for (const std::string& name : card.names) {
    if (const auto at = table.find(name); at != table.end()) all.insert(at->second.begin(), at->second.end());
  }
  return {all.begin(), all.end()};
}

}  // namespace

std::string Registry::json() const {
  const auto becomes = layers_by_op(*this);
  base::JsonOut out;
  out.open('{').key("ops").open('[');
  for (const OpCard* card : ops()) {
    for (const std::string& name : card->names) {
      out.open('{').key("name").text(name).key("read").flag(true).key("run").flag(static_cast<bool>(card->kernel_fn));
      out.key("layer").texts(sorted(becomes, *card)).key("ops_node").flag(card->has_code()).key("code").flag(card->has_code());
      out.key("about").text(card->summary).close();
    }
  }
  out.close().key("layers").open('[');
  for (const LayerCard* card : layers()) {
    out.open('{').key("name").text(card->cls).key("read").flag(true).key("write").flag(true);
    out.key("run")
        .flag(can_run(*card, *this))
        .key("lower")
        .flag(card->lowers())
        .key("emit")
        .flag(false)
        .key("about")
        .text(card->summary)
        .close();
  }
  return out.take();
}

std::string Registry::text() const {
  const auto becomes = layers_by_op(*this);
  std::string all;
  const auto out = std::back_inserter(all);
  fmt::format_to(out, "{:<32} {:<4} {:<4} {}\n", "op", "run", "node", "layers");
  for (const OpCard* card : ops()) {
    for (const std::string& name : card->names) {
      fmt::format_to(out, "{:<32} {:<4} {:<4} {}\n", name, card->kernel_fn ? "yes" : "no", card->has_code() ? "yes" : "no",
                     base::join(sorted(becomes, *card), ", "));
    }
  }
  fmt::format_to(out, "\n{:<32} {:<4} {}\n", "layer", "run", "lower");
  for (const LayerCard* card : layers()) {
    fmt::format_to(out, "{:<32} {:<4} {}\n", card->cls, can_run(*card, *this) ? "yes" : "no", card->lowers() ? "yes" : "no");
  }
  return all;
}

}  // namespace keraft
