/* Motion handles: reading, writing, looking. Making one from arrays is in motion_create.c. */
#include "api/api.h"

#include "io/motion_file.h"
#include "motion/clock.h"
#include "motion/retarget_to.h"

#include <math.h>
#include <string.h>

void momui_motion_publish(momu_context *context, momui_motion *made, momu_motion **motion) {
    momui_account_retain(context->account);
    *motion = made;
}

static momu_status motion_read(momu_context *context, const char *path, const char *take,
                               momu_motion **motion) {
    if (!motion || !path)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_read: no %s",
                          path ? "place for the motion" : "path");
    momui_motion *made = NULL;
    MOMUI_TRY(momui_motion_read(context->memory, path, take, &made, &context->error));
    momui_motion_publish(context, made, motion);
    return MOMU_OK;
}

momu_status momu_motion_read(momu_context *context, const char *path, const char *take,
                             momu_motion **motion) {
    if (motion)
        *motion = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_read(context, path, take, motion));
}

/* The public list, with what it points to behind it. */
typedef struct takes_block {
    momu_takes takes;
    momui_account *account;
    const char **pointers;
    char (*names)[64];
} takes_block;

static momu_status read_takes(momu_context *context, const char *path, takes_block *block) {
    size_t count = 0;
    MOMUI_TRY(momui_motion_takes(context->memory, path, &block->names, &count, &context->error));
    block->pointers = momui_alloc(context->memory, count, sizeof *block->pointers);
    if (!block->pointers)
        return momui_fail_memory(&context->error, "the list of takes");
    for (size_t i = 0; i < count; i++)
        block->pointers[i] = block->names[i];
    block->takes = (momu_takes){block->pointers, count};
    return MOMU_OK;
}

static void free_takes(takes_block *block) {
    momui_free(block->names);
    momui_free((void *)block->pointers);
    momui_free(block);
}

static momu_status motion_takes(momu_context *context, const char *path, momu_takes **takes) {
    if (!takes || !path)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_takes: no %s",
                          path ? "place for the list" : "path");
    takes_block *block = momui_calloc(context->memory, 1, sizeof *block);
    if (!block)
        return momui_fail_memory(&context->error, "the list of takes");
    momu_status status = read_takes(context, path, block);
    if (status != MOMU_OK) {
        free_takes(block);
        return status;
    }
    block->account = momui_account_retain(context->account);
    *takes = &block->takes;
    return MOMU_OK;
}

momu_status momu_motion_takes(momu_context *context, const char *path, momu_takes **takes) {
    if (takes)
        *takes = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_takes(context, path, takes));
}

void momu_takes_destroy(momu_takes *takes) {
    if (!takes)
        return;
    takes_block *block = (takes_block *)(void *)takes;
    momui_account *account = block->account;
    free_takes(block);
    momui_account_release(account);
}

void momu_motion_write_options_init(momu_motion_write_options *options, size_t size) {
    momui_init_struct(options, size);
}

/* The public options in the library's words. */
static momu_status read_export(const momu_motion_write_options *options, momui_export *out,
                               momu_error *error) {
    if (!momui_target_name(options->target))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "motion writing options: target is %d, expected 0..%d",
                          (int)options->target, MOMUI_TARGETS - 1);
    if (!momui_root_mode_name(options->root))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "motion writing options: root is %d, expected 0..%d", (int)options->root,
                          MOMUI_ROOT_MODES - 1);
    *out = (momui_export){(momui_target)options->target, (momui_root_mode)options->root};
    return MOMU_OK;
}

static momu_status write_at_fps(momu_context *context, const momu_motion *motion, const char *path,
                                double fps, const momui_export *options) {
    momui_motion *resampled = NULL;
    int64_t frames = momui_motion_frames_at(motion, fps);
    MOMUI_TRY(momui_motion_resample(context->memory, motion, fps, 0, frames, &resampled,
                                    &context->error));
    momu_status status = momui_motion_write(resampled, path, options, &context->error);
    momui_motion_free(resampled);
    return status;
}

