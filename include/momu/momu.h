/* momu/momu.h - all of libmomu's stable interface.
 *
 *     #include <momu/momu.h>
 *
 *     momu_context *context; momu_model *model; momu_motion *dance; momu_audio *music;
 *     momu_context_create(NULL, &context, NULL);
 *     momu_model_load(NULL, NULL, &model, NULL);
 *     momu_motion_read(context, "dance.bvh", NULL, &dance);
 *     momu_motion_to_music(context, model, dance, NULL, &music, NULL);
 *     momu_audio_write(context, music, "music.wav", NULL);
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
