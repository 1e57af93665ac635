// C++17 over keraft.h, header-only: handles that end themselves, errors that are thrown. Nothing here but the C ABI.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "keraft.h"

namespace keraft::raii {

inline std::string_view text(keraft_str view) {
  return view.data ? std::string_view(view.data, view.size) : std::string_view();
}
inline keraft_str str(std::string_view view) { return {view.data(), view.size()}; }

/// What went wrong; what() is one line with place and message, safe to print. Copies share the error.
class Error : public std::runtime_error {
 public:
  /// Takes `error`, which is NULL when there was no memory for it.
  Error(keraft_status status, keraft_error* error)
      : std::runtime_error(error ? std::string(text(keraft_error_get_text(error))) : "out of memory"),
        status_(status),
        error_(error, keraft_error_destroy) {}
  keraft_status status() const noexcept { return status_; }
  std::string_view file() const noexcept { return text(keraft_error_get_file(get())); }
  std::string_view name() const noexcept { return text(keraft_error_get_name(get())); }
  uint64_t offset() const noexcept { return keraft_error_get_offset(get()); }
  const keraft_error* get() const noexcept { return error_.get(); }

 private:
  keraft_status status_;
  std::shared_ptr<const keraft_error> error_;
};

template <class T, void (*destroy)(T*)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T* owned) noexcept : raw_(owned) {}
  T* get() const noexcept { return raw_.get(); }
  explicit operator bool() const noexcept { return raw_ != nullptr; }

 private:
  struct End {
    void operator()(T* raw) const noexcept { destroy(raw); }
  };
  std::unique_ptr<T, End> raw_;
};

/// Calls f(&error) and throws when it fails.
template <class Call>
void checked(Call&& call) {
  keraft_error* error = nullptr;
  const keraft_status status = call(&error);
  if (status != KERAFT_STATUS_OK) throw Error(status, error);
}

/// Collects the output of a call that writes through a keraft_write_fn.
template <class Call>
std::string collected(Call&& call) {
  std::string out;
  const keraft_write_fn append = [](const char* bytes, size_t size, void* to) -> int32_t {
    try {
      static_cast<std::string*>(to)->append(bytes, size);
      return 0;
    } catch (...) {
      return 1;
    }
  };
  checked([&](keraft_error** error) { return call(append, &out, error); });
  return out;
}

/// Limits, threads and callbacks. The functions are called on the thread that made the call.
class Context {
 public:
  Context() : Context(keraft_context_options(KERAFT_CONTEXT_OPTIONS_INIT)) {}
  explicit Context(keraft_context_options options, std::function<bool()> cancelled = {},
                   std::function<void(std::string_view stage, double done)> progress = {})
      : calls_(std::make_unique<Calls>(Calls{std::move(cancelled), std::move(progress)})) {
    if (calls_->cancelled) {
      options.cancel = [](void* data) -> int32_t { return static_cast<Calls*>(data)->cancelled() ? 1 : 0; };
      options.cancel_user_data = calls_.get();
    }
    if (calls_->progress) {
      options.progress = [](keraft_str stage, double done, void* data) -> int32_t {
        static_cast<Calls*>(data)->progress(text(stage), done);
        return 0;
      };
      options.progress_user_data = calls_.get();
    }
    keraft_context* made = nullptr;
    checked([&](keraft_error** error) { return keraft_context_create(&options, &made, error); });
    handle_ = Handle<keraft_context, keraft_context_destroy>(made);
  }
  const keraft_context* get() const noexcept { return handle_.get(); }

 private:
  struct Calls {
    std::function<bool()> cancelled;
    std::function<void(std::string_view, double)> progress;
  };
  std::unique_ptr<Calls> calls_;
  Handle<keraft_context, keraft_context_destroy> handle_;
};

/// Keraft's own ops and layers, and the caller's.
class Registry {
 public:
  Registry() {
    keraft_registry* made = nullptr;
    checked([&](keraft_error** error) { return keraft_registry_create(&made, error); });
    handle_ = Handle<keraft_registry, keraft_registry_destroy>(made);
  }
  void add_rules(std::string_view rules, std::string_view origin = {}, const std::vector<keraft_op_functions>& functions = {}) {
    checked([&](keraft_error** error) {
      return keraft_registry_add_rules(get(), str(rules), str(origin), functions.data(), functions.size(), error);
    });
  }
  void load_rules(std::string_view path) {
    checked([&](keraft_error** error) { return keraft_registry_load_rules(get(), str(path), error); });
  }
  std::string write(keraft_format format) const {
    return collected([&](keraft_write_fn fn, void* data, keraft_error** error) {
      return keraft_registry_write(get(), format, fn, data, error);
    });
  }
  keraft_registry* get() const noexcept { return handle_.get(); }

