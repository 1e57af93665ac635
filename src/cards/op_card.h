// An op card: all that keraft knows about one TensorFlow op. One file under ops/ per card.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keraft/error.hpp"
#include "keraft/graph.hpp"
#include "keraft/run.hpp"

namespace keraft::kernels {
class Kernels;
}  // namespace keraft::kernels

namespace keraft {

/// How far two correct computations may differ: moves of data are exact, one rounding per element is rounding,
/// sums in another order or polynomial functions are approximate.
enum class Fidelity { exact, rounding, approximate };
std::string_view name_of(Fidelity fidelity) noexcept;

struct OpCard;
class LowerContext;

/// What an op is to a convolution or matrix product with constant weights that the executor runs together with what follows it.
enum class Fusion { none, convolution, depthwise, product, add, bias, subtract, multiply, normalise, clamp };

/// Where an op speaks of the axes of images (tensors of rank 4 and more), so that a graph of channels-first images can be
/// turned into one of channels-last images. Images broadcast. Inputs count from the end when negative.
struct Layout {
  std::vector<int> images = {};              ///< inputs that are images; none: all that are not in the lists below
  std::vector<std::string> lists = {};       ///< attributes with one number for each axis: strides
  std::vector<std::string> pairs = {};       ///< attributes with two numbers for each axis: explicit_paddings
  std::vector<int> list_inputs = {};         ///< integer inputs with one number or row for each axis
  std::vector<int> axis_inputs = {};         ///< integer inputs that number axes
  std::vector<std::string> axis_attrs = {};  ///< attributes that number axes
};

/// What shape inference sees of one node. Sizes are symbolic while converting and numbers while running; the same function
/// serves both.
class ShapeContext {
 public:
  ShapeContext(const Node& node, const OpCard& card, std::vector<TensorType> in, std::vector<std::optional<Dims>> ints);

  const Node& node() const noexcept { return node_; }
  const OpCard& card() const noexcept { return card_; }
  size_t inputs() const noexcept { return in_.size(); }
  /// All throw Status::mismatch "too few inputs" when `i` is past the end.
  DType dtype(size_t i) const;
  const Shape& shape(size_t i) const;
  /// The values, in row-major order, of an integer tensor where they are known: small constants, and computations on sizes.
  const std::optional<Dims>& ints(size_t i) const;
  /// The same as numbers; nothing where a size is a symbol.
  std::optional<std::vector<int64_t>> numbers(size_t i) const;

  /// The attribute, or the card's default; throws Status::mismatch when it is required and absent, or of another kind.
  const Value& attr(std::string_view name) const;
  int64_t integer(std::string_view name) const;
  bool flag(std::string_view name) const;
  double real(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  DType type(std::string_view name) const;
  std::vector<int64_t> list(std::string_view name) const;

  void out(size_t port, DType dtype, Shape shape);
  /// Output `port` is like input `i`.
  void same(size_t port, size_t i);
  const std::vector<TensorType>& outputs() const noexcept { return out_; }

  /// An axis in -rank…rank-1 as 0…rank-1; throws Status::mismatch outside.
  size_t axis(int64_t axis, size_t rank) const;
  /// Throws Status::mismatch that names the node.
  [[noreturn]] void fail(const std::string& what) const;

 private:
  const Node& node_;
  const OpCard& card_;
  std::vector<TensorType> in_;
  std::vector<std::optional<Dims>> ints_;
  std::vector<TensorType> out_;
};

/// What a kernel sees of one call.
class KernelContext : public ShapeContext {
 public:
  /// What the executor lends to one call. The pointers outlive the call.
  struct Call {
    std::vector<const Array*> in;
    std::vector<bool> last;  ///< by input: nobody reads it later, so a result may be written over it
    std::vector<Array>* out = nullptr;
    const std::function<Array(DType, std::vector<int64_t>)>* allocate = nullptr;  ///< counts against the budget
    const kernels::Kernels* kernels = nullptr;
  };
  KernelContext(ShapeContext shapes, Call call);

  const Array& array(size_t i) const;
  /// Output `port`, allocated with its inferred shape when asked for the first time.
  Array& result(size_t port = 0) const;
  /// The same for a size that depends on data.
  Array& result(size_t port, std::vector<int64_t> dims) const;
  /// Output `port` is the bytes of input `i` under the inferred sizes; nothing is copied.
  void alias(size_t port, size_t i) const;
  /// Lets output `port` be written over input `i` when that is dying and has the same type and size.
  /// Only before result(port), and only when each element is read before the same element is written.
  Array& in_place(size_t port, size_t i) const;
  Array temporary(DType dtype, std::vector<int64_t> dims) const { return (*call_.allocate)(dtype, std::move(dims)); }
  const kernels::Kernels& kernels() const noexcept { return *call_.kernels; }
  const Call& call() const noexcept { return call_; }

 private:
  Call call_;
};

/// What a rules text cannot say about an op.
struct OpFunctions {
  std::string op;
  std::function<void(ShapeContext&)> shape;
  std::function<void(KernelContext&)> kernel;
};

/// An argument of a call of keras.ops: a tensor of the graph, a value, or a list of both.
struct Operand {
  Edge edge;  ///< a tensor; no_node: a value or a list
  Value value;
  std::vector<Operand> list;
  bool is_list = false;

