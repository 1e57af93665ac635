#include "cards/einsum.h"

#include <algorithm>
#include <map>

#include "base/string.h"
#include "cards/matmul.h"
#include "cards/numeric.h"
#include "kernels/move.h"

namespace keraft::cards {
namespace {

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool subscript(std::string_view text) {
  const size_t dots = text.find("...");
  std::string letters(text);
  if (dots != std::string_view::npos) letters.erase(dots, 3);
  return std::all_of(letters.begin(), letters.end(), letter);
}

/// Axes under an ellipsis get names of their own, counted from the right.
constexpr char wide = '\x01';

std::string spelled_out(const ShapeContext& s, const std::string& names, size_t rank) {
  const size_t dots = names.find("...");
  if (dots == std::string::npos) return names;
  if (rank + 3 < names.size()) s.fail("too few axes for " + names);
  std::string axes;
  for (size_t i = rank + 3 - names.size(); i > 0; --i) axes += static_cast<char>(wide + static_cast<char>(i - 1));
  return names.substr(0, dots) + axes + names.substr(dots + 3);
}

EinsumEquation equation_of(const ShapeContext& s) {
  auto found = parse_einsum(s.text("equation"));
  if (!found) s.fail("no equation: " + s.text("equation"));
  if (found->inputs.size() != s.inputs() || s.inputs() < 1 || s.inputs() > 2)
    s.fail("the equation wants another number of inputs");
  size_t widest = 0;
  for (size_t i = 0; i < s.inputs(); ++i) {
    const size_t rank = s.shape(i).rank();
    if (rank > 32) s.fail("too many axes");
    const bool dots = found->inputs[i].find("...") != std::string::npos;
    if (dots && rank + 3 >= found->inputs[i].size()) widest = std::max(widest, rank + 3 - found->inputs[i].size());
    found->inputs[i] = spelled_out(s, found->inputs[i], rank);
    if (found->inputs[i].size() != rank) s.fail("the equation does not fit the shape " + s.shape(i).text());
  }
  const bool dots = found->output.find("...") != std::string::npos;
  if (dots) found->output = spelled_out(s, found->output, found->output.size() - 3 + widest);
  return *found;
}

template <class T>
void sum_rows(const T* in, T* out, int64_t rows, int64_t row) {
  for (int64_t i = 0; i < rows; ++i) {
    T sum{};
    for (int64_t j = 0; j < row; ++j) sum = static_cast<T>(sum + in[i * row + j]);
    out[i] = sum;
  }
}

using LetterSizes = std::map<char, int64_t>;

int64_t count(const LetterSizes& sizes, const std::string& letters) {
  int64_t out = 1;
  for (const char c : letters) out *= sizes.at(c);
  return out;
}

/// The operand with its axes in the order of `letters`; axes named twice give their diagonal, those of size 1 spread, and those
/// that are not named are summed.
Array ordered(KernelContext& k, const Array& in, const std::string& names, const std::string& letters,
              const LetterSizes& sizes) {
  std::string all = letters;
  for (const char c : names) {
    if (all.find(c) == std::string::npos) all += c;
  }
  const auto steps = kernels::row_major(in.dims);
  kernels::Strided what;
  for (const char c : all) {
    int64_t step = 0, size = 1;
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] != c) continue;
      step += in.dims[i] == 1 ? 0 : steps[i];
      size = in.dims[i];
    }
    const bool named = letters.find(c) != std::string::npos;
    what.dims.push_back(named ? sizes.at(c) : size);
    what.steps.push_back(step);
  }
  Array moved = k.temporary(in.dtype, what.dims);
  kernels::copy_strided(k.kernels(), in.data.get(), moved.data.get(), size_of(in.dtype), what);
  const int64_t rows = count(sizes, letters);
  int64_t row = 1;
  for (size_t i = letters.size(); i < what.dims.size(); ++i) row *= what.dims[i];
  if (row == 1) return moved;
  Array out = k.temporary(in.dtype, {rows});
  dispatch(k, in.dtype, Numbers{}, [&](auto type) {
    using T = decltype(type);
    sum_rows(moved.as<T>(), out.as<T>(), rows, row);
  });
  return out;
}

void write_ordered(KernelContext& k, const Array& in, const std::string& letters, const std::string& output,
                   const LetterSizes& sizes) {
  std::vector<int64_t> dims;
  for (const char c : letters) dims.push_back(sizes.at(c));
  const auto steps = kernels::row_major(dims);
  kernels::Strided what;
  for (const char c : output) {
    what.dims.push_back(sizes.at(c));
    what.steps.push_back(steps[letters.find(c)]);
  }
  kernels::copy_strided(k.kernels(), in.data.get(), k.result().data.get(), size_of(in.dtype), what);
}

}  // namespace

