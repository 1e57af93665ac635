#include "keraft/registry.hpp"

#include <map>

#include "base/string.h"
#include "cards/layer_card.h"
#include "cards/loss_card.h"
#include "cards/op_card.h"
#include "cards/optimizer_card.h"
#include "cards/registry_table.h"

namespace keraft {
namespace {

template <class Card>
using Index = std::map<std::string, std::shared_ptr<const Card>, std::less<>>;

template <class Card>
void enter(Index<Card>& index, const std::string& name, const std::shared_ptr<const Card>& card, const char* kind) {
  if (name.empty()) throw Error(Status::argument, std::string(kind) + " card without a name");
  if (!index.emplace(name, card).second)
    throw Error(Status::argument, "there is already " + std::string(kind) + " card for " + base::escaped(name));
}

template <class Card>
const Card* found(const Index<Card>& index, std::string_view name) {
  const auto at = index.find(name);
  return at == index.end() ? nullptr : at->second.get();
}

}  // namespace

struct Registry::Cards {
  Index<OpCard> ops;  ///< by each of their names
  Index<LayerCard> layers;
  Index<OptimizerCard> optimizers;
  Index<LossCard> losses;

  void add(OpCard card) {
    const auto shared = std::make_shared<const OpCard>(std::move(card));
    if (shared->names.empty()) throw Error(Status::argument, "an op card without a name");
    for (const std::string& name : shared->names) enter(ops, name, shared, "an op");
  }
  void add(LayerCard card) {
    const auto shared = std::make_shared<const LayerCard>(std::move(card));
    enter(layers, shared->cls, shared, "a layer");
  }
  void add(OptimizerCard card) {
    const auto shared = std::make_shared<const OptimizerCard>(std::move(card));
    enter(optimizers, shared->cls, shared, "an optimizer");
  }
  void add(LossCard card) {
    const auto shared = std::make_shared<const LossCard>(std::move(card));
    enter(losses, shared->cls, shared, "a loss");
  }
  template <class Card>
  void add_all(const cards::CardEntry<Card>* entry) {
    for (; entry->fill; ++entry) {
      Card card;
      entry->fill(card);
      add(std::move(card));
    }
  }
};

const Registry& Registry::builtin() {
  static const Registry registry = [] {
    auto cards = std::make_shared<Cards>();
    cards->add_all(cards::op_table);
    cards->add_all(cards::layer_table);
    cards->add_all(cards::optimizer_table);
    cards->add_all(cards::loss_table);
    Registry out;
    out.cards_ = std::move(cards);
    return out;
  }();
  return registry;
}

const OpCard* Registry::op(std::string_view name) const noexcept {
  if (name.substr(0, 3) == "tf/") name.remove_prefix(3);
  return cards_ ? found(cards_->ops, name) : nullptr;
}

const LayerCard* Registry::layer(std::string_view cls) const noexcept { return cards_ ? found(cards_->layers, cls) : nullptr; }

void Registry::extend(const LayerCard& more) {
  const LayerCard* known = layer(more.cls);
  if (!known) throw Error(Status::argument, "there is no layer card for " + base::escaped(more.cls) + " to extend");
  auto card = std::make_shared<LayerCard>(*known);
  for (LayerCard::Rule rule : more.rules) {
    rule.writes = false;
    rule.callers = true;
    card->rules.push_back(std::move(rule));
  }
  auto next = std::make_shared<Cards>(*cards_);
  next->layers.insert_or_assign(card->cls, std::move(card));
  cards_ = std::move(next);
}

std::vector<const OpCard*> Registry::ops() const {
  std::vector<const OpCard*> out;
  if (!cards_) return out;
  for (const auto& [name, card] : cards_->ops) {
    if (name == card->name()) out.push_back(card.get());
  }
  return out;
}

template <class Card>
static std::vector<const Card*> listed(const Index<Card>& index) {
  std::vector<const Card*> out;
  for (const auto& [name, card] : index) out.push_back(card.get());
  return out;
}

std::vector<const LayerCard*> Registry::layers() const {
  return cards_ ? listed(cards_->layers) : std::vector<const LayerCard*>();
}

std::vector<const OptimizerCard*> Registry::optimizers() const {
  return cards_ ? listed(cards_->optimizers) : std::vector<const OptimizerCard*>();
}

std::vector<const LossCard*> Registry::losses() const {
  return cards_ ? listed(cards_->losses) : std::vector<const LossCard*>();
}

template <class Card>
void Registry::put(Card card) {
  auto next = cards_ ? std::make_shared<Cards>(*cards_) : std::make_shared<Cards>();
  next->add(std::move(card));
  cards_ = std::move(next);
}

void Registry::add(LayerCard card) {
  for (LayerCard::Rule& rule : card.rules) rule.callers = true;
  put(std::move(card));
}
void Registry::add(OpCard card) { put(std::move(card)); }
void Registry::add(OptimizerCard card) { put(std::move(card)); }
void Registry::add(LossCard card) { put(std::move(card)); }

}  // namespace keraft
