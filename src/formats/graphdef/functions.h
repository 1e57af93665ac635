// The function library of a file: functions are read when a graph refers to them.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "formats/graphdef/build.h"
#include "formats/graphdef/raw_graph.h"
#include "keraft/graph.hpp"

namespace keraft::formats {

class FunctionLibrary {
 public:
  FunctionLibrary(GraphReader& reader, std::map<std::string, FunctionRange, std::less<>> ranges, OpTable ops,
                  base::Budget& budget);

  /// Puts every function that living nodes of the graph refer to, directly or through others, into Graph::functions.
  void attach(Graph& graph);
  /// A function by itself, calls in it left as they are.
  std::shared_ptr<Graph> one(const std::string& name);
  bool has(std::string_view name) const { return ranges_.find(name) != ranges_.end(); }

 private:
  std::set<std::string> referred(const std::string& name);
  const RawFunction& raw(const std::string& name);

  GraphReader& reader_;
  std::map<std::string, FunctionRange, std::less<>> ranges_;
  OpTable ops_;
  base::Budget& budget_;
  std::map<std::string, RawFunction> read_;
};

}  // namespace keraft::formats
