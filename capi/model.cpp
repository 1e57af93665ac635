#include "handles.h"

using namespace keraft;
using capi::guard;
using capi::need;
using capi::view;

namespace {

std::vector<keraft_model::PortTexts> port_texts(const Graph& graph, const std::vector<Port>& ports) {
  std::vector<keraft_model::PortTexts> out;
  for (const Port& port : ports) {
    const TensorType type = graph.type(port.edge);
    keraft_model::PortTexts texts{port.name, type.shape.text(), {}, -1, static_cast<keraft_dtype>(type.dtype)};
    if (type.shape.has_rank()) {
      texts.rank = static_cast<int32_t>(type.shape.rank());
      for (const Dim& dim : type.shape.dims()) texts.shape.push_back(dim.known() ? dim.value() : -1);
    }
    out.push_back(std::move(texts));
  }
  return out;
}

keraft_status get_port(const std::vector<keraft_model::PortTexts>* ports, size_t index, keraft_port* out,
                       keraft_error** error) {
  return guard(error, [&] {
    if (index >= need(ports, "self").size()) capi::refuse("index past the end");
    const keraft_model::PortTexts& port = (*ports)[index];
    capi::fill(out, keraft_port{0, view(port.name), view(port.shape_text), port.shape.empty() ? nullptr : port.shape.data(),
                                port.rank, port.dtype});
  });
}

}  // namespace

keraft_model::keraft_model(Model loaded)
    : model(std::move(loaded)),
      inputs(port_texts(model.graph, model.graph.inputs)),
      outputs(port_texts(model.graph, model.graph.outputs)) {}

void keraft::capi::put(const std::string& bytes, keraft_write_fn write, void* user_data) {
  if (!write) refuse("write is NULL");
  int32_t stop = 1;
  try {
    stop = write(bytes.data(), bytes.size(), user_data);
  } catch (...) {
    stop = 1;
  }
  if (stop != 0) throw Error(Status::cancelled, "stopped by the caller");
}

extern "C" {

keraft_status keraft_model_load(const keraft_context* context, keraft_str path, const keraft_load_options* options,
                                keraft_model** out, keraft_error** error) {
  return guard(error, [&] {
    need(out, "out") = nullptr;
    *out = new keraft_model(load(capi::path(path, "path"), capi::load_options(options), capi::control_of(context)));
  });
}

void keraft_model_destroy(keraft_model* self) { delete self; }

keraft_kind keraft_model_get_kind(const keraft_model* self) { return self ? static_cast<keraft_kind>(self->model.kind) : 0; }
keraft_str keraft_model_get_path(const keraft_model* self) { return self ? view(self->model.path) : keraft_str_of(""); }
keraft_str keraft_model_get_producer(const keraft_model* self) { return self ? view(self->model.producer) : keraft_str_of(""); }
size_t keraft_model_get_signature_count(const keraft_model* self) { return self ? self->model.signatures.size() : 0; }
keraft_str keraft_model_get_signature(const keraft_model* self, size_t index) {
  return self && index < self->model.signatures.size() ? view(self->model.signatures[index]) : keraft_str_of("");
}
size_t keraft_model_get_input_count(const keraft_model* self) { return self ? self->inputs.size() : 0; }
size_t keraft_model_get_output_count(const keraft_model* self) { return self ? self->outputs.size() : 0; }
keraft_status keraft_model_get_input(const keraft_model* self, size_t index, keraft_port* out, keraft_error** error) {
  return get_port(self ? &self->inputs : nullptr, index, out, error);
}
keraft_status keraft_model_get_output(const keraft_model* self, size_t index, keraft_port* out, keraft_error** error) {
  return get_port(self ? &self->outputs : nullptr, index, out, error);
}

size_t keraft_model_get_layer_count(const keraft_model* self) { return self ? self->model.graph.layers.size() : 0; }
keraft_status keraft_model_get_layer(const keraft_model* self, size_t index, keraft_layer* out, keraft_error** error) {
  return guard(error, [&] {
    const std::vector<Layer>& layers = need(self, "self").model.graph.layers;
    if (index >= layers.size()) capi::refuse("index past the end");
    const Layer& layer = layers[index];
    capi::fill(out, keraft_layer{0, view(layer.name), view(layer.cls), layer.slots.size(), layer.trainable ? 1 : 0, 0});
  });
}

keraft_status keraft_model_inspect(const keraft_model* self, keraft_format format, keraft_write_fn write, void* user_data,
                                   keraft_error** error) {
  return guard(error, [&] { capi::put(inspect(need(self, "self").model, capi::as_json(format)), write, user_data); });
}

keraft_status keraft_model_convert(const keraft_context* context, const keraft_model* self,
                                   const keraft_convert_options* options, keraft_model** out, keraft_report** report,
                                   keraft_error** error) {
  return guard(error, [&] {
    need(out, "out") = nullptr;
    if (report) *report = nullptr;
    Conversion done = convert(need(self, "self").model, capi::convert_options(options), capi::control_of(context));
    auto found = std::make_unique<keraft_report>();
    found->report = std::move(done.report);
    found->status = capi::status_of(found->report);
    *out = new keraft_model(std::move(done.model));
    if (report) *report = found.release();
  });
}

keraft_status keraft_model_write(const keraft_context* context, const keraft_model* self, keraft_str path, keraft_kind kind,
                                 const keraft_write_options* options, keraft_error** error) {
  return guard(error, [&] {
    if (kind < KERAFT_KIND_GRAPHDEF || kind > KERAFT_KIND_PYTHON) capi::refuse("unknown kind");
    write(need(self, "self").model, capi::path(path, "path"), static_cast<Kind>(kind), capi::write_options(options),
          capi::control_of(context));
  });
}

keraft_status keraft_model_verify(const keraft_context* context, const keraft_model* self, const keraft_model* other,
                                  const keraft_verify_options* options, keraft_report** report, keraft_error** error) {
  return guard(error, [&] {
    need(report, "report") = nullptr;
    auto found = std::make_unique<keraft_report>();
    found->report.source = capi::side_of(need(self, "self").model);
    found->report.target = capi::side_of(need(other, "other").model);
    found->report.verification = verify(self->model, other->model, capi::verify_options(options), capi::control_of(context));
    found->report.status = found->report.verification->equal ? "ok" : "differs";
    found->status = capi::status_of(found->report);
    *report = found.release();
  });
}

}  // extern "C"
