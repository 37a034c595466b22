/* A motion from a GLB file: nodes are posed at each instant, their world matrices taken, and
 * rotations told against the rest pose, whose bones then are the skeleton's offsets. Scales and
 * turns of the armature vanish into them. */
#include "io/glb/glb.h"
#include "io/glb/glb_file.h"
#include "io/motion_limits.h"
#include "io/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* World matrices (nodes, 3, 4), row-major. */
typedef struct pose {
    momui_glb_node *nodes; /* (count) as posed */
    double *world;         /* (count, 12) */
    momui_quat *rest;      /* (joints) world rotation in the rest pose, inverted */
    momui_quat *turn;      /* (joints) world rotation against the rest pose */
} pose;

static void node_matrix(const momui_glb_node *node, double m[12]) {
    if (node->matrix) {
        memcpy(m, node->base, 12 * sizeof *m);
        return;
    }
    double r[9];
    momui_quat_to_matrix(node->rotation, r);
    for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++)
            m[4 * row + column] = r[3 * row + column] * node->scale[column];
        m[4 * row + 3] = node->translation[row];
    }
}

static void compose(const double a[12], const double b[12], double out[12]) {
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 4; column++)
            out[4 * row + column] = a[4 * row] * b[column] + a[4 * row + 1] * b[4 + column] +
                                    a[4 * row + 2] * b[8 + column] +
                                    (column == 3 ? a[4 * row + 3] : 0);
}

static void place_nodes(const momui_glb_tree *tree, const momui_glb_node *nodes, double *world) {
    for (size_t i = 0; i < tree->order_count; i++) {
        int32_t node = tree->order[i];
        double local[12];
        node_matrix(&nodes[node], local);
        if (nodes[node].parent < 0)
            memcpy(world + 12 * node, local, sizeof local);
        else
            compose(world + 12 * nodes[node].parent, local, world + 12 * node);
    }
}

static momui_vec3 place_of(const double *world) {
    return momui_vec3_of(world[3], world[7], world[11]);
}

static momui_quat rotation_of(const double *world) {
    return momui_quat_from_axes(momui_vec3_of(world[0], world[4], world[8]),
                                momui_vec3_of(world[1], world[5], world[9]));
}

static bool is_sane(momui_vec3 v) {
    return fabs(v.x) < 1e6 && fabs(v.y) < 1e6 && fabs(v.z) < 1e6; /* false for NaN */
}

/* The joint above node `node`, over nodes that are none; -1 for the root. */
static int32_t parent_joint(const momui_glb_tree *tree, int32_t node) {
    int32_t above = tree->nodes[node].parent;
    while (above >= 0 && tree->nodes[above].joint < 0)
        above = tree->nodes[above].parent;
    return above < 0 ? -1 : tree->nodes[above].joint;
}

static void joint_name(const momui_glb *glb, int32_t node, char name[64]) {
    const momui_json *value = momui_json_find(momui_json_at(glb->nodes, (size_t)node), "name");
    const char *text = NULL;
    if (value && momui_json_as_string(value, &text, NULL) == MOMU_OK && text[0])
        momui_utf8_name(name, text, strlen(text));
    else
        snprintf(name, 64, "node %d", (int)node);
}

static momu_status fill_skeleton(const momui_glb *glb, const momui_glb_tree *tree, pose *p,
                                 momui_skeleton *skeleton, momu_error *error) {
    place_nodes(tree, tree->nodes, p->world);
    for (int32_t j = 0; j < tree->joint_count; j++) {
        int32_t node = tree->joints[j];
        joint_name(glb, node, skeleton->names[j]);
        skeleton->parents[j] = parent_joint(tree, node);
        momui_vec3 at = place_of(p->world + 12 * node);
        if (!is_sane(at))
            return momui_fail(error, MOMU_ERROR_LIMIT,
                              "%s: joint \"%s\" rests more than 1000 km away", glb->bytes->name,
                              skeleton->names[j]);
        if (j > 0) {
            int32_t above = tree->joints[skeleton->parents[j]];
            at = momui_vec3_subtract(at, place_of(p->world + 12 * above));
        }
        momui_vec3_store(at, skeleton->offsets + 3 * j);
        p->rest[j] = momui_quat_conjugate(rotation_of(p->world + 12 * node));
    }
    return MOMU_OK;
}

