/* Motion handles: takes, retargeting, looking, releasing. motion_create.c makes one from arrays;
 * read.c and write.c have the files. */
#include "api/api.h"

#include "io/motion_file.h"
#include "motion/retarget_to.h"

#include <math.h>
#include <string.h>

void momui_motion_publish(momu_context *context, momui_motion *made, momu_motion **motion) {
    momui_account_retain(context->account);
    *motion = made;
}

/* The public list, with what it points to behind it. */
typedef struct takes_block {
    momu_takes takes;
    momui_account *account;
    const char **pointers;
    char (*names)[64];
} takes_block;

/* The bytes' takes, or those of the file at `path` where there are no bytes. */
static momu_status read_takes(momu_context *context, const char *path, const momui_bytes *bytes,
                              takes_block *block) {
    size_t count = 0;
    momu_error *error = &context->error;
    MOMUI_TRY(bytes ? momui_motion_takes_bytes(context->memory, bytes, &block->names, &count, error)
                    : momui_motion_takes(context->memory, path, &block->names, &count, error));
    block->pointers = momui_alloc(context->memory, count, sizeof *block->pointers);
    if (!block->pointers)
        return momui_fail_memory(error, "the list of takes");
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

static momu_status list_takes(momu_context *context, const char *path, const momui_bytes *bytes,
                              momu_takes **takes) {
    if (!takes || (!path && (!bytes || !bytes->data)))
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_takes: no %s",
                          !takes  ? "place for the list"
                          : bytes ? "data"
                                  : "path");
    takes_block *block = momui_calloc(context->memory, 1, sizeof *block);
    if (!block)
        return momui_fail_memory(&context->error, "the list of takes");
    momu_status status = read_takes(context, path, bytes, block);
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
    return momui_call_close(context, list_takes(context, path, NULL, takes));
}

momu_status momu_motion_takes_memory(momu_context *context, const void *data, size_t size,
                                     momu_takes **takes) {
    momui_bytes bytes;
    if (takes)
        *takes = NULL;
    MOMUI_TRY(momui_call_open(context));
    momui_bytes_from_memory(data, size, &bytes);
    return momui_call_close(context, list_takes(context, NULL, &bytes, takes));
}

void momu_takes_destroy(momu_takes *takes) {
    if (!takes)
        return;
    takes_block *block = (takes_block *)(void *)takes;
    momui_account *account = block->account;
    free_takes(block);
    momui_account_release(account);
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
