// A layer card: all that keraft knows about one Keras layer. One file under layers/ per card. What the card says is read by
// recover (raw ops → layer), lower (layer → raw ops), the Keras readers and writers, the tables and the tests.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cards/op_card.h"
#include "ir/form.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft {

struct LayerCard;

/// A weight found in a slot: a variable or constant, seen through lazy reshapes and transposes.
struct WeightUse {
  int32_t weight = -1;              ///< index into Graph::weights
  Tensor value;                     ///< as the slot wants it
  std::vector<int64_t> seen;        ///< sizes where the op reads it ([1, 1, 1, C] for a vector that was reshaped to broadcast)
  DType computed = DType::invalid;  ///< the type that the op reads it in
  NodeId reader = no_node;          ///< the raw node that reads it
  int32_t input = 0;                ///< which of its inputs
};

/// One place where a form fits. Guards look at it, derive functions complete `config`.
struct Match {
  const Graph* graph;
  const LayerCard* card;
  std::map<std::string, Edge, std::less<>> values;              ///< form names → tensors ("x", "y", inner ones)
  std::map<std::string, std::vector<Edge>, std::less<>> lists;  ///< "*xs"
  std::map<std::string, WeightUse, std::less<>> weights;
  Dict config;
  std::vector<NodeId> nodes;              ///< raw nodes, the result's first
  std::vector<Edge> inputs;               ///< of the layer call; a guard may change them
  std::map<NodeId, size_t> statement_of;  ///< raw node → statement of the form

  /// Shape of a named value; unknown rank when inference found none.
  Shape shape(std::string_view value) const;
  /// Size of the last axis ("channels_last") or axis 1 by config data_format; nothing when unknown.
  std::optional<int64_t> channels(std::string_view value) const;
  const Value* get(std::string_view field) const;
  /// How many inputs of living nodes read the node; outputs of the graph count too.
  size_t readers(NodeId node) const;
  Dict call = {};                                                  ///< keyword arguments of the call ("use_causal_mask")
  const std::vector<std::vector<NodeId>>* reader_lists = nullptr;  ///< lent by the matcher
};

/// What is known of a Keras file whose weights are not laid out as today.
struct OlderFile {
  bool keras1 = false;   ///< written by Keras 1
  bool flipped = false;  ///< by a backend that turns kernels around before it convolves: Theano
};

/// Emits the raw ops of one layer call.
class LowerContext {
 public:
  virtual ~LowerContext() = default;
  virtual const Layer& layer() const = 0;
  /// The config entry, or the card's default.
  virtual const Value& config(std::string_view field) const = 0;
  virtual const std::vector<Edge>& inputs() const = 0;
  /// A keyword argument of the call; null Value when it is not given.
  virtual const Value& argument(std::string_view name) const = 0;
  virtual TensorType type(Edge edge) const = 0;
  /// The slot's weight as a node; throws Status::format when the layer has no such weight.
  virtual Edge weight(std::string_view slot) = 0;
  virtual Edge constant(Tensor value) = 0;
  virtual Edge op(std::string_view op, std::vector<Edge> inputs, Dict attrs = {}) = 0;
  /// Does the call learn in training, in a lowering that tells training? Else a layer is told as it infers.
  virtual bool learns() const = 0;
  /// The first in training, else the second; `name` is what both are called in code. Only where learns().
  virtual Edge by_mode(Edge training, Edge inference, std::string_view name) = 0;
  /// The slot's weight in the type that it is stored in, whatever the layer computes in.
  virtual Edge stored(std::string_view slot) = 0;
  /// A step of training writes this into the slot's weight, which is what later calls see. Only where learns().
  virtual void store(std::string_view slot, Edge value) = 0;
  /// Applies an activation by its Keras name; throws Status::unsupported for an unknown one.
  virtual Edge activation(std::string_view name, Edge x) = 0;
  [[noreturn]] virtual void fail(const std::string& what) const = 0;
};

