// Functions of one tensor, element by element unless they say an axis, as spellings of Activation.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// The first text is written, all are read.
inline void function(LayerCard& card, const std::string& name, const std::vector<std::string>& texts,
                     const LayerCard::Guard& guard = {}) {
  for (const std::string& text : texts) {
    if (&text == &texts.front())
      card.form(text, {{"activation", name}}, guard);
    else
      card.also_reads(text, {{"activation", name}}, guard);
  }
}

/// y = `above` where x > bound, else `below`, as the four comparisons say it; for functions that are continuous at the bound.
inline std::vector<std::string> chosen(const std::string& before, const std::string& bound, const std::string& above,
                                       const std::string& below) {
  std::vector<std::string> out;
  for (const char* op : {"Greater", "GreaterEqual"}) {
    out.push_back(before + "   c = " + op + "(x, " + bound + ")   y = SelectV2(c, " + above + ", " + below + ")");
    out.push_back(before + "   c = " + op + "(" + bound + ", x)   y = SelectV2(c, " + below + ", " + above + ")");
  }
  return out;
}

/// Was everything made by one layer? The nodes share a scope of their own.
bool one_scope(Match& m);

/// Functions that no Keras 2 knows by name.
void keras3_functions(LayerCard& card);

}  // namespace keraft::cards
