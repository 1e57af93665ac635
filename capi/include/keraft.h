/* keraft: TensorFlow graphs to Keras layers. The stable C interface (C99, usable from C++).
 *
 * Calls: keraft_status keraft_noun_verb(self, inputs, outputs, keraft_error **error); only what cannot fail returns its value.
 * `error` may be NULL. On failure outputs are NULL or zero unless stated, and *error (when asked for) owns the details.
 *
 * Ownership: _create, _load, _convert, _run give a handle, marked KERAFT_OWN, to be ended with its _destroy; _destroy(NULL)
 * does nothing. _get_ lends: what it returns lives as long as its handle and is not to be freed.
 *
 * Strings in: bytes and size, UTF-8, no NUL needed. Out: a view that also ends in NUL and lives as long as its handle.
 *
 * Options: structs with struct_size first, made by their _INIT macro; NULL and zero members mean the defaults.
 *
 * Threads: no global state. A const handle may be used by several threads at once, a non-const one by one thread at a time.
 * Handles may move between threads. Callbacks are called on the calling thread, return 0 to go on, must not longjmp and must
 * not destroy the handle in use.
 *
 * Promise: nothing here prints, exits, aborts, installs signal handlers or throws. Within one major version functions,
 * constants and struct members are only added. Every function is there since 0.1 unless it says otherwise.
 */
#ifndef KERAFT_H
#define KERAFT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#define KERAFT_API __declspec(dllimport)
#else
#define KERAFT_API __attribute__((visibility("default")))
#endif

/** Marks what the caller owns. */
#define KERAFT_OWN

#define KERAFT_VERSION_MAJOR 0
#define KERAFT_VERSION_MINOR 1
#define KERAFT_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* ---- constants ---- */

/** How a call ended. Decide by these, never by texts. */
typedef int32_t keraft_status;
enum {
  KERAFT_STATUS_OK = 0,
  KERAFT_STATUS_ARGUMENT = 1,    /**< the caller's fault: option, name or path */
  KERAFT_STATUS_IO = 2,          /**< the system refused: missing, permission, disk full */
  KERAFT_STATUS_FORMAT = 3,      /**< a file is malformed, truncated, contradictory or ambiguous */
  KERAFT_STATUS_UNSUPPORTED = 4, /**< understood, but nothing here can express it */
  KERAFT_STATUS_MISMATCH = 5,    /**< two things that must agree do not */
  KERAFT_STATUS_MEMORY = 6,      /**< over the budget, or out of memory */
  KERAFT_STATUS_CANCELLED = 7,   /**< a callback asked to stop */
  KERAFT_STATUS_INTERNAL = 8     /**< a bug in keraft */
};

/** What a file is. */
typedef int32_t keraft_kind;
enum {
  KERAFT_KIND_BY_NAME = 0, /**< for writing only: from the name's ending */
  KERAFT_KIND_GRAPHDEF = 1,
  KERAFT_KIND_GRAPHDEF_TEXT = 2,
  KERAFT_KIND_SAVED_MODEL = 3,
  KERAFT_KIND_META_GRAPH = 4,
  KERAFT_KIND_CHECKPOINT = 5,
  KERAFT_KIND_KERAS_H5 = 6,
  KERAFT_KIND_KERAS_V3 = 7,
  KERAFT_KIND_PYTHON = 8 /**< for writing only: Keras or TensorFlow code, with its weights in an .npz beside it */
};

/** Element types; the values are TensorFlow's. */
typedef int32_t keraft_dtype;
enum {
  KERAFT_DTYPE_INVALID = 0,
  KERAFT_DTYPE_F32 = 1,
  KERAFT_DTYPE_F64 = 2,
  KERAFT_DTYPE_I32 = 3,
  KERAFT_DTYPE_U8 = 4,
  KERAFT_DTYPE_I16 = 5,
  KERAFT_DTYPE_I8 = 6,
  KERAFT_DTYPE_STRING = 7,
  KERAFT_DTYPE_C64 = 8,
  KERAFT_DTYPE_I64 = 9,
  KERAFT_DTYPE_BOOL = 10,
  KERAFT_DTYPE_BF16 = 14,
  KERAFT_DTYPE_U16 = 17,
  KERAFT_DTYPE_C128 = 18,
  KERAFT_DTYPE_F16 = 19,
  KERAFT_DTYPE_U32 = 22,
  KERAFT_DTYPE_U64 = 23,
  KERAFT_DTYPE_F8E5M2 = 24,
  KERAFT_DTYPE_F8E4M3FN = 25,
  KERAFT_DTYPE_I4 = 29,
  KERAFT_DTYPE_U4 = 30
};

