// SPDX-License-Identifier: Apache-2.0
#include <hearth/data/scene.h>
#include <hearth/io/files.h>
#include <hearth/io/scene_glb.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <sstream>

#include "fields_core.h"
#include "tessellate.h"

#define TINYGLTF_NO_STB_IMAGE
#define TINYGLTF_NO_STB_IMAGE_WRITE
#include <tiny_gltf.h>

namespace hearth {
namespace {

using tinygltf::Value;

// A point light of intensity 1 gives 300 lux at 2 m, hearth's "well-lit room": 300 lx * (2 m)^2.
constexpr double kCandelaPerIntensity = 1200.0;

Value number(double v) { return Value(v); }
Value text(const std::string& v) { return Value(v); }
Value triple(Vec3 v) { return Value(Value::Array{Value(v.x), Value(v.y), Value(v.z)}); }

template <class E>
std::string spelled(E value) {
  return EnumNames<E>::names.at(static_cast<std::size_t>(value));
}

Value estimate(const Estimate& e) {
  return Value(Value::Object{
      {"value", number(e.value)}, {"sigma", number(e.sigma)}, {"source", text(spelled(e.source))}});
}

Value hearth_extras(Value::Object what) {
  return Value(Value::Object{{"hearth", Value(std::move(what))}});
}

void append_bytes(std::vector<unsigned char>& bytes, std::uint32_t bits) {
  for (int shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<unsigned char>(bits >> shift));
  }
}

// The glTF document under construction: everything hangs below one root node.
struct Document {
  tinygltf::Model model{};

  Document() {
    model.asset.version = "2.0";
    model.asset.generator = "hearth";
    model.buffers.emplace_back();
    tinygltf::Node root;
    root.name = "world";
    const double half = std::numbers::sqrt2 / 2;
    root.rotation = {-half, 0.0, 0.0, half};
    root.extras = hearth_extras({{"kind", text("world")}, {"up", text("z")}});
    model.nodes.push_back(root);
    model.scenes.emplace_back();
    model.scenes[0].name = "scene";
    model.scenes[0].nodes = {0};
    model.defaultScene = 0;
  }

  tinygltf::Node& add_node(const std::string& name, const Pose& world_from_node) {
    tinygltf::Node node;
    node.name = name;
    const Quat q = world_from_node.rotation;
    const Vec3 p = world_from_node.position_m;
    node.rotation = {q.x, q.y, q.z, q.w};
    node.translation = {p.x, p.y, p.z};
    model.nodes[0].children.push_back(static_cast<int>(model.nodes.size()));
    model.nodes.push_back(node);
    return model.nodes.back();
  }

  int add_view(std::size_t start, int target) {
    tinygltf::BufferView view;
    view.buffer = 0;
    view.byteOffset = start;
    view.byteLength = model.buffers[0].data.size() - start;
    view.target = target;
    model.bufferViews.push_back(view);
    return static_cast<int>(model.bufferViews.size()) - 1;
  }

  int add_vectors(const std::vector<std::array<float, 3>>& vectors, bool with_bounds) {
    std::vector<unsigned char>& bytes = model.buffers[0].data;
    const std::size_t start = bytes.size();
    std::array<float, 3> low = vectors.front();
    std::array<float, 3> high = low;
    for (const std::array<float, 3>& v : vectors) {
      for (std::size_t k = 0; k < 3; ++k) {
        append_bytes(bytes, std::bit_cast<std::uint32_t>(v[k]));
        low[k] = std::min(low[k], v[k]);
        high[k] = std::max(high[k], v[k]);
      }
    }
    tinygltf::Accessor accessor;
    accessor.bufferView = add_view(start, TINYGLTF_TARGET_ARRAY_BUFFER);
    accessor.componentType = TINYGLTF_COMPONENT_TYPE_FLOAT;
    accessor.type = TINYGLTF_TYPE_VEC3;
    accessor.count = vectors.size();
    if (with_bounds) {
      accessor.minValues = {low[0], low[1], low[2]};
      accessor.maxValues = {high[0], high[1], high[2]};
    }
    model.accessors.push_back(accessor);
    return static_cast<int>(model.accessors.size()) - 1;
  }

