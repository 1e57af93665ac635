"""SavedModels of Keras 2 whose metadata tells more than their graphs, and what a conversion must make of them.

EXPECTED: net → the layers' (name, class) in the order of the report, or why the graph is converted instead.
"""

# producer → environment; TensorFlow 1.15 and 2.0 – 2.4 keep the metadata in saved_model.pb.
PRODUCERS = {"keras215": "tf215", "tf_keras221": "tf221", "keras115": "tf115"}
# Nets that Keras of TensorFlow 1.15 does not have.
NOT_IN_115 = ("attention", "steps", "masked", "custom", "function", "subclass")

EXPECTED = {
    "mlp": "first_dense:Dense noise:GaussianNoise dropout:Dropout dense:Dense dense_1:Dense activity_regularization:ActivityRegularization "
    "probabilities:Dense",
    "nested": "conv:Conv2D bn:BatchNormalization spatial_dropout2d:SpatialDropout2D re_lu:ReLU body_conv:Conv2D add:Add "
    "gaussian_dropout:GaussianDropout body_conv:Conv2D add:Add gaussian_dropout:GaussianDropout concatenate:Concatenate "
    "global_average_pooling2d:GlobalAveragePooling2D b:Dense a:Dense",
    "shared": "tower:Dense tower:Dense same_shape:Dense same_shape:Dense subtract:Subtract score:Dense",
    "frozen": "cold:Dense bn:BatchNormalization warm:Dense",
    "steps": "each:TimeDistributed time_distributed_2:TimeDistributed time_distributed_1:TimeDistributed time_distributed_3:TimeDistributed "
    "spatial_dropout1d:SpatialDropout1D global_max_pooling1d:GlobalMaxPooling1D",
    "attention": "mha:MultiHeadAttention add:Add layer_normalization:LayerNormalization alpha_dropout:AlphaDropout dense:Dense flatten:Flatten",
    "embedding": "words:Embedding c:Conv1D flatten:Flatten",
    "pair": "d:Dense e:Dense discriminator_d:Dense leaky_re_lu:LeakyReLU discriminator_e:Dense",
    "masked": "not used: it computes something else than the graph",
    "custom": "not used: mine: no card for the layer Mine",
    "function": "not used: lambda: a Lambda layer",
    "subclass": "not used: a model of the class Own",
}
# Their layers need Keras 3, in a file that keraft writes.
KERAS3_ONLY = ("attention", "masked", "custom")
