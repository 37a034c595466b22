/* A motion as GLB: a node for each joint, a skin over all of them with a mesh that shows them, and
 * one animation. glTF 2.0 is metres, Y up, facing +Z, as motion is in here.
 *
 *   header   glTF, version 2, length
 *   JSON     asset, scene, nodes, skin, mesh, material, animation, accessors, bufferViews, buffer
 *   BIN      times (T); rotations (T, 4) of each joint; places (T, 3) of the moving joints;
 *            inverse bind matrices (J, 16); mesh: places, normals, joints, weights
 */
#include "io/glb/glb_write.h"
#include "base/extremes.h"
#include "io/glb/glb.h"
#include "io/json/json.h"
#include "motion/rotation.h"

#include <stdio.h>
#include <string.h>

enum { FLOATS = 5126, SHORTS = 5123, VERTICES = 34962 };

typedef struct glb_out {
    const momui_motion *motion;
    int32_t moving;
    momui_vec3 *rest; /* (joints) */
    momui_writer json, binary, accessors, views;
    int32_t accessor_count;
} glb_out;

/* ---- parts of the JSON ---- */

static void number(momui_writer *out, double value) {
    momui_write_fixed(out, value, 7);
}

static void integer(momui_writer *out, int64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    momui_write_text(out, text);
}

static void numbers(momui_writer *out, const float *values, int count) {
    momui_write_text(out, "[");
    for (int i = 0; i < count; i++) {
        momui_write_text(out, i ? "," : "");
        number(out, (double)values[i]);
    }
    momui_write_text(out, "]");
}

/* "key":value, with a comma before it where one is needed. */
static void key_integer(momui_writer *out, const char *key, int64_t value) {
    momui_write_text(out, key);
    integer(out, value);
}

/* Data with its view and its accessor, whose index is returned. `low` and `high` may be NULL. */
static int32_t add_accessor(glb_out *glb, const char *type, int component, int64_t count,
                            const void *data, size_t size, bool vertices, const float *low,
                            const float *high, int width) {
    momui_writer *views = &glb->views, *accessors = &glb->accessors;
    momui_write_text(views, glb->accessor_count ? "," : "");
    key_integer(views, "{\"buffer\":0,\"byteOffset\":", (int64_t)glb->binary.size);
    key_integer(views, ",\"byteLength\":", (int64_t)size);
    if (vertices)
        key_integer(views, ",\"target\":", VERTICES);
    momui_write_text(views, "}");
    momui_write(&glb->binary, data, size); /* sizes are multiples of four */
    momui_write_text(accessors, glb->accessor_count ? "," : "");
    key_integer(accessors, "{\"bufferView\":", glb->accessor_count);
    key_integer(accessors, ",\"componentType\":", component);
    key_integer(accessors, ",\"count\":", count);
    momui_write_text(accessors, ",\"type\":\"");
    momui_write_text(accessors, type);
    momui_write_text(accessors, "\"");
    if (low) {
        momui_write_text(accessors, ",\"min\":");
        numbers(accessors, low, width);
        momui_write_text(accessors, ",\"max\":");
        numbers(accessors, high, width);
    }
    momui_write_text(accessors, "}");
    return glb->accessor_count++;
}

/* ---- the animation ---- */

/* Seconds that rise strictly as floats, which a take of many hours' frames need not. */
static momu_status add_times(glb_out *glb, float *scratch, momu_error *error) {
    const momui_motion *motion = glb->motion;
    for (int64_t t = 0; t < motion->frames; t++) {
        scratch[t] = (float)((double)t / motion->fps);
        if (t > 0 && !(scratch[t] > scratch[t - 1]))
            return momui_fail(error, MOMU_ERROR_LIMIT,
                              "frame %lld at %g frames a second: its time does not differ from the "
                              "one before as glTF stores it",
                              (long long)t, motion->fps);
    }
    add_accessor(glb, "SCALAR", FLOATS, motion->frames, scratch,
                 (size_t)motion->frames * sizeof *scratch, false, scratch,
                 scratch + motion->frames - 1, 1);
    return MOMU_OK;
}

