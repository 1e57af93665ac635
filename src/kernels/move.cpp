#include "kernels/move.h"

#include <cstring>

namespace keraft::kernels {
namespace {

struct Wide {
  std::uint64_t low, high;
};

/// Joins neighbouring axes that are one run and drops axes of size 1, so that most copies become a few long rows.
Strided merged(const Strided& what) {
  Strided out;
  out.offset = what.offset;
  for (std::size_t i = 0; i < what.dims.size(); ++i) {
    if (what.dims[i] == 1) continue;
    if (!out.dims.empty() && out.steps.back() == what.steps[i] * what.dims[i]) {
      out.dims.back() *= what.dims[i];
      out.steps.back() = what.steps[i];
    } else {
      out.dims.push_back(what.dims[i]);
      out.steps.push_back(what.steps[i]);
    }
  }
  if (out.dims.empty()) {
    out.dims.push_back(1);
    out.steps.push_back(1);
  }
  return out;
}

template <class T, class Row>
void walk(const Kernels& kernels, const Strided& what, Row&& row) {
  const std::int64_t n = what.dims.back();
  std::int64_t rows = 1;
  for (std::size_t i = 0; i + 1 < what.dims.size(); ++i) rows *= what.dims[i];
  if (rows == 0 || n == 0) return;
  const std::int64_t grain = std::max<std::int64_t>(1, 16384 / n);
  kernels.threads().parallel_for(rows, grain, [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::int64_t> at(what.dims.size() - 1);
    std::int64_t strided = what.offset, left = begin;
    for (std::size_t i = at.size(); i-- > 0;) {
      at[i] = left % what.dims[i];
      left /= what.dims[i];
      strided += at[i] * what.steps[i];
    }
    for (std::int64_t r = begin; r < end; ++r) {
      row(r * n, strided, n);
      for (std::size_t i = at.size(); i-- > 0;) {
        strided += what.steps[i];
        if (++at[i] < what.dims[i]) break;
        strided -= what.steps[i] * what.dims[i];
        at[i] = 0;
      }
    }
  });
}

/// Two axes swapped: blocks keep both sides in cache.
template <class T>
void transpose_plane(const T* in, T* out, std::int64_t rows, std::int64_t columns, std::int64_t in_row_step,
                     std::int64_t in_column_step) {
  constexpr std::int64_t block = 16;
  for (std::int64_t r0 = 0; r0 < rows; r0 += block) {
    for (std::int64_t c0 = 0; c0 < columns; c0 += block) {
      const std::int64_t r1 = std::min(rows, r0 + block), c1 = std::min(columns, c0 + block);
      for (std::int64_t r = r0; r < r1; ++r) {
        for (std::int64_t c = c0; c < c1; ++c) out[r * columns + c] = in[r * in_row_step + c * in_column_step];
      }
    }
  }
}

template <class T>
void copy_typed(const Kernels& kernels, const T* in, T* out, const Strided& what) {
  const std::size_t rank = what.dims.size();
  if (rank >= 2 && what.steps[rank - 2] == 1 && what.steps[rank - 1] > 1) {
    Strided outer{{what.dims.begin(), what.dims.end() - 2}, {what.steps.begin(), what.steps.end() - 2}, what.offset};
    outer.dims.push_back(1);
    outer.steps.push_back(1);
    const std::int64_t rows = what.dims[rank - 2], columns = what.dims[rank - 1], step = what.steps[rank - 1];
    walk<T>(kernels, outer, [&](std::int64_t dense, std::int64_t strided, std::int64_t) {
      transpose_plane(in + strided, out + dense * rows * columns, rows, columns, std::int64_t{1}, step);
    });
    return;
  }
  const std::int64_t step = what.steps.back();
  walk<T>(kernels, what, [&](std::int64_t dense, std::int64_t strided, std::int64_t n) {
    T* to = out + dense;
    const T* from = in + strided;
    if (step == 1) {
      std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(T));
    } else if (step == 0) {
      for (std::int64_t i = 0; i < n; ++i) to[i] = *from;
    } else {
      for (std::int64_t i = 0; i < n; ++i) to[i] = from[i * step];
    }
  });
}

template <class T>
void write_typed(const Kernels& kernels, const T* in, T* out, const Strided& what) {
  const std::int64_t step = what.steps.back();
  walk<T>(kernels, what, [&](std::int64_t dense, std::int64_t strided, std::int64_t n) {
    const T* from = in + dense;
    T* to = out + strided;
    if (step == 1) {
      std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(T));
    } else {
      for (std::int64_t i = 0; i < n; ++i) to[i * step] = from[i];
    }
  });
}

template <class Fn>
void by_size(std::size_t element, Fn&& fn) {
  switch (element) {
    case 1:
      return fn(std::uint8_t{});
    case 2:
      return fn(std::uint16_t{});
    case 4:
      return fn(std::uint32_t{});
    case 8:
      return fn(std::uint64_t{});
    default:
      return fn(Wide{});
  }
}

}  // namespace

void copy_strided(const Kernels& kernels, const std::byte* in, std::byte* out, std::size_t element, const Strided& what) {
  const Strided plan = merged(what);
  by_size(element, [&](auto type) {
    using T = decltype(type);
    copy_typed(kernels, reinterpret_cast<const T*>(in), reinterpret_cast<T*>(out), plan);
  });
}

void write_strided(const Kernels& kernels, const std::byte* in, std::byte* out, std::size_t element, const Strided& what) {
  const Strided plan = merged(what);
  by_size(element, [&](auto type) {
    using T = decltype(type);
    write_typed(kernels, reinterpret_cast<const T*>(in), reinterpret_cast<T*>(out), plan);
  });
}

std::vector<std::int64_t> row_major(std::span<const std::int64_t> dims) {
  std::vector<std::int64_t> out(dims.size());
  std::int64_t step = 1;
  for (std::size_t i = dims.size(); i-- > 0;) {
    out[i] = step;
    step *= dims[i];
  }
  return out;
}

void fill(std::byte* out, std::int64_t count, const std::byte* value, std::size_t element) {
  by_size(element, [&](auto type) {
    using T = decltype(type);
    T v;
    std::memcpy(&v, value, sizeof(T));
    std::fill_n(reinterpret_cast<T*>(out), count, v);
  });
}

void gather_rows(const Kernels& kernels, const std::byte* in, std::byte* out, std::int64_t outer, std::int64_t from,
                 std::int64_t row, std::span<const std::int64_t> index) {
  const auto count = static_cast<std::int64_t>(index.size());
  if (row == 0) return;
  kernels.threads().parallel_for(
      outer * count, std::max<std::int64_t>(1, 65536 / row), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const std::int64_t o = i / count;
          std::memcpy(out + i * row, in + (o * from + index[static_cast<std::size_t>(i % count)]) * row,
                      static_cast<std::size_t>(row));
        }
      });
}

}  // namespace keraft::kernels
