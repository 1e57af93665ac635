// What the stage of training parts works on.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "keraft/control.hpp"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"
#include "weights/bind_variables.h"

namespace keraft::training {

struct Source {
  const Registry& registry;
  const Control& control;
  std::function<weights::Variable(const Node&)> lookup;     ///< contents of a variable
  std::function<void(Graph&)> attach;                       ///< gives a part of the graph the functions that it calls
  std::vector<std::pair<std::string, std::string>>* lossy;  ///< where, what
};

}  // namespace keraft::training