static void add_rotations(glb_out *glb, int32_t joint, float *scratch) {
    const momui_motion *motion = glb->motion;
    size_t joints = (size_t)motion->skeleton.joints, frames = (size_t)motion->frames;
    momui_quat last = momui_quat_identity();
    for (size_t t = 0; t < frames; t++) {
        const float *from = motion->rotations + (t * joints + (size_t)joint) * 4;
        last = momui_quat_near(momui_quat_unit(momui_quat_load(from)), last);
        float *to = scratch + 4 * t; /* x y z w */
        momui_vec3_store(momui_vec3_of(last.x, last.y, last.z), to);
        to[3] = (float)last.w;
    }
    add_accessor(glb, "VEC4", FLOATS, motion->frames, scratch, frames * 4 * sizeof *scratch, false,
                 NULL, NULL, 0);
}

/* Of the root, or of its child, from the root. */
static void add_places(glb_out *glb, int32_t joint, float *scratch) {
    const momui_motion *motion = glb->motion;
    size_t joints = (size_t)motion->skeleton.joints, frames = (size_t)motion->frames;
    for (size_t t = 0; t < frames; t++) {
        momui_vec3 at = momui_vec3_load(motion->root + 3 * t);
        if (joint > 0) {
            momui_quat turn = momui_quat_load(motion->rotations + t * joints * 4);
            const float *place = motion->positions + (t * joints + (size_t)joint) * 3;
            at = momui_quat_rotate(momui_quat_conjugate(momui_quat_unit(turn)),
                                   momui_vec3_subtract(momui_vec3_load(place), at));
        }
        momui_vec3_store(at, scratch + 3 * t);
    }
    add_accessor(glb, "VEC3", FLOATS, motion->frames, scratch, frames * 3 * sizeof *scratch, false,
                 NULL, NULL, 0);
}

/* Accessor 0 is the times, 1 + j joint j's rotations, then the places of the moving joints. */
static void write_animation(glb_out *glb) {
    momui_writer *json = &glb->json;
    int32_t joints = glb->motion->skeleton.joints, count = joints + glb->moving;
    momui_write_text(json, "\"animations\":[{\"name\":\"dance\",\"samplers\":[");
    for (int32_t i = 0; i < count; i++) {
        momui_write_text(json, i ? "," : "");
        key_integer(json, "{\"input\":0,\"interpolation\":\"LINEAR\",\"output\":", 1 + i);
        momui_write_text(json, "}");
    }
    momui_write_text(json, "],\"channels\":[");
    for (int32_t i = 0; i < count; i++) {
        bool turns = i < joints;
        momui_write_text(json, i ? "," : "");
        key_integer(json, "{\"sampler\":", i);
        key_integer(json, ",\"target\":{\"node\":", 1 + (turns ? i : i - joints));
        momui_write_text(json, turns ? ",\"path\":\"rotation\"}}" : ",\"path\":\"translation\"}}");
    }
    momui_write_text(json, "],\"extras\":{\"fps\":");
    number(json, glb->motion->fps);
    momui_write_text(json, "}}],");
}

/* ---- nodes, skin and mesh ---- */

/* Node 0 is the mesh, node 1 + j joint j. */
static void write_nodes(glb_out *glb) {
    momui_writer *json = &glb->json;
    const momui_skeleton *skeleton = &glb->motion->skeleton;
    momui_write_text(json, "\"scene\":0,\"scenes\":[{\"nodes\":[0,1]}],\"nodes\":["
                           "{\"name\":\"character\",\"mesh\":0,\"skin\":0}");
    for (int32_t j = 0; j < skeleton->joints; j++) {
        float place[3];
        momui_vec3 at = glb->rest[j];
        if (j > 0)
            at = momui_vec3_subtract(at, glb->rest[skeleton->parents[j]]);
        momui_vec3_store(at, place);
        momui_write_text(json, ",{\"name\":");
        momui_json_write_string(json, skeleton->names[j]);
        momui_write_text(json, ",\"translation\":");
        numbers(json, place, 3);
        bool first = true;
        for (int32_t k = j + 1; k < skeleton->joints; k++) {
            if (skeleton->parents[k] != j)
                continue;
            momui_write_text(json, first ? ",\"children\":[" : ",");
            integer(json, 1 + k);
            first = false;
        }
        momui_write_text(json, first ? "}" : "]}");
    }
    momui_write_text(json, "],");
}