struct LayerCard {
  struct Field {
    std::string name;
    std::optional<Value> fallback;  ///< Keras' default; none = required
    bool always = false;            ///< written even when it has the default
    bool single = false;            ///< a list of one value is read as the value
    std::string also;               ///< the name that the other line of Keras writes
  };
  struct WeightSpec {
    std::string slot;
    /// A size each: a config field ("filters"), an entry of one ("kernel_size.0"), a number, or a free name ("in").
    std::vector<std::string> dims;
    std::string when;                ///< config entry that must be true, there, or "entry=value", "!": not; empty: always there
    std::set<std::string> known_as;  ///< last parts of variable names that confirm the role
    bool trainable = true;
    bool ones = false;    ///< starts as ones; others as zeros, or at random
    std::string kept_by;  ///< of a moving average: the config field that says which part of it each step keeps
    /// dims {"*"}: sizes of any rank; the guard or finder judges them.
    bool any_shape() const { return dims.size() == 1 && dims.front() == "*"; }
    /// Groups below the layer's that hold it in a .keras file, one for each spelling of Keras; empty: the layer's own.
    std::vector<std::string> groups;
  };
  using Guard = std::function<bool(Match&)>;
  using Lower = std::function<Edge(LowerContext&)>;
  using Settle = std::function<void(Layer&)>;
  /// Where text cannot say it. Fills values, weights, config, inputs and nodes (the result's first); nothing when the place is
  /// another. The engine sees to it that no inner node has a reader outside.
  using Find = std::function<std::optional<Match>(const Graph&, NodeId root)>;
  struct Finder {
    std::vector<std::string> ops;  ///< of the result: "Mul"
    size_t statements;             ///< its turn among the forms: larger ones first
    Find find;
    Guard look;  ///< instead of `find`: completes a match that has the graph, the card and the result's node
  };
  /// Makes calls of this layer of other layers' calls and raw nodes around them.
  using Gather = std::function<void(Graph&, const Registry&)>;
  struct Rule {
    ir::Form form;
    Dict config;  ///< the entries for which it is written, and which it sets when read
    Guard guard;  ///< refuses, and completes config
    bool writes = false;
    bool callers = false;  ///< of the user's: tried before keraft's own
  };

  /// A class of Keras 1, or one that only some Keras 2 had, which says this layer.
  struct Former {
    std::string cls;
    /// Its entries and this card's: "p" → "rate"; several for the elements of a list, "nb_row nb_col" → "kernel_size"; one that
    /// says nothing any more, "mode" → "".
    std::vector<std::pair<std::string, std::string>> fields;
    Dict config;                  ///< entries that went without saying
    Dict when;                    ///< entries that it must have
    bool saves_no_order = false;  ///< it has an order of axes, which its files do not say
    /// From its entries to those of this card; may throw Status::unsupported.
    std::function<void(const Dict& then, Dict& now)> settle;
  };
  /// Weights as a file has them, in its order → as the slots want them. The config gets what only they tell.
  using OlderWeights = std::function<void(Dict& config, std::vector<Tensor>&, OlderFile)>;

