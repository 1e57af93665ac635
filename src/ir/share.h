// Equal things in one place.
#pragma once

#include <unordered_map>

#include "keraft/graph.hpp"

namespace keraft::ir {

/// Makes what is equal take memory once: names, entries without tensors, shapes. Nothing that can be seen changes.
class Sharing {
 public:
  void share(Name& name);
  void share(Dict& entries);
  void share(Shape& shape);
  void share(Graph& graph);

 private:
  std::unordered_map<std::string_view, Name> names_;
  std::unordered_map<std::string, Dict> entries_;
  std::unordered_map<std::string, Shape> shapes_;
};

}  // namespace keraft::ir
