// TensorFlowOpLayer: what TensorFlow 2.0 to 2.3 makes of an op that is called on a Keras tensor.
#pragma once

#include "formats/keras/operations.h"

namespace keraft::formats {

/// A call of such a layer as the raw op; one that is unknown to keraft comes without attributes, for the report. Throws
/// Status::unsupported for kinds of attributes that cannot be read, ::format for what no Keras writes.
ParsedOperation parse_tf_op(const Dict& config, const Value& call, const Place& place);

}  // namespace keraft::formats