 private:
  Handle<keraft_registry, keraft_registry_destroy> handle_;
};

/// Owns a view and ends it.
class View {
 public:
  View() = default;
  View(View&& other) noexcept : raw_(other.raw_) { other.raw_ = KERAFT_TENSOR_VIEW_INIT; }
  View& operator=(View&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~View() {
    if (raw_.release) raw_.release(&raw_);
  }
  keraft_tensor_view* fill() noexcept { return &raw_; }
  const keraft_tensor_view& raw() const noexcept { return raw_; }
  std::string_view name() const { return text(raw_.name); }
  std::vector<int64_t> shape() const { return std::vector<int64_t>(raw_.shape, raw_.shape + raw_.rank); }
  template <class T>
  const T* as() const {
    return static_cast<const T*>(raw_.data);
  }

 private:
  keraft_tensor_view raw_ = KERAFT_TENSOR_VIEW_INIT;
};

class Report {
 public:
  Report() = default;
  explicit Report(keraft_report* owned) : handle_(owned) {}
  explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
  const keraft_report* get() const noexcept { return handle_.get(); }
  keraft_status status() const { return keraft_report_get_status(get()); }
  keraft_stage stage() const { return keraft_report_get_stage(get()); }
  std::vector<keraft_unsupported> unsupported() const {
    std::vector<keraft_unsupported> out(keraft_report_get_unsupported_count(get()));
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = KERAFT_UNSUPPORTED_INIT;
      checked([&](keraft_error** error) { return keraft_report_get_unsupported(get(), i, &out[i], error); });
    }
    return out;
  }
  std::string write(keraft_format format) const {
    return collected([&](keraft_write_fn fn, void* data, keraft_error** error) {
      return keraft_report_write(get(), format, fn, data, error);
    });
  }

 private:
  Handle<keraft_report, keraft_report_destroy> handle_;
};

class Model {
 public:
  Model() = default;
  explicit Model(keraft_model* owned) : handle_(owned) {}
  static Model load(const Context& context, std::string_view path, const keraft_load_options* options = nullptr) {
    keraft_model* made = nullptr;
    checked([&](keraft_error** error) { return keraft_model_load(context.get(), str(path), options, &made, error); });
    return Model(made);
  }
  const keraft_model* get() const noexcept { return handle_.get(); }
  keraft_kind kind() const { return keraft_model_get_kind(get()); }
  std::vector<keraft_port> inputs() const { return ports(keraft_model_get_input_count(get()), keraft_model_get_input); }
  std::vector<keraft_port> outputs() const { return ports(keraft_model_get_output_count(get()), keraft_model_get_output); }
  std::vector<keraft_layer> layers() const {
    std::vector<keraft_layer> out(keraft_model_get_layer_count(get()));
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = KERAFT_LAYER_INIT;
      checked([&](keraft_error** error) { return keraft_model_get_layer(get(), i, &out[i], error); });
    }
    return out;
  }
  View slot(size_t layer, size_t slot) const {
    View view;
    checked([&](keraft_error** error) { return keraft_model_load_slot(get(), layer, slot, view.fill(), error); });
    return view;
  }
  size_t weight_count() const { return keraft_model_get_weight_count(get()); }
  View weight(size_t index) const {
    View view;
    checked([&](keraft_error** error) { return keraft_model_load_weight(get(), index, view.fill(), error); });
    return view;
  }
  std::string inspect(keraft_format format) const {
    return collected([&](keraft_write_fn fn, void* data, keraft_error** error) {
      return keraft_model_inspect(get(), format, fn, data, error);
    });
  }
  std::pair<Model, Report> convert(const Context& context, const keraft_convert_options* options = nullptr) const {
    keraft_model* made = nullptr;
    keraft_report* report = nullptr;
    checked([&](keraft_error** error) { return keraft_model_convert(context.get(), get(), options, &made, &report, error); });
    return {Model(made), Report(report)};
  }
  void write(const Context& context, std::string_view path, keraft_kind kind,
             const keraft_write_options* options = nullptr) const {
    checked([&](keraft_error** error) { return keraft_model_write(context.get(), get(), str(path), kind, options, error); });
  }
  Report verify(const Context& context, const Model& other, const keraft_verify_options* options = nullptr) const {
    keraft_report* report = nullptr;
    checked(
        [&](keraft_error** error) { return keraft_model_verify(context.get(), get(), other.get(), options, &report, error); });
    return Report(report);
  }

 private:
  template <class Get>
  std::vector<keraft_port> ports(size_t count, Get get_port) const {
    std::vector<keraft_port> out(count);
    for (size_t i = 0; i < count; ++i) {
      out[i] = KERAFT_PORT_INIT;
      checked([&](keraft_error** error) { return get_port(get(), i, &out[i], error); });
    }
    return out;
  }
  Handle<keraft_model, keraft_model_destroy> handle_;
};