/** How far a conversion may go where no Keras layer fits. */
typedef int32_t keraft_allow;
enum {
  KERAFT_ALLOW_DEFAULT = 0, /**< layers, keras.ops nodes and generated layers that work */
  KERAFT_ALLOW_LAYERS = 1,  /**< Keras' own layers alone */
  KERAFT_ALLOW_OPS = 2,     /**< and keras.ops nodes */
  KERAFT_ALLOW_CUSTOM = 3 /**< and generated custom layers; for ops that are unknown, classes whose call is yet to be written */
};

/** Which axis of images the layers take for the channels. Inputs and outputs of the model stay as they are. */
typedef int32_t keraft_data_format;
enum {
  KERAFT_DATA_FORMAT_DEFAULT = 0,       /**< the same as KERAFT_DATA_FORMAT_CHANNELS_LAST */
  KERAFT_DATA_FORMAT_CHANNELS_LAST = 1, /**< what Keras runs everywhere */
  KERAFT_DATA_FORMAT_KEEP = 2           /**< as the graph has it */
};

/** What a conversion is to. */
typedef int32_t keraft_language;
enum {
  KERAFT_LANGUAGE_KERAS = 0,     /**< layers; those of a Keras file are kept, in the words that every Keras reads */
  KERAFT_LANGUAGE_TENSORFLOW = 1 /**< TensorFlow's ops: what layers compute; a graph stays as it is */
};

/** What decides which weight of one file belongs where in the model of another. */
typedef int32_t keraft_match_by;
enum {
  KERAFT_MATCH_BY_EVIDENCE = 0, /**< the order of the layers, then names; what contradicts itself is refused */
  KERAFT_MATCH_BY_ORDER = 1,
  KERAFT_MATCH_BY_NAMES = 2
};

/** How a source of weights lays out the kernels of dense and convolution layers. */
typedef int32_t keraft_kernel_layout;
enum {
  KERAFT_KERNEL_LAYOUT_KERAS = 0,       /**< inputs, then outputs, last (HWIO) */
  KERAFT_KERNEL_LAYOUT_OUTPUT_FIRST = 1 /**< outputs, then inputs, first (OIHW), as PyTorch has them */
};

typedef int32_t keraft_format;
enum { KERAFT_FORMAT_JSON = 1, KERAFT_FORMAT_TEXT = 2, KERAFT_FORMAT_HTML = 3 };

/** The part of a file conversion in which it ended. */
typedef int32_t keraft_stage;
enum {
  KERAFT_STAGE_DONE = 0,
  KERAFT_STAGE_LOAD = 1,
  KERAFT_STAGE_CONVERT = 2,
  KERAFT_STAGE_WRITE = 3,
  KERAFT_STAGE_VERIFY = 4
};

/** Flags of a keraft_tensor_view. */
#define KERAFT_TENSOR_READ_ONLY UINT64_C(1)
#define KERAFT_TENSOR_IS_COPY UINT64_C(2) /**< made for this view; else it shows storage that the model holds too */

/** keraft_error_get_offset when there is none. */
#define KERAFT_NO_OFFSET UINT64_MAX

/* ---- values ---- */

/** Bytes; UTF-8 unless stated. {NULL, 0} is the empty string. */
typedef struct keraft_str {
  const char* data;
  size_t size;
} keraft_str;

/** A view of a C string, NULL included. */
static inline keraft_str keraft_str_of(const char* text) {
  keraft_str view;
  view.data = text;
  view.size = text ? strlen(text) : 0;
  return view;
}

/** Takes `size` bytes of output; non-zero stops with KERAFT_STATUS_CANCELLED. */
typedef int32_t (*keraft_write_fn)(const char* bytes, size_t size, void* user_data);
/** Non-zero stops the call with KERAFT_STATUS_CANCELLED. Asked often; must be quick. */
typedef int32_t (*keraft_cancel_fn)(void* user_data);
/** `done` goes from 0 to 1 in each stage; non-zero stops the call with KERAFT_STATUS_CANCELLED. */
typedef int32_t (*keraft_progress_fn)(keraft_str stage, double done, void* user_data);

