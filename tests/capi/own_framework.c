/* Into your own framework: a network that is written by hand, with layouts of its own, takes its weights from any file that
 * keraft reads, slot by slot, and computes what keraft computes.
 *   own_framework SOURCE
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keraft.h"

/* ---- the framework: numbers are float, images are [channel][row][column] ---- */

enum { side = 8, most = 32 * side * side };

typedef struct toy_conv {
  int in, out, size;
  float* kernel; /* [out][in][size][size] */
  float* bias;
} toy_conv;

typedef struct toy_dense {
  int in, out;
  float* kernel; /* [out][in] */
  float* bias;
} toy_dense;

/* "same" padding, then max(0, y) */
static void conv_run(const toy_conv* layer, int n, const float* x, float* y) {
  const int half = layer->size / 2;
  for (int o = 0; o < layer->out; ++o) {
    for (int r = 0; r < n * n; ++r) {
      float sum = layer->bias[o];
      for (int i = 0; i < layer->in; ++i) {
        for (int k = 0; k < layer->size * layer->size; ++k) {
          const int row = r / n + k / layer->size - half, column = r % n + k % layer->size - half;
          if (row < 0 || column < 0 || row >= n || column >= n) continue;
          sum += x[(i * n + row) * n + column] * layer->kernel[(o * layer->in + i) * layer->size * layer->size + k];
        }
      }
      y[o * n * n + r] = sum > 0 ? sum : 0;
    }
  }
}

static void pool_run(int channels, int n, const float* x, float* y) {
  for (int c = 0; c < channels; ++c) {
    for (int r = 0; r < n * n / 4; ++r) {
      const float* at = x + (c * n + r / (n / 2) * 2) * n + r % (n / 2) * 2;
      y[c * n * n / 4 + r] = fmaxf(fmaxf(at[0], at[1]), fmaxf(at[n], at[n + 1]));
    }
  }
}

static void dense_run(const toy_dense* layer, int relu, const float* x, float* y) {
  for (int o = 0; o < layer->out; ++o) {
    float sum = layer->bias[o];
    for (int i = 0; i < layer->in; ++i) sum += x[i] * layer->kernel[o * layer->in + i];
    y[o] = relu && sum < 0 ? 0 : sum;
  }
}

/* ---- filling it ---- */

static int fail(const char* what, keraft_error* error) {
  fprintf(stderr, "%s: %s\n", what, error ? keraft_error_get_text(error).data : "failed");
  keraft_error_destroy(error);
  return 1;
}

/* The index of the layer of this name, or -1. */
static long find_layer(const keraft_model* model, const char* name) {
  for (size_t i = 0; i < keraft_model_get_layer_count(model); ++i) {
    keraft_layer layer = KERAFT_LAYER_INIT;
    keraft_error* error = NULL;
    if (keraft_model_get_layer(model, i, &layer, &error) != KERAFT_STATUS_OK) return -fail("layer", error);
    if (strcmp(layer.name.data, name) == 0) return (long)i;
  }
  return -fail(name, NULL);
}

/* A slot as floats with these sizes, axis `order[k]` of Keras' layout as the k-th: NULL when it is something else. */
static float* pull(const keraft_model* model, size_t layer, size_t slot, int rank, const int* order, const int64_t* sizes) {
  keraft_tensor_view view = KERAFT_TENSOR_VIEW_INIT;
  keraft_error* error = NULL;
  float* out = NULL;
  size_t count = 1;
  if (keraft_model_load_slot(model, layer, slot, &view, &error) != KERAFT_STATUS_OK) {
    fail("weight", error);
    return NULL;
  }
  int fits = view.dtype == KERAFT_DTYPE_F32 && view.rank == rank && view.byte_strides == NULL;
  for (int k = 0; fits && k < rank; ++k) {
    fits = view.shape[order[k]] == sizes[k];
    count *= (size_t)sizes[k];
  }
  if (fits) out = malloc(count * sizeof(float));
  for (size_t i = 0; out && i < count; ++i) {
    size_t rest = i, from = 0, index[8] = {0};
    for (int k = rank; k-- > 0; rest /= (size_t)sizes[k]) index[order[k]] = rest % (size_t)sizes[k];
    for (int k = 0; k < rank; ++k) from = from * (size_t)view.shape[k] + index[k];
    out[i] = ((const float*)view.data)[from];
  }
  view.release(&view);
  return out;
}

static int conv_fill(toy_conv* layer, const keraft_model* model, const char* name) {
  const int oihw[] = {3, 2, 0, 1}, plain[] = {0}; /* Keras: [row, column, in, out] */
  const int64_t sizes[] = {layer->out, layer->in, layer->size, layer->size};
  const long at = find_layer(model, name);
  if (at < 0) return 1;
  layer->kernel = pull(model, (size_t)at, 0, 4, oihw, sizes);
  layer->bias = pull(model, (size_t)at, 1, 1, plain, sizes);
  return layer->kernel && layer->bias ? 0 : fail(name, NULL);
}

