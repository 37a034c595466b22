/* The three verbs: arguments checked, the job run, results handed over. */
#include "api/api.h"
#include "generate/job.h"

#include <string.h>

void momu_generate_options_init(momu_generate_options *options, size_t size) {
    momui_init_struct(options, size);
}

void momu_generate_info_init(momu_generate_info *info, size_t size) {
    momui_init_struct(info, size);
}

static momu_status check_info(const momu_generate_info *info, momu_error *error) {
    if (info && info->struct_size < sizeof(size_t))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "generation info: struct_size is %zu, expected its sizeof",
                          info->struct_size);
    return MOMU_OK;
}

static momu_status motion_to_music(momu_context *context, const momu_model *model,
                                   const momu_motion *motion, const momu_generate_options *options,
                                   momu_audio **audio, momu_generate_info *info) {
    if (!motion || !audio)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_to_music: no %s",
                          audio ? "motion" : "place for the sound");
    MOMUI_TRY(check_info(info, &context->error));
    momui_job job;
    momui_audio *made = NULL;
    momu_status status =
        momui_job_begin(&job, context, model ? model->bundle : NULL, options, true, false);
    if (status == MOMU_OK)
        status = momui_generate_music(&job, motion, &made);
    job.music = made;
    job.dance = motion;
    if (status == MOMU_OK)
        status = momui_job_finish(&job, info);
    if (status == MOMU_OK)
        momui_audio_publish(context, made, audio);
    else
        momui_audio_free(made);
    return momui_job_close(&job, status);
}

momu_status momu_motion_to_music(momu_context *context, const momu_model *model,
                                 const momu_motion *motion, const momu_generate_options *options,
                                 momu_audio **audio, momu_generate_info *info) {
    if (audio)
        *audio = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_to_music(context, model, motion, options, audio, info));
}

static momu_status music_to_motion(momu_context *context, const momu_model *model,
                                   const momu_audio *audio, const momu_generate_options *options,
                                   momu_motion **motion, momu_generate_info *info) {
    if (!motion || !audio)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_music_to_motion: no %s",
                          motion ? "sound" : "place for the motion");
    MOMUI_TRY(check_info(info, &context->error));
    momui_job job;
    momui_motion *made = NULL;
    momu_status status =
        momui_job_begin(&job, context, model ? model->bundle : NULL, options, false, true);
    if (status == MOMU_OK)
        status = momui_generate_motion(&job, audio, &made);
    job.music = audio;
    job.dance = made;
    if (status == MOMU_OK)
        status = momui_job_finish(&job, info);
    if (status == MOMU_OK)
        momui_motion_publish(context, made, motion);
    else
        momui_motion_free(made);
    return momui_job_close(&job, status);
}

momu_status momu_music_to_motion(momu_context *context, const momu_model *model,
                                 const momu_audio *audio, const momu_generate_options *options,
                                 momu_motion **motion, momu_generate_info *info) {
    if (motion)
        *motion = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, music_to_motion(context, model, audio, options, motion, info));
}

static momu_status generate_joint(momu_context *context, const momu_model *model,
                                  const momu_generate_options *options, momu_audio **audio,
                                  momu_motion **motion, momu_generate_info *info) {
    if (!motion || !audio)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT,
                          "momu_joint_generate: no place for the %s", audio ? "motion" : "sound");
    MOMUI_TRY(check_info(info, &context->error));
    momui_job job;
    momui_audio *music = NULL;
    momui_motion *dance = NULL;
    momu_status status =
        momui_job_begin(&job, context, model ? model->bundle : NULL, options, true, true);
    if (status == MOMU_OK)
        status = momui_generate_joint(&job, &music, &dance);
    job.music = music;
    job.dance = dance;
    if (status == MOMU_OK)
        status = momui_job_finish(&job, info);
    if (status == MOMU_OK) {
        momui_audio_publish(context, music, audio);
        momui_motion_publish(context, dance, motion);
    } else {
        momui_audio_free(music);
        momui_motion_free(dance);
    }
    return momui_job_close(&job, status);
}

momu_status momu_joint_generate(momu_context *context, const momu_model *model,
                                const momu_generate_options *options, momu_audio **audio,
                                momu_motion **motion, momu_generate_info *info) {
    if (audio)
        *audio = NULL;
    if (motion)
        *motion = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, generate_joint(context, model, options, audio, motion, info));
}
