"""What must stand in the written file and in the report, beside losses that agree."""

import json
import zipfile


def config_of(file):
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read("config.json"))


def layers(file):
    return {layer["config"]["name"]: layer for layer in config_of(file)["config"]["layers"]}


def same(what, found, wanted):
    return [] if found == wanted else ["%s is %s, not %s" % (what, found, wanted)]


def near(what, found, wanted):
    good = isinstance(found, (int, float)) and abs(found - wanted) <= 1e-6 * abs(wanted)
    return [] if good else ["%s is %s, not %s" % (what, found, wanted)]


def adam(report, file):
    config = config_of(file)["compile_config"]["optimizer"]["config"]
    problems = same("iterations", report["training"]["iterations"], 7)
    for key, value in (("beta_1", 0.8), ("beta_2", 0.99), ("epsilon", 1e-3)):
        problems += near(key, config[key], value)
    cut = {one["kind"]: one["nodes"] for one in report["cut_off"]}
    problems += ["nothing of the %s is cut off" % kind for kind in ("gradients", "optimizer", "saver") if not cut.get(kind)]
    return problems


def penalty(file, layer, key):
    regularizer = layers(file)[layer]["config"].get(key)
    return {} if regularizer is None else regularizer["config"]


def regularized(report, file):
    problems = near("l2 of logits", penalty(file, "logits", "kernel_regularizer").get("l2"), 0.015)
    problems += near("l1 of hidden", penalty(file, "hidden", "kernel_regularizer").get("l1"), 0.01)
    return problems + near("l2 of hidden", penalty(file, "hidden", "kernel_regularizer").get("l2"), 0.002)


def norm(momentum):
    def check(report, file):
        found = [layer for layer in layers(file).values() if layer["class_name"] == "BatchNormalization"]
        return near("momentum", found[0]["config"].get("momentum"), momentum) if found else ["no BatchNormalization"]

    return check


CHECKS = {"adam": adam, "regularized": regularized, "batch_norm": norm(0.9), "batch_norm_always": norm(0.8), "keras_adam": norm(0.9)}


def metrics(*wanted):
    """Of the compile settings, a list for each output where there are several: names, or class and name."""

    def told(one):
        if isinstance(one, list):
            return [told(part) for part in one]
        return one if isinstance(one, str) else "%s:%s" % (one["class_name"], one["config"]["name"])

    def check(report, file):
        return same("metrics", told(config_of(file)["compile_config"]["metrics"] or []), list(wanted))

    return check


def left_out(report, file):
    problems = metrics("SparseCategoricalAccuracy:accuracy")(report, file)
    return problems + ([] if "the metric mine is left out" in json.dumps(report["lossy"]) else ["nothing is said of the metric"])


def never_trained(report, file):
    return same("iterations", report["training"]["iterations"], 0)


def judged(report, file):
    """Losses and weights in the order of the outputs; the report's variables are the model's own."""
    config = config_of(file)["compile_config"]
    problems = same("losses", [one["class_name"] for one in config["loss"]], ["Huber", "BinaryCrossentropy"])
    problems += same("weights", config["loss_weights"], [0.25, 2.0]) + same("delta", config["loss"][0]["config"].get("delta"), 0.3)
    problems += same("smoothing", config["loss"][1]["config"].get("label_smoothing"), 0.1)
    named = config["metrics"][0][0]["config"]["name"], config["metrics"][1][0]
    return problems + same("metrics", (named[0], named[1] if isinstance(named[1], str) else named[1]["config"]["name"]), ("mae", "accuracy"))


def schedule(report, file):
    rate = config_of(file)["compile_config"]["optimizer"]["config"]["learning_rate"]
    return same("the learning rate", (rate["class_name"], rate["config"]["initial_learning_rate"]), ("ExponentialDecay", 0.03))


# Of nets that Keras 2 saved
SAVED_CHECKS = {"custom_metric": left_out, "fresh": never_trained, "two_outputs": judged, "schedule": schedule}
