/* keraft from C99: convert a file, look at the layers, read a weight without copying it twice, run the model.
 *   example SOURCE TARGET
 */
#include <stdio.h>
#include <stdlib.h>

#include "keraft.h"

size_t keraft_test_struct_sizes(void);

static int fail(const char* what, keraft_error* error) {
  fprintf(stderr, "%s: %s\n", what, error ? keraft_error_get_text(error).data : "failed");
  keraft_error_destroy(error);
  return 1;
}

static int32_t to_stdout(const char* bytes, size_t size, void* user_data) {
  (void)user_data;
  return fwrite(bytes, 1, size, stdout) == size ? 0 : 1;
}

static int32_t count_progress(keraft_str stage, double done, void* user_data) {
  (void)stage;
  if (done < 0 || done > 1) return 1;
  ++*(int*)user_data;
  return 0;
}

/* SOURCE becomes the Keras model TARGET; what was found is printed. */
static int convert(const keraft_context* context, const char* source, const char* target) {
  keraft_report* report = NULL;
  keraft_error* error = NULL;
  keraft_status status;
  if (keraft_file_convert(context, keraft_str_of(source), keraft_str_of(target), NULL, &report, &error) != KERAFT_STATUS_OK) {
    keraft_report_destroy(report);
    return fail("convert", error);
  }
  status = keraft_report_get_status(report);
  if (keraft_report_write(report, KERAFT_FORMAT_TEXT, to_stdout, NULL, &error) != KERAFT_STATUS_OK) {
    keraft_report_destroy(report);
    return fail("report", error);
  }
  keraft_report_destroy(report);
  return status == KERAFT_STATUS_OK ? 0 : fail("the report", NULL);
}

/* Prints the layers with the shapes of their weights; returns the number of parameters, -1 when it fails. */
static long parameters(const keraft_model* model) {
  keraft_error* error = NULL;
  long total = 0;
  for (size_t i = 0; i < keraft_model_get_layer_count(model); ++i) {
    keraft_layer layer = KERAFT_LAYER_INIT;
    if (keraft_model_get_layer(model, i, &layer, &error) != KERAFT_STATUS_OK) return -fail("layer", error);
    printf("%s %s\n", layer.name.data, layer.class_name.data);
    for (size_t slot = 0; slot < layer.slot_count; ++slot) {
      keraft_tensor_view view = KERAFT_TENSOR_VIEW_INIT;
      long elements = 1;
      if (keraft_model_load_slot(model, i, slot, &view, &error) != KERAFT_STATUS_OK) return -fail("weight", error);
      printf("  %s [", view.name.data);
      for (int32_t axis = 0; axis < view.rank; ++axis) {
        printf(axis ? ", %ld" : "%ld", (long)view.shape[axis]);
        elements *= (long)view.shape[axis];
      }
      printf("] first %g\n", view.dtype == KERAFT_DTYPE_F32 && elements ? (double)*(const float*)view.data : 0.0);
      total += elements;
      view.release(&view);
    }
  }
  return total;
}

/* One run on zeros with batch 1. */
static int run(const keraft_context* context, const keraft_model* model) {
  keraft_error* error = NULL;
  keraft_runner* runner = NULL;
  keraft_arrays* outputs = NULL;
  keraft_port port = KERAFT_PORT_INIT;
  keraft_tensor_view input = KERAFT_TENSOR_VIEW_INIT, output = KERAFT_TENSOR_VIEW_INIT;
  int64_t shape[8];
  size_t elements = 1;
  if (keraft_model_get_input(model, 0, &port, &error) != KERAFT_STATUS_OK) return fail("input", error);
  if (port.rank < 0 || port.rank > 8 || port.dtype != KERAFT_DTYPE_F32) return fail("input", NULL);
  for (int32_t axis = 0; axis < port.rank; ++axis) {
    shape[axis] = port.shape[axis] < 0 ? 1 : port.shape[axis];
    elements *= (size_t)shape[axis];
  }
  input.name = port.name;
  input.dtype = port.dtype;
  input.rank = port.rank;
  input.shape = shape;
  input.data = calloc(elements, sizeof(float));
  if (keraft_runner_create(context, model, &runner, &error) == KERAFT_STATUS_OK &&
      keraft_runner_run(runner, &input, 1, NULL, 0, &outputs, &error) == KERAFT_STATUS_OK &&
      keraft_arrays_get_view(outputs, 0, &output, &error) == KERAFT_STATUS_OK) {
    printf("%s begins with %g\n", output.name.data, (double)*(const float*)output.data);
  }
  free((void*)input.data);
  keraft_arrays_destroy(outputs);
  keraft_runner_destroy(runner);
  return error ? fail("run", error) : 0;
}

int main(int argc, char** argv) {
  keraft_context_options options = KERAFT_CONTEXT_OPTIONS_INIT;
  keraft_context* context = NULL;
  keraft_model* model = NULL;
  keraft_error* error = NULL;
  int progress = 0, failed;
  long count = 0;
  if (argc != 3 || keraft_test_struct_sizes() == 0) return 2;
  options.threads = 1;
  options.progress = count_progress;
  options.progress_user_data = &progress;
  if (keraft_context_create(&options, &context, &error) != KERAFT_STATUS_OK) return fail("context", error);
  failed = convert(context, argv[1], argv[2]);
  if (!failed && keraft_model_load(context, keraft_str_of(argv[2]), NULL, &model, &error) != KERAFT_STATUS_OK) {
    failed = fail("load", error);
  }
  if (!failed) count = parameters(model);
  if (!failed && count <= 0) failed = fail("parameters", NULL);
  if (!failed) failed = run(context, model);
  printf("keraft %s, %ld parameters\n", keraft_version(), count);
  keraft_model_destroy(model);
  keraft_context_destroy(context);
  return failed;
}
