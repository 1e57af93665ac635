// The config of a model, as each Keras version would take it.
#pragma once

#include "doctor/accepts.h"
#include "doctor/findings.h"
#include "keraft/value.hpp"

namespace keraft::doctor {

enum class Container { archive, h5 };

/// `model`: {"class_name", "config", …} of a Sequential, Functional or other model.
void examine_config(const Value& model, Container container, Findings& findings);

}  // namespace keraft::doctor
