#include "formats/keras/slicing.h"

#include "cards/python_slice.h"
#include "formats/keras/dict.h"

namespace keraft::formats {
namespace {

constexpr size_t most_axes = 31;  // bits of a mask

/// A bound; false for what is neither a number nor None.
bool bound(const Dict& slice, const char* key, std::optional<int64_t>& out) {
  const Value* value = entry(slice, key);
  const int64_t* number = value ? value->get<int64_t>() : nullptr;
  if (number) out = *number;
  return !value || value->null() || number;
}

bool add_axis(const Value& spec, cards::PythonSlice& out) {
  if (spec.null()) return out.new_axis();
  if (const int64_t* index = spec.get<int64_t>()) return out.at(*index);
  const Dict* dict = spec.get<Dict>();
  if (!dict) return false;
  if (text_or_empty(*dict, "class_name") == "__ellipsis__") return out.ellipsis();
  std::optional<int64_t> start, stop, step;
  return bound(*dict, "start", start) && bound(*dict, "stop", stop) && bound(*dict, "step", step) &&
         out.range(start, stop, step);
}

}  // namespace

std::optional<ParsedOperation> parse_slicing(const Value& call, const Place& place) {
  const List& outer = as<List>(call, "a call", place);
  const Value& only = outer.size() == 1 ? outer.front() : call;
  if (!is_reference(only)) throw Error(Status::format, "a call that does not name the layer it reads", place);
  const List& argument = *only.get<List>();
  const Dict* given = argument.size() > 3 ? argument[3].get<Dict>() : nullptr;
  const Value* spec = given ? entry(*given, "slice_spec") : nullptr;
  if (!spec) throw Error(Status::format, "a slice without slice_spec", place);
  const List single{*spec};
  const List* several = spec->get<List>();
  const List& axes = several ? *several : single;
  if (axes.size() > most_axes) throw Error(Status::format, "a slice of too many axes", place);
  cards::PythonSlice slice;
  for (const Value& axis : axes) {
    if (!add_axis(axis, slice)) return std::nullopt;
  }
  return ParsedOperation{slice.op(), slice.attrs(), {to_reference(only)}, slice.bounds()};
}

}  // namespace keraft::formats
