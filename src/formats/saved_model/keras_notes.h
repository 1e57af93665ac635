// What Keras 2 notes beside a SavedModel: the class and config of each Keras object in it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/budget.h"
#include "formats/wire/messages.h"

namespace keraft::formats {

struct KerasNotes {
  std::map<int, std::string> text;  ///< JSON, by the object's number in the object graph; 0: the model itself
  std::string file;                 ///< that holds them
};

/// From keras_metadata.pb (TensorFlow 2.5 and later), else from the objects themselves. Throws Status::format for what cannot
/// be read.
KerasNotes keras_notes(const std::string& folder, const std::string& root, const wire::ObjectGraph* objects);

/// A note, with tuples and shapes as lists. Throws Status::format, ::memory.
Value parse_note(const std::string& text, base::Budget& budget, const Place& place);

/// The order of inputs and outputs, which the maps of a signature do not have.
struct KerasOrder {
  std::vector<std::string> inputs, outputs;  ///< names of layers, which are keys of the signature
};

/// From the model's own note; empty where it tells no order.
KerasOrder keras_order(const KerasNotes& notes, base::Budget& budget);

}  // namespace keraft::formats
