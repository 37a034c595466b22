/* Inputs to scaled latents, and to the conditions of learned encoders. */
#include "generate/job.h"

#include "motion/camera.h"

#include <string.h>

/* ---- from rows as measured to what a network gives ---- */

/* rows (have, channels) standardised, as many as the latents cover. */
static momu_status standardise(momui_job *job, const float *rows, int64_t have,
                               const momui_tensor *mean, const momui_tensor *std,
                               const float *padding, float **out) {
    int64_t frames = job->latents * job->config->down;
    *out = momui_alloc(job->memory, (size_t)frames, (size_t)mean->shape[0] * sizeof **out);
    if (!*out)
        return momui_fail_memory(job->error, "the features");
    momui_standardise(rows, have, frames, mean, std, padding, *out);
    return MOMU_OK;
}

/* z = (latent - mean) / std, in place. */
static void scale_latent(const momui_job *job, float *latent, const momui_tensor *mean,
                         const momui_tensor *std) {
    momui_standardise(latent, job->latents, job->latents, mean, std, NULL, latent);
}

static momu_status encode(momui_job *job, const momui_autoencoder *network,
                          const momui_autoencoder_config *config, const float *standardised,
                          const momui_tensor *mean, const momui_tensor *std, float **latent) {
    momui_run run = momui_job_run(job);
    float *z =
        momui_alloc(job->memory, (size_t)job->latents, (size_t)job->config->latent * sizeof *z);
    if (!z)
        return momui_fail_memory(job->error, "the latent");
    momu_status status =
        momui_run_encoder(&run, network, config, (momui_row_source){.rows = standardised},
                          job->latents * job->config->down, 0, z);
    if (status != MOMU_OK) {
        momui_free(z);
        return status;
    }
    scale_latent(job, z, mean, std);
    *latent = z;
    return MOMU_OK;
}

/* ---- sounds ---- */

static momu_status sound_features(momui_job *job, const momui_audio *audio, unsigned wanted,
                                  momui_sound_features *made) {
    MOMUI_TRY(momui_sound_features_make(job->memory, job->config, audio, wanted, made, job->error));
    if (made->frames > job->frames)
        made->frames = job->frames;
    return MOMU_OK;
}

momu_status momui_job_sound_rows(momui_job *job, const momui_audio *audio, float **rows,
                                 int64_t *frames) {
    momui_sound_features made;
    MOMUI_TRY(
        sound_features(job, audio, job->config->wave ? MOMUI_SOUND_WAVES : MOMUI_SOUND_MEL, &made));
    *frames = made.frames;
    *rows = job->config->wave ? made.waves : made.mel; /* the other one is NULL */
    return MOMU_OK;
}

momu_status momui_job_mfcc_rows(momui_job *job, const momui_audio *audio, float **rows,
                                int64_t *frames) {
    momui_sound_features made;
    MOMUI_TRY(sound_features(job, audio, MOMUI_SOUND_MFCC, &made));
    *frames = made.frames;
    *rows = made.mfcc;
    made.mfcc = NULL;
    momui_sound_features_release(&made);
    return MOMU_OK;
}

momu_status momui_encode_sound(momui_job *job, const momui_audio *audio, float **latent) {
    const momui_bundle *bundle = job->bundle;
    float *rows = NULL, *standardised = NULL;
    int64_t frames = 0;
    momu_status status = MOMU_OK;
    MOMUI_TRY(momui_job_sound_rows(job, audio, &rows, &frames));
    MOMUI_TRY_GOTO(standardise(job, rows, frames, bundle->mel_mean, bundle->mel_std,
                               job->config->wave ? &momui_silent_wave : &momui_silent_mel,
                               &standardised),
                   status, done);
    MOMUI_TRY_GOTO(encode(job, bundle->music, &job->config->music, standardised,
                          bundle->music_latent_mean, bundle->music_latent_std, latent),
                   status, done);
done:
    momui_free(standardised);
    momui_free(rows);
    return status;
}

/* ---- dances ---- */

