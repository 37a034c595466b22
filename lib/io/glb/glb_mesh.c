/* The mesh of a GLB file: a spindle of eight faces along each bone, skinned to the joint at which
 * the bone begins. Some programs do not show a skeleton that moves no mesh. */
#include "io/glb/glb_write.h"

#include <string.h>

enum { FACES = 8, CORNERS = 3 * FACES };

/* A bone is widest at a fifth of its length, where it has a square of four edges. */
#define WIDEST 0.2
#define WIDTH 0.14
#define WIDTH_LEAST 0.008
#define WIDTH_MOST 0.06

static void put_face(momui_glb_mesh *mesh, momui_vec3 a, momui_vec3 b, momui_vec3 c,
                     uint16_t joint) {
    momui_vec3 normal =
        momui_vec3_unit(momui_vec3_cross(momui_vec3_subtract(b, a), momui_vec3_subtract(c, a)),
                        momui_vec3_of(0, 1, 0));
    const momui_vec3 corners[3] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        size_t at = (size_t)mesh->corners++;
        momui_vec3_store(corners[i], mesh->places + 3 * at);
        momui_vec3_store(normal, mesh->normals + 3 * at);
        mesh->joints[4 * at] = joint;
        mesh->weights[4 * at] = 1;
    }
}

/* From `from` to `to`, moving with `joint`. */
static void put_bone(momui_glb_mesh *mesh, momui_vec3 from, momui_vec3 to, uint16_t joint) {
    momui_vec3 bone = momui_vec3_subtract(to, from);
    double length = momui_vec3_length(bone);
    if (!(length > 1e-4))
        return;
    double width = WIDTH * length / 2;
    width = width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST / 2 ? WIDTH_MOST / 2 : width;
    momui_vec3 along = momui_vec3_scale(bone, 1 / length);
    momui_vec3 other = fabs(along.y) < 0.9 ? momui_vec3_of(0, 1, 0) : momui_vec3_of(0, 0, 1);
    momui_vec3 side = momui_vec3_unit(momui_vec3_cross(along, other), momui_vec3_of(1, 0, 0));
    momui_vec3 front = momui_vec3_cross(along, side);
    momui_vec3 middle = momui_vec3_mix(from, to, WIDEST), ring[4];
    for (int i = 0; i < 4; i++) {
        momui_vec3 way = i % 2 ? front : side;
        ring[i] = momui_vec3_add(middle, momui_vec3_scale(way, i < 2 ? width : -width));
    }
    for (int i = 0; i < 4; i++) {
        put_face(mesh, from, ring[(i + 1) % 4], ring[i], joint);
        put_face(mesh, to, ring[i], ring[(i + 1) % 4], joint);
    }
}

/* A joint without children gets a short bone of its own, so that heads, hands and toes show. */
static momui_vec3 tip_of(const momui_skeleton *skeleton, const momui_vec3 *rest, int32_t joint) {
    int32_t parent = skeleton->parents[joint];
    momui_vec3 bone =
        parent < 0 ? momui_vec3_of(0, 0.2, 0) : momui_vec3_subtract(rest[joint], rest[parent]);
    double length = momui_vec3_length(bone);
    double far = length > 0.05 ? fmin(0.6 * length, 0.15) : 0.05;
    bone = momui_vec3_unit(bone, momui_vec3_of(0, 1, 0));
    return momui_vec3_add(rest[joint], momui_vec3_scale(bone, far));
}

static void measure(momui_glb_mesh *mesh) {
    for (int a = 0; a < 3; a++) {
        mesh->low[a] = mesh->high[a] = mesh->places[a];
        for (int32_t i = 1; i < mesh->corners; i++) {
            float v = mesh->places[3 * i + a];
            mesh->low[a] = v < mesh->low[a] ? v : mesh->low[a];
            mesh->high[a] = v > mesh->high[a] ? v : mesh->high[a];
        }
    }
}

momu_status momui_glb_mesh_make(momui_memory *memory, const momui_skeleton *skeleton,
                                const momui_vec3 *rest, momui_glb_mesh *mesh, momu_error *error) {
    /* a bone to each joint, one on from each tip: at most two for a joint */
    size_t most = 2 * (size_t)skeleton->joints * CORNERS;
    *mesh = (momui_glb_mesh){.places = momui_alloc(memory, most, 3 * sizeof *mesh->places),
                             .normals = momui_alloc(memory, most, 3 * sizeof *mesh->normals),
                             .joints = momui_calloc(memory, most, 4 * sizeof *mesh->joints),
                             .weights = momui_calloc(memory, most, 4 * sizeof *mesh->weights)};
    if (!mesh->places || !mesh->normals || !mesh->joints || !mesh->weights) {
        momui_glb_mesh_release(mesh);
        return momui_fail_memory(error, "the character's mesh");
    }
    for (int32_t j = 0; j < skeleton->joints; j++) {
        int32_t parent = skeleton->parents[j];
        bool tip = true;
        for (int32_t k = j + 1; k < skeleton->joints && tip; k++)
            tip = skeleton->parents[k] != j;
        if (parent >= 0)
            put_bone(mesh, rest[parent], rest[j], (uint16_t)parent);
        if (tip)
            put_bone(mesh, rest[j], tip_of(skeleton, rest, j), (uint16_t)j);
    }
    measure(mesh);
    return MOMU_OK;
}

void momui_glb_mesh_release(momui_glb_mesh *mesh) {
    momui_free(mesh->places);
    momui_free(mesh->normals);
    momui_free(mesh->joints);
    momui_free(mesh->weights);
    memset(mesh, 0, sizeof *mesh);
}