static void write_skin(glb_out *glb, int32_t matrices, int32_t mesh) {
    momui_writer *json = &glb->json;
    key_integer(json, "\"skins\":[{\"inverseBindMatrices\":", matrices);
    momui_write_text(json, ",\"skeleton\":1,\"joints\":[");
    for (int32_t j = 0; j < glb->motion->skeleton.joints; j++) {
        momui_write_text(json, j ? "," : "");
        integer(json, 1 + j);
    }
    key_integer(json,
                "]}],\"meshes\":[{\"name\":\"character\",\"primitives\":[{\"attributes\":{"
                "\"POSITION\":",
                mesh);
    key_integer(json, ",\"NORMAL\":", mesh + 1);
    key_integer(json, ",\"JOINTS_0\":", mesh + 2);
    key_integer(json, ",\"WEIGHTS_0\":", mesh + 3);
    momui_write_text(json, "},\"material\":0}]}],\"materials\":[{\"name\":\"character\","
                           "\"pbrMetallicRoughness\":{\"baseColorFactor\":[0.8,0.55,0.3,1],"
                           "\"metallicFactor\":0,\"roughnessFactor\":0.8}}],");
}

/* (joints, 16) column-major: the rest pose has no rotations, so they only move back. */
static momu_status add_matrices(glb_out *glb, momu_error *error) {
    size_t joints = (size_t)glb->motion->skeleton.joints;
    float *matrices = momui_calloc(glb->motion->memory, joints, 16 * sizeof *matrices);
    if (!matrices)
        return momui_fail_memory(error, "a GLB file");
    for (size_t j = 0; j < joints; j++) {
        float *m = matrices + 16 * j;
        m[0] = m[5] = m[10] = m[15] = 1;
        momui_vec3_store(momui_vec3_scale(glb->rest[j], -1), m + 12);
    }
    add_accessor(glb, "MAT4", FLOATS, (int64_t)joints, matrices, joints * 16 * sizeof *matrices,
                 false, NULL, NULL, 0);
    momui_free(matrices);
    return MOMU_OK;
}

static momu_status add_mesh(glb_out *glb, momu_error *error) {
    momui_glb_mesh mesh;
    MOMUI_TRY(
        momui_glb_mesh_make(glb->motion->memory, &glb->motion->skeleton, glb->rest, &mesh, error));
    size_t corners = (size_t)mesh.corners, row = corners * 3 * sizeof(float);
    add_accessor(glb, "VEC3", FLOATS, mesh.corners, mesh.places, row, true, mesh.low, mesh.high, 3);
    add_accessor(glb, "VEC3", FLOATS, mesh.corners, mesh.normals, row, true, NULL, NULL, 0);
    add_accessor(glb, "VEC4", SHORTS, mesh.corners, mesh.joints, corners * 4 * sizeof(uint16_t),
                 true, NULL, NULL, 0);
    add_accessor(glb, "VEC4", FLOATS, mesh.corners, mesh.weights, corners * 4 * sizeof(float), true,
                 NULL, NULL, 0);
    momui_glb_mesh_release(&mesh);
    return MOMU_OK;
}

/* Above the ground so that the lowest joint touches it. */
static void place_rest(glb_out *glb) {
    const momui_skeleton *skeleton = &glb->motion->skeleton;
    double lowest = 0;
    for (int32_t j = 0; j < skeleton->joints; j++) {
        momui_vec3 offset = momui_vec3_load(skeleton->offsets + 3 * j);
        glb->rest[j] = j == 0 ? momui_vec3_of(0, 0, 0)
                              : momui_vec3_add(glb->rest[skeleton->parents[j]], offset);
        lowest = momui_min(lowest, glb->rest[j].y);
    }
    for (int32_t j = 0; j < skeleton->joints; j++)
        glb->rest[j].y -= lowest;
}

