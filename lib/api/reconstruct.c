/* Through the autoencoders and back. */
#include "api/api.h"
#include "generate/job.h"

#include <momu/experimental.h>

static momu_status audio_reconstruct(momu_context *context, const momu_model *model,
                                     const momu_audio *audio, momu_audio **reconstructed) {
    if (!audio || !reconstructed)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_audio_reconstruct: no %s",
                          reconstructed ? "sound" : "place for the sound");
    momui_job job;
    float *latent = NULL;
    momui_audio *result = NULL;
    momu_status status =
        momui_job_begin(&job, context, model ? model->bundle : NULL, NULL, true, false);
    if (status == MOMU_OK)
        status = momui_job_length(&job, "the sound", momu_audio_get_seconds(audio));
    if (status == MOMU_OK)
        status = momui_encode_sound(&job, audio, &latent);
    if (status == MOMU_OK)
        status = momui_decode_sound(&job, latent, &result);
    momui_free(latent);
    if (status == MOMU_OK)
        momui_audio_publish(context, result, reconstructed);
    return status;
}

momu_status momu_audio_reconstruct(momu_context *context, const momu_model *model,
                                   const momu_audio *audio, momu_audio **reconstructed) {
    if (reconstructed)
        *reconstructed = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, audio_reconstruct(context, model, audio, reconstructed));
}

static momu_status motion_reconstruct(momu_context *context, const momu_model *model,
                                      const momu_motion *motion, momu_motion **reconstructed) {
    if (!motion || !reconstructed)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_reconstruct: no %s",
                          reconstructed ? "motion" : "place for the motion");
    momui_job job;
    float *latent = NULL;
    momui_motion *result = NULL;
    momu_status status =
        momui_job_begin(&job, context, model ? model->bundle : NULL, NULL, false, true);
    if (status == MOMU_OK)
        status = momui_job_length(&job, "the motion", momu_motion_get_seconds(motion));
    if (status == MOMU_OK)
        status = momui_encode_motion(&job, motion, &latent);
    if (status == MOMU_OK)
        status = momui_decode_motion(&job, latent, &result);
    momui_free(latent);
    if (status == MOMU_OK)
        momui_motion_publish(context, result, reconstructed);
    return status;
}

momu_status momu_motion_reconstruct(momu_context *context, const momu_model *model,
                                    const momu_motion *motion, momu_motion **reconstructed) {
    if (reconstructed)
        *reconstructed = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_reconstruct(context, model, motion, reconstructed));
}
