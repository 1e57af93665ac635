#include "reading/trained.h"

#include <algorithm>
#include <map>

#include "formats/keras/dict.h"
#include "reading/compiled.h"

namespace keraft::reading {

using namespace keraft::formats;  // this folder orders what those parts read
namespace {

/// The optimizer of a checkpoint's object graph.
class Stored {
 public:
  Stored(const wire::ObjectGraph& graph, Checkpoint& checkpoint) : graph_(graph), checkpoint_(checkpoint) {
    optimizer_ = graph.nodes.empty() ? -1 : graph.child(0, "optimizer");
  }

  bool there() const { return optimizer_ >= 0; }
  /// TensorFlow's own ops take the steps of Keras' older optimizers.
  bool fused() const { return graph_.child(optimizer_, "iter") >= 0; }

  int64_t iterations(std::vector<std::string>& keys) const {
    for (const auto& [name, id] : at(optimizer_).children) keys.push_back(key(id));  // hyper-parameters, as the config has them
    for (const char* name : {"iter", "_iterations"}) {
      const int id = graph_.child(optimizer_, name);
      if (id < 0 || !checkpoint_.has(key(id))) continue;
      const Tensor value = checkpoint_.tensor(key(id));
      if (!is_integer(value.dtype) || value.elements() != 1) continue;
      return std::max<int64_t>(to_ints(value).front(), 0);
    }
    return 0;
  }

  /// Fills variable → slot → contents, for slots that `name_of` knows.
  template <class NameOf>
  void slots(NameOf&& name_of, Training& out, std::vector<std::string>& keys) const {
    const auto put = [&](int variable, const std::string& slot, int kept) {
      if (slot.empty() || variable < 0 || key(variable).empty() || !checkpoint_.has(key(kept))) return;
      VariableTraining& mine = out.variables[key(variable)];
      mine.stepped = mine.slots.emplace(slot, checkpoint_.tensor(key(kept))).second || mine.stepped;
      keys.push_back(key(kept));
    };
    for (const wire::Object::Slot& slot : at(optimizer_).slots) put(slot.variable, name_of(slot.name), slot.slot);
    std::map<std::string, std::vector<int>> variables;
    for (const int id : graph_.listed(graph_.child(0, "trainable_variables"))) variables[at(id).full_name].push_back(id);
    std::map<std::string, size_t> seen;
    for (const int id : graph_.listed(graph_.child(optimizer_, "_variables"))) {
      // "Adam/m/dense/kernel": variables of the same name come in the model's own order.
      const std::string& name = at(id).full_name;
      for (size_t cut = name.find('/'); cut != std::string::npos; cut = name.find('/', cut + 1)) {
        const size_t begin = cut == 0 ? std::string::npos : name.rfind('/', cut - 1);
        const auto found = variables.find(name.substr(cut + 1));
        const std::string slot = name_of(
            name.substr(begin == std::string::npos ? 0 : begin + 1, cut - (begin == std::string::npos ? 0 : begin + 1)));
        if (found == variables.end() || slot.empty()) continue;
        const size_t index = seen[name]++;
        if (index < found->second.size()) put(found->second[index], slot, id);
        break;
      }
    }
  }

  /// The variables that the model trains, by key.
  std::vector<std::string> trained() const {
    std::vector<std::string> out;
    for (const int id : graph_.listed(graph_.child(0, "trainable_variables"))) out.push_back(key(id));
    return out;
  }

 private:
  const wire::Object& at(int id) const { return graph_.nodes[static_cast<size_t>(id)]; }
  const std::string& key(int id) const { return at(id).checkpoint_key; }

  const wire::ObjectGraph& graph_;
  Checkpoint& checkpoint_;
  int optimizer_ = -1;
};

class Reader {
 public:
  Reader(const Dict& settings, const std::vector<Port>& outputs, const std::vector<std::string>& order, Checkpoint& checkpoint,
         const Registry& registry)
      : compiled_(settings, outputs, order, registry, out_.training), checkpoint_(checkpoint) {}

  Trained read() {
    compiled_.losses();
    compiled_.metrics();
    if (const OptimizerCard* card = compiled_.optimizer_card()) optimizer(*card);
    return std::move(out_);
  }

 private:
  void optimizer(const OptimizerCard& card) {
    const auto objects = checkpoint_.objects();
    if (!objects) return;
    const Stored stored(*objects, checkpoint_);
    if (!stored.there()) return;
    auto settled = compiled_.settled(card, stored.fused());
    if (!settled) return;
    Training& training = out_.training;
    Optimizer out;
    out.cls = card.cls;
    out.iterations = stored.iterations(out_.keys);
    stored.slots([&](const std::string& name) { return slot(card, name); }, training, out_.keys);
    for (auto& [key, variable] : training.variables) {
      OptimizerStep mine;
      mine.config = settled->before;
      mine.slots = std::move(variable.slots);
      if (card.settle) card.settle(mine);
      variable.slots = std::move(mine.slots);
    }
    out.slots = Compiled::kept(card, *settled);
    if (out.slots.empty() && out.iterations > 0) {
      for (const std::string& key : stored.trained()) training.variables[key].stepped = true;
    }
    out.config = std::move(settled->step.config);
    for (const std::string& what : settled->step.lossy) training.lossy.emplace_back(card.cls, what);
    training.optimizer = std::move(out);
  }

  static std::string slot(const OptimizerCard& card, const std::string& name) {
    if (name == average) return name;
    const auto other = card.other_names.find(name);
    const std::string& own = other == card.other_names.end() ? name : other->second;
    for (const auto& group : card.slots) {
      if (std::find(group.begin(), group.end(), own) != group.end()) return own;
    }
    return {};
  }

  Trained out_;
  Compiled compiled_;
  Checkpoint& checkpoint_;
};

}  // namespace

std::optional<Trained> read_trained(const KerasNotes& notes, const std::vector<Port>& outputs, Checkpoint& checkpoint,
                                    const Registry& registry, base::Budget& budget) {
  const auto note = notes.text.find(0);
  if (note == notes.text.end() || note->second.empty()) return std::nullopt;
  const Value model = parse_note(note->second, budget, {notes.file, {}, {}});
  const Dict* dict = model.get<Dict>();
  const Dict* settings = dict ? dict_in(*dict, "training_config") : nullptr;
  if (!settings) return std::nullopt;
  const KerasOrder order = keras_order(notes, budget);
  return Reader(*settings, outputs, order.outputs, checkpoint, registry).read();
}

}  // namespace keraft::reading
