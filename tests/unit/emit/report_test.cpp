#include "keraft/report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace keraft;
using Catch::Matchers::Contains;

namespace {

Report sample() {
  Report report;
  report.status = "differs";
  report.source = {"in.pb", "graphdef", "TensorFlow 2.15", {"x float32 [B, 4]"}, {"y float32 [B, 3]"}, {}};
  report.target = {"out.keras", "keras", {}, {}, {}, "3"};
  report.layers = {
      {"dense", "Dense", {"y", "MatMul"}, "card", "rounding", {{"kernel", "w", {4, 3}, true, {"read by MatMul"}}}}};
  report.unsupported = {{"n<1>", "Odd", "no layer"}};
  report.unused_variables = {"step"};
  report.lossy = {{"dense", "was something else"}};
  report.verification = Verification{2, 1, 0.5, 0.25, 1e-4, 1e-6, false, {{"dense", 0.5, 0.25, 4}}, "dense"};
  report.error = {"io", "disk \"full\"", "out.keras"};
  return report;
}

}  // namespace

TEST_CASE("the report's JSON has the keys of the contract", "[report]") {
  const auto json = nlohmann::json::parse(sample().json());
  for (const char* key : {"keraft", "status", "source", "target", "layers", "unsupported", "unused_variables", "lossy",
                          "verification", "error"}) {
    CHECK(json.contains(key));
  }
  CHECK(json["status"] == "differs");
  CHECK(json["source"]["producer"] == "TensorFlow 2.15");
  CHECK(json["target"]["keras"] == "3");
  const auto& layer = json["layers"][0];
  CHECK(layer["class"] == "Dense");
  CHECK(layer["from"] == nlohmann::json({"y", "MatMul"}));
  CHECK(layer["weights"][0]["shape"] == nlohmann::json({4, 3}));
  CHECK(layer["weights"][0]["evidence"][0] == "read by MatMul");
  CHECK(json["unsupported"][0]["reason"] == "no layer");
  CHECK(json["verification"]["first_difference"] == "dense");
  CHECK(json["verification"]["layers"][0]["ulp"] == 4.0);
  CHECK(json["error"]["message"] == "disk \"full\"");
}

TEST_CASE("what was not done is null", "[report]") {
  const auto json = nlohmann::json::parse(Report().json());
  CHECK(json["verification"].is_null());
  CHECK(json["error"].is_null());
  CHECK(json["layers"].empty());
}

TEST_CASE("the report for people names nodes, roles, evidence and the difference", "[report]") {
  const std::string text = sample().text();
  CHECK_THAT(text, Contains("dense · Dense"));
  CHECK_THAT(text, Contains("from y, MatMul"));
  CHECK_THAT(text, Contains("kernel [4, 3] = w, trainable: read by MatMul"));
  CHECK_THAT(text, Contains("first layer that differs: dense"));
  CHECK_THAT(text, Contains("step"));
}

TEST_CASE("names from files are text in the page, not markup", "[report]") {
  Report report = sample();
  report.unsupported[0].node = "<script>alert(1)</script>";
  const std::string page = report.html();
  CHECK_THAT(page, !Contains("<script>"));
  CHECK_THAT(page, Contains("&lt;script&gt;"));
}
