#include "formats/graphdef/machinery.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/string.h"

namespace keraft::formats {
namespace {

/// "gradients" and "gradients_3".
bool is_numbered(std::string_view text, std::string_view word) noexcept {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  if (text.empty()) return true;
  return text.size() > 1 && text[0] == '_' &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_gradient(std::string_view part, bool) noexcept { return is_numbered(part, "gradients"); }

bool is_set_aside(std::string_view part, bool outermost) noexcept {
  return is_numbered(part, "Initializer") || is_numbered(part, "report_uninitialized_variables") ||
         (outermost && (is_numbered(part, "save") || is_numbered(part, "init")));
}

/// Does the node lie in a scope for which `wanted` holds?
bool in_scope(std::string_view name, bool (*wanted)(std::string_view part, bool outermost)) noexcept {
  for (size_t at = 0, slash; (slash = name.find('/', at)) != std::string_view::npos; at = slash + 1) {
    if (wanted(name.substr(at, slash - at), at == 0)) return true;
  }
  return false;
}

bool is_machinery_op(std::string_view op) noexcept {
  constexpr std::array<std::string_view, 19> starts{"Assign",
                                                    "Apply",
                                                    "ResourceApply",
                                                    "SparseApply",
                                                    "ResourceSparseApply",
                                                    "Save",
                                                    "Restore",
                                                    "Queue",
                                                    "Barrier",
                                                    "Scatter",
                                                    "ResourceScatter",
                                                    "InitializeTable",
                                                    "LookupTableImport",
                                                    "Reader",
                                                    "Print",
                                                    "MakeIterator",
                                                    "MergeV2",
                                                    "ShardedFile",
                                                    "WriteFile"};
  constexpr std::array<std::string_view, 8> names{"NoOp",         "Assert",       "VarIsInitializedOp", "IsVariableInitialized",
                                                  "WriteSummary", "MergeSummary", "DestroyResourceOp",  "AssertNextDataset"};
  if (op == "ScatterNd") return false;
  if (op.starts_with("QueueDequeue")) return false;
  if (op.ends_with("Summary") || op.ends_with("SummaryV2")) return true;
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view s) { return op.starts_with(s); }) ||
         std::find(names.begin(), names.end(), op) != names.end();
}

std::string_view raw_op(const Node& node) noexcept {
  const std::string_view op = node.op;
  return op.starts_with("tf/") ? op.substr(3) : std::string_view();
}

bool is_step(std::string_view op) noexcept {
  return op.starts_with("Apply") || op.starts_with("ResourceApply") || op.starts_with("SparseApply") ||
         op.starts_with("ResourceSparseApply");
}

}  // namespace

std::vector<bool> machinery(const Graph& graph) {
  std::vector<bool> out(graph.nodes.size());
  std::vector<NodeId> gradients;
  for (size_t i = 0; i < out.size(); ++i) {
    const Node& node = graph.nodes[i];
    out[i] = is_machinery_op(raw_op(node)) || in_scope(node.name, is_set_aside);
    if (in_scope(node.name, is_gradient)) gradients.push_back(static_cast<NodeId>(i));
  }
  // What is computed from gradients serves training too, whatever its name.
  const auto readers = graph.readers();
  std::vector<bool> seen(graph.nodes.size(), false);
  while (!gradients.empty()) {
    const auto i = static_cast<size_t>(gradients.back());
    gradients.pop_back();
    if (seen[i]) continue;
    seen[i] = true;
    out[i] = true;
    gradients.insert(gradients.end(), readers[i].begin(), readers[i].end());
  }
  return out;
}

bool trains(const Graph& graph, const std::vector<bool>& machinery) {
  for (size_t i = 0; i < machinery.size(); ++i) {
    if (!machinery[i] || graph.nodes[i].dead) continue;
    if (is_step(raw_op(graph.nodes[i])) || in_scope(graph.nodes[i].name, is_gradient)) return true;
  }
  return false;
}

