// The cards that a conversion uses: of ops, layers, optimizers and losses.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace keraft {

struct OpCard;
struct OpFunctions;
struct LayerCard;
struct OptimizerCard;
struct LossCard;

/// A value: copies are independent. const functions may be called from several threads.
class Registry {
 public:
  /// All cards of src/cards. Built once, shared, immutable.
  static const Registry& builtin();

  /// The card of a raw op ("MatMul" or "tf/MatMul"), or null.
  const OpCard* op(std::string_view name) const noexcept;
  /// The card of a Keras class ("Dense"), or null.
  const LayerCard* layer(std::string_view cls) const noexcept;
  std::vector<const OpCard*> ops() const;        ///< by name
  std::vector<const LayerCard*> layers() const;  ///< by name
  std::vector<const OptimizerCard*> optimizers() const;
  std::vector<const LossCard*> losses() const;

  /// Throw Status::argument when the name is taken.
  void add(OpCard card);
  void add(LayerCard card);
  void add(OptimizerCard card);
  void add(LossCard card);
  /// More spellings of a layer that has a card: the forms of `more`, which are only read.
  void extend(const LayerCard& more);
  /// Adds the cards of a rules text (docs/extending.md), all or none. `origin` names it in errors; `functions` complete ops
  /// that it describes. Throws Status::argument with line and column.
  void add_rules(std::string_view text, const std::string& origin, const std::vector<OpFunctions>& functions);
  void add_rules(std::string_view text, const std::string& origin = {});
  /// The same for a file; throws Status::io too.
  void load_rules(const std::string& path);

  /// The tables of `keraft support` as JSON: ops, layers.
  std::string json() const;
  /// The same for people.
  std::string text() const;

 private:
  struct Cards;
  template <class Card>
  void put(Card card);
  std::shared_ptr<const Cards> cards_;
};

}  // namespace keraft