  int add_indices(const std::vector<std::uint32_t>& indices) {
    std::vector<unsigned char>& bytes = model.buffers[0].data;
    const std::size_t start = bytes.size();
    for (const std::uint32_t index : indices) append_bytes(bytes, index);
    tinygltf::Accessor accessor;
    accessor.bufferView = add_view(start, TINYGLTF_TARGET_ELEMENT_ARRAY_BUFFER);
    accessor.componentType = TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT;
    accessor.type = TINYGLTF_TYPE_SCALAR;
    accessor.count = indices.size();
    model.accessors.push_back(accessor);
    return static_cast<int>(model.accessors.size()) - 1;
  }

  int add_material(const std::string& name, const Material& look) {
    tinygltf::Material material;
    material.name = name;
    material.pbrMetallicRoughness.baseColorFactor = {look.color_rgb.x, look.color_rgb.y,
                                                     look.color_rgb.z, 1.0};
    material.pbrMetallicRoughness.metallicFactor = 0.0;
    material.pbrMetallicRoughness.roughnessFactor = look.roughness;
    material.extras = hearth_extras({{"pattern", text(spelled(look.pattern))},
                                     {"pattern_size_m", number(look.pattern_size_m)},
                                     {"second_color_rgb", triple(look.second_color_rgb)}});
    model.materials.push_back(material);
    return static_cast<int>(model.materials.size()) - 1;
  }