std::optional<EinsumEquation> parse_einsum(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != ' ') plain += c;
  }
  EinsumEquation out;
  const size_t arrow = plain.find("->");
  out.inputs = base::split(plain.substr(0, arrow), ',');
  if (arrow != std::string::npos) {
    out.output = plain.substr(arrow + 2);
  } else {
    std::map<char, int> times;
    for (const std::string& names : out.inputs) {
      if (names.find("...") != std::string::npos) out.output = "...";
      for (const char c : names) times[c] += letter(c) ? 1 : 0;
    }
    for (const auto& [c, n] : times) {
      if (n == 1) out.output += c;
    }
  }
  for (const std::string& names : out.inputs) {
    if (!subscript(names)) return std::nullopt;
  }
  if (!subscript(out.output)) return std::nullopt;
  for (size_t i = 0; i < out.output.size(); ++i) {
    const char c = out.output[i];
    if (c == '.') continue;
    const bool known =
        std::any_of(out.inputs.begin(), out.inputs.end(), [&](const auto& n) { return n.find(c) != std::string::npos; });
    if (!known || out.output.find(c) != i) return std::nullopt;
  }
  return out;
}

void einsum_shape(ShapeContext& s) {
  for (size_t i = 0; i < s.inputs(); ++i) {
    if (!s.shape(i).has_rank()) return s.out(0, s.dtype(0), Shape());
  }
  const EinsumEquation equation = equation_of(s);
  std::map<char, Dim> sizes;
  for (size_t i = 0; i < s.inputs(); ++i) {
    for (size_t axis = 0; axis < equation.inputs[i].size(); ++axis) {
      const char c = equation.inputs[i][axis];
      const Dim& size = s.shape(i)[axis];
      const auto [at, fresh] = sizes.try_emplace(c, size);
      if (fresh || at->second == size) continue;
      const bool spreads = !letter(c) && (at->second.is(1) || size.is(1));
      if (!spreads && at->second.known() && size.known()) s.fail("axes '" + std::string(1, c) + "' have different sizes");
      if (spreads ? at->second.is(1) : size.known()) at->second = size;
    }
  }
  Dims out;
  for (const char c : equation.output) {
    if (!sizes.contains(c)) s.fail("the output has an axis that no input has");
    out.push_back(sizes.at(c));
  }
  s.out(0, s.dtype(0), out);
}

void einsum(KernelContext& k) {
  const EinsumEquation equation = equation_of(k);
  LetterSizes sizes;
  for (size_t i = 0; i < k.inputs(); ++i) {
    for (size_t axis = 0; axis < equation.inputs[i].size(); ++axis) {
      int64_t& size = sizes.try_emplace(equation.inputs[i][axis], 1).first->second;
      size = size == 1 ? k.array(i).dims[axis] : size;
    }
  }
  const std::string& output = equation.output;
  if (k.inputs() == 1)
    return write_ordered(k, ordered(k, k.array(0), equation.inputs[0], output, sizes), output, output, sizes);
  if (k.array(0).dtype != k.array(1).dtype) k.fail("the inputs have different types");
  const auto has = [](const std::string& names, char c) { return names.find(c) != std::string::npos; };
  std::string batch, summed, left, right;
  for (const auto& [c, size] : sizes) {
    const bool in_a = has(equation.inputs[0], c), in_b = has(equation.inputs[1], c);
    if (in_a && in_b)
      (has(output, c) ? batch : summed) += c;
    else if (has(output, c))
      (in_a ? left : right) += c;
  }
  const Array a = ordered(k, k.array(0), equation.inputs[0], batch + left + summed, sizes);
  const Array b = ordered(k, k.array(1), equation.inputs[1], batch + summed + right, sizes);
  const int64_t batches = count(sizes, batch);
  Array c = k.temporary(a.dtype, {batches * count(sizes, left) * count(sizes, right)});
  dispatch(k, a.dtype, Numbers{}, [&](auto type) {
    using T = decltype(type);
    kernels::GemmArgs<T> g;
    g.m = count(sizes, left);
    g.n = count(sizes, right);
    g.k = count(sizes, summed);
    g.lda = g.k;
    g.ldb = g.ldc = g.n;
    if (g.m * g.n == 0) return;
    for (int64_t i = 0; i < batches; ++i) {
      g.a = a.as<T>() + i * g.m * g.k;
      g.b = b.as<T>() + i * g.k * g.n;
      g.c = c.as<T>() + i * g.m * g.n;
      multiply(k, g);
    }
  });
  write_ordered(k, c, batch + left + right, output, sizes);
}

}  // namespace keraft::cards
