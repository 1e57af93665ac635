#include "emit/keras_code.h"

#include <algorithm>
#include <map>

#include "base/string.h"
#include "emit/arguments.h"
#include "emit/blocks.h"
#include "emit/program_text.h"
#include "emit/statements.h"
#include "ir/operation.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

size_t lines_of(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

/// Is it worth to read functions and loops, and statements in another order than the file's?
bool pays(size_t folded, size_t plain) { return folded + std::max<size_t>(3, plain / 20) <= plain; }

class Code {
 public:
  Code(const Graph& graph, const Registry& registry) : graph_(graph), registry_(registry), order_(graph.order()) {
    for (const NodeId id : order_) {
      if (graph_.at(id).layer >= 0) ++calls_[graph_.at(id).layer];
    }
  }

  /// build_model and the functions that it calls, each behind two empty lines.
  std::string build_model() {
    check();
    const bool stack = is_stack();
    const std::string plain = module_of(statements(graph_, registry_, order_), stack);
    const std::string folds = module_of(folded(statements(graph_, registry_, branch_by_branch(graph_, order_))), stack);
    return pays(lines_of(folds), lines_of(plain)) ? folds : plain;
  }

  /// Classes of their own, with their code.
  std::map<std::string, std::string> classes() const {
    std::map<std::string, std::string> out;
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      if (node.layer >= 0 && !layer_of(node).code.empty()) out.emplace(layer_of(node).cls, layer_of(node).code);
    }
    return out;
  }

  bool has_operations() const {
    return std::any_of(order_.begin(), order_.end(), [&](NodeId id) { return is_operation(graph_.at(id)); });
  }

 private:
  const Layer& layer_of(const Node& node) const { return graph_.layers[static_cast<size_t>(node.layer)]; }

  void check() const {
    std::string lost;
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      const std::string name = "\n  " + base::escaped(node.name) + ": ";
      if (node.layer < 0 && !is_operation(node) && node.op != "ir/Input") lost += name + "the raw op " + node.op;
      if (node.layer < 0 || !layer_of(node).code.empty()) continue;
      const Layer& layer = layer_of(node);
      const std::string cls = "the class " + base::escaped(layer.registered.empty() ? layer.cls : layer.registered);
      if (!layer.registered.empty()) {
        lost += name + cls + " is not Keras' own";
      } else if (!registry_.layer(layer.cls)) {
        lost += name + cls + " has no public name in Keras";
      }
    }
    if (!lost.empty()) throw Error(Status::unsupported, "Keras code cannot say:" + lost);
  }

  /// One layer behind the other, each called once on one tensor.
  bool is_stack() const {
    if (graph_.inputs.size() != 1 || graph_.outputs.size() != 1) return false;
    Edge last = graph_.inputs[0].edge;
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      if (node.op == "ir/Input") continue;
      if (node.layer < 0 || calls_.at(node.layer) != 1 || node.inputs != std::vector<Edge>{last} || !node.attrs.empty())
        return false;
      last = {id, 0};
    }
    return graph_.outputs[0].edge == last;
  }

  std::string module_of(const Program& program, bool stack) const {
    ModelText text = model_text(program, graph_, stack);
    const std::string body = stack ? sequential(std::move(text.layers)) : text.body + functional(text);
    return text.functions + "\n\ndef build_model():\n" + body;
  }

  std::string sequential(Expr list) const {
    return compiled(call_of("keras.Sequential", {std::move(list), plain("name=" + quoted(model_name("sequential")))}));
  }

  std::string model_name(const char* otherwise) const { return graph_.name.empty() ? otherwise : identifier(graph_.name); }

  std::string functional(const ModelText& text) const {
    const auto ends = [&](const std::vector<Port>& ports) {
      if (ports.size() == 1) return plain(text.tensors.at(ports[0].edge));
      Expr list{{}, "[", {}, "]"};
      for (const Port& port : ports) list.items.push_back(plain(text.tensors.at(port.edge)));
      return list;
    };
    return compiled(
        call_of("keras.Model", {ends(graph_.inputs), ends(graph_.outputs), plain("name=" + quoted(model_name("model")))}));
  }

  /// The model, compiled when it is known how.
  std::string compiled(Expr model) const {
    const bool known = graph_.training && graph_.training->optimizer && !graph_.training->losses.empty();
    model.text = (known ? "model = " : "return ") + model.text;
    if (!known) return laid_out(model, 4);
    const Optimizer& optimizer = *graph_.training->optimizer;
    Expr losses{"loss=", "[", {}, "]"};
    bool weighted = false;
    std::vector<Expr> weights;
    for (const Loss& loss : graph_.training->losses) {
      losses.items.push_back(call_of("keras.losses." + loss.cls, argument_list({}, loss.config, registry_)));
      weights.push_back(text_of(loss.weight, {}, registry_));
      weighted = weighted || loss.weight != 1;
    }
    if (losses.items.size() == 1) losses = keyword("loss", losses.items.front());
    std::vector<Expr> items{
        keyword("optimizer", call_of("keras.optimizers." + optimizer.cls, argument_list({}, optimizer.config, registry_))),
        std::move(losses)};
    if (weighted) items.push_back({"loss_weights=", "[", std::move(weights), "]"});
    return laid_out(model, 4) + laid_out(call_of("model.compile", std::move(items)), 4) + "    return model\n";
  }

  const Graph& graph_;
  const Registry& registry_;
  std::vector<NodeId> order_;
  std::map<int32_t, int> calls_;  ///< by layer
};

}  // namespace

std::string keras_code(const Graph& graph, const Registry& registry, const std::string& about) {
  Code code(graph, registry);
  const std::string body = code.build_model();
  const auto classes = code.classes();
  const bool ops = code.has_operations() || !classes.empty();
  std::string out = "\"\"\"" + about +
                    "\"\"\"\n\nimport pathlib\n\nimport keras\nimport numpy as np\nfrom keras import layers" +
                    (ops ? ", ops\n" : "\n");
  for (const auto& [cls, text] : classes) out += "\n\n" + text + (text.ends_with('\n') ? "" : "\n");
  out += body;
  out +=
      "\n\ndef load(path=None):\n"
      "    \"\"\"The model with its weights, from the .npz beside this file or `path`.\"\"\"\n"
      "    model = build_model()\n"
      "    with np.load(path or pathlib.Path(__file__).with_suffix(\".npz\")) as weights:\n"
      "        for layer in model.layers:\n"
      "            keys = [key for key in weights if key.rpartition(\"/\")[0] == layer.name]\n"
      "            if keys:\n"
      "                layer.set_weights([weights[key] for key in keys])\n"
      "    return model\n"
      "\n\nif __name__ == \"__main__\":\n"
      "    load().summary()\n";
  return out;
}

std::vector<std::pair<std::string, Tensor>> keras_code_weights(const Graph& graph) {
  std::vector<std::pair<std::string, Tensor>> out;
  for (const Layer& layer : graph.layers) {
    for (const Slot& slot : layer.slots) out.emplace_back(layer.name + "/" + slot.name, slot.value);
  }
  return out;
}

}  // namespace keraft::emit
