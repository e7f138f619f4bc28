// SPDX-License-Identifier: Apache-2.0
#include <assimp/postprocess.h>
#include <assimp/scene.h>
#include <hearth/data/scene.h>
#include <hearth/io/files.h>
#include <hearth/io/scene_glb.h>

#include <assimp/Importer.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#define TINYGLTF_NO_STB_IMAGE
#define TINYGLTF_NO_STB_IMAGE_WRITE
#include <tiny_gltf.h>

#include "tests/support/temporary_folder.h"

using namespace hearth;

namespace {

Scene small_scene() {
  Scene scene;
  Support table;
  table.id = "table";
  table.category = "table";
  table.world_from_support.position_m = {0.5, 0.1, 0.75};
  table.size_m = {1.2, 0.6, 0.04};
  table.height_m = {0.75, 0.02, Source::measured};
  scene.supports = {table};
  const std::array kinds{ShapeKind::box, ShapeKind::cylinder, ShapeKind::sphere,
                         ShapeKind::capsule};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    SceneObject object;
    object.id = "object_" + std::to_string(k);
    object.category = "unknown";
    const bool ball = kinds[k] == ShapeKind::sphere;
    object.shape = {kinds[k], ball ? Vec3{0.08, 0.08, 0.08} : Vec3{0.08, 0.08, 0.20}};
    if (kinds[k] == ShapeKind::box) object.shape.size_m = {0.06, 0.09, 0.20};
    object.world_from_object = {{0.1 + 0.2 * static_cast<double>(k), 0.1, 0.85},
                                quat_from_axis_angle({0, 0, 1}, 0.3)};
    object.mass_kg = {0.4, 0.1, Source::prior};
    object.friction = {0.8, 0.2, Source::prior};
    object.material.color_rgb = {0.9, 0.2, 0.1};
    scene.objects.push_back(object);
  }
  scene.lights = {Light{"lamp", {0.5, 0.0, 2.2}, 0.1, 1.5, 3000.0}};
  SceneCamera head;
  head.id = "head";
  head.model.width_px = 640;
  head.model.height_px = 480;
  head.model.fx_px = head.model.fy_px = 500.0;
  head.model.cx_px = 319.5;
  head.model.cy_px = 239.5;
  head.world_from_camera = {{0, 0, 1.5}, quat_from_axis_angle({0, 1, 0}, 1.9)};
  scene.cameras = {head};
  return scene;
}

tinygltf::Model parsed(const std::string& bytes) {
  tinygltf::TinyGLTF reader;
  tinygltf::Model model;
  std::string error;
  std::string warning;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const bool read = reader.LoadBinaryFromMemory(&model, &error, &warning, data,
                                                static_cast<unsigned int>(bytes.size()));
  INFO(error << warning);
  REQUIRE(read);
  CHECK(error.empty());
  CHECK(warning.empty());
  return model;
}

const tinygltf::Node& node_named(const tinygltf::Model& model, const std::string& name) {
  for (const tinygltf::Node& node : model.nodes) {
    if (node.name == name) return node;
  }
  FAIL("no node " << name);
  return model.nodes[0];
}

std::vector<Vec3> vectors_of(const tinygltf::Model& model, int accessor_index) {
  const tinygltf::Accessor& accessor = model.accessors.at(static_cast<std::size_t>(accessor_index));
  const tinygltf::BufferView& view =
      model.bufferViews.at(static_cast<std::size_t>(accessor.bufferView));
  std::vector<Vec3> vectors;
  for (std::size_t i = 0; i < accessor.count; ++i) {
    float v[3];
    std::memcpy(v, model.buffers[0].data.data() + view.byteOffset + 12 * i, sizeof v);
    vectors.push_back({v[0], v[1], v[2]});
  }
  return vectors;
}

// Volume enclosed by the triangles, positive if they face outward (divergence theorem).
double enclosed_volume_m3(const tinygltf::Model& model, const tinygltf::Primitive& primitive) {
  const std::vector<Vec3> points = vectors_of(model, primitive.attributes.at("POSITION"));
  const tinygltf::Accessor& accessor =
      model.accessors.at(static_cast<std::size_t>(primitive.indices));
  const tinygltf::BufferView& view =
      model.bufferViews.at(static_cast<std::size_t>(accessor.bufferView));
  std::vector<std::uint32_t> indices(accessor.count);
  std::memcpy(indices.data(), model.buffers[0].data.data() + view.byteOffset, 4 * accessor.count);
  double volume = 0.0;
  for (std::size_t t = 0; t + 2 < indices.size(); t += 3) {
    volume +=
        dot(points.at(indices[t]), cross(points.at(indices[t + 1]), points.at(indices[t + 2]))) /
        6.0;
  }
  return volume;
}

}  // namespace