  int add_mesh(const std::string& name, const TriangleMesh& mesh, const Material& look) {
    tinygltf::Primitive primitive;
    primitive.attributes = {{"POSITION", add_vectors(mesh.positions_m, true)},
                            {"NORMAL", add_vectors(mesh.normals, false)}};
    primitive.indices = add_indices(mesh.indices);
    primitive.material = add_material(name, look);
    primitive.mode = TINYGLTF_MODE_TRIANGLES;
    tinygltf::Mesh out;
    out.name = name;
    out.primitives = {primitive};
    model.meshes.push_back(out);
    return static_cast<int>(model.meshes.size()) - 1;
  }
};

void add_support(Document& document, const Support& support) {
  const Shape slab{ShapeKind::box, support.size_m};
  const int mesh = document.add_mesh(support.id, tessellated(slab, {0, 0, -0.5 * support.size_m.z}),
                                     support.material);
  tinygltf::Node& node = document.add_node(support.id, support.world_from_support);
  node.mesh = mesh;
  node.extras = hearth_extras({{"kind", text("support")},
                               {"id", text(support.id)},
                               {"category", text(support.category)},
                               {"size_m", triple(support.size_m)},
                               {"height_m", estimate(support.height_m)},
                               {"extent_inferred", Value(support.extent_inferred)},
                               {"friction", number(support.friction)}});
}

void add_object(Document& document, const SceneObject& object) {
  const int mesh = document.add_mesh(object.id, tessellated(object.shape), object.material);
  tinygltf::Node& node = document.add_node(object.id, object.world_from_object);
  node.mesh = mesh;
  node.extras = hearth_extras({{"kind", text("object")},
                               {"id", text(object.id)},
                               {"category", text(object.category)},
                               {"shape", text(spelled(object.shape.kind))},
                               {"size_m", triple(object.shape.size_m)},
                               {"size_sigma_m", triple(object.size_sigma_m)},
                               {"position_sigma_m", number(object.position_sigma_m)},
                               {"yaw_sigma_rad", number(object.yaw_sigma_rad)},
                               {"movable", Value(object.movable)},
                               {"mass_kg", estimate(object.mass_kg)},
                               {"friction", estimate(object.friction)}});
}

void add_camera(Document& document, const SceneCamera& camera) {
  const CameraModel& lens = camera.model;
  tinygltf::Camera out;
  out.name = camera.id;
  out.type = "perspective";
  out.perspective.yfov = 2.0 * std::atan(0.5 * lens.height_px / lens.fy_px);
  out.perspective.aspectRatio = (lens.width_px / lens.fx_px) / (lens.height_px / lens.fy_px);
  out.perspective.znear = 0.01;
  out.perspective.zfar = 0.0;  // 0: not written, that is, infinite.
  document.model.cameras.push_back(out);
  const Pose camera_from_gltf{{}, Quat{0, 1, 0, 0}};
  tinygltf::Node& node = document.add_node(camera.id, camera.world_from_camera * camera_from_gltf);
  node.camera = static_cast<int>(document.model.cameras.size()) - 1;
  Value::Object extras{{"kind", text("camera")},
                       {"id", text(camera.id)},
                       {"width_px", Value(lens.width_px)},
                       {"height_px", Value(lens.height_px)},
                       {"fx_px", number(lens.fx_px)},
                       {"fy_px", number(lens.fy_px)},
                       {"cx_px", number(lens.cx_px)},
                       {"cy_px", number(lens.cy_px)},
                       {"k1", number(lens.k1)},
                       {"k2", number(lens.k2)},
                       {"p1", number(lens.p1)},
                       {"p2", number(lens.p2)},
                       {"k3", number(lens.k3)}};
  if (lens.kind == CameraModelKind::kannala_brandt || lens.kind == CameraModelKind::fisheye624) {
    extras["lens"] = text(spelled(lens.kind));
    extras["k4"] = number(lens.k4);
    extras["k5"] = number(lens.k5);
    extras["k6"] = number(lens.k6);
    extras["s1"] = number(lens.s1);
    extras["s2"] = number(lens.s2);
    extras["s3"] = number(lens.s3);
    extras["s4"] = number(lens.s4);
  }
  node.extras = hearth_extras(std::move(extras));
}

void add_light(Document& document, const Light& light) {
  tinygltf::Light out;
  out.name = light.id;
  out.type = "point";
  out.color = {1.0, 1.0, 1.0};
  out.intensity = kCandelaPerIntensity * light.intensity;
  document.model.lights.push_back(out);
  const int index = static_cast<int>(document.model.lights.size()) - 1;
  tinygltf::Node& node = document.add_node(light.id, Pose{light.p_in_world_m, {}});
  node.extensions["KHR_lights_punctual"] = Value(Value::Object{{"light", Value(index)}});
  node.extras = hearth_extras({{"kind", text("light")},
                               {"id", text(light.id)},
                               {"intensity", number(light.intensity)},
                               {"radius_m", number(light.radius_m)},
                               {"color_temperature_k", number(light.color_temperature_k)}});
}

void add_floor(Document& document, const Room& room) {
  const int mesh =
      document.add_mesh("floor", level_rectangle(room.size_m.x, room.size_m.y), room.floor);
  const Vec3 middle = room.center_in_world_m - Vec3{0, 0, 0.5 * room.size_m.z};
  tinygltf::Node& node = document.add_node("floor", Pose{middle, {}});
  node.mesh = mesh;
  node.extras = hearth_extras(
      {{"kind", text("room")}, {"seen", Value(room.seen)}, {"size_m", triple(room.size_m)}});
}

}  // namespace

Result<std::string> glb_from_scene(const Scene& scene) {
  Result<Scene> checked = validated(scene);
  if (!checked) return checked.error();
  Document document;
  add_floor(document, scene.room);
  for (const Support& support : scene.supports) add_support(document, support);
  for (const SceneObject& object : scene.objects) add_object(document, object);
  for (const SceneCamera& camera : scene.cameras) add_camera(document, camera);
  for (const Light& light : scene.lights) add_light(document, light);
  std::ostringstream stream;
  tinygltf::TinyGLTF writer;
  if (!writer.WriteGltfSceneToStream(&document.model, stream, false, true)) {
    return Error{ErrorCode::infeasible, "the scene could not be written as glTF", "scene"};
  }
  return stream.str();
}

Result<Done> write_scene_glb(const std::filesystem::path& file, const Scene& scene) {
  Result<std::string> bytes = glb_from_scene(scene);
  if (!bytes) return bytes.error();
  return write_file(file, *bytes);
}

}  // namespace hearth
