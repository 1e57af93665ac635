// What a TensorFlow file holds, decided by its bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/file.h"

namespace keraft::reading {

enum class Message { graph, meta_graph, saved_model };

struct Content {
  Message message = Message::graph;
  bool text = false;
};

/// Nothing when it is no such file. Throws Status::format for what is recognisably something else.
std::optional<Content> content_of(const std::shared_ptr<const base::File>& file);

/// "model.ckpt" from itself, from "model.ckpt.index" or from "model.ckpt.data-00000-of-00001".
std::string checkpoint_prefix(const std::string& path);

}  // namespace keraft::reading
