// The walls of the C ABI: NULL, wrong sizes, callbacks that misbehave, lifetimes.
#include <catch2/catch.hpp>
#include <cstring>
#include <stdexcept>

#include "keraft_raii.hpp"

using namespace keraft::raii;

namespace {

const std::string digits = KERAFT_TEST_DATA "/digits/digits.pb";

/// The status and the text of a call that must fail with both.
template <class Call>
keraft_status failed(Call&& call) {
  keraft_error* error = nullptr;
  const keraft_status status = call(&error);
  CHECK(status != KERAFT_STATUS_OK);
  REQUIRE(error != nullptr);
  CHECK(keraft_error_get_status(error) == status);
  const keraft_str message = keraft_error_get_text(error);
  CHECK(message.size > 0);
  CHECK(message.data[message.size] == '\0');
  keraft_error_destroy(error);
  CHECK(call(nullptr) == status);
  return status;
}

int32_t accept(const char*, size_t, void*) { return 0; }
int32_t refuse(const char*, size_t, void*) { return 1; }
int32_t stop(void*) { return 1; }
int32_t throwing(void*) { throw std::runtime_error("from the caller"); }

}  // namespace

TEST_CASE("NULL is refused, or ignored where nothing can fail", "[capi]") {
  const Context context;
  const Model model = Model::load(context, digits);
  const keraft_str path = str(digits);
  keraft_model* out = nullptr;
  keraft_report* report = nullptr;
  keraft_runner* runner = nullptr;
  keraft_arrays* arrays = nullptr;
  keraft_port port = KERAFT_PORT_INIT;
  keraft_layer layer = KERAFT_LAYER_INIT;
  keraft_tensor_view view = KERAFT_TENSOR_VIEW_INIT;
  keraft_unsupported unsupported = KERAFT_UNSUPPORTED_INIT;
  keraft_comparison comparison = KERAFT_COMPARISON_INIT;
  using E = keraft_error**;
  const auto argument = [](auto&& call) { CHECK(failed(call) == KERAFT_STATUS_ARGUMENT); };
  argument([&](E e) { return keraft_context_create(nullptr, nullptr, e); });
  argument([&](E e) { return keraft_model_load(nullptr, path, nullptr, nullptr, e); });
  argument([&](E e) { return keraft_model_load(nullptr, {nullptr, 0}, nullptr, &out, e); });
  argument([&](E e) { return keraft_model_load(nullptr, {nullptr, 4}, nullptr, &out, e); });
  argument([&](E e) { return keraft_model_get_input(nullptr, 0, &port, e); });
  argument([&](E e) { return keraft_model_get_input(model.get(), 0, nullptr, e); });
  argument([&](E e) { return keraft_model_get_input(model.get(), 99, &port, e); });
  argument([&](E e) { return keraft_model_get_output(nullptr, 0, &port, e); });
  argument([&](E e) { return keraft_model_get_layer(nullptr, 0, &layer, e); });
  argument([&](E e) { return keraft_model_load_slot(nullptr, 0, 0, &view, e); });
  argument([&](E e) { return keraft_model_load_slot(model.get(), 99, 0, &view, e); });
  argument([&](E e) { return keraft_model_load_weight(nullptr, 0, &view, e); });
  argument([&](E e) { return keraft_model_load_weight(model.get(), SIZE_MAX, &view, e); });
  argument([&](E e) { return keraft_model_inspect(nullptr, KERAFT_FORMAT_JSON, accept, nullptr, e); });
  argument([&](E e) { return keraft_model_inspect(model.get(), KERAFT_FORMAT_JSON, nullptr, nullptr, e); });
  argument([&](E e) { return keraft_model_inspect(model.get(), 99, accept, nullptr, e); });
  argument([&](E e) { return keraft_model_convert(nullptr, nullptr, nullptr, &out, &report, e); });
  argument([&](E e) { return keraft_model_convert(nullptr, model.get(), nullptr, nullptr, &report, e); });
  argument([&](E e) { return keraft_model_write(nullptr, nullptr, path, KERAFT_KIND_KERAS_V3, nullptr, e); });
  argument([&](E e) { return keraft_model_write(nullptr, model.get(), path, 99, nullptr, e); });
  keraft_write_options strange = KERAFT_WRITE_OPTIONS_INIT;
  strange.flavour = 9;
  argument([&](E e) { return keraft_model_write(nullptr, model.get(), path, KERAFT_KIND_PYTHON, &strange, e); });
  argument([&](E e) { return keraft_model_verify(nullptr, nullptr, model.get(), nullptr, &report, e); });
  argument([&](E e) { return keraft_model_verify(nullptr, model.get(), nullptr, nullptr, &report, e); });
  argument([&](E e) { return keraft_model_verify(nullptr, model.get(), model.get(), nullptr, nullptr, e); });
  argument([&](E e) { return keraft_file_convert(nullptr, {nullptr, 0}, path, nullptr, &report, e); });
  argument([&](E e) { return keraft_file_convert(nullptr, path, {nullptr, 0}, nullptr, &report, e); });
  argument([&](E e) { return keraft_file_transfer(nullptr, {nullptr, 0}, path, path, nullptr, &report, e); });
  argument([&](E e) { return keraft_file_transfer(nullptr, path, {nullptr, 0}, path, nullptr, &report, e); });
  argument([&](E e) { return keraft_file_transfer(nullptr, path, path, {nullptr, 0}, nullptr, &report, e); });
  argument([&](E e) { return keraft_report_create_failure({nullptr, 0}, nullptr, &report, e); });
  argument([&](E e) { return keraft_report_get_unsupported(nullptr, 0, &unsupported, e); });
  argument([&](E e) { return keraft_report_get_comparison(nullptr, &comparison, e); });
  argument([&](E e) { return keraft_report_write(nullptr, KERAFT_FORMAT_JSON, accept, nullptr, e); });
  argument([&](E e) { return keraft_runner_create(nullptr, nullptr, &runner, e); });
  argument([&](E e) { return keraft_runner_create(nullptr, model.get(), nullptr, e); });
  argument([&](E e) { return keraft_runner_run(nullptr, nullptr, 0, nullptr, 0, &arrays, e); });
  argument([&](E e) { return keraft_arrays_get_view(nullptr, 0, &view, e); });
  argument([&](E e) { return keraft_support_write(KERAFT_FORMAT_JSON, nullptr, nullptr, e); });
  argument([&](E e) { return keraft_support_write(KERAFT_FORMAT_HTML, accept, nullptr, e); });
  CHECK(report == nullptr);
  CHECK(keraft_model_get_kind(nullptr) == 0);
  CHECK(keraft_model_get_layer_count(nullptr) == 0);
  CHECK(keraft_model_get_signature(nullptr, 0).size == 0);
  CHECK(keraft_report_get_unused(nullptr, 0).size == 0);
  CHECK(keraft_error_get_text(nullptr).data[0] == '\0');
  CHECK(keraft_error_get_offset(nullptr) == KERAFT_NO_OFFSET);
  keraft_error_destroy(nullptr);
  keraft_context_destroy(nullptr);
  keraft_model_destroy(nullptr);
  keraft_report_destroy(nullptr);
  keraft_runner_destroy(nullptr);
  keraft_arrays_destroy(nullptr);
}

