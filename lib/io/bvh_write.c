/* BVH as animation programs expect it: centimetres, Y up, six channels at the root and three
 * elsewhere, an End Site at each tip, angles without jumps. */
#include "io/bvh.h"
#include "io/utf8.h"
#include "motion/rotation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CENTIMETRES = 100, DIGITS = 6 };

/* R = Rz Rx Ry: the order of channels. */
static const momui_euler_order ORDER = {{2, 0, 1}};

static void indent(momui_writer *out, int32_t depth) {
    for (int32_t i = 0; i < depth; i++)
        momui_write_text(out, "\t");
}

static void write_line(momui_writer *out, int32_t depth, const char *text, const char *name) {
    indent(out, depth);
    momui_write_text(out, text);
    momui_write_text(out, name);
    momui_write_text(out, "\n");
}

static void write_offset(momui_writer *out, int32_t depth, const float *offset) {
    indent(out, depth);
    momui_write_text(out, "OFFSET");
    for (int i = 0; i < 3; i++) {
        momui_write_text(out, " ");
        momui_write_fixed(out, (double)offset[i] * CENTIMETRES, DIGITS);
    }
    momui_write_text(out, "\n");
}

static bool has_child(const momui_skeleton *skeleton, int32_t joint) {
    for (int32_t j = joint + 1; j < skeleton->joints; j++)
        if (skeleton->parents[j] == joint)
            return true;
    return false;
}

/* A tip that was an End Site when it was read becomes one again: it has no channels. */
static bool is_end(const momui_skeleton *skeleton, int32_t joint) {
    if (joint == 0 || has_child(skeleton, joint))
        return false;
    int32_t parent = skeleton->parents[joint], siblings = 0;
    char long_name[72], name[64];
    snprintf(long_name, sizeof long_name, "%s_end", skeleton->names[parent]);
    momui_utf8_name(name, long_name, strlen(long_name));
    for (int32_t j = 1; j < skeleton->joints; j++)
        siblings += skeleton->parents[j] == parent;
    return siblings == 1 && strcmp(skeleton->names[joint], name) == 0;
}

/* A name on one line, without what the format takes for its own. */
static void safe_name(const momui_skeleton *skeleton, int32_t joint, char name[64]) {
    momui_utf8_name(name, skeleton->names[joint], strlen(skeleton->names[joint]));
    for (char *p = name; *p; p++)
        if (*p == '{' || *p == '}' || ((p == name || !p[1]) && *p == ' '))
            *p = '_';
    if (name[0] == '\0')
        snprintf(name, 64, "joint%d", (int)joint);
}

static int32_t depth_of(const momui_skeleton *skeleton, int32_t joint) {
    int32_t depth = 0;
    for (; skeleton->parents[joint] >= 0; joint = skeleton->parents[joint])
        depth++;
    return depth;
}

/* The place of an End Site that the skeleton does not tell: the bone goes on by a third. */
static void tip_offset(const momui_skeleton *skeleton, int32_t joint, float tip[3]) {
    const float *bone = skeleton->offsets + 3 * joint;
    float length = sqrtf(bone[0] * bone[0] + bone[1] * bone[1] + bone[2] * bone[2]);
    for (int i = 0; i < 3; i++)
        tip[i] = bone[i] / 3;
    if (joint == 0 || !(length > 1e-3f)) {
        tip[0] = tip[2] = 0;
        tip[1] = 0.05f;
    }
}

