/**
 * @file momu/momu.h
 * All of libmomu's stable interface.
 *
 * A dance in, its music out; one error struct serves every call (examples/minimal.c is the whole
 * program):
 *
 *     momu_error error = {0};
 *     momu_context *context = NULL;
 *     momu_model *model = NULL;
 *     momu_motion *dance = NULL;
 *     momu_audio *music = NULL;
 *     if (momu_context_create(NULL, &context, &error) != MOMU_OK ||
 *         momu_model_load(NULL, NULL, &model, &error) != MOMU_OK ||
 *         momu_motion_read(context, "dance.bvh", NULL, &dance) != MOMU_OK ||
 *         momu_motion_to_music(context, model, dance, NULL, &music, NULL) != MOMU_OK ||
 *         momu_audio_write(context, music, "music.wav", NULL) != MOMU_OK) {
 *         momu_context_get_error(context, &error);
 *         fprintf(stderr, "%s\n", error.message);
 *     }
 */
#ifndef MOMU_MOMU_H
#define MOMU_MOMU_H

#include <momu/audio.h>
#include <momu/common.h>
#include <momu/generate.h>
#include <momu/model.h>
#include <momu/motion.h>
#include <momu/version.h>

#endif
