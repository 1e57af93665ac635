#include "keraft/registry.hpp"

#include <map>

#include "base/string.h"
#include "cards/layer_card.h"
#include "cards/op_card.h"
#include "cards/registry_table.h"

namespace keraft {
namespace {

template <class Card>
using Index = std::map<std::string, std::shared_ptr<const Card>, std::less<>>;

template <class Card>
void put(Index<Card>& index, const std::string& name, const std::shared_ptr<const Card>& card, const char* kind) {
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

  void add(OpCard card) {
    const auto shared = std::make_shared<const OpCard>(std::move(card));
    if (shared->names.empty()) throw Error(Status::argument, "an op card without a name");
    for (const std::string& name : shared->names) put(ops, name, shared, "an op");
  }
  void add(LayerCard card) {
    const auto shared = std::make_shared<const LayerCard>(std::move(card));
    put(layers, shared->cls, shared, "a layer");
  }
};

const Registry& Registry::builtin() {
  static const Registry registry = [] {
    auto cards = std::make_shared<Cards>();
    for (const auto* entry = cards::op_table; entry->fill; ++entry) {
      OpCard card;
      entry->fill(card);
      cards->add(std::move(card));
    }
    for (const auto* entry = cards::layer_table; entry->fill; ++entry) {
      LayerCard card;
      entry->fill(card);
      cards->add(std::move(card));
    }
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

std::vector<const LayerCard*> Registry::layers() const {
  std::vector<const LayerCard*> out;
  if (!cards_) return out;
  for (const auto& [name, card] : cards_->layers) out.push_back(card.get());
  return out;
}

void Registry::add(OpCard card) {
  auto next = cards_ ? std::make_shared<Cards>(*cards_) : std::make_shared<Cards>();
  next->add(std::move(card));
  cards_ = std::move(next);
}

void Registry::add(LayerCard card) {
  for (LayerCard::Rule& rule : card.rules) rule.callers = true;
  auto next = cards_ ? std::make_shared<Cards>(*cards_) : std::make_shared<Cards>();
  next->add(std::move(card));
  cards_ = std::move(next);
}

}  // namespace keraft
