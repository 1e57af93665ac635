// Which Keras versions load a file, and why the others do not.
#pragma once

#include <string>
#include <vector>

#include "keraft/control.hpp"

namespace keraft {

struct KerasVerdict {
  struct Reason {
    std::string where;  ///< "model/layer", empty for the whole file
    std::string what;
  };
  std::string keras;            ///< "2.15", "3.4": the newest release of that minor version; 2.16 and later are tf_keras
  std::vector<Reason> reasons;  ///< why it does not load the file, each as far as known; none: it loads
};

struct Examination {
  std::string path, kind, producer;
  std::vector<KerasVerdict> versions;  ///< 2.6 and newer, oldest first
};

/// Of a .keras file, an .h5 file with a model, or a SavedModel folder. Loading is keras.models.load_model with nothing but the
/// file: safe mode on, no custom objects. Nothing is run. The verdicts rest on what constructors take in each version and on
/// the forms of files; values inside the entries are not looked at beyond names of functions and classes. Throws as `load`
/// does for files that cannot be read at all. Any thread.
Examination examine_file(const std::string& path, const Control& control);

/// `json`: one JSON document, else for people.
std::string described(const Examination& examination, bool json);

}  // namespace keraft
