"""Graphs that keraft wrote in other programs that read TensorFlow's: python -m checkers.consumer_check CONSUMER JOBS.json REPORT.json

CONSUMER: openvino, tf2onnx (run by ONNX Runtime) or tflite. A job: {"name", "io", "tolerance", "files": [{"kind", "path", "inputs", "outputs"}]
(a frozen .pb or a SavedModel, and the names in it), "own": a file of the same model that TensorFlow itself wrote, as one of those}. The report:
{"name", "problems", "errors", "limits"}: what a consumer does not do with TensorFlow's own file either is a limit of the consumer.
"""

import sys

import numpy as np

from checkers.load_check import answer, arrays, batches, relative_error


def named(ports, name, names_of):
    """The port of this name; the only one where there is but one."""
    found = [port for port in ports if {name, name + ":0"} & set(names_of(port))]
    if len(found) != 1 and len(ports) != 1:
        raise KeyError("no end %s among %s" % (name, [names_of(port) for port in ports]))
    return (found or ports)[0]


def openvino(file):
    import openvino
    import openvino.frontend

    if file["kind"] == "pb":  # of which it takes the ends for outputs, where nothing is said
        frontend = openvino.frontend.FrontEndManager().load_by_framework("tf")
        graph = frontend.load(file["path"])
        ends = [name if ":" in name else name + ":0" for name in file["outputs"]]
        graph.override_all_outputs([graph.get_place_by_tensor_name(end) for end in ends])
        model = frontend.convert(graph)
    else:
        model = openvino.convert_model(file["path"])
    made = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    names = lambda port: port.get_names()  # noqa: E731

    def run(inputs):
        found = made({named(made.inputs, name, names): array for name, array in zip(file["inputs"], inputs)})
        return [found[named(made.outputs, name, names)] for name in file["outputs"]]

    return run


def tf2onnx(file):
    import onnxruntime
    import tf2onnx.convert
    from tf2onnx import tf_loader

    rename = None
    if file["kind"] == "pb":
        ends = [[name if ":" in name else name + ":0" for name in file[side]] for side in ("inputs", "outputs")]
        graph, inputs, outputs = tf_loader.from_graphdef(file["path"], *ends)
    else:
        graph, inputs, outputs, _, rename = tf_loader.from_saved_model(
            file["path"], None, None, return_initialized_tables=True, return_tensors_to_rename=True
        )
    made, _ = tf2onnx.convert._convert_common(
        graph, name="model", opset=17, input_names=inputs, output_names=outputs, tensors_to_rename=rename
    )
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    names = lambda port: [port.name]  # noqa: E731

    def run(inputs):
        feed = {named(session.get_inputs(), name, names).name: array for name, array in zip(file["inputs"], inputs)}
        return session.run([named(session.get_outputs(), name, names).name for name in file["outputs"]], feed)

    return run


def tflite(file):
    import tensorflow as tf

    def made(ops):
        if file["kind"] == "pb":
            ends = [[name.split(":")[0] for name in file[side]] for side in ("inputs", "outputs")]
            converter = tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(file["path"], *ends)
        else:
            converter = tf.lite.TFLiteConverter.from_saved_model(file["path"])
        converter.target_spec.supported_ops = ops
        return tf.lite.Interpreter(model_content=converter.convert())

    own, others = tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS
    try:
        interpreter = made([own])
    except Exception:
        interpreter = made([own, others])
    names = lambda port: [port["name"]]  # noqa: E731

    def run(inputs):
        if file["kind"] == "saved_model":
            found = interpreter.get_signature_runner()(**dict(zip(file["inputs"], inputs)))
            return [found[name] for name in file["outputs"]]
        ports = [named(interpreter.get_input_details(), name, names) for name in file["inputs"]]
        for port, array in zip(ports, inputs):
            interpreter.resize_tensor_input(port["index"], array.shape)
        interpreter.allocate_tensors()
        for port, array in zip(ports, inputs):
            interpreter.set_tensor(port["index"], array)
        interpreter.invoke()
        return [interpreter.get_tensor(named(interpreter.get_output_details(), name, names)["index"]) for name in file["outputs"]]

    return run


CONSUMERS = {"openvino": openvino, "tf2onnx": tf2onnx, "tflite": tflite}


def wrong(consumer, file, io, tolerance):
    """What goes wrong, nothing where the outputs are right; and the largest error."""
    worst = 0.0
    try:
        run = consumer(file)
        for batch in batches(io):
            error = relative_error([np.asarray(y) for y in run(arrays(io, batch + "/in"))], arrays(io, batch + "/out"))
            worst = max(worst, error)
            if not error <= tolerance:
                return "%s: outputs differ by %.2g of the largest" % (batch, error), worst
    except Exception as error:
        return "%s: %s" % (type(error).__name__, " ".join(str(error).split())[:300]), worst
    return "", worst


def checked(consumer, job):
    report = {"name": job["name"], "problems": [], "errors": {}, "limits": []}
    with np.load(job["io"]) as io:
        for file in job["files"]:
            problem, report["errors"][file["kind"]] = wrong(consumer, file, io, job["tolerance"])
            if problem:
                report["errors"][file["kind"]] = 0.0
                own = wrong(consumer, job["own"], io, job["tolerance"])[0]
                told = "%s: %s" % (file["kind"], problem)
                report["limits" if own else "problems"].append(
                    told + ("; TensorFlow's own %s: %s" % (job["own"]["kind"], own) if own else "")
                )
    return report


if __name__ == "__main__":
    consumer = CONSUMERS[sys.argv[1]]
    answer(lambda job: checked(consumer, job), *sys.argv[2:])