/* ---- the container ---- */

static momu_status add_all(glb_out *glb, float *scratch, momu_error *error) {
    int32_t joints = glb->motion->skeleton.joints;
    MOMUI_TRY(add_times(glb, scratch, error));
    for (int32_t j = 0; j < joints; j++)
        add_rotations(glb, j, scratch);
    for (int32_t j = 0; j < glb->moving; j++)
        add_places(glb, j, scratch);
    MOMUI_TRY(add_matrices(glb, error));
    MOMUI_TRY(add_mesh(glb, error));
    momui_write_text(&glb->json,
                     "{\"asset\":{\"version\":\"2.0\",\"generator\":\"libmomu " MOMU_VERSION_STRING
                     "\"},");
    write_nodes(glb);
    int32_t matrices = 1 + joints + glb->moving;
    write_skin(glb, matrices, matrices + 1);
    write_animation(glb);
    return MOMU_OK;
}

static void put_u32(momui_writer *out, size_t value) {
    unsigned char bytes[4];
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    momui_write(out, bytes, sizeof bytes);
}

static void finish_json(glb_out *glb) {
    momui_writer *json = &glb->json;
    momui_write_text(json, "\"accessors\":[");
    momui_write(json, glb->accessors.data, glb->accessors.size);
    momui_write_text(json, "],\"bufferViews\":[");
    momui_write(json, glb->views.data, glb->views.size);
    key_integer(json, "],\"buffers\":[{\"byteLength\":", (int64_t)glb->binary.size);
    momui_write_text(json, "}]}");
    while (json->size % 4 && !json->failed)
        momui_write_text(json, " ");
}

static momu_status put_chunks(glb_out *glb, momui_writer *out, momu_error *error) {
    finish_json(glb);
    if (glb->json.failed || glb->binary.failed || glb->accessors.failed || glb->views.failed)
        return momui_fail_memory(error, "a GLB file");
    uint64_t length = 28 + (uint64_t)glb->json.size + glb->binary.size;
    if (length > UINT32_MAX)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "a GLB file holds 4 GiB; this motion needs %llu bytes",
                          (unsigned long long)length);
    momui_write_text(out, "glTF");
    put_u32(out, 2);
    put_u32(out, (size_t)length);
    put_u32(out, glb->json.size);
    momui_write_text(out, "JSON");
    momui_write(out, glb->json.data, glb->json.size);
    put_u32(out, glb->binary.size);
    momui_write(out, "BIN", 4);
    momui_write(out, glb->binary.data, glb->binary.size);
    return out->failed ? momui_fail_memory(error, "a GLB file") : MOMU_OK;
}

momu_status momui_glb_write(const momui_motion *motion, int32_t moving, momui_writer *out,
                            momu_error *error) {
    if (motion->kind != MOMUI_MOTION_JOINTS)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "GLB holds joint rotations; this motion is positions alone (write .npz)");
    glb_out glb = {.motion = motion, .moving = moving};
    glb.rest = momui_alloc(motion->memory, (size_t)motion->skeleton.joints, sizeof *glb.rest);
    float *scratch = momui_alloc(motion->memory, (size_t)motion->frames, 4 * sizeof *scratch);
    momui_writer *const parts[] = {&glb.json, &glb.binary, &glb.accessors, &glb.views};
    for (int i = 0; i < 4; i++)
        momui_writer_init(parts[i], motion->memory);
    momu_status status = MOMU_OK;
    if (glb.rest && scratch) {
        place_rest(&glb);
        status = add_all(&glb, scratch, error);
    } else {
        status = momui_fail_memory(error, "a GLB file");
    }
    if (status == MOMU_OK)
        status = put_chunks(&glb, out, error);
    for (int i = 0; i < 4; i++)
        momui_writer_release(parts[i]);
    momui_free(glb.rest);
    momui_free(scratch);
    return status;
}