  std::string cls;
  std::string registered;  ///< "package>Class" of a class that is not Keras' own; its module must be imported to load a file
  std::string summary;
  std::vector<Field> fields;
  std::vector<WeightSpec> weight_specs;
  std::vector<Rule> rules;
  std::vector<Finder> finders;
  Guard guard_fn;  ///< for every form
  Lower lower_fn;
  Gather gather_fn;
  Fidelity how = Fidelity::exact;
  std::string folds_field;  ///< a layer that is one function folds into this field of the layer before ("activation")
  /// A layer with this config is one function, which the layer before can hold as its `field`.
  struct Function {
    std::string field;
    Dict config;
    std::string name;
  };
  std::vector<Function> functions;
  /// Why a layer with these entries has no form that Keras 2 loads too.
  std::vector<std::pair<std::string, Dict>> keras3_rules;
  bool inference_identity = false;  ///< Dropout and its like
  bool is_operation = false;        ///< see as_operation
  /// The same in training, or what it does there is in its ops (LowerContext::learns, OpCard::training_fn).
  bool training_known = true;
  Settle settle_fn;
  bool hands_masks_on = false;  ///< its result has the mask of its first input
  bool spreads_inputs = false;  ///< its call takes tensors one by one, not a list: call(query, value)
  std::string group_name;       ///< class that names its groups in .keras files; empty: its own
  /// A layer, or a list of layers, in the config, whose weights are this one's.
  struct Part {
    std::string field;
    std::string group;      ///< below this layer's in a .keras file
    std::string prefix;     ///< before the names of its slots
    std::string otherwise;  ///< the field whose layer is meant where there is none
  };
  std::vector<Part> parts;
  bool repeats_part = false;  ///< a .keras file has the first weight of its part among its own again
  std::set<std::string> left_out;
  std::vector<std::pair<std::string, Dict>> keras2_rules;
  std::string since;                                              ///< the first Keras 3 that has it; empty: all
  std::vector<std::pair<std::string, std::string>> newer_fields;  ///< entries, and the first Keras 3 that loads them
  std::function<void(Dict&)> shorten_fn;
  std::vector<std::string> tensor_arguments;  ///< keyword arguments of its call that are inputs, in order
  std::string list_argument;                  ///< inputs behind the first are this keyword argument of its call in Keras 3
  Dict call_defaults;                         ///< what Keras 3 notes with each call though nobody gave it
  struct Sample {
    Dict config;
    std::vector<std::vector<int64_t>> inputs;             ///< shapes, batch first
    std::map<std::string, std::vector<int64_t>> weights;  ///< shapes that the config does not tell, by slot
  };
  std::vector<Sample> samples;
  std::vector<Former> formers;
  OlderWeights older_weights_fn;
  bool flips_kernels = false;  ///< older_weights_fn looks at OlderFile::flipped