/* Keypoints for a model of bodies: its keypoint encoder says what the body's latents would be. */
static momu_status encode_keypoints(momui_job *job, const momui_motion *motion, float **latent) {
    const momui_bundle *bundle = job->bundle;
    const momui_motion *clocked;
    float *points = NULL, *rows = NULL;
    int64_t frames = job->latents * job->config->down;
    momu_status status = MOMU_OK;
    MOMUI_TRY(momui_job_clocked(job, motion, &clocked));
    MOMUI_TRY(momui_keypoint_features(job->memory, clocked, &points, job->error));
    rows = momui_alloc(job->memory, (size_t)frames, MOMUI_PROJECTED_FEATURES * sizeof *rows);
    if (!rows)
        MOMUI_TRY_GOTO(momui_fail_memory(job->error, "the keypoints"), status, done);
    memcpy(rows, points, (size_t)job->frames * MOMUI_PROJECTED_FEATURES * sizeof *rows);
    momui_hold_last(rows, job->frames, frames, MOMUI_PROJECTED_FEATURES);
    MOMUI_TRY_GOTO(encode(job, bundle->keypoints, &job->config->keypoints, rows,
                          bundle->motion_latent_mean, bundle->motion_latent_std, latent),
                   status, done);
done:
    momui_free(rows);
    momui_free(points);
    return status;
}

/* Standardised by these statistics: the motion autoencoder's, or a learned encoder's. */
static momu_status motion_features(momui_job *job, const momui_motion *motion,
                                   const momui_tensor *mean, const momui_tensor *std,
                                   float **standardised) {
    const momui_motion *clocked;
    float *features = NULL;
    MOMUI_TRY(momui_job_clocked(job, motion, &clocked));
    job->info.joints_filled = job->cached.filled;
    MOMUI_TRY(
        momui_motion_features(job->memory, job->config->layout, clocked, &features, job->error));
    momu_status status = standardise(job, features, job->frames, mean, std, NULL, standardised);
    momui_free(features);
    return status;
}

momu_status momui_encode_motion(momui_job *job, const momui_motion *motion, float **latent) {
    if (motion->kind == MOMUI_MOTION_KEYPOINTS && job->config->layout == MOMUI_LAYOUT_BODY3D) {
        if (momui_bundle_reads_keypoints(job->bundle))
            return encode_keypoints(job, motion, latent);
        return momui_fail(
            job->error, MOMU_ERROR_UNSUPPORTED,
            "found 2-D keypoints; this model reads bodies (layout body3d), and has no "
            "trained keypoint encoder that could stand in for them");
    }
    const momui_bundle *bundle = job->bundle;
    float *standardised = NULL;
    MOMUI_TRY(motion_features(job, motion, bundle->motion_mean, bundle->motion_std, &standardised));
    momu_status status = encode(job, bundle->motion, &job->config->motion, standardised,
                                bundle->motion_latent_mean, bundle->motion_latent_std, latent);
    momui_free(standardised);
    return status;
}

/* ---- conditions that are no latents ---- */

static momu_status learned_condition(momui_job *job, const momui_condition_encoder *network,
                                     int32_t in_channels, const float *standardised,
                                     float **condition) {
    momui_run run = momui_job_run(job);
    float *c =
        momui_alloc(job->memory, (size_t)job->latents, (size_t)job->config->latent * sizeof *c);
    if (!c)
        return momui_fail_memory(job->error, "the condition");
    momu_status status = momui_run_condition_encoder(&run, network, in_channels, standardised,
                                                     job->latents * job->config->down, c);
    if (status == MOMU_OK)
        *condition = c;
    else
        momui_free(c);
    return status;
}

momu_status momui_condition_on_sound(momui_job *job, const momui_audio *audio, float **condition) {
    const momui_bundle *bundle = job->bundle;
    float *rows = NULL, *standardised = NULL;
    int64_t frames = 0;
    momu_status status = MOMU_OK;
    if (!bundle->to_motion_encoder)
        return momui_encode_sound(job, audio, condition);
    MOMUI_TRY(momui_job_mfcc_rows(job, audio, &rows, &frames));
    MOMUI_TRY_GOTO(
        standardise(job, rows, frames, bundle->mfcc_mean, bundle->mfcc_std, NULL, &standardised),
        status, done);
    MOMUI_TRY_GOTO(
        learned_condition(job, bundle->to_motion_encoder, MOMUI_MFCCS, standardised, condition),
        status, done);
done:
    momui_free(standardised);
    momui_free(rows);
    return status;
}

momu_status momui_condition_on_motion(momui_job *job, const momui_motion *motion,
                                      float **condition) {
    const momui_bundle *bundle = job->bundle;
    float *standardised = NULL;
    if (!bundle->to_music_encoder)
        return momui_encode_motion(job, motion, condition);
    MOMUI_TRY(motion_features(job, motion, bundle->dance_mean, bundle->dance_std, &standardised));
    momu_status status = learned_condition(job, bundle->to_music_encoder, job->config->features,
                                           standardised, condition);
    momui_free(standardised);
    return status;
}
