// Kernels that only move elements. Elements are opaque values of 1, 2, 4, 8 or 16 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/context.h"

namespace keraft::kernels {

/// out[i0, i1, …] = in[offset + i0·step0 + i1·step1 + …]; steps count elements and may be 0 or negative.
/// The caller has checked that every index lies inside of `in`.
struct Strided {
  std::vector<std::int64_t> dims, steps;
  std::int64_t offset = 0;
};
void copy_strided(const Kernels& kernels, const std::byte* in, std::byte* out, std::size_t element, const Strided& what);

/// The inverse: out[offset + i0·step0 + …] = in[i0, i1, …].
void write_strided(const Kernels& kernels, const std::byte* in, std::byte* out, std::size_t element, const Strided& what);

/// Row-major steps of a tensor of these sizes.
std::vector<std::int64_t> row_major(std::span<const std::int64_t> dims);

/// `count` times the element at `value`.
void fill(std::byte* out, std::int64_t count, const std::byte* value, std::size_t element);

/// out[o, i, …] = in[o, index[i], …]: `outer` blocks of `from` rows of `row` bytes, `count` indices each.
/// Indices have been checked.
void gather_rows(const Kernels& kernels, const std::byte* in, std::byte* out, std::int64_t outer, std::int64_t from,
                 std::int64_t row, std::span<const std::int64_t> index);

}  // namespace keraft::kernels