static void pose_nodes(momui_glb_tracks *tracks, double seconds, momui_glb_node *nodes) {
    for (size_t i = 0; i < tracks->count; i++) {
        momui_glb_track *track = &tracks->tracks[i];
        momui_glb_node *node = &nodes[track->node];
        double v[4];
        momui_glb_track_at(track, seconds, v);
        if (track->path == MOMUI_GLB_ROTATION)
            node->rotation = momui_quat_of(v[3], v[0], v[1], v[2]);
        else
            memcpy(track->path == MOMUI_GLB_SCALE ? node->scale : node->translation, v,
                   3 * sizeof *v);
    }
}

static momu_status store_frame(const momui_glb *glb, const momui_glb_tree *tree, pose *p,
                               int64_t frame, momui_motion *motion, momu_error *error) {
    size_t joints = (size_t)tree->joint_count;
    float *positions = motion->positions + (size_t)frame * joints * 3;
    float *rotations = motion->rotations + (size_t)frame * joints * 4;
    for (size_t j = 0; j < joints; j++) {
        const double *world = p->world + 12 * tree->joints[j];
        momui_vec3 at = place_of(world);
        if (!is_sane(at))
            return momui_fail(error, MOMU_ERROR_LIMIT,
                              "%s: frame %lld: joint \"%s\" is more than 1000 km away",
                              glb->bytes->name, (long long)frame, motion->skeleton.names[j]);
        p->turn[j] = momui_quat_unit(momui_quat_multiply(rotation_of(world), p->rest[j]));
        momui_quat local = p->turn[j];
        if (j > 0)
            local = momui_quat_multiply(momui_quat_conjugate(p->turn[motion->skeleton.parents[j]]),
                                        local);
        momui_vec3_store(at, positions + 3 * j);
        momui_quat_store(momui_quat_unit(local), rotations + 4 * j);
    }
    memcpy(motion->root + 3 * frame, positions, 3 * sizeof *positions);
    return MOMU_OK;
}

static momu_status sample(const momui_glb *glb, const momui_glb_tree *tree,
                          momui_glb_tracks *tracks, double start, pose *p, momui_motion *motion,
                          momu_error *error) {
    MOMUI_TRY(fill_skeleton(glb, tree, p, &motion->skeleton, error));
    memcpy(p->nodes, tree->nodes, tree->count * sizeof *p->nodes);
    for (int64_t f = 0; f < motion->frames; f++) {
        MOMUI_TRY(momui_check_cancelled(motion->memory, error));
        /* A hair later, so that rounding never shows the key before. */
        pose_nodes(tracks, start + (double)f / motion->fps + 1e-6, p->nodes);
        place_nodes(tree, p->nodes, p->world);
        MOMUI_TRY(store_frame(glb, tree, p, f, motion, error));
    }
    int64_t stride = 4 * (int64_t)tree->joint_count;
    for (int32_t j = 0; j < tree->joint_count; j++)
        momui_quat_continue(motion->rotations + 4 * j, motion->frames, stride);
    return MOMU_OK;
}