static momu_status motion_write(momu_context *context, const momu_motion *motion, const char *path,
                                const momu_motion_write_options *options) {
    momu_error *error = &context->error;
    if (!motion || !path)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_motion_write: no %s",
                          motion ? "path" : "motion");
    momu_motion_write_options own = {0};
    if (options && !momui_copy_struct(&own, sizeof own, options, options->struct_size))
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "motion writing options: struct_size is %zu; call momu_motion_write_options_init()",
            options->struct_size);
    momui_export form;
    MOMUI_TRY(read_export(&own, &form, error));
    if (own.fps == 0 || own.fps == motion->fps) {
        /* A motion may belong to another context's account: the writer must not count against that.
         */
        momui_motion view = *motion;
        view.memory = context->memory;
        return momui_motion_write(&view, path, &form, error);
    }
    MOMUI_TRY(momui_check_range("fps", own.fps, MOMU_MIN_FPS, MOMU_MAX_FPS, error));
    return write_at_fps(context, motion, path, own.fps, &form);
}

momu_status momu_motion_write(momu_context *context, const momu_motion *motion, const char *path,
                              const momu_motion_write_options *options) {
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_write(context, motion, path, options));
}

static momu_status motion_retarget(momu_context *context, const momu_motion *motion,
                                   const momu_motion *character, momu_motion **retargeted) {
    if (!motion || !character || !retargeted)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_retarget: no %s",
                          !motion      ? "motion"
                          : !character ? "character"
                                       : "place for the motion");
    momui_motion *made = NULL;
    MOMUI_TRY(
        momui_retarget_to(context->memory, motion, &character->skeleton, &made, &context->error));
    momui_motion_publish(context, made, retargeted);
    return MOMU_OK;
}

momu_status momu_motion_retarget(momu_context *context, const momu_motion *motion,
                                 const momu_motion *character, momu_motion **retargeted) {
    if (retargeted)
        *retargeted = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_retarget(context, motion, character, retargeted));
}

momu_motion_kind momu_motion_get_kind(const momu_motion *motion) {
    return motion ? (momu_motion_kind)motion->kind : MOMU_MOTION_JOINTS;
}

int64_t momu_motion_get_frames(const momu_motion *motion) {
    return motion ? motion->frames : 0;
}

double momu_motion_get_fps(const momu_motion *motion) {
    return motion ? motion->fps : 0;
}

double momu_motion_get_seconds(const momu_motion *motion) {
    return motion ? (double)motion->frames / motion->fps : 0;
}

int32_t momu_motion_get_joints(const momu_motion *motion) {
    return motion ? motion->skeleton.joints : 0;
}

static bool has_joint(const momu_motion *motion, int32_t joint) {
    return motion && joint >= 0 && joint < motion->skeleton.joints;
}

const char *momu_motion_get_joint_name(const momu_motion *motion, int32_t joint) {
    return has_joint(motion, joint) ? motion->skeleton.names[joint] : NULL;
}

int32_t momu_motion_get_joint_parent(const momu_motion *motion, int32_t joint) {
    return has_joint(motion, joint) ? motion->skeleton.parents[joint] : -1;
}

const float *momu_motion_get_offsets(const momu_motion *motion) {
    return motion && motion->kind == MOMUI_MOTION_JOINTS ? motion->skeleton.offsets : NULL;
}

const float *momu_motion_get_positions(const momu_motion *motion) {
    return motion ? motion->positions : NULL;
}

const float *momu_motion_get_rotations(const momu_motion *motion) {
    return motion ? motion->rotations : NULL;
}

const float *momu_motion_get_root(const momu_motion *motion) {
    return motion ? motion->root : NULL;
}

const float *momu_motion_get_confidence(const momu_motion *motion) {
    return motion ? motion->confidence : NULL;
}

void momu_motion_destroy(momu_motion *motion) {
    if (!motion)
        return;
    momui_account *account = (momui_account *)(void *)motion->memory;
    momui_motion_free(motion);
    momui_account_release(account);
}
