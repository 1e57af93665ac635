"""Which Keras reads what keraft makes of whose files: the versions and the models of docs/compatibility.md."""

# version as keraft names it → (environment, library)
VERSIONS = {
    "2.12": ("tf212", "keras"),
    "2.15": ("tf215", "keras"),
    "2.21": ("tf221", "tf_keras"),
    "3.0": ("k305", "keras"),
    "3.3": ("k33", "keras"),
    "3.8": ("k38", "keras"),
    "3.12": ("k312", "keras"),
    "3.15": ("tf221", "keras"),
}
# group → models of keras_files/, or of models.py here
GROUPS = {
    "feed-forward": ("convolutions", "pools", "norms", "functions", "shapes", "options"),
    "recurrent": ("recurrent", "bidirectional"),
    "attention": ("attention",),
    "preprocessing": ("numbers", "texts", "augmentation"),
    "nested, shared, several inputs": ("nested", "shared", "merges"),
    "mixed precision": ("policies",),
    "quantised": ("quantised",),
}
# keras.applications, one size each: nets of zoo/
NETS = (
    "mobilenet", "mobilenet_v2", "mobilenet_v3_small", "resnet50", "resnet50_v2", "densenet121", "efficientnet_b0", "efficientnet_v2_b0",
    "nasnet_mobile", "xception", "inception_v3", "inception_resnet_v2", "convnext_tiny", "vgg16",
)  # fmt: skip
NETS_TOLERANCE = 1e-4  # of the largest output, as for the zoo