static momu_status read_animation(const momui_glb *glb, const momui_glb_tree *tree,
                                  momui_glb_tracks *tracks, momui_motion **motion,
                                  momu_error *error) {
    double start = 0, end = 0, fps = 0;
    momui_glb_tracks_clock(tracks, &start, &end, &fps);
    double frames = floor((end - start) * fps + 0.5) + 1;
    MOMUI_TRY(momui_check_fps(glb->bytes->name, fps, error));
    MOMUI_TRY(momui_check_motion_size(glb->bytes->name, tree->joint_count,
                                      frames < 1e15 ? (int64_t)frames : INT64_C(1) << 50, error));
    if ((double)tree->order_count * frames > (double)MOMUI_MOTION_MAX_CELLS)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %zu nodes over %.0f frames are too many",
                          glb->bytes->name, tree->order_count, frames);
    size_t joints = (size_t)tree->joint_count;
    momui_motion *made =
        momui_motion_new(glb->memory, MOMUI_MOTION_JOINTS, tree->joint_count, (int64_t)frames, fps);
    pose p = {momui_alloc(glb->memory, tree->count, sizeof *p.nodes),
              momui_alloc(glb->memory, tree->count, 12 * sizeof *p.world),
              momui_alloc(glb->memory, joints, sizeof *p.rest),
              momui_alloc(glb->memory, joints, sizeof *p.turn)};
    momu_status status = made && p.nodes && p.world && p.rest && p.turn
                             ? sample(glb, tree, tracks, start, &p, made, error)
                             : momui_fail_memory(error, "an animation's frames");
    momui_free(p.nodes);
    momui_free(p.world);
    momui_free(p.rest);
    momui_free(p.turn);
    if (status == MOMU_OK)
        *motion = made;
    else
        momui_motion_free(made);
    return status;
}

static momu_status find_take(const momui_glb *glb, const char *take, size_t *index,
                             momu_error *error) {
    size_t count = momui_json_count(glb->animations);
    char name[64], list[240] = "";
    for (*index = 0; *index < count; (*index)++) {
        momui_glb_take_name(glb, *index, name);
        if (!take || strcmp(name, take) == 0)
            return MOMU_OK;
        size_t used = strlen(list);
        if (used + strlen(name) + 8 < sizeof list)
            snprintf(list + used, sizeof list - used, "%s\"%s\"", used ? ", " : "", name);
    }
    return momui_fail(error, MOMU_ERROR_ARGUMENT, "%s: no take \"%.63s\" among its %zu: %s...",
                      glb->bytes->name, take, count, list);
}

static momu_status read_take(const momui_glb *glb, const char *take, momui_motion **motion,
                             momu_error *error) {
    momui_glb_tree tree;
    momui_glb_tracks tracks = {0};
    size_t index = 0;
    MOMUI_TRY(momui_glb_tree_read(glb, &tree, error));
    momu_status status = find_take(glb, take, &index, error);
    if (status == MOMU_OK)
        status = momui_glb_tracks_read(glb, &tree, index, &tracks, error);
    if (status == MOMU_OK)
        status = read_animation(glb, &tree, &tracks, motion, error);
    momui_glb_tracks_free(&tracks);
    momui_glb_tree_free(&tree);
    return status;
}

momu_status momui_glb_read(momui_memory *memory, const momui_bytes *bytes, const char *take,
                           momui_motion **motion, momu_error *error) {
    momui_glb glb;
    *motion = NULL;
    MOMUI_TRY(momui_glb_open(memory, bytes, &glb, error));
    momu_status status = read_take(&glb, take, motion, error);
    momui_glb_close(&glb);
    return status;
}

momu_status momui_glb_takes(momui_memory *memory, const momui_bytes *bytes, char (**names)[64],
                            size_t *count, momu_error *error) {
    momui_glb glb;
    *names = NULL;
    *count = 0;
    MOMUI_TRY(momui_glb_open(memory, bytes, &glb, error));
    momu_status status = MOMU_OK;
    size_t takes = glb.animations ? momui_json_count(glb.animations) : 0;
    char(*made)[64] = momui_alloc(memory, takes, sizeof *made);
    if (takes == 0)
        status =
            momui_fail(error, MOMU_ERROR_FORMAT, "%s: a GLB file without animations", bytes->name);
    else if (!made)
        status = momui_fail_memory(error, "the names of takes");
    for (size_t i = 0; i < takes && status == MOMU_OK; i++)
        momui_glb_take_name(&glb, i, made[i]);
    momui_glb_close(&glb);
    if (status != MOMU_OK) {
        momui_free(made);
        return status;
    }
    *names = made;
    *count = takes;
    return MOMU_OK;
}