/// Named arrays; the views live as long as this.
class Arrays {
 public:
  explicit Arrays(keraft_arrays* owned) : handle_(owned) {}
  size_t size() const { return keraft_arrays_get_count(handle_.get()); }
  keraft_tensor_view operator[](size_t index) const {
    keraft_tensor_view view = KERAFT_TENSOR_VIEW_INIT;
    checked([&](keraft_error** error) { return keraft_arrays_get_view(handle_.get(), index, &view, error); });
    return view;
  }

 private:
  Handle<keraft_arrays, keraft_arrays_destroy> handle_;
};

class Runner {
 public:
  Runner(const Context& context, const Model& model) {
    keraft_runner* made = nullptr;
    checked([&](keraft_error** error) { return keraft_runner_create(context.get(), model.get(), &made, error); });
    handle_ = Handle<keraft_runner, keraft_runner_destroy>(made);
  }
  Arrays run(const std::vector<keraft_tensor_view>& inputs, const std::vector<keraft_str>& fetch = {}) {
    keraft_arrays* made = nullptr;
    checked([&](keraft_error** error) {
      return keraft_runner_run(handle_.get(), inputs.data(), inputs.size(), fetch.data(), fetch.size(), &made, error);
    });
    return Arrays(made);
  }

 private:
  Handle<keraft_runner, keraft_runner_destroy> handle_;
};

struct FileConversion {
  Report report;                 ///< of a failure too; empty when not even that could be made
  std::optional<Error> failure;  ///< nothing when the conversion ended without an error
};

/// Load, convert, write and verify; see keraft_file_convert. Does not throw for failures of the conversion.
inline FileConversion convert_file(const Context& context, std::string_view source, std::string_view target,
                                   const keraft_file_convert_options* options = nullptr) {
  keraft_report* report = nullptr;
  keraft_error* error = nullptr;
  const keraft_status status = keraft_file_convert(context.get(), str(source), str(target), options, &report, &error);
  FileConversion out{Report(report), std::nullopt};
  if (status != KERAFT_STATUS_OK) out.failure.emplace(status, error);
  return out;
}

/// Weights of one file into the model of another; see keraft_file_transfer. As convert_file.
inline FileConversion transfer_file(const Context& context, std::string_view weights, std::string_view model,
                                    std::string_view target, const keraft_file_transfer_options* options = nullptr) {
  keraft_report* report = nullptr;
  keraft_error* error = nullptr;
  const keraft_status status =
      keraft_file_transfer(context.get(), str(weights), str(model), str(target), options, &report, &error);
  FileConversion out{Report(report), std::nullopt};
  if (status != KERAFT_STATUS_OK) out.failure.emplace(status, error);
  return out;
}

/// Which Keras versions load a file; see keraft_file_examine.
inline std::string examine_file(const Context& context, std::string_view path, keraft_format format) {
  return collected([&](keraft_write_fn fn, void* data, keraft_error** error) {
    return keraft_file_examine(context.get(), str(path), format, fn, data, error);
  });
}

/// A report of a failure.
inline Report failure_report(std::string_view source, const Error& failure) {
  keraft_report* report = nullptr;
  checked([&](keraft_error** error) { return keraft_report_create_failure(str(source), failure.get(), &report, error); });
  return Report(report);
}

inline std::string support(keraft_format format) {
  return collected(
      [&](keraft_write_fn fn, void* data, keraft_error** error) { return keraft_support_write(format, fn, data, error); });
}

}  // namespace keraft::raii