/** One call of an op of the caller's; lives as long as the callback that gets it. */
typedef struct keraft_op_call keraft_op_call;
/** Computes a node; non-zero refuses it, with the message given to keraft_op_call_fail. Called on the thread of the call that
 * loads, converts or runs. */
typedef int32_t (*keraft_op_fn)(keraft_op_call* call, void* user_data);

/** What a rules text cannot say about an op. */
typedef struct keraft_op_functions {
  size_t struct_size;
  keraft_str op;       /**< the name of an op that the rules describe */
  keraft_op_fn shape;  /**< calls keraft_op_call_set_output for every output; sizes may be unknown. NULL: as the rules say */
  keraft_op_fn kernel; /**< fills what keraft_op_call_get_output gives; all sizes are known. NULL: as the rules say, or none */
  void* user_data;     /**< must outlive every model that was loaded with the registry */
} keraft_op_functions;
#define KERAFT_OP_FUNCTIONS_INIT \
  { sizeof(keraft_op_functions), {NULL, 0}, NULL, NULL, NULL }

/** A dense array: a weight that is lent, or an array of a run. May be moved bitwise. */
typedef struct keraft_tensor_view {
  size_t struct_size;
  uint64_t flags;              /**< KERAFT_TENSOR_… */
  const void* data;            /**< little-endian elements; NULL only when there are none */
  const int64_t* shape;        /**< rank sizes; NULL when rank is 0 */
  const int64_t* byte_strides; /**< rank strides; NULL: row-major without gaps */
  keraft_str name;
  int32_t rank;
  keraft_dtype dtype;
  void (*release)(struct keraft_tensor_view* self); /**< ends the view and sets itself to NULL; NULL: nothing to end */
  void* private_data;                               /**< for `release` */
} keraft_tensor_view;
#define KERAFT_TENSOR_VIEW_INIT \
  { sizeof(keraft_tensor_view), 0, NULL, NULL, NULL, {NULL, 0}, 0, 0, NULL, NULL }

/** An input or output of a model. The pointers live as long as the model. */
typedef struct keraft_port {
  size_t struct_size;
  keraft_str name;
  keraft_str shape_text; /**< "[B, 224, 224, 3]", "?" when the rank is unknown */
  const int64_t* shape;  /**< -1 where a size is free; NULL when the rank is unknown or 0 */
  int32_t rank;          /**< -1: unknown */
  keraft_dtype dtype;
} keraft_port;
#define KERAFT_PORT_INIT \
  { sizeof(keraft_port), {NULL, 0}, {NULL, 0}, NULL, 0, 0 }

/** A layer of a Keras model. */
typedef struct keraft_layer {
  size_t struct_size;
  keraft_str name;
  keraft_str class_name; /**< "Conv2D" */
  size_t slot_count;     /**< weights, in Keras' order */
  int32_t trainable;
  int32_t reserved;
} keraft_layer;
#define KERAFT_LAYER_INIT \
  { sizeof(keraft_layer), {NULL, 0}, {NULL, 0}, 0, 0, 0 }

/** A node that has no place in a Keras model. */
typedef struct keraft_unsupported {
  size_t struct_size;
  keraft_str node;
  keraft_str op;
  keraft_str reason;
} keraft_unsupported;
#define KERAFT_UNSUPPORTED_INIT                                   \
  {                                                               \
    sizeof(keraft_unsupported), {NULL, 0}, {NULL, 0}, { NULL, 0 } \
  }

/** The figures of a comparison. */
typedef struct keraft_comparison {
  size_t struct_size;
  uint64_t seed;
  double max_abs;
  double max_rel; /**< relative to the largest magnitude of the tensor compared */
  double rtol;
  double atol;
  keraft_str first_difference; /**< the first layer over the tolerance; empty when equal */
  size_t layer_count;
  int32_t samples;
  int32_t equal;
} keraft_comparison;
#define KERAFT_COMPARISON_INIT \
  { sizeof(keraft_comparison), 0, 0, 0, 0, 0, {NULL, 0}, 0, 0, 0 }

/* ---- options ---- */