/* Depth first, as the format wants it; `order` remembers in which order the channels follow. */
static void write_joint(momui_writer *out, const momui_skeleton *skeleton, int32_t joint,
                        int32_t *order, int32_t *count) {
    int32_t depth = depth_of(skeleton, joint);
    bool end = is_end(skeleton, joint);
    char name[64] = "";
    if (!end)
        safe_name(skeleton, joint, name);
    write_line(out, depth, joint == 0 ? "ROOT " : end ? "End Site" : "JOINT ", name);
    write_line(out, depth, "{", "");
    static const float ZERO[3] = {0, 0, 0};
    /* The root's place is in its channels. */
    write_offset(out, depth + 1, joint == 0 ? ZERO : skeleton->offsets + 3 * joint);
    if (end)
        return;
    order[(*count)++] = joint;
    write_line(out, depth + 1,
               joint == 0 ? "CHANNELS 6 Xposition Yposition Zposition " : "CHANNELS 3 ",
               "Zrotation Xrotation Yrotation");
    if (!has_child(skeleton, joint)) {
        float tip[3];
        tip_offset(skeleton, joint, tip);
        write_line(out, depth + 1, "End Site", "");
        write_line(out, depth + 1, "{", "");
        write_offset(out, depth + 2, tip);
        write_line(out, depth + 1, "}", "");
    }
}

static int32_t next_child(const momui_skeleton *skeleton, int32_t parent, int32_t after) {
    for (int32_t j = after + 1; j < skeleton->joints; j++)
        if (skeleton->parents[j] == parent)
            return j;
    return -1;
}

static void write_hierarchy(momui_writer *out, const momui_skeleton *skeleton, int32_t *order,
                            int32_t *count) {
    momui_write_text(out, "HIERARCHY\n");
    write_joint(out, skeleton, 0, order, count);
    for (int32_t joint = 0, after = 0;;) {
        int32_t child = next_child(skeleton, joint, after);
        if (child >= 0) {
            write_joint(out, skeleton, child, order, count);
            joint = after = child;
            continue;
        }
        write_line(out, depth_of(skeleton, joint), "}", "");
        if (joint == 0)
            return;
        after = joint;
        joint = skeleton->parents[joint];
    }
}

static void write_frame(momui_writer *out, const momui_motion *motion, int64_t frame,
                        const int32_t *order, int32_t count, double *angles) {
    size_t joints = (size_t)motion->skeleton.joints;
    for (int i = 0; i < 3; i++) {
        momui_write_text(out, i ? " " : "");
        momui_write_fixed(out, (double)motion->root[3 * frame + i] * CENTIMETRES, DIGITS);
    }
    for (int32_t k = 0; k < count; k++) {
        const float *rotation = motion->rotations + ((size_t)frame * joints + (size_t)order[k]) * 4;
        double previous[3] = {angles[3 * k], angles[3 * k + 1], angles[3 * k + 2]};
        momui_quat_to_euler(ORDER, momui_quat_unit(momui_quat_load(rotation)),
                            frame > 0 ? previous : NULL, angles + 3 * k);
        for (int i = 0; i < 3; i++) {
            momui_write_text(out, " ");
            momui_write_fixed(out, angles[3 * k + i] * (180.0 / MOMUI_PI), DIGITS);
        }
    }
    momui_write_text(out, "\n");
}

static void write_motion(momui_writer *out, const momui_motion *motion, const int32_t *order,
                         int32_t count, double *angles) {
    momui_write_text(out, "MOTION\nFrames: ");
    momui_write_fixed(out, (double)motion->frames, 0);
    momui_write_text(out, "\nFrame Time: ");
    momui_write_fixed(out, 1 / motion->fps, 12);
    momui_write_text(out, "\n");
    for (int64_t f = 0; f < motion->frames && !out->failed; f++)
        write_frame(out, motion, f, order, count, angles);
}

momu_status momui_bvh_write(const momui_motion *motion, momui_writer *out, momu_error *error) {
    if (motion->kind != MOMUI_MOTION_JOINTS)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "BVH holds joint rotations; this motion is positions alone (write .npz)");
    size_t joints = (size_t)motion->skeleton.joints;
    int32_t *order = momui_alloc(motion->memory, joints, sizeof *order);
    double *angles = momui_calloc(motion->memory, joints, 3 * sizeof *angles);
    int32_t count = 0;
    if (order && angles) {
        write_hierarchy(out, &motion->skeleton, order, &count);
        write_motion(out, motion, order, count, angles);
    }
    bool failed = !order || !angles || out->failed;
    momui_free(order);
    momui_free(angles);
    return failed ? momui_fail_memory(error, "the text of a BVH file") : MOMU_OK;
}