static int dense_fill(toy_dense* layer, const keraft_model* model, const char* name) {
  const int turned[] = {1, 0}, plain[] = {0};
  const int64_t sizes[] = {layer->out, layer->in};
  const long at = find_layer(model, name);
  if (at < 0) return 1;
  layer->kernel = pull(model, (size_t)at, 0, 2, turned, sizes);
  layer->bias = pull(model, (size_t)at, 1, 1, plain, sizes);
  return layer->kernel && layer->bias ? 0 : fail(name, NULL);
}

/* Any source: a graph becomes layers first. */
static keraft_model* load_layers(const char* path) {
  keraft_model *model = NULL, *layers = NULL;
  keraft_error* error = NULL;
  if (keraft_model_load(NULL, keraft_str_of(path), NULL, &model, &error) != KERAFT_STATUS_OK) {
    fail("load", error);
    return NULL;
  }
  if (keraft_model_get_layer_count(model) > 0) return model;
  if (keraft_model_convert(NULL, model, NULL, &layers, NULL, &error) != KERAFT_STATUS_OK) fail("convert", error);
  keraft_model_destroy(model);
  return layers;
}

/* What keraft computes for the image; the number of results, or -1. */
static int reference(const keraft_model* model, const float* image, float* out, int size) {
  const int64_t shape[] = {1, side, side, 1};
  keraft_port port = KERAFT_PORT_INIT;
  keraft_tensor_view input = KERAFT_TENSOR_VIEW_INIT, output = KERAFT_TENSOR_VIEW_INIT;
  keraft_runner* runner = NULL;
  keraft_arrays* arrays = NULL;
  keraft_error* error = NULL;
  int count = -1;
  if (keraft_model_get_input(model, 0, &port, &error) == KERAFT_STATUS_OK &&
      keraft_runner_create(NULL, model, &runner, &error) == KERAFT_STATUS_OK) {
    input.name = port.name;
    input.dtype = KERAFT_DTYPE_F32;
    input.rank = 4;
    input.shape = shape;
    input.data = image;
    if (keraft_runner_run(runner, &input, 1, NULL, 0, &arrays, &error) == KERAFT_STATUS_OK &&
        keraft_arrays_get_view(arrays, 0, &output, &error) == KERAFT_STATUS_OK && output.rank == 2 && output.shape[1] <= size) {
      count = (int)output.shape[1];
      memcpy(out, output.data, (size_t)count * sizeof(float));
    }
  }
  if (error) fail("run", error);
  keraft_arrays_destroy(arrays);
  keraft_runner_destroy(runner);
  return count;
}

int main(int argc, char** argv) {
  toy_conv first = {1, 12, 3, NULL, NULL}, second = {12, 20, 3, NULL, NULL};
  toy_dense hidden = {80, 48, NULL, NULL}, last = {48, 10, NULL, NULL};
  float a[most], b[most], image[side * side], flat[80], expected[10], worst = 0, sum = 0;
  int failed;
  keraft_model* model;
  if (argc != 2) return 2;
  model = load_layers(argv[1]);
  if (!model) return 1;
  failed = conv_fill(&first, model, "conv1") || conv_fill(&second, model, "conv2") || dense_fill(&hidden, model, "hidden") ||
           dense_fill(&last, model, "digit");
  for (int i = 0; i < side * side; ++i) image[i] = (float)(i * 7 % 17) / 17;
  if (!failed && reference(model, image, expected, 10) != 10) failed = fail("reference", NULL);
  if (!failed) {
    conv_run(&first, side, image, a);
    pool_run(first.out, side, a, b);
    conv_run(&second, side / 2, b, a);
    pool_run(second.out, side / 2, a, b);
    /* Keras flattens [row][column][channel]. */
    for (int i = 0; i < 80; ++i) flat[i] = b[i % 20 * 4 + i / 20];
    dense_run(&hidden, 1, flat, a);
    dense_run(&last, 0, a, b);
    /* The model ends in a softmax. */
    for (int i = 0; i < 10; ++i) sum += expf(b[i]);
    for (int i = 0; i < 10; ++i) worst = fmaxf(worst, fabsf(expf(b[i]) / sum - expected[i]));
    printf("the framework's own results are within %g of keraft's\n", (double)worst);
    failed = worst < 1e-5F ? 0 : fail("results", NULL);
  }
  free(first.kernel), free(first.bias), free(second.kernel), free(second.bias);
  free(hidden.kernel), free(hidden.bias), free(last.kernel), free(last.bias);
  keraft_model_destroy(model);
  return failed;
}