/** Limits of 0 are the defaults: 8 GiB, 4,000,000 nodes, 32,000,000 edges, 2^40 elements of work, depth 64. */
typedef struct keraft_context_options {
  size_t struct_size;
  uint64_t max_bytes; /**< memory held for file contents and tensors of a run */
  uint64_t max_nodes;
  uint64_t max_edges;
  uint64_t max_work; /**< elements produced by one run or by folding */
  int32_t max_depth; /**< nesting of messages, functions, models */
  int32_t threads;   /**< 0: all cores; 1: never starts one */
  keraft_cancel_fn cancel;
  void* cancel_user_data;
  keraft_progress_fn progress;
  void* progress_user_data;
} keraft_context_options;
#define KERAFT_CONTEXT_OPTIONS_INIT \
  { sizeof(keraft_context_options), 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL }

/** A shape where the source has none: sizes separated by commas, letters for free ones: "B,224,224,3". */
typedef struct keraft_input_shape {
  keraft_str name;
  keraft_str sizes;
} keraft_input_shape;

/** What computed a Keras model when it was saved. Theano turns the kernels of convolutions around. */
typedef int32_t keraft_backend;
enum { KERAFT_BACKEND_UNKNOWN = 0, KERAFT_BACKEND_TENSORFLOW = 1, KERAFT_BACKEND_THEANO = 2 };

typedef struct keraft_load_options {
  size_t struct_size;
  keraft_str checkpoint;  /**< prefix, for a meta graph whose checkpoint does not lie beside it */
  keraft_str signature;   /**< key; empty: serving_default, or the only one */
  const keraft_str* tags; /**< none: "serve", or the only meta graph */
  size_t tag_count;
  const keraft_str* inputs; /**< node or tensor names; none: from the signature, or found */
  size_t input_count;
  const keraft_str* outputs;
  size_t output_count;
  const keraft_input_shape* shapes;
  size_t shape_count;
  int32_t infer; /**< non-zero drops what acts in training only (dropout, loss, optimizer); otherwise kept where Keras can */
  int32_t ema;   /**< non-zero takes exponential moving averages instead of the variables that they follow */
  const struct keraft_registry* registry; /**< NULL: keraft's own ops and layers; the model keeps a copy */
  int32_t follow_links;   /**< non-zero: a SavedModel's links may lead out of its folder, as in some download caches */
  keraft_backend backend; /**< of a Keras file that does not say which wrote it; 0: not known */
} keraft_load_options;
#define KERAFT_LOAD_OPTIONS_INIT \
  { sizeof(keraft_load_options), {NULL, 0}, {NULL, 0}, NULL, 0, NULL, 0, NULL, 0, NULL, 0, 0, 0, NULL, 0, 0 }

typedef struct keraft_convert_options {
  size_t struct_size;
  keraft_allow allow;
  keraft_data_format data_format;
  int32_t unfold_batch_norm; /**< non-zero: an identity BatchNormalization behind what an exporter folded one into */
  keraft_language to;        /**< keraft_file_convert() takes it from the kind of the target */
} keraft_convert_options;
#define KERAFT_CONVERT_OPTIONS_INIT \
  { sizeof(keraft_convert_options), 0, 0, 0, 0 }

typedef struct keraft_write_options {
  size_t struct_size;
  keraft_str keras;        /**< the Keras that must load the file: "", "2", "2.10", "3", … */
  keraft_language flavour; /**< of Python: Keras code, or variables and TensorFlow's ops */
  int32_t train;           /**< non-zero: TensorFlow code has a training step too */
  keraft_str signature;    /**< a key that a SavedModel is to have beside "serving_default"; "": none */
} keraft_write_options;
#define KERAFT_WRITE_OPTIONS_INIT                              \
  {                                                            \
    sizeof(keraft_write_options), {NULL, 0}, 0, 0, { NULL, 0 } \
  }

typedef struct keraft_verify_options {
  size_t struct_size;
  uint64_t seed;   /**< 0: 1 */
  double rtol;     /**< of the largest magnitude in the tensor compared; 0: 1e-4; negative: none */
  double atol;     /**< 0: 1e-6; negative: none */
  int32_t samples; /**< random input sets, each with batch 1 and 3 where the batch is free; 0: 2 */
  int32_t reserved;
} keraft_verify_options;
#define KERAFT_VERIFY_OPTIONS_INIT \
  { sizeof(keraft_verify_options), 0, 0, 0, 0, 0 }

