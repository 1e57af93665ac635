#include <algorithm>
#include <cstring>
#include <set>

#include "base/string.h"
#include "cards/infer.h"
#include "ir/operation.h"
#include "keraft/run.hpp"
#include "lower/lower.h"
#include "run/plan.h"

namespace keraft {
namespace {

/// "node:1" as name and port.
std::pair<std::string, int32_t> tensor_name(const std::string& name) {
  const size_t colon = name.rfind(':');
  const std::string digits = colon == std::string::npos ? "" : name.substr(colon + 1);
  if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != std::string::npos) return {name, 0};
  return {name.substr(0, colon), std::stoi(digits)};
}

bool has_layers(const Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                     [](const Node& node) { return !node.dead && (node.layer >= 0 || is_operation(node)); });
}

}  // namespace

struct Runner::State {
  Registry registry;
  Graph graph;
  run::Environment env;
  std::vector<NodeId> by_name;  ///< sorted
  std::map<std::vector<std::string>, run::Plan> plans;

  State(Model model, const Control& control)
      : registry(std::move(model.registry)),
        graph(has_layers(model.graph) ? lower::lower(model.graph, registry) : std::move(model.graph)),
        env(control, std::make_shared<run::Memory>(control.limits.bytes)) {
    infer_types(graph, registry, env.control);
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
      if (!graph.nodes[i].dead) by_name.push_back(static_cast<NodeId>(i));
    }
    std::sort(by_name.begin(), by_name.end(), [&](NodeId a, NodeId b) { return graph.at(a).name < graph.at(b).name; });
  }

  std::vector<std::string> names(const std::vector<std::string>& fetch) const {
    if (!fetch.empty()) return fetch;
    std::vector<std::string> out;
    for (const Port& port : graph.outputs) out.push_back(port.name);
    return out;
  }

  Edge find(const std::string& name) const {
    for (const Port& port : graph.outputs) {
      if (port.name == name) return port.edge;
    }
    const auto [node, port] = tensor_name(name);
    const auto found = std::lower_bound(by_name.begin(), by_name.end(), node,
                                        [&](NodeId a, const std::string& b) { return graph.at(a).name < b; });
    if (found == by_name.end() || graph.at(*found).name != node)
      throw Error(Status::argument, "there is no output, tensor or layer of this name", {{}, {}, name});
    const size_t ports = graph.at(*found).outputs.size();
    if (static_cast<size_t>(port) >= std::max<size_t>(1, ports)) {
      throw Error(Status::argument, "the node has " + std::to_string(ports) + " outputs", {{}, {}, name});
    }
    return {*found, port};
  }

  const run::Plan& plan(const std::vector<std::string>& fetch) {
    const auto found = plans.find(fetch);
    if (found != plans.end()) return found->second;
    std::vector<Edge> edges;
    for (const std::string& name : fetch) edges.push_back(find(name));
    return plans.emplace(fetch, run::make_plan(graph, registry, edges, env)).first->second;
  }

  /// The array fits the input; `sizes` collects what the symbols stand for.
  void check_input(const Port& port, const Array& array, std::map<std::string, int64_t>& sizes) const {
    const TensorType type = graph.type(port.edge);
    const Place place{{}, {}, port.name};
    if (!array.data) throw Error(Status::argument, "an input without data", place);
    if (type.dtype != DType::invalid && type.dtype != array.dtype) {
      throw Error(Status::mismatch,
                  "the input is " + std::string(name_of(type.dtype)) + ", the array is " + std::string(name_of(array.dtype)),
                  place);
    }
    if (!type.shape.has_rank()) return;
    bool fits = type.shape.rank() == array.dims.size();
    for (size_t i = 0; fits && i < array.dims.size(); ++i) {
      const Dim& dim = type.shape[i];
      fits = array.dims[i] >= 0 && (dim.known() ? dim.is(array.dims[i])
                                                : sizes.try_emplace(dim.text(), array.dims[i]).first->second == array.dims[i]);
    }
    if (!fits) {
      throw Error(Status::mismatch, "the input is " + type.shape.text() + ", the array is " + Shape::of(array.dims).text(),
                  place);
    }
  }
};

