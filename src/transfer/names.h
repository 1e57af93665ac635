// Names of weights as TensorFlow, Keras and others spell them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "transfer/source.h"

namespace keraft::transfer {

/// "model/dense/kernel:0", "dense/kernel/.ATTRIBUTES/VARIABLE_VALUE", "dense.kernel" → its components.
Path path_of(std::string_view name);
std::string joined(const Path& path);

/// How others than TensorFlow and Keras, whose spellings the cards know, call the slot; nothing for most.
std::vector<std::string_view> other_spellings(std::string_view slot);
/// Without the underscore of a private attribute: "_kernel" → "kernel".
std::string_view public_name(std::string_view leaf);
/// Is it a number, or nothing: no name of a slot?
bool is_nameless(std::string_view leaf);

/// dense, dense_1: a name that Keras gives a layer of this class.
bool is_automatic(std::string_view name, std::string_view cls);

/// Keeps the weights below `prefix`, which is taken off their names; the others are set aside. Throws Status::argument when
/// there are none.
void keep_below(Source& source, const std::string& prefix);
/// Replaces each run of components FROM by TO. Throws Status::argument for a rule that no name has a use for.
void rename(Source& source, const std::vector<std::pair<std::string, std::string>>& rules);

}  // namespace keraft::transfer