typedef struct keraft_file_convert_options {
  size_t struct_size;
  const keraft_load_options* load;
  const keraft_convert_options* convert;
  const keraft_write_options* write;
  const keraft_verify_options* verify;
  keraft_kind kind;
  int32_t no_verify; /**< non-zero leaves out the comparison of the source with the written file */
} keraft_file_convert_options;
#define KERAFT_FILE_CONVERT_OPTIONS_INIT \
  { sizeof(keraft_file_convert_options), NULL, NULL, NULL, NULL, 0, 0 }

/** Components of a name ("scope/dense"), and what replaces them. */
typedef struct keraft_rename {
  keraft_str from;
  keraft_str to;
} keraft_rename;

typedef struct keraft_transfer_options {
  size_t struct_size;
  keraft_str prefix;            /**< only weights with a name below it are taken, by the rest of that name */
  const keraft_rename* renames; /**< of the source's names, one after the other */
  size_t rename_count;
  keraft_match_by by;
  keraft_kernel_layout layout;
  int32_t partial;  /**< non-zero: weights that nothing fits keep the model's values */
  int32_t reserved; /**< 0 */
} keraft_transfer_options;
#define KERAFT_TRANSFER_OPTIONS_INIT \
  { sizeof(keraft_transfer_options), {NULL, 0}, NULL, 0, 0, 0, 0, 0 }

typedef struct keraft_file_transfer_options {
  size_t struct_size;
  const keraft_load_options* load; /**< of the weights; its registry is for the model too */
  const keraft_transfer_options* transfer;
  const keraft_write_options* write;
  keraft_kind kind; /**< of the target: a Keras file */
  int32_t reserved; /**< 0 */
} keraft_file_transfer_options;
#define KERAFT_FILE_TRANSFER_OPTIONS_INIT \
  { sizeof(keraft_file_transfer_options), NULL, NULL, NULL, 0, 0 }

/* ---- handles ---- */

typedef struct keraft_error keraft_error;
/** Limits, threads and callbacks of calls. Immutable. Wherever one is taken, NULL means the defaults. */
typedef struct keraft_context keraft_context;
/** The ops and layers that are known: keraft's own, and the caller's. */
typedef struct keraft_registry keraft_registry;
/** A loaded file or a conversion. Weights stay in their files until they are asked for; those must not change meanwhile. */
typedef struct keraft_model keraft_model;
/** What a conversion or comparison found. */
typedef struct keraft_report keraft_report;
/** A model made ready to run. */
typedef struct keraft_runner keraft_runner;
/** Named arrays: the result of a run. */
typedef struct keraft_arrays keraft_arrays;

/* ---- version ---- */

/** "0.1.0": of the library, not of this header. */
KERAFT_API const char* keraft_version(void);
/** major * 1,000,000 + minor * 1,000 + patch, of the library. */
KERAFT_API uint32_t keraft_version_number(void);

/* ---- error ---- */

/** KERAFT_STATUS_OK for NULL. */
KERAFT_API keraft_status keraft_error_get_status(const keraft_error* self);
/** Place and message in one line, safe to print: names from files are escaped. Empty for NULL, as all below. */
KERAFT_API keraft_str keraft_error_get_text(const keraft_error* self);
/** What is wrong and what to do, without the place. */
KERAFT_API keraft_str keraft_error_get_message(const keraft_error* self);
/** Path of the file, when the error is about one. */
KERAFT_API keraft_str keraft_error_get_file(const keraft_error* self);
/** Node, tensor, dataset or key, as in the file: any bytes. */
KERAFT_API keraft_str keraft_error_get_name(const keraft_error* self);
/** Bytes from the start of the file, or KERAFT_NO_OFFSET. */
KERAFT_API uint64_t keraft_error_get_offset(const keraft_error* self);
KERAFT_API void keraft_error_destroy(keraft_error* self);

/* ---- context ---- */

/** KERAFT_STATUS_ARGUMENT for negative threads or depth. */
KERAFT_API keraft_status keraft_context_create(const keraft_context_options* options, KERAFT_OWN keraft_context** out,
                                               keraft_error** error);
KERAFT_API void keraft_context_destroy(keraft_context* self);

/* ---- registry: ops and layers of the caller's, see docs/extending.md ---- */

