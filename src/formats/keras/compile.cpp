#include "formats/keras/compile.h"

#include <algorithm>
#include <map>

#include "formats/keras/layout.h"
#include "formats/keras/names.h"
#include "ir/keras_object.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

/// The optimizers of Keras 3 keep the learning rate among their variables, those of Keras 2 do not, unless it is a schedule.
enum class Serves { all, keras2, keras3 };

Serves serves(Form form, const WriteOptions& options) {
  if (options.keras.starts_with("2")) return Serves::keras2;
  return form == Form::keras3 || options.keras.starts_with("3") ? Serves::keras3 : Serves::all;
}

/// lr · 1 ^ step
Dict constant_schedule(const Value& rate) {
  return ir::keras_object("keras.optimizers.schedules", "ExponentialDecay",
                          {{"initial_learning_rate", rate}, {"decay_steps", 1}, {"decay_rate", 1.0}, {"staircase", false}});
}

struct Trained {
  std::string name;  ///< "dense/kernel"
  const Slot* slot;
};

/// In the order in which a model lists its trainable variables.
std::vector<Trained> trained(const Graph& graph, const Plan& plan, const Registry& registry) {
  std::vector<Trained> out;
  std::vector<size_t> order = plan.model_layers;
  if (plan.sequential) {
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  }
  for (const size_t index : order) {
    if (plan.entries[index].layer < 0) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(plan.entries[index].layer)];
    for (const Slot& slot : layer.slots) {
      if (layer.trainable && is_trained(layer, slot, registry)) out.push_back({layer.name + "/" + slot.name, &slot});
    }
  }
  return out;
}

template <class T>
Tensor scalar(DType dtype, T value) {
  return make_tensor<T>(dtype, {}, std::span<const T>(&value, 1));
}

void add_variables(const Graph& graph, const Plan& plan, const Optimizer& optimizer, Serves serves, const Registry& registry,
                   CompileState& out) {
  auto& variables = out.variables;
  variables.emplace_back("iteration", scalar<int64_t>(DType::i64, optimizer.iterations));
  const auto rate = optimizer.config.at("learning_rate").number();
  if (serves == Serves::keras3 && rate)
    variables.emplace_back("learning_rate", scalar<float>(DType::f32, static_cast<float>(*rate)));
  size_t first = 0;  // of a group, in Slot::state
  const std::vector<Trained> all = trained(graph, plan, registry);
  for (const auto& group : optimizer.slots) {
    for (const Trained& one : all) {
      for (size_t i = 0; i < group.size(); ++i) {
        if (first + i >= one.slot->state.size())
          throw Error(Status::internal, "the optimizer's state is missing", {{}, {}, one.name});
        variables.emplace_back(one.name + "/" + group[i], one.slot->state[first + i]);
      }
    }
    first += group.size();
  }
}

Value losses(const Training& training) {
  List out;
  for (const Loss& loss : training.losses) {
    Dict config = loss.config;
    config["name"] = snake_case(loss.cls);
    config.try_emplace("reduction", "sum_over_batch_size");
    out.emplace_back(ir::keras_object("keras.losses", loss.cls, std::move(config)));
  }
  return out.size() == 1 ? out.front() : Value(std::move(out));
}

Value loss_weights(const Training& training) {
  List out;
  bool plain = true;
  for (const Loss& loss : training.losses) {
    out.emplace_back(loss.weight);
    plain = plain && loss.weight == 1;
  }
  return plain ? Value() : Value(std::move(out));
}

/// Of each output a list of its own, where there are several.
Value metrics(const Training& training) {
  const auto& all = training.metrics;
  if (std::all_of(all.begin(), all.end(), [](const List& some) { return some.empty(); })) return Value();
  return all.size() == 1 ? Value(all.front()) : Value(List(all.begin(), all.end()));
}

}  // namespace

std::optional<CompileState> compile_state(const Graph& graph, const Plan& plan, Form form, Kind kind,
                                          const WriteOptions& options, const Registry& registry) {
  if (!graph.training || !graph.training->optimizer || graph.training->losses.size() != graph.outputs.size())
    return std::nullopt;
  const Optimizer& optimizer = *graph.training->optimizer;
  const Serves target = serves(form, options);
  const bool h5 = kind == Kind::keras_h5;
  CompileState out;
  Dict config = optimizer.config;
  config["name"] = snake_case(optimizer.cls);
  if (target == Serves::all && !h5 && config.at("learning_rate").number()) {
    config["learning_rate"] = constant_schedule(config.at("learning_rate"));
    out.notes.emplace_back(
        "the learning rate is written as a schedule that never changes, so that Keras 2 and 3 find the same "
        "state; with --keras 2 or --keras 3 it is a number that can be set");
  }
  if (target != Serves::keras3 && optimizer.slots.empty() && !config.at("learning_rate").number())
    out.notes.emplace_back("Keras 2 has slots for this optimizer where Keras 3 has none; it begins its schedule anew");
  // Without this Keras 2 takes its old optimizers for an .h5; Keras 3 refuses it.
  if (h5 && target == Serves::keras2) config["is_legacy_optimizer"] = false;
  out.config = {{h5 ? "optimizer_config" : "optimizer", ir::keras_object("keras.optimizers", optimizer.cls, std::move(config))},
                {"loss", losses(*graph.training)},
                {"loss_weights", loss_weights(*graph.training)},
                {"metrics", metrics(*graph.training)},
                {"weighted_metrics", Value()}};
  // Keras 3 builds the optimizer of an .h5 that has a state for no variables at all: fit raises, also with files of its own.
  if (h5 && target != Serves::keras2) {
    out.notes.emplace_back(
        "Keras 3 cannot go on from an optimizer's state in an .h5, which is left out: training starts anew. Convert to .keras, "
        "or with --keras 2");
  } else if (optimizer.state) {
    add_variables(graph, plan, optimizer, target, registry, out);
  }
  return out;
}

}  // namespace keraft::formats
