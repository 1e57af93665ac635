// The op and layer cards that a conversion uses.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace keraft {

struct OpCard;
struct LayerCard;

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

  /// Throw Status::argument when the name is taken.
  void add(OpCard card);
  void add(LayerCard card);

  /// The tables of `keraft support` as JSON: ops, layers.
  std::string json() const;
  /// The same for people.
  std::string text() const;

 private:
  struct Cards;
  std::shared_ptr<const Cards> cards_;
};

}  // namespace keraft