/** With keraft's own ops and layers in it. */
KERAFT_API keraft_status keraft_registry_create(KERAFT_OWN keraft_registry** out, keraft_error** error);
/** Models that were loaded with it stay as they are. */
KERAFT_API void keraft_registry_destroy(keraft_registry* self);
/** Adds the ops and layers of a rules text, all or none. `origin` (may be empty) names the text in errors. `functions` complete
 * ops that the text describes. KERAFT_STATUS_ARGUMENT, with line and column: the text does not parse, or a name is taken. */
KERAFT_API keraft_status keraft_registry_add_rules(keraft_registry* self, keraft_str text, keraft_str origin,
                                                   const keraft_op_functions* functions, size_t function_count,
                                                   keraft_error** error);
/** The same for a file. */
KERAFT_API keraft_status keraft_registry_load_rules(keraft_registry* self, keraft_str path, keraft_error** error);
/** The tables of ops and layers. JSON or text. */
KERAFT_API keraft_status keraft_registry_write(const keraft_registry* self, keraft_format format, keraft_write_fn write,
                                               void* user_data, keraft_error** error);

KERAFT_API size_t keraft_op_call_get_input_count(const keraft_op_call* self);
/** Type and sizes; in a kernel the elements too, row-major. A size that is not known yet is negative: equal sizes by equal
 * numbers, which keraft_op_call_set_output takes. Rank -1: not even that is known. */
KERAFT_API keraft_status keraft_op_call_get_input(keraft_op_call* self, size_t index, keraft_tensor_view* out,
                                                  keraft_error** error);
/** An attribute of the node, or its default. KERAFT_STATUS_MISMATCH when it is missing or of another kind. */
KERAFT_API keraft_status keraft_op_call_get_number(const keraft_op_call* self, keraft_str attribute, double* out,
                                                   keraft_error** error);
KERAFT_API keraft_status keraft_op_call_get_integer(const keraft_op_call* self, keraft_str attribute, int64_t* out,
                                                    keraft_error** error);
/** Lent as long as the call. */
KERAFT_API keraft_status keraft_op_call_get_text(const keraft_op_call* self, keraft_str attribute, keraft_str* out,
                                                 keraft_error** error);
/** In a shape function. `rank` sizes, numbers or negative ones of an input; rank -1: unknown. */
KERAFT_API keraft_status keraft_op_call_set_output(keraft_op_call* self, size_t index, keraft_dtype dtype, const int64_t* shape,
                                                   int32_t rank, keraft_error** error);
/** In a kernel: the memory of an output, with the type and sizes that the shape function gave it; to be filled. */
KERAFT_API keraft_status keraft_op_call_get_output(keraft_op_call* self, size_t index, void** data, keraft_error** error);
/** Why the callback is about to return non-zero. */
KERAFT_API void keraft_op_call_fail(keraft_op_call* self, keraft_str message);

/* ---- model ---- */

/** Reads a file or folder of any kind, decided by its contents.
 * KERAFT_STATUS_IO: not readable; _ARGUMENT: no regular file, or a name in `options` that is not there; _FORMAT: malformed, or
 * more than one way to read it (the message lists them); _UNSUPPORTED; _MEMORY: over the limits. */
KERAFT_API keraft_status keraft_model_load(const keraft_context* context, keraft_str path, const keraft_load_options* options,
                                           KERAFT_OWN keraft_model** out, keraft_error** error);
KERAFT_API void keraft_model_destroy(keraft_model* self);

KERAFT_API keraft_kind keraft_model_get_kind(const keraft_model* self);
KERAFT_API keraft_str keraft_model_get_path(const keraft_model* self);
/** "TensorFlow 2.15 (producer 1645)", "Keras 3.15.1"; empty when unknown. */
KERAFT_API keraft_str keraft_model_get_producer(const keraft_model* self);
KERAFT_API size_t keraft_model_get_signature_count(const keraft_model* self);
/** Empty past the end. */
KERAFT_API keraft_str keraft_model_get_signature(const keraft_model* self, size_t index);
KERAFT_API size_t keraft_model_get_input_count(const keraft_model* self);
KERAFT_API size_t keraft_model_get_output_count(const keraft_model* self);
/** KERAFT_STATUS_ARGUMENT past the end. */
KERAFT_API keraft_status keraft_model_get_input(const keraft_model* self, size_t index, keraft_port* out, keraft_error** error);
KERAFT_API keraft_status keraft_model_get_output(const keraft_model* self, size_t index, keraft_port* out,
                                                 keraft_error** error);

