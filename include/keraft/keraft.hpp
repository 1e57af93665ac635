// keraft: TensorFlow graphs to Keras layers. Everything of the C++ API; the stable ABI is keraft.h.
#pragma once

#include "keraft/control.hpp"
#include "keraft/convert.hpp"
#include "keraft/dtype.hpp"
#include "keraft/error.hpp"
#include "keraft/graph.hpp"
#include "keraft/inspect.hpp"
#include "keraft/model.hpp"
#include "keraft/registry.hpp"
#include "keraft/report.hpp"
#include "keraft/run.hpp"
#include "keraft/shape.hpp"
#include "keraft/tensor.hpp"
#include "keraft/training.hpp"
#include "keraft/value.hpp"
#include "keraft/verify.hpp"
#include "keraft/version.hpp"
