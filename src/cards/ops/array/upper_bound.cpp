#include <algorithm>

#include "cards/sorted_search.h"

KERAFT_OP(upper_bound) {
  op.tf("UpperBound").about("the number of elements of a sorted row that are not above");
  sorted_search_card(op, [](auto first, auto last, auto value) { return std::upper_bound(first, last, value); });
}