TEST_CASE("an older header's options are a prefix, a newer one's unknown members must be zero", "[capi]") {
  struct Newer {
    keraft_context_options known;
    uint64_t unknown;
  } newer = {KERAFT_CONTEXT_OPTIONS_INIT, 0};
  newer.known.struct_size = sizeof newer;
  keraft_context* context = nullptr;
  REQUIRE(keraft_context_create(&newer.known, &context, nullptr) == KERAFT_STATUS_OK);
  keraft_context_destroy(context);
  newer.unknown = 1;
  CHECK(failed([&](keraft_error** e) { return keraft_context_create(&newer.known, &context, e); }) == KERAFT_STATUS_ARGUMENT);
  CHECK(context == nullptr);
  keraft_context_options older = KERAFT_CONTEXT_OPTIONS_INIT;
  older.struct_size = offsetof(keraft_context_options, threads);
  older.threads = -1;
  REQUIRE(keraft_context_create(&older, &context, nullptr) == KERAFT_STATUS_OK);
  keraft_context_destroy(context);
  older.struct_size = 0;
  CHECK(failed([&](keraft_error** e) { return keraft_context_create(&older, &context, e); }) == KERAFT_STATUS_ARGUMENT);
}

TEST_CASE("an older header's result is not written past its end", "[capi]") {
  const Model model = Model::load(Context(), digits);
  keraft_port port = KERAFT_PORT_INIT;
  port.struct_size = offsetof(keraft_port, rank);
  port.rank = 4711;
  REQUIRE(keraft_model_get_input(model.get(), 0, &port, nullptr) == KERAFT_STATUS_OK);
  CHECK(port.name.size > 0);
  CHECK(port.rank == 4711);
  CHECK(port.struct_size == offsetof(keraft_port, rank));
}