Runner::Runner(Model model, const Control& control, const std::vector<std::string>& fetch)
    : state_(std::make_unique<State>(std::move(model), control)) {
  state_->plan(state_->names(fetch));
}
Runner::~Runner() = default;
Runner::Runner(Runner&&) noexcept = default;

std::map<std::string, Array> Runner::run(const std::map<std::string, Array>& inputs, const std::vector<std::string>& fetch) {
  const std::vector<std::string> names = state_->names(fetch);
  const run::Plan& plan = state_->plan(names);
  run::Environment& env = state_->env;
  std::vector<Array> values(plan.count);
  const auto at = [&](run::Cell cell) -> Array& { return values[static_cast<size_t>(cell)]; };
  for (const auto& [cell, array] : plan.constants) at(cell) = array;

  for (const auto& [name, array] : inputs) {
    const auto& ports = state_->graph.inputs;
    if (std::none_of(ports.begin(), ports.end(), [&given = name](const Port& port) { return port.name == given; })) {
      throw Error(Status::argument, "the model has no input of this name", {{}, {}, name});
    }
  }
  std::map<std::string, int64_t> sizes;
  for (const auto& [input, cell] : plan.inputs) {
    const Port& port = state_->graph.inputs[input];
    const auto given = inputs.find(port.name);
    if (given == inputs.end()) throw Error(Status::argument, "the input is missing", {{}, {}, port.name});
    state_->check_input(port, given->second, sizes);
    Array& array = at(cell);
    array = given->second;
    if (array.dtype == DType::boolean) {
      array = env.memory->allocate(array.dtype, array.dims);
      std::memcpy(array.data.get(), given->second.data.get(), array.bytes());
      run::normalise_truth(array);
    }
  }

  for (const run::Step& step : plan.steps) {
    check(env.control);
    const auto reads = plan.in(step), fills = plan.out(step);
    std::vector<const Array*> in;
    std::vector<bool> last;
    for (size_t i = 0; i < reads.size(); ++i) {
      in.push_back(&at(reads[i]));
      // Another tensor may be the same bytes.
      last.push_back(plan.last[step.begin + i] && in.back()->data.use_count() == 1);
    }
    std::vector<Array> out;
    if (step.fused) {
      run::at_node(*step.node, [&] { out.push_back(step.fused->run(*in[0], in.size() > 1 ? in[1] : nullptr, env)); });
    } else {
      out = run::execute(*step.node, *step.card, std::move(in), std::move(last), env);
    }
    for (size_t i = 0; i < reads.size(); ++i) {
      if (plan.last[step.begin + i]) at(reads[i]) = {};
    }
    for (size_t i = 0; i < fills.size(); ++i) {
      if (fills[i] == run::no_cell) continue;
      if (i >= out.size() || !out[i].data)
        throw Error(Status::internal, "the kernel gave no output " + std::to_string(i), {{}, {}, step.node->name});
      at(fills[i]) = std::move(out[i]);
    }
  }

  // The caller owns what it gets: constants, inputs and other results keep their own bytes.
  std::set<const void*> shared;
  for (const auto& [cell, array] : plan.constants) shared.insert(array.data.get());
  for (const auto& [name, array] : inputs) shared.insert(array.data.get());
  std::map<std::string, Array> out;
  for (size_t i = 0; i < names.size(); ++i) {
    Array array = at(plan.fetched[i]);
    if (!shared.insert(array.data.get()).second) {
      const Array own = env.memory->allocate(array.dtype, array.dims);
      std::memcpy(own.data.get(), array.data.get(), array.bytes());
      array = own;
    }
    out.emplace(names[i], std::move(array));
  }
  return out;
}

}  // namespace keraft
