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
    momu_status status = MOMU_OK;
    const momui_bundle *bundle = model ? model->bundle : NULL;
    MOMUI_TRY_GOTO(momui_job_begin(&job, context, bundle, NULL, true, false), status, done);
    MOMUI_TRY_GOTO(momui_job_length(&job, "the sound", momu_audio_get_seconds(audio)), status,
                   done);
    MOMUI_TRY_GOTO(momui_encode_sound(&job, audio, &latent), status, done);
    MOMUI_TRY_GOTO(momui_decode_sound(&job, latent, &result), status, done);
    momui_audio_publish(context, result, reconstructed);
done:
    momui_free(latent);
    return momui_job_close(&job, status);
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
    momu_status status = MOMU_OK;
    const momui_bundle *bundle = model ? model->bundle : NULL;
    MOMUI_TRY_GOTO(momui_job_begin(&job, context, bundle, NULL, false, true), status, done);
    MOMUI_TRY_GOTO(momui_job_length(&job, "the motion", momu_motion_get_seconds(motion)), status,
                   done);
    MOMUI_TRY_GOTO(momui_encode_motion(&job, motion, &latent), status, done);
    MOMUI_TRY_GOTO(momui_decode_motion(&job, latent, &result), status, done);
    momui_motion_publish(context, result, reconstructed);
done:
    momui_free(latent);
    return momui_job_close(&job, status);
}

momu_status momu_motion_reconstruct(momu_context *context, const momu_model *model,
                                    const momu_motion *motion, momu_motion **reconstructed) {
    if (reconstructed)
        *reconstructed = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_reconstruct(context, model, motion, reconstructed));
}