  LayerCard& keras(std::string name);
  /// A class of the user's, by its registered name "package>Class".
  LayerCard& custom(std::string registered_name);
  LayerCard& about(std::string text);
  LayerCard& needs(std::string field);
  LayerCard& config(std::string field, Value fallback);
  /// The last field is written even when it has the default: the loader's own default depends on the user's settings or
  /// version.
  LayerCard& always();
  /// The last field may come as a list of one value, which stands for the value.
  LayerCard& single();
  /// The last field is read under this name too.
  LayerCard& also_called(std::string name);
  LayerCard& weight(std::string slot, std::vector<std::string> dims, std::string when = {});
  LayerCard& known_as(std::set<std::string> names);
  LayerCard& not_trainable();
  /// The last weight starts as ones.
  LayerCard& ones();
  /// The last weight is a moving average, of which each step of training keeps the part that this config field says.
  LayerCard& averaged_by(std::string field);
  /// The last weight lies in a group of a sub-layer.
  LayerCard& in_group(std::vector<std::string> spellings);
  /// A spelling that is read and written.
  LayerCard& form(std::string_view text, Dict config = {}, Guard guard = {});
  /// A spelling that is only read.
  LayerCard& also_reads(std::string_view text, Dict config = {}, Guard guard = {});
  LayerCard& guard(Guard fn);
  LayerCard& lower_with(Lower fn);
  /// Called once, when layers hold the functions that stood behind them.
  LayerCard& gather_with(Gather fn);
  LayerCard& fidelity(Fidelity value);
  /// Right behind a layer that has this field at its default, and is read by nobody else, the layer becomes that field's value.
  LayerCard& folds_into(std::string field);
  /// With this config the layer folds as the function `name`.
  LayerCard& folds_as(std::string field, std::string name, Dict config);
  LayerCard& only_keras3(std::string why, Dict when = {});
  LayerCard& recover_with(std::vector<std::string> ops, size_t statements, Find find);
  LayerCard& recover_with(std::vector<std::string> ops, size_t statements, Guard look);
  LayerCard& identity_at_inference();
  /// On tensors of one rank the layer is what the operation of keras.ops of the same name is.
  LayerCard& as_operation();
  /// What calls do in training is not told in ops.
  LayerCard& training_unknown();
  /// Called for a layer read from a Keras file, with its weights in `slots`: moves into the config what belongs there. May
  /// throw Status::unsupported.
  LayerCard& settle_with(Settle fn);
  LayerCard& spreads(std::vector<std::string> names);
  LayerCard& passes_masks();
  LayerCard& grouped_as(std::string cls);
  /// The field holds a layer, or a list of layers, whose weights are this one's. `group`: the field's name unless given.
  LayerCard& wraps(std::string field, std::string group = {}, std::string prefix = {}, std::string otherwise = {});
  LayerCard& repeats_first_weight();
  /// Entries that no written file has: their loaders differ, and they say nothing about results.
  LayerCard& leaves_out(std::set<std::string> entries);
  /// Why a layer with these entries has no form that Keras 3 loads.
  LayerCard& only_keras2(std::string why, Dict when = {});
  /// A config with this entry is loaded by no Keras 3 before `version`.
  LayerCard& newer(std::string field, std::string version);
  /// Takes out of a portable config what follows from the rest. May throw Status::unsupported.
  LayerCard& shorten_with(std::function<void(Dict&)> fn);
  /// The first version of Keras 3 that has the layer: "3.9". No Keras 2 has it.
  LayerCard& from_keras3(std::string version);
  /// Keras 3 has the inputs behind the first as a list in this keyword argument, Keras 2 behind the first.
  LayerCard& more_inputs_as(std::string argument);
  LayerCard& call_default(std::string argument, Value value);
  /// Keras 1, or some Keras 2, has it under this name, or with these entries.
  LayerCard& formerly(std::string name, std::vector<std::pair<std::string, std::string>> names = {}, Dict entries = {},
                      Dict when = {});
  /// The last former class has an order of axes that its files do not say.
  LayerCard& without_order();
  LayerCard& settle_former(std::function<void(const Dict& then, Dict& now)> fn);
  LayerCard& older_weights(OlderWeights fn, bool flips = false);
  /// A config and the shapes of its inputs (batch first) for the generated tests.
  LayerCard& sample(Dict config, std::vector<std::vector<int64_t>> inputs,
                    std::map<std::string, std::vector<int64_t>> weights = {});

  const Field* field(std::string_view name) const noexcept;
  const WeightSpec* spec(std::string_view slot) const noexcept;
  /// The slots of a layer with this config, in Keras' order: trainable, then non-trainable.
  std::vector<const WeightSpec*> slots(const Dict& config) const;
  /// The entry, or the default; null Value when there is neither.
  const Value& value(const Dict& config, std::string_view field) const;
  /// Do all entries of `part` hold in `config`, defaults included?
  bool holds(const Dict& config, const Dict& part) const;
  /// The field and value that say a layer of this config as an argument of the layer before; nothing: it is no function.
  std::optional<std::pair<std::string, Value>> as_function(const Dict& config) const;
  /// Why Keras 2 has no form of a layer with this config; empty: it has one.
  std::string keras3_only(const Dict& config) const;
  std::string keras2_only(const Dict& config) const;
  /// Does the card say which ops the layer is? Others are read and written only.
  bool lowers() const noexcept;
};

/// The function that fills the card of the file `src/cards/layers/<folder>/<id>.cpp`; listed by cmake/cards.cmake.
#define KERAFT_LAYER(id)                      \
  namespace keraft::cards {                   \
  void layer_##id(::keraft::LayerCard& card); \
  }                                           \
  void keraft::cards::layer_##id(::keraft::LayerCard& card)

}  // namespace keraft
