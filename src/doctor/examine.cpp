#include "keraft/examine.hpp"

#include "base/file.h"
#include "doctor/examine_config.h"
#include "formats/keras/raw_file.h"

namespace keraft {
namespace {

using doctor::versions;

void archive(const formats::WeightGroups& weights, doctor::Findings& findings) {
  findings.add(versions("2.6-2.11"), {}, "a .keras file is an archive since Keras 2.12");
  if (weights.by_dependency)
    findings.add(versions("2.15-2.21,3.0-3.15"), {},
                 "the weights stand where Keras 2.12 to 2.14 put them ('_layer_checkpoint_dependencies')");
  if (weights.by_layer)
    findings.add(versions("2.12-2.14"), {}, "the weights stand where Keras 2.15 and later put them ('layers')");
}

void saved_model(const std::string& path, doctor::Findings& findings) {
  findings.add(doctor::keras3(), {}, "Keras 3 loads no SavedModel as a model");
  if (!base::exists(path + "/keras_metadata.pb"))
    findings.add(doctor::keras2(), {}, "the SavedModel has no keras_metadata.pb, so that no layers can be made of it");
}

}  // namespace

Examination examine_file(const std::string& path, const Control& control) {
  Examination out;
  out.path = path;
  doctor::Findings findings;
  if (base::is_folder(path)) {
    if (!base::exists(path + "/saved_model.pb"))
      throw Error(Status::format, "the folder holds no saved_model.pb", {path, {}, {}});
    out.kind = std::string(name_of(Kind::saved_model));
    saved_model(path, findings);
  } else {
    formats::WeightGroups weights;
    const formats::RawKeras file = formats::read_raw_keras(path, control, &weights);
    out.kind = std::string(name_of(file.kind));
    out.producer = file.producer;
    const bool archived = file.kind == Kind::keras_v3;
    if (archived) archive(weights, findings);
    doctor::examine_config(file.config, archived ? doctor::Container::archive : doctor::Container::h5, findings);
  }
  for (size_t i = 0; i < doctor::version_count; ++i) {
    KerasVerdict& verdict = out.versions.emplace_back();
    verdict.keras = doctor::version_name(i);
    for (const doctor::Finding& one : findings.all()) {
      if (one.refuse[i]) verdict.reasons.push_back({one.where, one.what});
    }
  }
  return out;
}

}  // namespace keraft
