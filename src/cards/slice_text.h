// Slices as Python writes them.
#pragma once

#include <string>
#include <vector>

#include "cards/op_card.h"

namespace keraft::cards {

/// "{0}[:, 1:3]" of the parts between commas; whole axes at the end are left out.
inline std::string sliced(std::vector<std::string> parts) {
  while (!parts.empty() && parts.back() == ":") parts.pop_back();
  if (parts.empty()) return "tf.identity({0})";
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return "{0}[" + out + "]";
}

/// Slice: begin and size of each axis.
inline std::string slice_text(const ShapeContext& s) {
  const auto begin = s.numbers(1), size = s.numbers(2);
  const Shape& x = s.shape(0);
  if (!begin || !size || begin->size() != size->size()) return {};
  std::vector<std::string> parts;
  for (size_t i = 0; i < begin->size(); ++i) {
    const int64_t from = (*begin)[i], count = (*size)[i];
    const bool rest = count < 0 || (x.has_rank() && i < x.rank() && x[i].is(from + count));
    parts.push_back((from ? std::to_string(from) : "") + ":" + (rest ? "" : std::to_string(from + count)));
  }
  return sliced(std::move(parts));
}

/// StridedSlice, where begin, end and strides are known.
inline std::string strided_slice_text(const ShapeContext& s) {
  const auto begin = s.numbers(1), end = s.numbers(2), strides = s.numbers(3);
  if (!begin || !end || !strides || begin->size() != end->size() || begin->size() != strides->size()) return {};
  const auto masked = [&](const char* mask, size_t i) { return i < 63 && (s.integer(mask) >> i & 1) != 0; };
  std::vector<std::string> parts;
  bool open = false;
  for (size_t i = 0; i < begin->size(); ++i) {
    if (masked("ellipsis_mask", i)) {
      parts.emplace_back("...");
      open = true;
    } else if (masked("new_axis_mask", i)) {
      parts.emplace_back("tf.newaxis");
    } else if (masked("shrink_axis_mask", i)) {
      parts.push_back(std::to_string((*begin)[i]));
    } else {
      const bool from_start = masked("begin_mask", i) || ((*begin)[i] == 0 && (*strides)[i] > 0);
      std::string part = (from_start ? "" : std::to_string((*begin)[i])) + ":";
      if (!masked("end_mask", i)) part += std::to_string((*end)[i]);
      if ((*strides)[i] != 1) part += ":" + std::to_string((*strides)[i]);
      parts.push_back(std::move(part));
    }
  }
  if (open && parts.back() == ":") parts.back() = "::";
  return sliced(std::move(parts));
}

}  // namespace keraft::cards
