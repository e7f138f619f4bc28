// SPDX-License-Identifier: Apache-2.0
#include <hearth/perturb/apply.h>
#include <hearth/perturb/sample_variants.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "small_home.h"

using namespace hearth;

namespace {

/// Everything numeric that the proposals drew, by name.
std::map<std::string, std::vector<double>> drawn(const std::vector<Variant>& variants) {
  std::map<std::string, std::vector<double>> all;
  for (const Variant& variant : variants) {
    for (const Edit& edit : variant.edits) {
      if (const auto* e = std::get_if<MoveStart>(&edit)) {
        all["start"].insert(all["start"].end(), {e->dx_m, e->dy_m});
        all["start_yaw"].push_back(e->yaw_rad);
      } else if (const auto* goal = std::get_if<MoveGoal>(&edit)) {
        all["goal"].insert(all["goal"].end(), {goal->dx_m, goal->dy_m});
        all["goal_yaw"].push_back(goal->yaw_rad);
      } else if (const auto* raise = std::get_if<RaiseSupport>(&edit)) {
        all["height"].push_back(raise->dz_m);
      } else if (const auto* size = std::get_if<ScaleObject>(&edit)) {
        all["size"].insert(all["size"].end(), {size->factor.x, size->factor.y, size->factor.z});
      } else if (const auto* mass = std::get_if<ScaleMass>(&edit)) {
        all["log_mass"].push_back(std::log(mass->factor));
      } else if (const auto* friction = std::get_if<SetFriction>(&edit)) {
        all["friction"].push_back(friction->friction);
      } else if (const auto* lights = std::get_if<SetLights>(&edit)) {
        all["light_count"].push_back(static_cast<double>(lights->lights.size()));
        for (const Light& light : lights->lights) {
          all["intensity"].push_back(light.intensity);
          all["temperature"].push_back(light.color_temperature_k);
        }
      } else if (const auto* camera = std::get_if<MoveCamera>(&edit)) {
        all["camera"].insert(all["camera"].end(),
                             {camera->offset_m.x, camera->offset_m.y, camera->offset_m.z});
        all["camera_turn"].insert(
            all["camera_turn"].end(),
            {camera->rotation_rad.x, camera->rotation_rad.y, camera->rotation_rad.z});
      }
    }
  }
  return all;
}

struct Range {
  double low;
  double high;
};

}  // namespace

TEST_CASE("sample_variants: proposals span the ranges of preset near and never leave them") {
  const auto variants = sample_variants(make_small_home(1), {.count = 4000, .seed = 7});
  REQUIRE(variants.ok());
  const auto all = drawn(*variants);
  const double deg = 3.14159265358979 / 180.0;
  const std::map<std::string, Range> expected = {{"start", {-0.10, 0.10}},
                                                 {"start_yaw", {-30 * deg, 30 * deg}},
                                                 {"goal", {-0.10, 0.10}},
                                                 {"goal_yaw", {-30 * deg, 30 * deg}},
                                                 {"height", {-0.05, 0.05}},
                                                 {"size", {0.85, 1.15}},
                                                 {"log_mass", {std::log(0.5), std::log(2.0)}},
                                                 {"friction", {0.5, 1.0}},
                                                 {"intensity", {0.4, 1.6}},
                                                 {"temperature", {2700, 7500}},
                                                 {"camera", {-0.03, 0.03}},
                                                 {"camera_turn", {-5 * deg, 5 * deg}}};
  for (const auto& [name, range] : expected) {
    CAPTURE(name);
    const std::vector<double>& values = all.at(name);
    const double width = range.high - range.low;
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    CHECK(*least >= range.low - 1e-6 * width);
    CHECK(*most <= range.high + 1e-6 * width);
    CHECK(*least < range.low + 0.005 * width);  // 4000 uniform draws miss it with p < 1e-8
    CHECK(*most > range.high - 0.005 * width);
    double mean = 0.0;
    double square = 0.0;
    for (const double value : values) {
      const double u = (value - range.low) / width;
      mean += u;
      square += u * u;
    }
    const double n = static_cast<double>(values.size());
    mean /= n;
    CHECK(std::abs(mean - 0.5) < 5.0 / std::sqrt(12.0 * n));  // five standard errors
    CHECK(std::abs(square / n - 1.0 / 3.0) < 5.0 * 0.2981 / std::sqrt(n));
  }
  std::map<int, int> counts;
  for (const double count : all.at("light_count")) ++counts[static_cast<int>(count)];
  REQUIRE(counts.size() == 3);
  for (int k = 1; k <= 3; ++k) CHECK(std::abs(counts[k] - 1333) < 150);
}

