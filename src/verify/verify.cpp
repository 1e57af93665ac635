#include "keraft/verify.hpp"

#include <algorithm>

#include "ir/operation.h"
#include "keraft/run.hpp"
#include "verify/compare.h"
#include "verify/pairs.h"
#include "verify/random_inputs.h"

namespace keraft {
namespace {

using verifying::Difference;
using verifying::InputSpec;

/// A tensor of each model that should be equal.
struct Watched {
  std::string name, fetch_a, fetch_b;
  bool output = false;
};

std::string tensor(const Graph& graph, Edge edge) { return graph.at(edge.node).name + ":" + std::to_string(edge.port); }

/// Layers in topological order, then outputs.
std::vector<Watched> watched(const Model& a, const Model& b) {
  std::vector<Watched> out;
  std::map<std::string, NodeId, std::less<>> names;
  for (size_t i = 0; i < a.graph.nodes.size(); ++i) {
    if (!a.graph.nodes[i].dead) names.emplace(a.graph.nodes[i].name, static_cast<NodeId>(i));
  }
  for (const NodeId id : b.graph.order()) {
    const Node& node = b.graph.at(id);
    const auto source = b.source_of.find(node.name);
    if (source != b.source_of.end()) {
      out.push_back({node.name, tensor(a.graph, source->second), node.name + ":0"});
    } else if (node.layer < 0 && !is_operation(node)) {
      continue;
    } else if (const auto same = names.find(node.name); same != names.end() && b.source_of.empty()) {
      out.push_back({node.name, node.name + ":0", node.name + ":0"});
    }
  }
  for (const auto& [i, k] : verifying::paired(a.graph.outputs, b.graph.outputs, "outputs")) {
    out.push_back({a.graph.outputs[i].name, a.graph.outputs[i].name, b.graph.outputs[k].name, true});
  }
  return out;
}

std::vector<std::string> fetched(const std::vector<Watched>& watched, std::string Watched::*of) {
  std::vector<std::string> out;
  for (const Watched& one : watched) out.push_back(one.*of);
  return out;
}

class Comparison {
 public:
  Comparison(Model a, Model b, const VerifyOptions& options, const Control& control)
      : options_(options),
        control_(control),
        specs_(verifying::input_specs(a.graph, b.graph)),
        watched_(watched(a, b)),
        fetch_a_(fetched(watched_, &Watched::fetch_a)),
        fetch_b_(fetched(watched_, &Watched::fetch_b)),
        a_(std::move(a), control, fetch_a_),
        b_(std::move(b), control, fetch_b_),
        worst_(watched_.size()),
        over_(watched_.size(), false),
        apart_(watched_.size(), false) {}

  Verification run() {
    if (options_.samples < 1) throw Error(Status::argument, "at least one sample is needed");
    const std::vector<int64_t> batches =
        verifying::batch_is_free(specs_) ? std::vector<int64_t>{1, 3} : std::vector<int64_t>{1};
    const double runs = static_cast<double>(options_.samples) * static_cast<double>(batches.size());
    double done = 0;
    for (int sample = 0; sample < options_.samples; ++sample) {
      for (const int64_t batch : batches) {
        check(control_);
        const uint64_t seed = options_.seed + 1000003 * static_cast<uint64_t>(sample) + static_cast<uint64_t>(batch);
        compare_once(batch, seed);
        if (control_.progress) control_.progress("verify", ++done / runs);
      }
    }
    return result();
  }

 private:
  std::map<std::string, Array> run_a(int64_t batch, uint64_t seed, std::vector<Array>& inputs) {
    // Free sizes start small and odd; a network that shrinks its images more, or halves and doubles them, says so with a
    // mismatch.
    const std::vector<int64_t> candidates = {7, 33, 32, 75, 139, 160, 229, 320};
    const bool choose = verifying::sizes_are_free(specs_), grow = verifying::batch_may_grow(specs_);
    for (;;) {
      inputs = verifying::random_inputs(specs_, batch + (grown_ ? candidates[grown_] : 0), candidates[size_], seed);
      std::map<std::string, Array> named;
      for (size_t i = 0; i < specs_.size(); ++i) named[specs_[i].name_a] = inputs[i];
      try {
        return a_.run(named, fetch_a_);
      } catch (const Error& error) {
        if (error.status() != Status::mismatch) throw;
        if (choose && size_ + 1 < candidates.size()) {
          ++size_;
        } else if (grow && grown_ + 1 < candidates.size()) {
          ++grown_;
          size_ = 0;
        } else {
          throw;
        }
      }
    }
  }

  void compare_once(int64_t batch, uint64_t seed) {
    std::vector<Array> inputs;
    const auto x = run_a(batch, seed, inputs);
    std::map<std::string, Array> named;
    for (size_t i = 0; i < specs_.size(); ++i) named[specs_[i].name_b] = inputs[i];
    const auto y = b_.run(named, fetch_b_);
    for (size_t i = 0; i < watched_.size(); ++i) {
      const Difference d = verifying::compare(x.at(watched_[i].fetch_a), y.at(watched_[i].fetch_b));
      if (!d.comparable) {
        apart_[i] = true;
        if (!watched_[i].output) continue;
        throw Error(Status::mismatch, "the outputs have different sizes", {{}, {}, watched_[i].name});
      }
      Difference& worst = worst_[i];
      worst.max_abs = std::max(worst.max_abs, d.max_abs);
      worst.max_rel = std::max(worst.max_rel, d.max_rel);
      worst.ulp = std::max(worst.ulp, d.ulp);
      worst.finite += d.finite;
      if (!(d.max_abs <= options_.atol + options_.rtol * d.scale)) over_[i] = true;
    }
  }

  Verification result() const {
    Verification out;
    out.samples = options_.samples;
    out.seed = options_.seed;
    out.rtol = options_.rtol;
    out.atol = options_.atol;
    bool differs = false;
    int64_t finite = 0;
    for (size_t i = 0; i < watched_.size(); ++i) {
      const Difference& d = worst_[i];
      if (!watched_[i].output) {
        if (!apart_[i]) out.layers.push_back({watched_[i].name, d.max_abs, d.max_rel, d.ulp});
        continue;
      }
      out.max_abs = std::max(out.max_abs, d.max_abs);
      out.max_rel = std::max(out.max_rel, d.max_rel);
      differs = differs || over_[i];
      finite += d.finite;
    }
    // Outputs without one finite number prove nothing.
    out.equal = !differs && finite > 0;
    if (out.equal) return out;
    const auto first = std::find(over_.begin(), over_.end(), true);
    if (first != over_.end())
      out.first_difference = watched_[static_cast<size_t>(first - over_.begin())].name;
    else if (!watched_.empty())
      out.first_difference = watched_.back().name + " (no finite number to compare)";
    return out;
  }

  const VerifyOptions& options_;
  const Control& control_;
  std::vector<InputSpec> specs_;
  std::vector<Watched> watched_;
  std::vector<std::string> fetch_a_, fetch_b_;
  Runner a_, b_;
  std::vector<Difference> worst_;
  std::vector<bool> over_, apart_;  ///< apart: the source has no tensor of that size, so nothing was compared
  size_t size_ = 0, grown_ = 0;
};

}  // namespace

Verification verify(Model a, Model b, const VerifyOptions& options, const Control& control) {
  return Comparison(std::move(a), std::move(b), options, control).run();
}

}  // namespace keraft
