#include "formats/wire/hdf5_check.h"

#include "formats/wire/hdf5_object.h"
#include "formats/wire/hdf5_places.h"
#include "formats/wire/hdf5_superblock.h"

namespace keraft::formats::wire {
namespace {

constexpr uint64_t most_depth = 256;

/// All objects, the root first, each once, however many links lead to it.
class Walk {
 public:
  Walk(Hdf5Context& context, Hdf5Checked& out) : context_(context), out_(out) {}

  void run(const Hdf5Link& root) {
    enter(root, 0);
    if (!seen_[root.address].group) context_.damaged(seen_[root.address].at, "the root is no group");
    while (!open_.empty()) {
      Open& top = open_.back();
      if (top.next == top.links.size()) {
        seen_[top.address].finished = true;
        finished_.push_back(top.address);
        open_.pop_back();
        continue;
      }
      const size_t parent = top.object;
      const Hdf5Link link = std::move(top.links[top.next++]);
      context_.current = context_.objects.size();
      context_.budget.edges(1);
      const auto found = seen_.find(link.address);
      context_.objects.push_back({parent, link.name});
      seen_[top.address].children.push_back(link.address);
      if (found == seen_.end()) {
        enter(link, context_.current);
        continue;
      }
      ++found->second.links;
      agrees(link, found->second);
      if (!found->second.finished) context_.damaged(context_.base + link.address, "a group contains itself");
      context_.objects.pop_back();
    }
    count();
  }
  /// The object at each address.
  std::unordered_map<uint64_t, size_t> owners() const {
    std::unordered_map<uint64_t, size_t> out;
    for (const auto& [address, seen] : seen_) out.emplace(address, seen.object);
    return out;
  }

 private:
  struct Seen {
    uint64_t at = 0;
    size_t object = 0;
    uint32_t stated = 1, links = 1;
    bool group = false, finished = false;
    std::optional<Hdf5Table> table;
    uint64_t paths = 0;
    std::vector<uint64_t> children;
  };
  struct Open {
    uint64_t address;
    size_t object;
    std::vector<Hdf5Link> links;
    size_t next = 0;
  };

  void agrees(const Hdf5Link& link, const Seen& seen) const {
    if (link.table && link.table != seen.table) context_.damaged(seen.at, "a link and the group that it leads to disagree");
  }

  void enter(const Hdf5Link& link, size_t object) {
    context_.current = object;
    context_.budget.nodes(1);
    if (open_.size() >= most_depth) {
      throw Error(Status::memory, "groups are nested over " + std::to_string(most_depth) + " deep",
                  {context_.place, {}, context_.path()});
    }
    Hdf5Object found = check_object(context_, link.address, out_);
    Seen& seen = seen_[link.address];
    seen.at = found.at;
    seen.object = object;
    seen.stated = found.references;
    seen.group = found.group;
    seen.table = found.table;
    agrees(link, seen);
    open_.push_back({link.address, object, std::move(found.links)});
  }

  /// Every object says how many links lead to it, so a link that is damaged shows at two objects. Links of groups to groups
  /// can make more paths than anybody can walk.
  void count() {
    uint64_t paths = 0;
    const uint64_t most = 16 * seen_.size() + 1024;
    if (!finished_.empty()) seen_[finished_.back()].paths = 1;
    for (auto address = finished_.rbegin(); address != finished_.rend(); ++address) {
      const Seen& seen = seen_[*address];
      context_.current = seen.object;
      if (seen.stated != seen.links) {
        context_.damaged(seen.at,
                         std::to_string(seen.links) + " links lead to an object that says " + std::to_string(seen.stated));
      }
      paths += seen.paths;
      if (paths > most) {
        throw Error(Status::memory, "links of groups to groups make too many paths",
                    {context_.place, seen.at, context_.path()});
      }
      for (const uint64_t child : seen.children) seen_[child].paths += seen.paths;
    }
  }

  Hdf5Context& context_;
  Hdf5Checked& out_;
  std::unordered_map<uint64_t, Seen> seen_;
  std::vector<Open> open_;
  std::vector<uint64_t> finished_;
};

}  // namespace

std::unique_ptr<Hdf5Checked> check_hdf5(std::shared_ptr<const Storage> source, const std::string& place, base::Budget& budget) {
  auto out = std::make_unique<Hdf5Checked>(Hdf5Checked{Hdf5Snapshot(std::move(source), budget), {}});
  {
    Hdf5Context context(out->snapshot, budget, place);
    Walk walk(context, *out);
    walk.run(read_superblock(context));
    check_places(context, *out, walk.owners());
  }
  out->snapshot.seal();
  return out;
}

}  // namespace keraft::formats::wire
