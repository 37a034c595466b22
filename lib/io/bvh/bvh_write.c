/* BVH as animation programs expect it: six channels at the root and three elsewhere, an End Site at
 * each tip, angles without jumps. */
#include "io/bvh/bvh.h"
#include "io/utf8.h"
#include "motion/rotation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 6 };

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

typedef struct bvh_text {
    momui_writer *out;
    const momui_motion *motion;
    const momui_skeleton *skeleton;
    const momui_bvh_style *style;
    int32_t *order; /* (count) joints in the order of their channels */
    int32_t count;
    double *angles; /* (count, 3) of the frame before */
} bvh_text;

/* Z up leaves X where it is, the dancer's left, and has the dancer face -Y. */
static momui_vec3 turned(const bvh_text *text, momui_vec3 v) {
    return text->style->z_up ? momui_vec3_of(v.x, -v.z, v.y) : v;
}

static void write_vector(const bvh_text *text, momui_vec3 v) {
    v = momui_vec3_scale(turned(text, v), text->style->per_metre);
    const double axes[3] = {v.x, v.y, v.z};
    for (int i = 0; i < 3; i++) {
        momui_write_text(text->out, i ? " " : "");
        momui_write_fixed(text->out, axes[i], DIGITS);
    }
}

static void write_offset(const bvh_text *text, int32_t depth, momui_vec3 offset) {
    indent(text->out, depth);
    momui_write_text(text->out, "OFFSET ");
    write_vector(text, offset);
    momui_write_text(text->out, "\n");
}

static bool has_child(const momui_skeleton *skeleton, int32_t joint) {
    for (int32_t j = joint + 1; j < skeleton->joints; j++)
        if (skeleton->parents[j] == joint)
            return true;
    return false;
}

void momui_bvh_end_name(const char *parent, char name[64]) {
    char whole[72];
    snprintf(whole, sizeof whole, "%.64s_end", parent);
    momui_utf8_name(name, whole, strlen(whole));
}

