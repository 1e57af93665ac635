// The types of TensorFlow's ops, as its own registry has them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace keraft::cards {

struct OpTypes {
  /// Views into a table that lives as long as the program.
  struct Arg {
    std::string_view name;   ///< of an input in tf.raw_ops
    std::string_view type;   ///< the attribute of its type; empty: fixed
    std::string_view count;  ///< the attribute that says how many tensors; empty: one
    std::string_view types;  ///< the attribute with a type for each of the tensors; empty: as above
  };
  struct Attr {
    std::string_view name;
    char kind;   ///< t(ype) i(nt) f(loat) b(ool) s(tring) (s)h(ape) (te)n(sor) (f)u(nction); a capital: a list
    bool newer;  ///< later than TensorFlow 1.15, with a default
  };
  std::vector<Arg> ins, outs;
  std::vector<Attr> attrs;
};

/// Nothing for ops with neither attributes nor outputs, and for those that no model holds.
std::optional<OpTypes> op_types(std::string_view op);

}  // namespace keraft::cards
