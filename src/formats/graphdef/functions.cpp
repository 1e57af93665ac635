#include "formats/graphdef/functions.h"

#include <set>
#include <utility>
#include <vector>

#include "ir/function_attr.h"

namespace keraft::formats {

FunctionLibrary::FunctionLibrary(GraphReader& reader, std::map<std::string, FunctionRange, std::less<>> ranges, OpTable ops,
                                 base::Budget& budget)
    : reader_(reader), ranges_(std::move(ranges)), ops_(std::move(ops)), budget_(budget) {
  for (const auto& [name, range] : ranges_) {
    if (ops_.cards.op(name))
      throw Error(Status::format, "a function has the name of an op", {reader_.source().path(), range.begin, name});
  }
}

const RawFunction& FunctionLibrary::raw(const std::string& name) {
  const auto known = read_.find(name);
  if (known != read_.end()) return known->second;
  const FunctionRange range = ranges_.find(name)->second;
  RawFunction function = reader_.function(range);
  ops_.listed.insert_or_assign(name, function.signature);
  return read_.emplace(name, std::move(function)).first->second;
}

void FunctionLibrary::attach(Graph& graph) {
  std::vector<std::string> open;
  const auto need = [&](const std::set<std::string>& names) {
    for (const std::string& name : names) {
      if (has(name) && graph.functions.emplace(name, nullptr).second) open.push_back(name);
    }
  };
  std::set<std::string> names;
  for (const Node& node : graph.nodes) {
    if (node.dead) continue;
    if (node.op.starts_with("tf/")) names.insert(node.op.substr(3));
    for (const auto& [key, value] : node.attrs) ir::functions_in(value, names, budget_.max_depth());
  }
  need(names);
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    need(referred(name));
    graph.functions[name] = one(name);
  }
}

std::set<std::string> FunctionLibrary::referred(const std::string& name) {
  std::set<std::string> out;
  for (const RawNode& node : raw(name).nodes) {
    out.insert(node.op);
    for (const auto& [key, value] : node.attrs) ir::functions_in(value, out, budget_.max_depth());
  }
  return out;
}

std::shared_ptr<Graph> FunctionLibrary::one(const std::string& name) {
  // The edges of a function name outputs of the functions that it calls.
  for (const std::string& callee : referred(name)) {
    if (has(callee)) raw(callee);
  }
  return std::make_shared<Graph>(build_function(name, raw(name), ops_, reader_.source().path()));
}

}  // namespace keraft::formats
