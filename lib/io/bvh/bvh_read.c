/* MOTION: one line a frame, turned into local rotations and world positions. */
#include "io/bvh/bvh.h"
#include "io/bvh/bvh_parse.h"
#include "io/motion_limits.h"
#include "motion/rotation.h"

#include <math.h>
#include <string.h>

/* "Frames: 12" and "Frames:12" both exist. */
static momu_status expect_label(momui_bvh_text *text, const char *label) {
    size_t length = strlen(label);
    momui_bvh_next(text);
    if (text->length >= length) {
        text->at = text->word + length;
        text->length = length;
    }
    return momui_bvh_is(text, label)
               ? MOMU_OK
               : momui_bvh_fail(text, MOMU_ERROR_FORMAT, "expected \"%s\"", label);
}

static momu_status read_clock(momui_bvh_text *text, const momui_bvh_tree *tree, int64_t *frames,
                              double *fps) {
    double count = 0, seconds = 0;
    MOMUI_TRY(expect_label(text, "Frames:"));
    MOMUI_TRY(momui_bvh_number(text, "Frames", &count));
    if (count != floor(count) || count < 1 || count > MOMUI_MAX_MOTION_FRAMES ||
        (int64_t)count * tree->joints > MOMUI_MOTION_MAX_CELLS)
        return momui_bvh_fail(
            text, MOMU_ERROR_LIMIT, "\"Frames: %.*s\": expected a whole number, 1 to %lld",
            (int)(text->length < 40 ? text->length : 40), text->word,
            (long long)(MOMUI_MOTION_MAX_CELLS / tree->joints < MOMUI_MAX_MOTION_FRAMES
                            ? MOMUI_MOTION_MAX_CELLS / tree->joints
                            : MOMUI_MAX_MOTION_FRAMES));
    MOMUI_TRY(expect_label(text, "Frame"));
    MOMUI_TRY(expect_label(text, "Time:"));
    MOMUI_TRY(momui_bvh_number(text, "Frame Time", &seconds));
    if (!(seconds >= 1 / MOMUI_MAX_FPS && seconds <= 1 / MOMUI_MIN_FPS))
        return momui_bvh_fail(text, MOMU_ERROR_FORMAT,
                              "\"Frame Time: %.*s\": expected 0.001 to 1 second",
                              (int)(text->length < 40 ? text->length : 40), text->word);
    *frames = (int64_t)count;
    *fps = momui_snap_fps(1 / seconds);
    /* The shortest line has a digit and a separator a channel: no memory for frames that cannot be
     * there. */
    size_t left = (size_t)(text->end - text->at);
    if ((int64_t)(left / 2 + 1) / tree->channels < *frames)
        return momui_bvh_fail(
            text, MOMU_ERROR_FORMAT,
            "cut short: %lld frames of %d values cannot lie in the %zu bytes left",
            (long long)*frames, (int)tree->channels, left);
    return MOMU_OK;
}

/* The next line that is not blank, cut from the text. False at the end. */
static bool next_line(momui_bvh_text *text, momui_bvh_text *line) {
    if (!momui_bvh_next(text))
        return false;
    const char *end = memchr(text->word, '\n', (size_t)(text->end - text->word));
    *line = *text;
    line->at = text->word;
    line->end = text->at = end ? end : text->end;
    return true;
}

static momu_status read_row(momui_bvh_text *line, int32_t channels, double *row) {
    int32_t found = 0;
    while (found < channels) {
        momui_bvh_text ahead = *line;
        if (!momui_bvh_next(&ahead))
            break;
        MOMUI_TRY(momui_bvh_number(line, "a channel's value", &row[found++]));
    }
    for (int32_t more = 0; momui_bvh_next(line); more++)
        if (more == 0)
            found = channels + 1;
    if (found == channels)
        return MOMU_OK;
    return momui_bvh_fail(line, MOMU_ERROR_FORMAT, "%s %d values in this frame, expected %d",
                          found > channels ? "more than" : "only",
                          (int)(found > channels ? channels : found), (int)channels);
}

typedef struct pose {
    momui_quat *local, *global; /* (joints) */
    momui_vec3 *at;             /* (joints) metres */
    double *row;                /* (channels) */
} pose;

/* One frame: translations and rotations down the tree. */
static void place_frame(const momui_bvh_tree *tree, double unit, pose *p) {
    const double *row = p->row;
    for (int32_t j = 0; j < tree->joints; j++) {
        const momui_bvh_joint *joint = &tree->joint[j];
        double shift[3] = {joint->offset[0], joint->offset[1], joint->offset[2]};
        momui_quat local = momui_quat_identity();
        for (int32_t c = 0; c < joint->channels; c++, row++) {
            uint8_t kind = joint->channel[c];
            if (kind < 3) {
                shift[kind] = *row; /* in place of the OFFSET, as Blender and MotionBuilder do */
            } else {
                momui_vec3 axis = momui_vec3_of(kind == 3, kind == 4, kind == 5);
                local = momui_quat_multiply(
                    local, momui_quat_about(axis, fmod(*row, 360.0) * (MOMUI_PI / 180.0)));
            }
        }
        p->local[j] = p->global[j] = momui_quat_unit(local);
        p->at[j] = momui_vec3_scale(momui_vec3_of(shift[0], shift[1], shift[2]), unit);
        if (joint->parent >= 0) {
            momui_quat parent = p->global[joint->parent];
            p->at[j] = momui_vec3_add(p->at[joint->parent], momui_quat_rotate(parent, p->at[j]));
            p->global[j] = momui_quat_unit(momui_quat_multiply(parent, p->local[j]));
        }
    }
}