TEST_CASE("a scene becomes glTF with every thing as a node and its facts in the extras") {
  const Scene scene = small_scene();
  const Result<std::string> bytes = glb_from_scene(scene);
  REQUIRE(bytes);
  CHECK(bytes->substr(0, 4) == "glTF");
  CHECK(*glb_from_scene(scene) == *bytes);
  const tinygltf::Model model = parsed(*bytes);
  REQUIRE(model.nodes[0].name == "world");
  // World, floor, table, four objects, camera, light.
  CHECK(model.nodes.size() == 9);
  CHECK(model.nodes[0].children.size() == 8);
  const tinygltf::Node& box = node_named(model, "object_0");
  const tinygltf::Value facts = box.extras.Get("hearth");
  CHECK(facts.Get("id").Get<std::string>() == "object_0");
  CHECK(facts.Get("mass_kg").Get("value").GetNumberAsDouble() == 0.4);
  CHECK(facts.Get("mass_kg").Get("source").Get<std::string>() == "prior");
  CHECK(facts.Get("friction").Get("sigma").GetNumberAsDouble() == 0.2);
  CHECK(model.lights.at(0).intensity == Approx(1800.0));
  CHECK(model.cameras.at(0).perspective.yfov == Approx(2.0 * std::atan(0.48)));
  const tinygltf::Material& red = model.materials.at(static_cast<std::size_t>(
      model.meshes.at(static_cast<std::size_t>(box.mesh)).primitives[0].material));
  CHECK(red.pbrMetallicRoughness.baseColorFactor[0] == 0.9);
}

TEST_CASE("tessellated shapes are closed, face outward and have the shape's volume and size") {
  const Scene scene = small_scene();
  const tinygltf::Model model = parsed(*glb_from_scene(scene));
  for (const SceneObject& object : scene.objects) {
    CAPTURE(object.id);
    const tinygltf::Node& node = node_named(model, object.id);
    const tinygltf::Primitive& primitive =
        model.meshes.at(static_cast<std::size_t>(node.mesh)).primitives.at(0);
    // 32 segments inscribe 0.64 % less area than a circle; along a meridian about as much again.
    CHECK(enclosed_volume_m3(model, primitive) == Approx(volume_m3(object.shape)).epsilon(0.02));
    CHECK(enclosed_volume_m3(model, primitive) <= volume_m3(object.shape) * (1.0 + 1e-6));
    const tinygltf::Accessor& positions =
        model.accessors.at(static_cast<std::size_t>(primitive.attributes.at("POSITION")));
    CHECK(positions.maxValues.at(2) - positions.minValues.at(2) ==
          Approx(object.shape.size_m.z).epsilon(1e-6));
    const std::vector<Vec3> points = vectors_of(model, primitive.attributes.at("POSITION"));
    const std::vector<Vec3> normals = vectors_of(model, primitive.attributes.at("NORMAL"));
    for (std::size_t i = 0; i < normals.size(); ++i) {
      CHECK(norm(normals[i]) == Approx(1.0).epsilon(1e-5));
      CHECK(dot(points[i], normals[i]) > 0.0);
    }
  }
}

TEST_CASE("another reader sees Y up, the camera's direction and the true heights") {
  const Scene scene = small_scene();
  TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "scene.glb";
  REQUIRE(write_scene_glb(file, scene));
  Assimp::Importer importer;
  const aiScene* read = importer.ReadFile(file.string(), aiProcess_PreTransformVertices);
  INFO(importer.GetErrorString());
  REQUIRE(read != nullptr);
  REQUIRE(read->mNumMeshes >= 1);
  float highest = -1e9F;
  float lowest = 1e9F;
  for (unsigned m = 0; m < read->mNumMeshes; ++m) {
    for (unsigned v = 0; v < read->mMeshes[m]->mNumVertices; ++v) {
      highest = std::max(highest, read->mMeshes[m]->mVertices[v].y);
      lowest = std::min(lowest, read->mMeshes[m]->mVertices[v].y);
    }
  }
  CHECK(highest == Approx(0.95).epsilon(1e-5));  // Top of the 0.2 m high objects at 0.85 m.
  CHECK(lowest == Approx(0.0).margin(1e-6));
}

TEST_CASE("a scene that is not valid is refused and nothing is written") {
  Scene scene = small_scene();
  scene.objects[0].shape.size_m.x = -1.0;
  TemporaryFolder folder;
  const Result<Done> written = write_scene_glb(folder.path() / "scene.glb", scene);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::invalid_argument);
  CHECK(std::filesystem::is_empty(folder.path()));
}
