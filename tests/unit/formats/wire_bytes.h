// Protobuf messages written by hand, for tests of what reads them.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace bytes {

inline std::string varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out + static_cast<char>(value);
}
inline std::string number(uint32_t field, uint64_t value) { return varint(field << 3) + varint(value); }
inline std::string text(uint32_t field, const std::string& value) {
  return varint(field << 3 | 2) + varint(value.size()) + value;
}
inline std::string fixed32(uint32_t field, uint32_t value) {
  std::string out = varint(field << 3 | 5);
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}
template <class T>
std::string raw(const std::vector<T>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

inline std::string shape(const std::vector<int64_t>& dims) {
  std::string out;
  for (const int64_t dim : dims) out += text(2, dim == 0 ? std::string() : number(1, static_cast<uint64_t>(dim)));
  return out;
}
/// TensorProto with these value fields.
inline std::string tensor(int dtype, const std::vector<int64_t>& dims, const std::string& values) {
  return number(1, static_cast<uint64_t>(dtype)) + text(2, shape(dims)) + values;
}
inline std::string attr(const std::string& key, const std::string& value) { return text(5, text(1, key) + text(2, value)); }
inline std::string type_attr(const std::string& key, int dtype) { return attr(key, number(6, static_cast<uint64_t>(dtype))); }
inline std::string node(const std::string& name, const std::string& op, const std::vector<std::string>& inputs = {},
                        const std::string& attrs = {}) {
  std::string out = text(1, name) + text(2, op);
  for (const std::string& input : inputs) out += text(3, input);
  return out + attrs;
}
inline std::string floats(const std::string& name, const std::vector<int64_t>& dims, const std::vector<float>& values) {
  return node(name, "Const", {}, type_attr("dtype", 1) + attr("value", text(8, tensor(1, dims, text(4, raw(values))))));
}
inline std::string strings(const std::string& name, const std::vector<std::string>& values) {
  std::string contents;
  for (const std::string& value : values) contents += text(8, value);
  return node(name, "Const", {},
              type_attr("dtype", 7) + attr("value", text(8, tensor(7, {static_cast<int64_t>(values.size())}, contents))));
}
inline std::string placeholder(const std::string& name, const std::vector<int64_t>& dims) {
  return node(name, "Placeholder", {}, type_attr("dtype", 1) + attr("shape", text(7, shape(dims))));
}
inline std::string graph(const std::vector<std::string>& nodes) {
  std::string out;
  for (const std::string& one : nodes) out += text(1, one);
  return out;
}

/// OpDef.ArgDef with a fixed type.
inline std::string arg(const std::string& name, int dtype) { return text(1, name) + number(3, static_cast<uint64_t>(dtype)); }
struct Function {
  std::string name;
  std::vector<std::pair<std::string, int>> ins, outs;
  std::vector<std::string> nodes;
  std::vector<std::pair<std::string, std::string>> ret;
};
inline std::string function(const Function& f) {
  std::string signature = text(1, f.name);
  for (const auto& [name, dtype] : f.ins) signature += text(2, arg(name, dtype));
  for (const auto& [name, dtype] : f.outs) signature += text(3, arg(name, dtype));
  std::string out = text(1, signature);
  for (const std::string& one : f.nodes) out += text(3, one);
  for (const auto& [key, value] : f.ret) out += text(4, text(1, key) + text(2, value));
  return out;
}
inline std::string library(const std::vector<Function>& functions) {
  std::string out;
  for (const Function& f : functions) out += text(1, function(f));
  return text(2, out);
}
inline std::string func_attr(const std::string& key, const std::string& name) { return attr(key, text(10, text(1, name))); }

/// A folder of its own that is gone at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "keraft-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& contents) const {
    const std::string file = path_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << contents;
    return file;
  }

 private:
  std::string path_;
};

}  // namespace bytes
