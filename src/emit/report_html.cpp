#include <fmt/format.h>

#include <iterator>

#include "base/string.h"
#include "keraft/report.hpp"
#include "keraft/version.hpp"

namespace keraft {
namespace {

using Out = std::back_insert_iterator<std::string>;

constexpr std::string_view head =
    "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>keraft report</title>\n<style>\n"
    "body{font:15px/1.5 sans-serif;margin:2em auto;max-width:75em;padding:0 1em}\n"
    "table{border-collapse:collapse}\ntd,th{border-bottom:1px solid #ccc;padding:.2em "
    ".8em;text-align:left;vertical-align:top}\n"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}\n</style></head>\n<body>\n";

std::string safe(std::string_view text) {
  std::string out;
  for (const char c : base::escaped(text, 4096)) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

template <class Texts>
std::string lines(const Texts& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "<br>") + safe(text);
  return out;
}

void heading(Out out, const char* title, std::initializer_list<const char*> columns) {
  fmt::format_to(out, "<h2>{}</h2>\n<table>\n<tr>", title);
  for (const char* column : columns) fmt::format_to(out, "<th>{}</th>", column);
  fmt::format_to(out, "</tr>\n");
}

void side(Out out, const char* title, const Report::Side& side) {
  fmt::format_to(out, "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", title, safe(side.path),
                 safe(side.kind), safe(side.producer.empty() ? side.keras : side.producer), lines(side.inputs),
                 lines(side.outputs));
}

void layer(Out out, const LayerReport& layer) {
  std::vector<std::string> weights;
  for (const WeightReport& weight : layer.weights) {
    weights.push_back(fmt::format("{} [{}] = {}, {}: {}", weight.slot, fmt::join(weight.shape, ", "), weight.variable,
                                  weight.trainable ? "trainable" : "not trainable", fmt::join(weight.evidence, "; ")));
  }
  fmt::format_to(out, "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", safe(layer.name),
                 safe(layer.cls), safe(layer.how), safe(layer.fidelity), lines(weights), lines(layer.from));
}

void comparison(Out out, const Verification& found) {
  fmt::format_to(out, "<p>{}: {} samples, seed {}; largest difference {:.3g}, relative {:.3g}.{}</p>\n",
                 found.equal ? "Equal" : "<b>Different</b>", found.samples, found.seed, found.max_abs, found.max_rel,
                 found.first_difference.empty() ? "" : " First layer that differs: " + safe(found.first_difference));
  heading(out, "Comparison", {"layer", "absolute", "relative", "ulp"});
  for (const LayerDifference& one : found.layers) {
    fmt::format_to(out,
                   "<tr><td>{}</td><td class=\"n\">{:.3g}</td><td class=\"n\">{:.3g}</td><td class=\"n\">{:.3g}</td></tr>\n",
                   safe(one.name), one.max_abs, one.max_rel, one.ulp);
  }
  fmt::format_to(out, "</table>\n");
}

}  // namespace

std::string Report::html() const {
  std::string all(head);
  const Out out = std::back_inserter(all);
  fmt::format_to(out, "<h1>keraft: {}</h1>\n<p>keraft {}</p>\n", safe(status), KERAFT_VERSION);
  if (error) {
    fmt::format_to(out, "<p><b>{}</b>: {} {}</p>\n", safe(error->status), safe(error->message), safe(error->place));
  }
  heading(out, "Files", {"", "path", "kind", "made by / for", "inputs", "outputs"});
  side(out, "source", source);
  side(out, "target", target);
  fmt::format_to(out, "</table>\n");
  heading(out, "Layers", {"name", "class", "how", "fidelity", "weights", "from"});
  for (const LayerReport& one : layers) layer(out, one);
  fmt::format_to(out, "</table>\n");
  if (!unsupported.empty()) {
    heading(out, "Unsupported", {"node", "op", "reason"});
    for (const Unsupported& one : unsupported) {
      fmt::format_to(out, "<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", safe(one.node), safe(one.op), safe(one.reason));
    }
    fmt::format_to(out, "</table>\n");
  }
  if (!unused_variables.empty()) {
    fmt::format_to(out, "<h2>Variables that no layer uses</h2>\n<p>{}</p>\n", lines(unused_variables));
  }
  if (training) {
    fmt::format_to(out, "<h2>Training</h2>\n<p>{}, {}; {} steps taken, {} variables</p>\n",
                   training->optimizer.empty() ? "no optimizer" : training->optimizer,
                   training->loss.empty() ? "no loss" : training->loss, training->iterations, training->variables);
  }
  if (!cut_off.empty()) {
    heading(out, "No part of the model", {"kind", "nodes"});
    for (const CutOff& one : cut_off) {
      fmt::format_to(out, "<tr><td>{}</td><td class=\"n\">{}</td></tr>\n", safe(one.kind), one.nodes);
    }
    fmt::format_to(out, "</table>\n");
  }
  if (!lossy.empty()) {
    heading(out, "Left out or changed", {"where", "what"});
    for (const Lossy& one : lossy) fmt::format_to(out, "<tr><td>{}</td><td>{}</td></tr>\n", safe(one.where), safe(one.what));
    fmt::format_to(out, "</table>\n");
  }
  if (verification) comparison(out, *verification);
  all += "</body>\n</html>\n";
  return all;
}

}  // namespace keraft
