// A loss card: how TensorFlow spells one part of a loss – a comparison of a prediction with a target, or a penalty on a
// variable – and what Keras calls it. One file under losses/ per card.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/form.h"
#include "keraft/value.hpp"
#include "keraft_cards.h"  // IWYU pragma: keep — generated declarations of all card functions

namespace keraft {

struct LossCard {
  struct Rule {
    ir::Form form;        ///< "y = SquaredDifference(prediction, target)", "y = L2Loss(variable)"
    double factor = 1;    ///< what is compared is y · factor
    bool by_row = false;  ///< y has one number for each row of the prediction, as in Keras; otherwise one for each element
    bool logits = false;  ///< the prediction is not yet in the form that Keras' class takes by default
  };

  /// In TensorFlow's Python: {prediction}, {target} and config entries, or {variable} of a penalty, which is a number.
  struct Code {
    std::string text;
    bool by_row = false;
    std::vector<std::string> logits_of;  ///< takes logits; ops before which Keras takes them, whatever the config says
    Dict when;                           ///< entries for which it holds
  };

  std::string cls, summary;  ///< of a penalty: the argument of the regularizer, "l2"
  bool penalty = false;
  std::string activation;          ///< makes the default form of logits: "Softmax"
  std::vector<std::string> names;  ///< of the function, besides the class's own in snake_case
  Dict config;
  std::vector<Rule> rules;
  std::vector<Code> codes;  ///< the first that fits

  LossCard& keras(std::string name);
  LossCard& about(std::string text);
  LossCard& is_penalty(std::string argument);
  /// Keras' function has this name too.
  LossCard& also(std::string name);
  /// A config entry with Keras' default, besides name and reduction.
  LossCard& entry(std::string key, Value fallback);
  /// Before from_logits=False comes this op.
  LossCard& after(std::string op);
  LossCard& elements(std::string_view form, double factor = 1);
  LossCard& rows(std::string_view form, double factor = 1);
  /// The last spelling takes logits.
  LossCard& of_logits();
  /// Code that gives a number for each element, or for each row.
  LossCard& writes_elements(std::string text, Dict when = {});
  LossCard& writes_rows(std::string text, Dict when = {});
  /// The last code takes logits. Keras looks behind a softmax, and behind a sigmoid, whatever the loss is made for.
  LossCard& from_logits();
};

/// The function that fills the card of the file `src/cards/losses/<id>.cpp`; listed by cmake/cards.cmake.
#define KERAFT_LOSS(id) void keraft::cards::loss_##id(::keraft::LossCard& card)

}  // namespace keraft
