#include <algorithm>

#include "cards/sorted_search.h"

KERAFT_OP(lower_bound) {
  op.tf("LowerBound").about("the number of elements of a sorted row that are below");
  sorted_search_card(op, [](auto first, auto last, auto value) { return std::lower_bound(first, last, value); });
}
