// What Keras 2 notes of training, in the words that every Keras reads.
#pragma once

#include <optional>
#include <string>

#include "keraft/registry.hpp"
#include "keraft/value.hpp"

namespace keraft::formats {

/// Numbers that are float32 become what a person wrote.
Value tidy_numbers(const Value& value);

/// A schedule of the learning rate; nothing for one that not every Keras has.
std::optional<Value> portable_schedule(const Value& value);

/// A metric, given by name or as an object; nothing for what Keras does not know by name.
std::optional<Value> portable_metric(const Value& value, const Registry& registry);

/// The card of a loss, given by the name of its class or function; null when there is none.
const LossCard* loss_named(const std::string& name, const Registry& registry);

}  // namespace keraft::formats
