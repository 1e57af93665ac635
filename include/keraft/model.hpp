// A loaded file: a graph and where it came from.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "keraft/control.hpp"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft {

/// Layers, or TensorFlow's ops.
enum class Language : int32_t { keras = 0, tensorflow = 1 };

enum class Kind : int32_t {
  graphdef = 1,
  graphdef_text = 2,
  saved_model = 3,
  meta_graph = 4,
  checkpoint = 5,
  keras_h5 = 6,
  keras_v3 = 7,
  python = 8,  ///< written only: Keras or TensorFlow code, with its weights in an .npz beside it
};
/// "graphdef", "graphdef_text", "saved_model", "meta_graph", "checkpoint", "h5", "keras", "python".
std::string_view name_of(Kind kind) noexcept;
constexpr bool is_keras(Kind kind) noexcept { return kind == Kind::keras_h5 || kind == Kind::keras_v3; }
/// Does it hold layers, not TensorFlow's ops?
constexpr bool has_layers(Kind kind) noexcept { return is_keras(kind) || kind == Kind::python; }

struct LoadOptions {
  Registry registry = Registry::builtin();  ///< kept by the model, whatever is done with it later
  std::string checkpoint;                   ///< prefix, for a meta graph whose checkpoint does not lie beside it
  std::string signature;                    ///< key; empty: serving_default, or the only one
  std::vector<std::string> tags;            ///< empty: "serve", or the only meta graph
  std::vector<std::string> inputs;          ///< node or tensor names; empty: from the signature, or found
  std::vector<std::string> outputs;
  std::map<std::string, Shape> shapes;  ///< by input name, where the source has none
  bool infer = false;   ///< drop what acts in training only (dropout, loss, optimizer); otherwise kept where Keras has a place
  bool ema = false;     ///< exponential moving averages instead of the variables that they follow
  std::string backend;  ///< "tensorflow" or "theano": of a Keras file that does not say which wrote it; empty: not known
  bool follow_links = false;  ///< a SavedModel's links may lead out of its folder, as in some download caches
};

/// Cheap to copy: weights stay in their files.
struct Model {
  std::string path;
  Kind kind = Kind::graphdef;
  Registry registry = Registry::builtin();  ///< of what its ops and layers mean
  std::string producer;                     ///< "TensorFlow 2.15 (producer 1645)", "Keras 3.15.1"; empty when unknown
  Graph graph;                              ///< raw ops, or keras/… calls for a Keras file
  std::vector<std::string> signatures;      ///< keys that can be asked for
  std::vector<std::pair<std::string, std::string>> lossy;  ///< what reading left out: where, what
  std::vector<std::string> unused_variables;               ///< stored, but no part of what the outputs need
  std::vector<std::pair<std::string, int64_t>> cut_off;    ///< nodes that are no part of the model: kind, how many
  /// Of a converted model: the source's tensor that each layer call computes, by layer call node name.
  std::map<std::string, Edge> source_of;
  std::shared_ptr<const Graph> layers;  ///< of a Keras model in ops: the graph of its layers
  /// Of a Keras model in ops: what it computes in a step of training, where that is something else. Its outputs are the
  /// model's, then for some weights, each named after its weight, what the step writes into it. Null too where
  /// `not_in_training` says why it is not known.
  std::shared_ptr<const Graph> in_training;
  std::string not_in_training;
  bool keras() const noexcept { return is_keras(kind); }
};

/// Reads any kind; decided by contents, not by name. Throws Status::io (not readable), ::format (malformed; ambiguous: the
/// message lists the choices), ::unsupported, ::memory (over the limits).
Model load(const std::string& path, const LoadOptions& options = {}, const Control& control = {});

struct WriteOptions {
  std::string keras;                   ///< the Keras that must load it: "", "2", "3", "3.0", …
  Language flavour = Language::keras;  ///< of Python: Keras code, or variables and TensorFlow's ops
  bool train = false;                  ///< TensorFlow code has a training step too
  std::string signature;               ///< of a SavedModel: a key that it is to have beside "serving_default"; empty: none
};

/// Writes a model: of layers to a Keras file or Python source, of raw ops to a graph. The file appears whole or not at all:
/// temporary file beside it, fsync, read back, rename. Generated classes go to a `.py` beside it. Throws Status::io,
/// ::unsupported (the model has raw ops; names listed).
void write(const Model& model, const std::string& path, Kind kind, const WriteOptions& options = {},
           const Control& control = {});
/// The same for a model that nobody needs any more: its memory is free as soon as the file holds it.
void write(Model&& model, const std::string& path, Kind kind, const WriteOptions& options = {}, const Control& control = {});

}  // namespace keraft