std::set<NodeId> gradient_ends(const Graph& graph, const std::vector<std::vector<NodeId>>& readers) {
  std::map<std::string_view, NodeId> ids;
  for (size_t i = 0; i < graph.nodes.size(); ++i) ids.emplace(graph.nodes[i].name, static_cast<NodeId>(i));
  std::set<NodeId> path;
  for (const Node& node : graph.nodes) {
    const std::string_view name = node.name;
    const size_t end = name.rfind("_grad/");
    if (end == std::string_view::npos) continue;
    // Behind the last scope of gradients: Keras nests two.
    size_t begin = std::string_view::npos;
    for (size_t at = 0, slash; (slash = name.find('/', at)) != std::string_view::npos && slash < end; at = slash + 1) {
      if (is_gradient(name.substr(at, slash - at), false)) begin = slash + 1;
    }
    if (begin == std::string_view::npos) continue;
    const auto found = ids.find(name.substr(begin, end - begin));
    if (found != ids.end()) path.insert(found->second);
  }
  // Identities, reads and sums of scalars pass gradients on without a node of their own.
  const auto onward = [&](NodeId id) {
    std::vector<NodeId> out{id};
    for (size_t i = 0; i < out.size() && i < 64; ++i) {
      for (const NodeId reader : readers[static_cast<size_t>(out[i])]) {
        const std::string_view op = raw_op(graph.at(reader));
        const bool passes = op == "Identity" || op == "ReadVariableOp" || op == "Add" || op == "AddV2" || op == "AddN";
        if (passes && !in_scope(graph.at(reader).name, is_gradient)) out.push_back(reader);
      }
    }
    return out;
  };
  const auto goes_on = [&](NodeId id) {
    for (const NodeId step : onward(id)) {
      const auto& next = readers[static_cast<size_t>(step)];
      if (std::any_of(next.begin(), next.end(), [&](NodeId r) { return path.count(r) > 0; })) return true;
    }
    return false;
  };
  std::set<NodeId> out;
  for (const NodeId id : path) {
    if (!goes_on(id)) out.insert(id);
  }
  if (out.size() < 2) return out;
  // The terms of one sum have it as their end.
  std::map<NodeId, size_t> reached;
  std::vector<NodeId> first;
  for (const NodeId id : out) {
    const std::vector<NodeId> steps = onward(id);
    if (first.empty()) first = steps;
    for (const NodeId step : std::set<NodeId>(steps.begin(), steps.end())) ++reached[step];
  }
  for (const NodeId step : first) {
    if (reached[step] == out.size()) return {step};
  }
  return out;
}

bool is_source(const Node& node) noexcept {
  const std::string_view op = raw_op(node);
  return op == "Placeholder" || op == "PlaceholderV2" || op == "PlaceholderWithDefault" || op == "IteratorGetNext" ||
         op.starts_with("QueueDequeue");
}

bool is_variable(const Node& node) noexcept {
  const std::string_view op = raw_op(node);
  return node.op == "ir/Weight" || op == "VariableV2" || op == "Variable" || op == "VarHandleOp" || op == "TemporaryVariable";
}

bool is_training_flag(const Node& node) {
  if (!raw_op(node).starts_with("Placeholder")) return false;
  const auto type = node.attrs.find("dtype");
  const auto* dtype = type == node.attrs.end() ? nullptr : type->second.get<DType>();
  if (!dtype || (*dtype != DType::boolean && !is_floating(*dtype) && *dtype != DType::i32)) return false;
  const auto attr = node.attrs.find("shape");
  const auto* shape = attr == node.attrs.end() ? nullptr : attr->second.get<Shape>();
  if (shape && shape->has_rank() && shape->rank() != 0) return false;
  constexpr std::array<std::string_view, 12> words{"keep_prob",      "keepprob",    "is_training", "istraining",
                                                   "learning_phase", "phase_train", "train_phase", "training",
                                                   "dropout",        "is_train",    "train_flag",  "keep_rate"};
  const std::string name = base::lower(node.name);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

}  // namespace keraft::formats