/* A tip that was an End Site when it was read becomes one again: it has no channels. */
static bool is_end(const momui_skeleton *skeleton, int32_t joint) {
    if (joint == 0 || has_child(skeleton, joint))
        return false;
    int32_t parent = skeleton->parents[joint], siblings = 0;
    char name[64];
    momui_bvh_end_name(skeleton->names[parent], name);
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

/* The offset of an End Site where the skeleton has none: a third of the bone, along it. */
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
static void write_joint(bvh_text *text, int32_t joint) {
    const momui_skeleton *skeleton = text->skeleton;
    momui_writer *out = text->out;
    int32_t depth = depth_of(skeleton, joint);
    bool end = is_end(skeleton, joint), moves = joint < text->style->moving;
    char name[64] = "";
    if (!end)
        safe_name(skeleton, joint, name);
    write_line(out, depth, joint == 0 ? "ROOT " : end ? "End Site" : "JOINT ", name);
    write_line(out, depth, "{", "");
    /* A joint that moves has its place in its channels. */
    write_offset(text, depth + 1,
                 moves ? momui_vec3_of(0, 0, 0) : momui_vec3_load(skeleton->offsets + 3 * joint));
    if (end)
        return;
    text->order[text->count++] = joint;
    write_line(out, depth + 1, moves ? "CHANNELS 6 Xposition Yposition Zposition " : "CHANNELS 3 ",
               "Zrotation Xrotation Yrotation");
    if (!has_child(skeleton, joint)) {
        float tip[3];
        tip_offset(skeleton, joint, tip);
        write_line(out, depth + 1, "End Site", "");
        write_line(out, depth + 1, "{", "");
        write_offset(text, depth + 2, momui_vec3_load(tip));
        write_line(out, depth + 1, "}", "");
    }
}

static int32_t next_child(const momui_skeleton *skeleton, int32_t parent, int32_t after) {
    for (int32_t j = after + 1; j < skeleton->joints; j++)
        if (skeleton->parents[j] == parent)
            return j;
    return -1;
}

static void write_hierarchy(bvh_text *text) {
    momui_write_text(text->out, "HIERARCHY\n");
    write_joint(text, 0);
    for (int32_t joint = 0, after = 0;;) {
        int32_t child = next_child(text->skeleton, joint, after);
        if (child >= 0) {
            write_joint(text, child);
            joint = after = child;
            continue;
        }
        write_line(text->out, depth_of(text->skeleton, joint), "}", "");
        if (joint == 0)
            return;
        after = joint;
        joint = text->skeleton->parents[joint];
    }
}

/* Where a joint is, relative to its parent: the second moving joint is a child of the root. */
static momui_vec3 place_of(const momui_motion *motion, int64_t frame, int32_t joint) {
    momui_vec3 root = momui_vec3_load(motion->root + 3 * frame);
    if (joint == 0)
        return root;
    size_t first = (size_t)frame * (size_t)motion->skeleton.joints;
    momui_quat turn = momui_quat_unit(momui_quat_load(motion->rotations + 4 * first));
    momui_vec3 at = momui_vec3_load(motion->positions + 3 * (first + (size_t)joint));
    return momui_quat_rotate(momui_quat_conjugate(turn), momui_vec3_subtract(at, root));
}

static void write_frame(bvh_text *text, int64_t frame) {
    size_t joints = (size_t)text->skeleton->joints;
    for (int32_t k = 0; k < text->count; k++) {
        int32_t joint = text->order[k];
        const float *rotation =
            text->motion->rotations + ((size_t)frame * joints + (size_t)joint) * 4;
        double *angles = text->angles + 3 * k, previous[3] = {angles[0], angles[1], angles[2]};
        momui_quat q = momui_quat_unit(momui_quat_load(rotation));
        momui_vec3 axis = turned(text, momui_vec3_of(q.x, q.y, q.z));
        momui_quat_to_euler(ORDER, momui_quat_of(q.w, axis.x, axis.y, axis.z),
                            frame > 0 ? previous : NULL, angles);
        momui_write_text(text->out, k ? " " : "");
        if (joint < text->style->moving) {
            write_vector(text, place_of(text->motion, frame, joint));
            momui_write_text(text->out, " ");
        }
        for (int i = 0; i < 3; i++) {
            momui_write_text(text->out, i ? " " : "");
            momui_write_fixed(text->out, angles[i] * (180.0 / MOMUI_PI), DIGITS);
        }
    }
    momui_write_text(text->out, "\n");
}

static void write_motion(bvh_text *text) {
    momui_write_text(text->out, "MOTION\nFrames: ");
    momui_write_fixed(text->out, (double)text->motion->frames, 0);
    momui_write_text(text->out, "\nFrame Time: ");
    momui_write_fixed(text->out, 1 / text->motion->fps, 12);
    momui_write_text(text->out, "\n");
    for (int64_t f = 0; f < text->motion->frames && !text->out->failed; f++)
        write_frame(text, f);
}

momu_status momui_bvh_write(const momui_motion *motion, const momui_bvh_style *style,
                            momui_writer *out, momu_error *error) {
    static const momui_bvh_style PLAIN = {.per_metre = 100, .moving = 1};
    if (motion->kind != MOMUI_MOTION_JOINTS)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "BVH holds joint rotations; this motion is positions alone (write .npz)");
    size_t joints = (size_t)motion->skeleton.joints;
    bvh_text text = {.out = out,
                     .motion = motion,
                     .skeleton = &motion->skeleton,
                     .style = style ? style : &PLAIN,
                     .order = momui_alloc(motion->memory, joints, sizeof *text.order),
                     .angles = momui_calloc(motion->memory, joints, 3 * sizeof *text.angles)};
    if (text.order && text.angles) {
        write_hierarchy(&text);
        write_motion(&text);
    }
    bool failed = !text.order || !text.angles || out->failed;
    momui_free(text.order);
    momui_free(text.angles);
    return failed ? momui_fail_memory(error, "the text of a BVH file") : MOMU_OK;
}
