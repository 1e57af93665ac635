"""Files that a later or an earlier Keras famously refuses. Each was made by the version that makes such files, with load_failures/build.py,
and is kept in tests/data/load_failures.

FAILURES: name → (the Keras that wrote it, kind of file, the Keras of run.KERAS that refuses it, what the doctor must name, what that Keras
says). The model of that name is in models.py.
"""

FAILURES = {
    "input_shape": ("keras 3.15.1", "h5", "keras2.15", "'batch_shape'", "['batch_shape', 'optional']"),
    "old_axis": ("keras 2.15.0", "keras", "keras3.15", "the 'axis' of 'BatchNormalization' is a list", "'axis'"),
    "groups": ("keras 2.15.0", "h5", "keras3.15", "'groups'", "Unrecognized keyword arguments passed to DepthwiseConv2D: {'groups': 1}"),
    "time_major": ("keras 2.15.0", "h5", "keras3.15", "'time_major'", "Unrecognized keyword arguments passed to LSTM: {'time_major': False}"),
    "orthogonal": ("keras 2.15.0", "h5", "keras3.0.5", "'Orthogonal'", "Could not interpret initializer identifier"),
    "functional_module": ("keras 2.15.0", "keras", "keras3.15", "'keras.src.engine.functional'", "parent module keras.src.engine.functional"),
    "old_functional_module": ("keras 2.12.0", "keras", "keras3.15", "'keras.engine.functional'", "parent module keras.engine.functional"),
    "policy": ("keras 3.15.1", "h5", "keras2.15", "'DTypePolicy'", "'batch_shape'"),
    "op_lambda": ("keras 2.15.0", "h5", "keras3.15", "'TFOpLambda'", "Unknown layer: 'TFOpLambda'"),
    "slicing": ("keras 2.15.0", "h5", "keras3.0.5", "'SlicingOpLambda'", "Unknown layer: 'SlicingOpLambda'"),
    "slashes": ("keras 2.15.0", "h5", "keras3.15", "the name has a '/'", "cannot contain character `/`"),
    "quantization_config": ("keras 3.15.1", "keras", "keras3.0.5", "'quantization_config'", "quantization_config"),
    "new_arguments": ("keras 3.15.1", "keras", "keras3.0.5", "'MultiHeadAttention' does not take the entry 'seed'", "MultiHeadAttention"),
    "named_inputs": ("keras 2.15.0", "h5", "keras3.15", "argument with a name", "value"),
    "nested": ("keras 2.15.0", "h5", "keras3.15", "counted from 1", "[['base', 1, 0, {}]]"),
    "nested_axis": ("keras 2.15.0", "h5", "keras3.0.5", "the 'axis' of 'BatchNormalization' is a list", "BatchNormalization"),
    "weight_groups": ("keras 2.13.1", "keras", "keras2.15", "'_layer_checkpoint_dependencies'", "expected 2 variables, but received 0"),
    "keras3_sequence": ("keras 3.15.1", "h5", "tf_keras2.21", "'batch_shape'", "['batch_shape']"),
    "keras3_calls": ("keras 3.15.1", "keras", "tf_keras2.21", "(dicts in 'inbound_nodes')", "tf_keras.src.models.functional cannot be imported"),
}
TOLERANCES = {"policy": 2e-3}  # 16-bit floats
