/* Through the autoencoders and back. */
#include "api/api.h"
#include "generate/job.h"

#include <momu/experimental.h>

momu_status momu_audio_reconstruct(momu_context *context, const momu_model *model,
                                   const momu_audio *audio, momu_audio **made) {
    if (made)
        *made = NULL;
    if (!momui_call_begin(context))
        return MOMU_ERROR_ARGUMENT;
    if (!audio || !made)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_audio_reconstruct: no %s",
                          made ? "sound" : "place for the sound");
    momui_job job;
    float *latent = NULL;
    momui_audio *result = NULL;
    momu_status status =
        momui_job_begin(&job, context, model ? model->bundle : NULL, NULL, true, false);
    if (status == MOMU_OK)
        status = momui_job_length(&job, "the sound", momu_audio_seconds(audio));
    if (status == MOMU_OK)
        status = momui_encode_sound(&job, audio, &latent);
    if (status == MOMU_OK)
        status = momui_decode_sound(&job, latent, &result);
    momui_free(latent);
    if (status == MOMU_OK)
        momui_audio_publish(context, result, made);
    return status;
}

momu_status momu_motion_reconstruct(momu_context *context, const momu_model *model,
                                    const momu_motion *motion, momu_motion **made) {
    if (made)
        *made = NULL;
    if (!momui_call_begin(context))
        return MOMU_ERROR_ARGUMENT;
    if (!motion || !made)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_reconstruct: no %s",
                          made ? "motion" : "place for the motion");
    momui_job job;
    float *latent = NULL;
    momui_motion *result = NULL;
    momu_status status =
        momui_job_begin(&job, context, model ? model->bundle : NULL, NULL, false, true);
    if (status == MOMU_OK)
        status = momui_job_length(&job, "the motion", momu_motion_seconds(motion));
    if (status == MOMU_OK)
        status = momui_encode_motion(&job, motion, &latent);
    if (status == MOMU_OK)
        status = momui_decode_motion(&job, latent, &result);
    momui_free(latent);
    if (status == MOMU_OK)
        momui_motion_publish(context, result, made);
    return status;
}