TEST_CASE("a callback stops a call, and its exceptions end there", "[capi]") {
  keraft_model* model = nullptr;
  for (const keraft_cancel_fn cancel : {stop, throwing}) {
    keraft_context_options options = KERAFT_CONTEXT_OPTIONS_INIT;
    options.cancel = cancel;
    const Context context(options);
    CHECK(failed([&](keraft_error** e) { return keraft_model_load(context.get(), str(digits), nullptr, &model, e); }) ==
          KERAFT_STATUS_CANCELLED);
    CHECK(model == nullptr);
  }
  const Model loaded = Model::load(Context(), digits);
  CHECK(failed([&](keraft_error** e) { return keraft_model_inspect(loaded.get(), KERAFT_FORMAT_TEXT, refuse, nullptr, e); }) ==
        KERAFT_STATUS_CANCELLED);
}

TEST_CASE("views and runners outlive their model", "[capi]") {
  Model model = Model::load(Context(), KERAFT_TEST_DATA "/digits/saved_model");
  REQUIRE(model.weight_count() > 0);
  const View view = model.weight(0);
  const View same = model.weight(0);
  Runner runner(Context(), model);
  const std::string name(text(model.inputs().at(0).name));
  model = Model();
  REQUIRE(view.raw().dtype == KERAFT_DTYPE_F32);
  CHECK((view.raw().flags & KERAFT_TENSOR_READ_ONLY) != 0);
  size_t elements = 1;
  for (const int64_t size : view.shape()) elements *= static_cast<size_t>(size);
  CHECK(std::vector<float>(view.as<float>(), view.as<float>() + elements) ==
        std::vector<float>(same.as<float>(), same.as<float>() + elements));

  const std::vector<float> pixels(2 * 8 * 8, 0.5f);
  const int64_t shape[] = {2, 8, 8, 1};
  keraft_tensor_view input = KERAFT_TENSOR_VIEW_INIT;
  input.name = str(name);
  input.dtype = KERAFT_DTYPE_F32;
  input.rank = 4;
  input.shape = shape;
  input.data = pixels.data();
  const Arrays plain = runner.run({input});
  CHECK(plain[0].shape[0] == 2);
  // The same pixels once more, read with a batch stride of 0.
  const int64_t strides[] = {0, 32, 4, 4};
  input.byte_strides = strides;
  const Arrays strided = runner.run({input});
  const size_t scores = 2 * static_cast<size_t>(plain[0].shape[1]);
  CHECK(std::memcmp(plain[0].data, strided[0].data, scores * sizeof(float)) == 0);
}

TEST_CASE("a failed file conversion still gives a report", "[capi]") {
  keraft_file_convert_options options = KERAFT_FILE_CONVERT_OPTIONS_INIT;
  const FileConversion found = convert_file(Context(), "/nonexistent.pb", "/tmp/never-written.keras", &options);
  REQUIRE(found.failure);
  CHECK(found.failure->status() == KERAFT_STATUS_IO);
  CHECK(found.failure->file() == "/nonexistent.pb");
  REQUIRE(found.report);
  CHECK(found.report.status() == KERAFT_STATUS_IO);
  CHECK(found.report.stage() == KERAFT_STAGE_LOAD);
  CHECK(found.report.write(KERAFT_FORMAT_JSON).find("\"status\": \"io\"") != std::string::npos);
}

TEST_CASE("wrong options of a transfer are refused, and a failed one gives a report", "[capi]") {
  const Context context;
  const char* target = "/tmp/never-written.keras";
  keraft_transfer_options transfer = KERAFT_TRANSFER_OPTIONS_INIT;
  keraft_file_transfer_options options = KERAFT_FILE_TRANSFER_OPTIONS_INIT;
  options.transfer = &transfer;
  const auto status = [&] { return transfer_file(context, "/nonexistent", digits, target, &options).failure->status(); };
  transfer.by = 3;
  CHECK(status() == KERAFT_STATUS_ARGUMENT);
  transfer.by = 0;
  transfer.layout = -1;
  CHECK(status() == KERAFT_STATUS_ARGUMENT);
  transfer.layout = 0;
  transfer.rename_count = 1;
  CHECK(status() == KERAFT_STATUS_ARGUMENT);
  const keraft_rename nothing = {str(""), str("x")};
  transfer.renames = &nothing;
  CHECK(status() == KERAFT_STATUS_ARGUMENT);
  transfer.rename_count = 0;
  options.kind = KERAFT_KIND_GRAPHDEF;
  CHECK(status() == KERAFT_STATUS_ARGUMENT);
  options.kind = KERAFT_KIND_BY_NAME;
  CHECK(status() == KERAFT_STATUS_ARGUMENT);  // a graph is no model to put weights into
  const FileConversion found = transfer_file(context, digits, "/nonexistent.keras", target);
  REQUIRE(found.failure);
  CHECK(found.failure->status() == KERAFT_STATUS_IO);
  REQUIRE(found.report);
  CHECK(found.report.stage() == KERAFT_STAGE_LOAD);
}