TEST_CASE("sample_variants: streams of different quantities are independent") {
  const auto variants = sample_variants(make_small_home(1), {.count = 4000, .seed = 3});
  const auto all = drawn(*variants);
  const auto correlation = [](const std::vector<double>& a, const std::vector<double>& b) {
    double ma = 0, mb = 0, sab = 0, saa = 0, sbb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) ma += a[i], mb += b[i];
    ma /= static_cast<double>(a.size());
    mb /= static_cast<double>(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      sab += (a[i] - ma) * (b[i] - mb);
      saa += (a[i] - ma) * (a[i] - ma);
      sbb += (b[i] - mb) * (b[i] - mb);
    }
    return sab / std::sqrt(saa * sbb);
  };
  const double limit = 5.0 / std::sqrt(4000.0);
  CHECK(std::abs(correlation(all.at("start_yaw"), all.at("goal_yaw"))) < limit);
  CHECK(std::abs(correlation(all.at("start_yaw"), all.at("log_mass"))) < limit);
  CHECK(std::abs(correlation(all.at("friction"), all.at("log_mass"))) < limit);
  CHECK(std::abs(correlation(all.at("height"), all.at("friction"))) < limit);
}

TEST_CASE("sample_variants: the first 3 of 9 equal the 3 of 3") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(range(0, 100)));
  CAPTURE(seed);
  const Home home = make_small_home(seed);
  const auto nine = sample_variants(home, {.count = 9, .seed = seed});
  const auto three = sample_variants(home, {.count = 3, .seed = seed});
  REQUIRE(nine.ok());
  REQUIRE(three->size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK((*nine)[i] == (*three)[i]);
  CHECK_FALSE((*nine)[0].edits == (*nine)[1].edits);
  const auto other = sample_variants(home, {.count = 1, .seed = seed + 1000});
  CHECK_FALSE((*nine)[0].edits == (*other)[0].edits);
  for (const Variant& variant : *nine) CHECK(validated(variant).ok());
}

TEST_CASE("sample_variants: round shapes stay round") {
  Home home = make_small_home(1);
  const ShapeKind kind = GENERATE(ShapeKind::cylinder, ShapeKind::sphere, ShapeKind::capsule);
  home.scene.objects[0].shape = {kind, {0.08, 0.08, kind == ShapeKind::sphere ? 0.08 : 0.081}};
  const auto variants = sample_variants(home, {.count = 50, .seed = 1});
  Diagnostics diagnostics;
  for (const Variant& variant : *variants) {
    const auto edited = apply(variant, home, diagnostics);
    REQUIRE(edited.ok());
    const Vec3 size = edited->scene.objects[0].shape.size_m;
    CHECK(size.x == size.y);
    if (kind == ShapeKind::sphere) CHECK(size.x == size.z);
  }
  CHECK(diagnostics.empty());
}

TEST_CASE("sample_variants: rejects") {
  const Home home = make_small_home(1);
  CHECK(sample_variants(home, {.count = -1}).error().where == "count");
  CHECK(sample_variants(home, {.count = 1000001}).error().where == "count");
  CHECK(sample_variants(home, {.preset = "far"}).error().where == "preset");
  CHECK(sample_variants(home, {.count = 0})->empty());
  Home empty = home;
  empty.scene.objects.clear();
  CHECK(sample_variants(empty, {}).error().code == ErrorCode::not_found);
  CHECK(draw_uncertainty(empty, 0, 0).error().code == ErrorCode::not_found);
}

TEST_CASE("draw_uncertainty: widths are the home's own sigmas, and none without any") {
  Home home = make_small_home(4);
  std::vector<Variant> draws;
  for (std::uint64_t draw = 0; draw < 4000; ++draw) {
    draws.push_back(*draw_uncertainty(home, 11, draw));
  }
  const auto all = drawn(draws);
  const auto sigma = [&](const std::string& name, double center) {
    double sum = 0.0;
    for (const double value : all.at(name)) sum += (value - center) * (value - center);
    return std::sqrt(sum / static_cast<double>(all.at(name).size()));
  };
  CHECK(sigma("start", 0) == Approx(0.01).epsilon(0.05));
  CHECK(sigma("goal", 0) == Approx(0.01).epsilon(0.05));
  CHECK(sigma("start_yaw", 0) == Approx(0.1).epsilon(0.05));
  CHECK(sigma("height", 0) == Approx(0.02).epsilon(0.05));
  CHECK(all.count("log_mass") == 0);
  CHECK(all.count("friction") == 0);

  home.scene.objects[0].position_sigma_m = 0.0;
  home.scene.objects[0].yaw_sigma_rad = 0.0;
  home.scene.objects[0].size_sigma_m = {};
  home.scene.supports[0].height_m.sigma = 0.0;
  home.task.goal_sigma_m = 0.0;
  Diagnostics diagnostics;
  const auto same = apply(*draw_uncertainty(home, 11, 0), home, diagnostics);
  REQUIRE(same.ok());
  CHECK(norm(same->task.world_from_goal.position_m - home.task.world_from_goal.position_m) ==
        Approx(0.0).margin(1e-12));
}
