// Text helpers. Names from files are bytes: checked and escaped before anybody sees them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keraft::base {

bool is_utf8(std::string_view text) noexcept;
/// Printable: control characters, bidi marks, invalid UTF-8 and quotes come out as \xNN or \u{NNNN}; longer than `most` bytes
/// is cut with "…".
std::string escaped(std::string_view text, size_t most = 200);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string lower(std::string_view text);
/// What is before a name's last '/': the name scope of a node. Empty where there is none.
std::string_view scope_of(std::string_view name);
/// Shortest text that reads back as the same number; always with a '.' or an exponent.
std::string number(double value);

}  // namespace keraft::base
