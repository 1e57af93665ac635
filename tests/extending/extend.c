/* Acme's ops with functions in C: extend GRAPH TARGET */
#include <math.h>
#include <stdio.h>

#include "keraft.h"

static const char rules[] =
    "op AcmeShift { in x  in shift  out y  attr T = float32  means { y = AddV2(x, shift) } }\n"
    "op AcmeGate  { in x  in gate   out y  attr T = float32  attr sharpness = 1.0 }\n"
    "layer Gate {\n"
    "  registered \"acme>Gate\"\n"
    "  config sharpness = 1.0\n"
    "  weight gate [channels]\n"
    "  form { y = AcmeGate(x, @gate, sharpness=$sharpness) }\n"
    "}\n"
    "more Dense { reads { h = MatMul(x, @kernel)  y = AcmeShift(h, @bias) } {use_bias: true} }\n";

/* The result is like the first input, whose last size is that of the gate. */
static int32_t gate_shape(keraft_op_call* call, void* user_data) {
  keraft_tensor_view x = KERAFT_TENSOR_VIEW_INIT, gate = KERAFT_TENSOR_VIEW_INIT;
  (void)user_data;
  if (keraft_op_call_get_input(call, 0, &x, NULL) != KERAFT_STATUS_OK) return 1;
  if (keraft_op_call_get_input(call, 1, &gate, NULL) != KERAFT_STATUS_OK) return 1;
  if (x.dtype != KERAFT_DTYPE_F32 || gate.rank != 1 || x.rank < 1 || gate.shape[0] != x.shape[x.rank - 1]) {
    keraft_op_call_fail(call, keraft_str_of("wants float32, and a gate for each channel"));
    return 1;
  }
  return keraft_op_call_set_output(call, 0, x.dtype, x.shape, x.rank, NULL);
}

static int32_t gate_kernel(keraft_op_call* call, void* user_data) {
  keraft_tensor_view x = KERAFT_TENSOR_VIEW_INIT, gate = KERAFT_TENSOR_VIEW_INIT;
  double sharpness = 0;
  void* out = NULL;
  if (keraft_op_call_get_input(call, 0, &x, NULL) != KERAFT_STATUS_OK) return 1;
  if (keraft_op_call_get_input(call, 1, &gate, NULL) != KERAFT_STATUS_OK) return 1;
  if (keraft_op_call_get_number(call, keraft_str_of("sharpness"), &sharpness, NULL) != KERAFT_STATUS_OK) return 1;
  if (keraft_op_call_get_output(call, 0, &out, NULL) != KERAFT_STATUS_OK) return 1;
  const float *from = x.data, *factor = gate.data;
  float* to = out;
  int64_t elements = 1;
  for (int32_t axis = 0; axis < x.rank; ++axis) elements *= x.shape[axis];
  for (int64_t i = 0; i < elements; ++i) {
    to[i] = from[i] / (1.0F + expf(-(float)sharpness * factor[i % gate.shape[0]] * from[i]));
  }
  ++*(int*)user_data;
  return 0;
}

static int32_t to_stdout(const char* bytes, size_t size, void* user_data) {
  (void)user_data;
  return fwrite(bytes, 1, size, stdout) == size ? 0 : 1;
}

int main(int argc, char** argv) {
  keraft_error* error = NULL;
  keraft_registry* registry = NULL;
  keraft_report* report = NULL;
  keraft_op_functions gate = KERAFT_OP_FUNCTIONS_INIT;
  keraft_load_options load = KERAFT_LOAD_OPTIONS_INIT;
  keraft_file_convert_options options = KERAFT_FILE_CONVERT_OPTIONS_INIT;
  int kernels_run = 0;
  if (argc != 3) return 2;

  gate.op = keraft_str_of("AcmeGate");
  gate.shape = gate_shape;
  gate.kernel = gate_kernel;
  gate.user_data = &kernels_run;
  if (keraft_registry_create(&registry, &error) != KERAFT_STATUS_OK ||
      keraft_registry_add_rules(registry, keraft_str_of(rules), keraft_str_of("Acme"), &gate, 1, &error) != KERAFT_STATUS_OK) {
    fprintf(stderr, "%s\n", keraft_error_get_text(error).data);
    return 1;
  }

  load.registry = registry;
  options.load = &load;
  if (keraft_file_convert(NULL, keraft_str_of(argv[1]), keraft_str_of(argv[2]), &options, &report, &error) !=
      KERAFT_STATUS_OK) {
    fprintf(stderr, "%s\n", keraft_error_get_text(error).data);
    return 1;
  }
  keraft_report_write(report, KERAFT_FORMAT_TEXT, to_stdout, NULL, NULL);
  const int good = keraft_report_get_status(report) == KERAFT_STATUS_OK && kernels_run > 0;
  keraft_report_destroy(report);
  keraft_registry_destroy(registry);
  return good ? 0 : 1;
}
