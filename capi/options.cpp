#include <cctype>
#include <charconv>

#include "handles.h"

namespace keraft::capi {
namespace {

/// "B,224,224,3"
Shape shape(const std::string& sizes, const std::string& input) {
  const auto fail = [&](const std::string& part) -> Dim {
    throw Error(Status::argument, "shape of '" + input + "': '" + part + "' is neither a size nor a letter");
  };
  Dims dims;
  for (size_t at = 0; at <= sizes.size() && !sizes.empty();) {
    const size_t end = std::min(sizes.find(',', at), sizes.size());
    const std::string part = sizes.substr(at, end - at);
    int64_t number = 0;
    const auto [last, problem] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (problem == std::errc() && last == part.data() + part.size()) {
      if (number < 0) fail(part);
      dims.emplace_back(number);
    } else {
      if (part.empty() || !std::isalpha(static_cast<unsigned char>(part[0]))) fail(part);
      for (const char c : part) {
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') fail(part);
      }
      dims.push_back(Dim::symbol(part));
    }
    at = end + 1;
  }
  return Shape(std::move(dims));
}

double tolerance(double given, double fallback) {
  if (given != given) refuse("a tolerance is no number");
  return given == 0 ? fallback : given < 0 ? 0 : given;
}

}  // namespace

std::string text(keraft_str value, const char* what) {
  if (!value.data && value.size) throw Error(Status::argument, std::string(what) + " is NULL with a size");
  return value.data ? std::string(value.data, value.size) : std::string();
}

std::string path(keraft_str value, const char* what) {
  std::string out = text(value, what);
  if (out.empty()) throw Error(Status::argument, std::string(what) + " is empty");
  if (out.find('\0') != std::string::npos) throw Error(Status::argument, std::string(what) + " holds a NUL", {out, {}, {}});
  return out;
}

std::vector<std::string> texts(const keraft_str* values, size_t count, const char* what) {
  std::vector<std::string> out;
  if (count) need(values, what);
  for (size_t i = 0; i < count; ++i) out.push_back(text(values[i], what));
  return out;
}

const Control& control_of(const keraft_context* context) {
  static const Control defaults;
  return context ? context->control : defaults;
}

LoadOptions load_options(const keraft_load_options* given) {
  const keraft_load_options from = options(given);
  LoadOptions out;
  out.checkpoint = text(from.checkpoint, "checkpoint");
  out.signature = text(from.signature, "signature");
  out.tags = texts(from.tags, from.tag_count, "tags");
  out.inputs = texts(from.inputs, from.input_count, "inputs");
  out.outputs = texts(from.outputs, from.output_count, "outputs");
  if (from.shape_count) need(from.shapes, "shapes");
  for (size_t i = 0; i < from.shape_count; ++i) {
    const std::string name = text(from.shapes[i].name, "shapes");
    if (!out.shapes.emplace(name, shape(text(from.shapes[i].sizes, "shapes"), name)).second) {
      throw Error(Status::argument, "two shapes for '" + name + "'");
    }
  }
  out.infer = from.infer != 0;
  if (from.registry) out.registry = from.registry->registry;
  out.ema = from.ema != 0;
  out.follow_links = from.follow_links != 0;
  switch (from.backend) {
    case KERAFT_BACKEND_UNKNOWN:
      break;
    case KERAFT_BACKEND_TENSORFLOW:
      out.backend = "tensorflow";
      break;
    case KERAFT_BACKEND_THEANO:
      out.backend = "theano";
      break;
    default:
      refuse("unknown value of backend");
  }
  return out;
}

ConvertOptions convert_options(const keraft_convert_options* given) {
  const keraft_convert_options from = options(given);
  ConvertOptions out;
  switch (from.allow) {
    case KERAFT_ALLOW_DEFAULT:
      break;
    case KERAFT_ALLOW_CUSTOM:
      out.allow = Allow::stubs;
      break;
    case KERAFT_ALLOW_LAYERS:
      out.allow = Allow::layers;
      break;
    case KERAFT_ALLOW_OPS:
      out.allow = Allow::ops;
      break;
    default:
      refuse("unknown value of allow");
  }
  if (from.data_format < KERAFT_DATA_FORMAT_DEFAULT || from.data_format > KERAFT_DATA_FORMAT_KEEP)
    refuse("unknown value of data_format");
  out.keep_data_format = from.data_format == KERAFT_DATA_FORMAT_KEEP;
  out.unfold_norms = from.unfold_batch_norm != 0;
  if (from.to != KERAFT_LANGUAGE_KERAS && from.to != KERAFT_LANGUAGE_TENSORFLOW) refuse("unknown value of to");
  out.to = static_cast<Language>(from.to);
  return out;
}

WriteOptions write_options(const keraft_write_options* given) {
  const keraft_write_options from = options(given);
  if (from.flavour != KERAFT_LANGUAGE_KERAS && from.flavour != KERAFT_LANGUAGE_TENSORFLOW) refuse("unknown value of flavour");
  return {text(from.keras, "keras"), static_cast<Language>(from.flavour), from.train != 0, text(from.signature, "signature")};
}

VerifyOptions verify_options(const keraft_verify_options* given) {
  const keraft_verify_options from = options(given);
  if (from.samples < 0) refuse("samples is negative");
  VerifyOptions out;
  if (from.samples) out.samples = from.samples;
  if (from.seed) out.seed = from.seed;
  out.rtol = tolerance(from.rtol, out.rtol);
  out.atol = tolerance(from.atol, out.atol);
  return out;
}

}  // namespace keraft::capi