  bool is_tensor() const { return edge.node != no_node; }
};

/// Says one node in calls of keras.ops, where no text can.
class CodeContext : public ShapeContext {
 public:
  explicit CodeContext(ShapeContext shapes) : ShapeContext(std::move(shapes)) {}
  virtual ~CodeContext() = default;
  /// Input `i` of the node as an argument.
  virtual Operand input(size_t i) = 0;
  /// Adds a call of the class ("Split") with arguments and settings by name; its first result.
  virtual Edge call(std::string_view cls, const std::vector<std::pair<std::string, Operand>>& arguments) = 0;
};

struct OpCard {
  struct Arg {
    std::string name;
    bool list = false;  ///< takes any number of tensors (the N of the op)
  };
  struct Attr {
    std::string name;
    std::optional<Value> fallback;  ///< TensorFlow's default; none = required
  };
  struct Sample {
    /// A shape as a list of sizes (filled with random numbers of the type that the attributes give, else float32), or a Tensor
    /// (used as it is).
    std::vector<Value> inputs;
    Dict attrs;
  };
  using ShapeFn = std::function<void(ShapeContext&)>;
  /// The value of output 0 as sizes, for integer tensors of rank 0 or 1; nothing when unknown.
  using IntsFn = std::function<std::optional<Dims>(const ShapeContext&)>;
  /// The same for each output; for ops that take a list of sizes apart (Unpack, Split).
  using IntsListFn = std::function<std::vector<std::optional<Dims>>(const ShapeContext&)>;
  using KernelFn = std::function<void(KernelContext&)>;
  /// What stands in the op's place in a step of training.
  using TrainingFn = std::function<Edge(LowerContext&, Edge x, const Dict& attrs)>;
  using CodeGuard = std::function<bool(const ShapeContext&)>;
  /// For each output what computes it; nothing when keras.ops cannot say the node.
  using CodeFn = std::function<std::optional<std::vector<Edge>>(CodeContext&)>;
  struct Code {
    std::string text;  ///< the grammar stands in cards/code.h
    Dict when;         ///< attributes, and inputs that are constant, for which it holds
    CodeGuard guard;
  };

  /// What TensorFlow's Python calls the node: a text as in `Spelling::text`; empty where it has none.
  using SpellFn = std::function<std::string(const ShapeContext&)>;
  struct Spelling {
    std::string text;  ///< the grammar stands in cards/python_call.h
    SpellFn make;      ///< instead of the text
    Dict when;         ///< attributes for which it holds
    CodeGuard guard;
    bool first_alone = false;  ///< gives the first result alone, of an op that has more
  };

  std::vector<std::string> names;  ///< the op's name, then names of ops with the same signature and meaning (AddV2)
  std::string summary;
  std::vector<Arg> ins, outs;
  std::vector<Attr> attributes;
  ShapeFn shape_fn;
  IntsFn ints_fn;
  IntsListFn ints_list_fn;
  KernelFn kernel_fn;
  TrainingFn training_fn;  ///< of keraft's own marks; none: the op itself
  Fidelity how = Fidelity::exact;
  bool swaps = false;               ///< inputs 0 and 1 may be exchanged
  bool passes = false;              ///< output 0 is input 0, whatever else (Identity)
  bool effects = false;             ///< has side effects or is random: never folded, never merged
  std::vector<Code> codes;          ///< the op in terms of keras.ops; the first that fits
  CodeFn code_fn;                   ///< where no text fits
  std::vector<Spelling> spellings;  ///< the first that fits; none: tf.raw_ops
  bool picks_rows = false;          ///< gradients of input 0 come as rows with their indices
  std::vector<Sample> samples;

  Fusion fusion = Fusion::none;
  double low = 0, high = 0;          ///< of Fusion::clamp
  std::optional<Layout> image_axes;  ///< none: channels-first images are turned back before the op

  OpCard& tf(std::string name);
  OpCard& also(std::string name);
  OpCard& about(std::string text);
  OpCard& in(std::string name);
  OpCard& in_list(std::string name);
  OpCard& out(std::string name);
  OpCard& out_list(std::string name);
  /// A required attribute.
  OpCard& attr(std::string name);
  /// With TensorFlow's default.
  OpCard& attr(std::string name, Value fallback);
  OpCard& shape(ShapeFn fn);
  OpCard& ints(IntsFn fn);
  OpCard& ints_list(IntsListFn fn);
  OpCard& kernel(KernelFn fn);
  OpCard& in_training(TrainingFn fn);
  OpCard& fidelity(Fidelity value);
  OpCard& fuses(Fusion as);
  /// Fusion::clamp: the result is the input brought between the two.
  OpCard& clamps(double from, double to);
  OpCard& layout(Layout axes);
  OpCard& commutative();
  OpCard& identity();
  OpCard& stateful();
  /// The op as a call of keras.ops: "ops.sum({0}, axis={1}, keepdims={keep_dims})". From it follow the node in a Keras model,
  /// in both directions, and the code of generated layers. Several: the first that fits is written.
  OpCard& code(std::string call, Dict when = {}, CodeGuard guard = {});
  OpCard& code_with(CodeFn fn);
  /// The op in TensorFlow's Python, as a textbook has it: "tf.matmul({a}, {b}, transpose_a={transpose_a})". Of keraft's marks:
  /// what training computes.
  OpCard& tensorflow(std::string call, Dict when = {}, CodeGuard guard = {});
  OpCard& tensorflow_with(SpellFn fn);
  /// The last spelling gives the first of several results alone.
  OpCard& first_alone();
  OpCard& sparse_gradient();
  OpCard& sample(std::vector<Value> inputs, Dict attrs = {});

  const std::string& name() const { return names.front(); }
  bool has_code() const { return !codes.empty() || code_fn; }
  /// The default of an attribute, or null.
  const Value* fallback(std::string_view attr) const noexcept;
};

/// The function that fills the card of the file `src/cards/ops/<folder>/<id>.cpp`; listed by cmake/cards.cmake.
#define KERAFT_OP(id)                 \
  namespace keraft::cards {           \
  void op_##id(::keraft::OpCard& op); \
  }                                   \
  void keraft::cards::op_##id(::keraft::OpCard& op)

}  // namespace keraft
