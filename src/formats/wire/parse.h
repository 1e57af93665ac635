// How the files of this folder call libprotobuf.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/message_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <limits>
#include <string>

#include "keraft/error.hpp"

namespace keraft::formats::wire {

inline constexpr int nesting = 64;

/// libprotobuf writes to stderr what it thinks of a file; not while one of these lives.
using Quiet = google::protobuf::LogSilencer;

template <class Message>
bool parsed(const std::string& bytes, Message& out) {
  const Quiet quiet;
  if (bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max())) return false;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  in.SetRecursionLimit(nesting);
  return out.ParseFromCodedStream(&in) && in.ConsumedEntireMessage();
}

template <class Message>
Message parse(const std::string& bytes, const char* what, const Place& place) {
  Message out;
  if (!parsed(bytes, out)) {
    throw Error(Status::format, std::string("a damaged ") + what + ": cut short, nested too deep or with text that is no UTF-8",
                place);
  }
  return out;
}

}  // namespace keraft::formats::wire