/** Layers of a Keras model, in the file's order; none for raw graphs. */
KERAFT_API size_t keraft_model_get_layer_count(const keraft_model* self);
KERAFT_API keraft_status keraft_model_get_layer(const keraft_model* self, size_t index, keraft_layer* out,
                                                keraft_error** error);
/** A weight of a layer in Keras' layout; named by its slot ("kernel"). The view stays valid after the model is gone; end it
 * with its `release`. KERAFT_STATUS_IO or _FORMAT when the file has changed meanwhile, _UNSUPPORTED for strings. */
KERAFT_API keraft_status keraft_model_load_slot(const keraft_model* self, size_t layer, size_t slot,
                                                KERAFT_OWN keraft_tensor_view* out, keraft_error** error);
/** Variables of the source; of a converted model also constants that serve as such. */
KERAFT_API size_t keraft_model_get_weight_count(const keraft_model* self);
/** As keraft_model_load_slot, in the source's layout and under its name. */
KERAFT_API keraft_status keraft_model_load_weight(const keraft_model* self, size_t index, KERAFT_OWN keraft_tensor_view* out,
                                                  keraft_error** error);

/** Inputs, outputs, signatures, layers or nodes by op, weights with their roles. JSON or text. */
KERAFT_API keraft_status keraft_model_inspect(const keraft_model* self, keraft_format format, keraft_write_fn write,
                                              void* user_data, keraft_error** error);

/** Raw ops to layers, or layers to raw ops. What no layer can express is no error: it is in the report
 * (keraft_report_get_status: _UNSUPPORTED), and the model then holds raw ops beside layers. `report` may be NULL. */
KERAFT_API keraft_status keraft_model_convert(const keraft_context* context, const keraft_model* self,
                                              const keraft_convert_options* options, KERAFT_OWN keraft_model** out,
                                              KERAFT_OWN keraft_report** report, keraft_error** error);

/** Writes a model of layers to a Keras file, with generated classes in a .py beside it, or to Python, or a model of raw ops to
 * a graph. The file appears whole or not at all. KERAFT_STATUS_IO: the system refused; _UNSUPPORTED: `kind` cannot hold the
 * model; _ARGUMENT: unknown kind. */
KERAFT_API keraft_status keraft_model_write(const keraft_context* context, const keraft_model* self, keraft_str path,
                                            keraft_kind kind, const keraft_write_options* options, keraft_error** error);

/** Runs both on the same random inputs and compares outputs, and layers where they can be paired. A difference is no error: see
 * keraft_report_get_status (_MISMATCH). KERAFT_STATUS_MISMATCH: inputs or outputs cannot be paired. */
KERAFT_API keraft_status keraft_model_verify(const keraft_context* context, const keraft_model* self, const keraft_model* other,
                                             const keraft_verify_options* options, KERAFT_OWN keraft_report** report,
                                             keraft_error** error);

/* ---- file: load, convert, write and verify in one call ---- */

/** Converts `source` to the file `target`. Unless `no_verify`, the written file is read back and compared with the source
 * before it takes its place. When anything is unsupported, fails or is stopped, `target` stays as it was; a file that differs
 * is kept, and the report says so. `report` (may be NULL) is given on failure too, with the error and the stage in it. */
KERAFT_API keraft_status keraft_file_convert(const keraft_context* context, keraft_str source, keraft_str target,
                                             const keraft_file_convert_options* options, KERAFT_OWN keraft_report** report,
                                             keraft_error** error);

/** Writes the Keras model of the file `model` to `target`, with the values of the file `weights`: a checkpoint, a SavedModel or
 * another graph, a Keras file with or without a model, or an .npz. The report's layers tell where each weight comes from.
 * KERAFT_STATUS_FORMAT: what fits in several ways, with all of them; _MISMATCH: weights of the model that nothing fits.
 * `target` and `report` as with keraft_file_convert. */
KERAFT_API keraft_status keraft_file_transfer(const keraft_context* context, keraft_str weights, keraft_str model,
                                              keraft_str target, const keraft_file_transfer_options* options,
                                              KERAFT_OWN keraft_report** report, keraft_error** error);