static void store_frame(const pose *p, int32_t carriers, int64_t frame, momui_motion *motion) {
    size_t joints = (size_t)motion->skeleton.joints;
    float *positions = motion->positions + (size_t)frame * joints * 3;
    float *rotations = motion->rotations + (size_t)frame * joints * 4;
    for (size_t j = 0; j < joints; j++) {
        size_t from = j + (size_t)carriers;
        momui_vec3_store(p->at[from], positions + 3 * j);
        momui_quat_store(j == 0 ? p->global[from] : p->local[from], rotations + 4 * j);
    }
    memcpy(motion->root + 3 * frame, positions, 3 * sizeof *positions);
}

static void fill_skeleton(const momui_bvh_tree *tree, int32_t carriers, double unit,
                          momui_skeleton *skeleton) {
    for (int32_t j = 0; j < skeleton->joints; j++) {
        const momui_bvh_joint *joint = &tree->joint[j + carriers];
        memcpy(skeleton->names[j], joint->name, sizeof skeleton->names[j]);
        skeleton->parents[j] = j == 0 ? -1 : joint->parent - carriers;
        for (int i = 0; i < 3; i++)
            skeleton->offsets[3 * j + i] = (float)(joint->offset[i] * unit);
    }
}

static momu_status read_frames(momui_bvh_text *text, const momui_bvh_tree *tree, double unit,
                               pose *p, momui_motion *motion) {
    momui_bvh_text line;
    int32_t carriers = tree->joints - motion->skeleton.joints;
    int64_t joints = motion->skeleton.joints;
    for (int64_t f = 0; f < motion->frames; f++) {
        MOMUI_TRY(momui_check_cancelled(motion->memory, text->error));
        if (!next_line(text, &line))
            return momui_bvh_fail(text, MOMU_ERROR_FORMAT,
                                  "cut short: the file ends after %lld of %lld frames",
                                  (long long)f, (long long)motion->frames);
        MOMUI_TRY(read_row(&line, tree->channels, p->row));
        place_frame(tree, unit, p);
        store_frame(p, carriers, f, motion);
    }
    if (momui_bvh_next(text))
        return momui_bvh_fail(text, MOMU_ERROR_FORMAT,
                              "more text behind the %lld frames that \"Frames:\" names",
                              (long long)motion->frames);
    for (int64_t j = 0; j < joints; j++)
        momui_quat_continue(motion->rotations + 4 * j, motion->frames, joints * 4);
    return MOMU_OK;
}

static momu_status read_motion(momui_memory *memory, momui_bvh_text *text,
                               const momui_bvh_tree *tree, momui_motion **motion) {
    int64_t frames = 0;
    double fps = 0;
    if (tree->channels == 0)
        return momui_bvh_fail(text, MOMU_ERROR_FORMAT, "no joint has channels: nothing moves");
    MOMUI_TRY(read_clock(text, tree, &frames, &fps));
    int32_t carriers = momui_bvh_carriers(tree);
    double unit = momui_bvh_unit(tree, carriers);
    size_t joints = (size_t)tree->joints;
    momui_motion *made =
        momui_motion_new(memory, MOMUI_MOTION_JOINTS, tree->joints - carriers, frames, fps);
    pose p = {momui_alloc(memory, joints, sizeof *p.local),
              momui_alloc(memory, joints, sizeof *p.global),
              momui_alloc(memory, joints, sizeof *p.at),
              momui_alloc(memory, (size_t)tree->channels, sizeof *p.row)};
    momu_status status = MOMU_OK;
    if (!made || !p.local || !p.global || !p.at || !p.row) {
        status = momui_bvh_fail(text, MOMU_ERROR_MEMORY, "out of memory for %lld frames",
                                (long long)frames);
    } else {
        fill_skeleton(tree, carriers, unit, &made->skeleton);
        status = read_frames(text, tree, unit, &p, made);
        if (status == MOMU_OK && momui_bvh_is_z_up(made))
            momui_bvh_stand_up(made);
    }
    momui_free(p.local);
    momui_free(p.global);
    momui_free(p.at);
    momui_free(p.row);
    if (status == MOMU_OK)
        *motion = made;
    else
        momui_motion_free(made);
    return status;
}

momu_status momui_bvh_read(momui_memory *memory, const momui_bytes *bytes, momui_motion **motion,
                           momu_error *error) {
    *motion = NULL;
    momui_bvh_text text;
    momui_bvh_begin(&text, bytes, error);
    momui_bvh_tree *tree = momui_calloc(memory, 1, sizeof *tree);
    if (!tree)
        return momui_fail_memory(error, "a skeleton");
    momu_status status = momui_bvh_hierarchy(&text, tree);
    if (status == MOMU_OK)
        status = read_motion(memory, &text, tree, motion);
    momui_free(tree);
    return status;
}