/* ---- doctor: which Keras loads a file ---- */

/** Which Keras versions load a .keras file, an .h5 file with a model, or a SavedModel, and why the others do not: JSON
 * (`versions`: [{keras, loads, reasons: [{where, what}]}]) or text. "Loads" is keras.models.load_model with nothing but the
 * file. Nothing of the file is run. To have one that loads, convert it (keraft_file_convert) for the version. */
KERAFT_API keraft_status keraft_file_examine(const keraft_context* context, keraft_str path, keraft_format format,
                                             keraft_write_fn write, void* user_data, keraft_error** error);

/* ---- report ---- */

/** A report of a failure, for callers that write reports about everything. `source` may be empty. */
KERAFT_API keraft_status keraft_report_create_failure(keraft_str source, const keraft_error* failure,
                                                      KERAFT_OWN keraft_report** out, keraft_error** error);
KERAFT_API void keraft_report_destroy(keraft_report* self);
/** _OK; _UNSUPPORTED: see the list; _MISMATCH: the comparison differs; else the failure's. */
KERAFT_API keraft_status keraft_report_get_status(const keraft_report* self);
KERAFT_API keraft_stage keraft_report_get_stage(const keraft_report* self);
KERAFT_API size_t keraft_report_get_layer_count(const keraft_report* self);
KERAFT_API size_t keraft_report_get_unsupported_count(const keraft_report* self);
KERAFT_API keraft_status keraft_report_get_unsupported(const keraft_report* self, size_t index, keraft_unsupported* out,
                                                       keraft_error** error);
KERAFT_API size_t keraft_report_get_unused_count(const keraft_report* self);
/** Name of a variable that no layer uses; empty past the end. */
KERAFT_API keraft_str keraft_report_get_unused(const keraft_report* self, size_t index);
KERAFT_API size_t keraft_report_get_lossy_count(const keraft_report* self);
/** KERAFT_STATUS_ARGUMENT when no comparison was made. */
KERAFT_API keraft_status keraft_report_get_comparison(const keraft_report* self, keraft_comparison* out, keraft_error** error);
/** The whole report in one of the formats. */
KERAFT_API keraft_status keraft_report_write(const keraft_report* self, keraft_format format, keraft_write_fn write,
                                             void* user_data, keraft_error** error);

/* ---- run ---- */

/** KERAFT_STATUS_UNSUPPORTED names every node that has no kernel. The model may be destroyed before the runner. */
KERAFT_API keraft_status keraft_runner_create(const keraft_context* context, const keraft_model* model,
                                              KERAFT_OWN keraft_runner** out, keraft_error** error);
KERAFT_API void keraft_runner_destroy(keraft_runner* self);
/** `inputs` are named after the model's inputs, all of which must be there; they are read, never kept. `fetch`: names of
 * outputs, of tensors ("node", "node:1") or layers; none: the model's outputs. KERAFT_STATUS_MISMATCH: wrong dtype or shape. */
KERAFT_API keraft_status keraft_runner_run(keraft_runner* self, const keraft_tensor_view* inputs, size_t input_count,
                                           const keraft_str* fetch, size_t fetch_count, KERAFT_OWN keraft_arrays** out,
                                           keraft_error** error);

KERAFT_API void keraft_arrays_destroy(keraft_arrays* self);
KERAFT_API size_t keraft_arrays_get_count(const keraft_arrays* self);
/** Lent, row-major without gaps; in the order of `fetch`, or of the model's outputs. */
KERAFT_API keraft_status keraft_arrays_get_view(const keraft_arrays* self, size_t index, keraft_tensor_view* out,
                                                keraft_error** error);

/* ---- support ---- */

/** The tables of ops and layers that keraft itself knows. JSON or text. */
KERAFT_API keraft_status keraft_support_write(keraft_format format, keraft_write_fn write, void* user_data,
                                              keraft_error** error);

/** Bytes of one element; 0 where elements have no fixed size. */
KERAFT_API size_t keraft_dtype_get_size(keraft_dtype dtype);
/** "float32", "bool", …; "invalid" for what has no name. */
KERAFT_API keraft_str keraft_dtype_get_name(keraft_dtype dtype);

#ifdef __cplusplus
}
#endif

#endif
