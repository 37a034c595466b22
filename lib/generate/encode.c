/* Inputs to scaled latents. */
#include "generate/job.h"

#include "dsp/mel.h"
#include "dsp/mfcc.h"
#include "dsp/resample.h"
#include "motion/body.h"
#include "motion/camera.h"
#include "motion/clock.h"
#include "motion/layout.h"

#include <math.h>
#include <string.h>

static const float SILENT_MEL = -5, SILENT_WAVE = 0;

momui_mel_config momui_job_mel(const momui_job *job) {
    const momui_config *config = job->config;
    return (momui_mel_config){.sample_rate = config->sample_rate,
                              .hop = config->hop,
                              .n_fft = config->n_fft,
                              .bands = config->mel_bands,
                              .low = config->mel_low,
                              .high = config->mel_high};
}

/* (frames, channels) <- (x - mean) / std; rows from `have` on are copies of the last one, or of
 * `padding`. */
static momu_status standardise(momui_job *job, const float *features, int64_t have,
                               int64_t channels, const momui_tensor *mean, const momui_tensor *std,
                               const float *padding, float **out) {
    int64_t frames = job->latents * job->config->down;
    float *x = momui_alloc(job->memory, (size_t)frames, (size_t)channels * sizeof *x);
    if (!x)
        return momui_fail_memory(job->error, "the features");
    for (int64_t t = 0; t < frames; t++) {
        const float *row = features + (t < have ? t : have - 1) * channels;
        for (int64_t c = 0; c < channels; c++) {
            float value = t >= have && padding ? *padding : row[c];
            x[t * channels + c] = (value - mean->data[c]) / std->data[c];
        }
    }
    *out = x;
    return MOMU_OK;
}

void momui_job_hold_last(const momui_job *job, float *rows, size_t channels) {
    size_t frames = (size_t)(job->latents * job->config->down);
    for (size_t t = (size_t)job->frames; t < frames; t++)
        memcpy(rows + t * channels, rows + (t - 1) * channels, channels * sizeof *rows);
}

/* z = (latent - mean) / std, in place. */
static void scale_latent(const momui_job *job, float *latent, const momui_tensor *mean,
                         const momui_tensor *std) {
    int64_t channels = job->config->latent;
    for (int64_t i = 0; i < job->latents * channels; i++)
        latent[i] = (latent[i] - mean->data[i % channels]) / std->data[i % channels];
}

static momu_status encode(momui_job *job, const momui_autoencoder *network,
                          const momui_autoencoder_config *config, const float *standardised,
                          const momui_tensor *mean, const momui_tensor *std, float **latent) {
    float *z =
        momui_alloc(job->memory, (size_t)job->latents, (size_t)job->config->latent * sizeof *z);
    if (!z)
        return momui_fail_memory(job->error, "the latent");
    momu_status status =
        momui_run_encoder(job, network, config, standardised, job->latents * job->config->down, z);
    if (status != MOMU_OK) {
        momui_free(z);
        return status;
    }
    scale_latent(job, z, mean, std);
    *latent = z;
    return MOMU_OK;
}

/* The sound as the model hears it: one channel at its rate. */
static momu_status to_model_rate(momui_job *job, const momui_audio *audio, float **mono,
                                 int64_t *samples) {
    float *mean = momui_audio_mono(audio, job->memory);
    if (!mean)
        return momui_fail_memory(job->error, "the sound's mean channel");
    momu_status status = momui_resample(job->memory, mean, audio->frames, 1, audio->rate,
                                        job->config->sample_rate, mono, samples, job->error);
    momui_free(mean);
    return status;
}

/* At most the job's frames, and at least one. */
static momu_status enough(momui_job *job, int64_t *frames) {
    if (*frames > job->frames)
        *frames = job->frames;
    return *frames < 1
               ? momui_fail(job->error, MOMU_ERROR_ARGUMENT, "the sound is shorter than one frame")
               : MOMU_OK;
}

/* The first frames of the sound's log-mel, (frames, bands) as measured. */
static momu_status sound_mel(momui_job *job, const momui_audio *audio, float **mel,
                             int64_t *frames) {
    float *mono = NULL;
    int64_t samples = 0;
    MOMUI_TRY(to_model_rate(job, audio, &mono, &samples));
    momui_mel_config config = momui_job_mel(job);
    momu_status status = momui_mel(job->memory, &config, mono, samples, mel, frames, job->error);
    momui_free(mono);
    return status;
}

/* The same as samples, (frames, hop), within full scale as mels are. */
static momu_status sound_waves(momui_job *job, const momui_audio *audio, float **waves,
                               int64_t *frames) {
    int64_t samples = 0;
    MOMUI_TRY(to_model_rate(job, audio, waves, &samples));
    for (int64_t i = 0; i < samples; i++)
        (*waves)[i] = fminf(fmaxf((*waves)[i], -1), 1);
    *frames = samples / job->config->hop;
    return MOMU_OK;
}

/* Standardised, for the music autoencoder. */
static momu_status sound_features(momui_job *job, const momui_audio *audio, float **standardised) {
    const momui_bundle *bundle = job->bundle;
    bool wave = job->config->wave;
    float *measured = NULL;
    int64_t frames = 0;
    MOMUI_TRY((wave ? sound_waves : sound_mel)(job, audio, &measured, &frames));
    momu_status status = enough(job, &frames);
    if (status == MOMU_OK)
        status =
            standardise(job, measured, frames, job->config->music.in_channels, bundle->mel_mean,
                        bundle->mel_std, wave ? &SILENT_WAVE : &SILENT_MEL, standardised);
    momui_free(measured);
    return status;
}

momu_status momui_encode_sound(momui_job *job, const momui_audio *audio, float **latent) {
    float *standardised = NULL;
    MOMUI_TRY(sound_features(job, audio, &standardised));
    momu_status status =
        encode(job, job->bundle->music, &job->config->music, standardised,
               job->bundle->music_latent_mean, job->bundle->music_latent_std, latent);
    momui_free(standardised);
    return status;
}

static momu_status encode_layout(momui_memory *memory, momui_layout layout,
                                 const momui_motion *motion, float **features, momu_error *error) {
    switch (layout) {
    case MOMUI_LAYOUT_POSITIONS2D:
        return momui_positions2d_encode(memory, motion, features, NULL, error);
    case MOMUI_LAYOUT_DIRECTIONS2D:
        return momui_directions2d_encode(memory, motion, features, NULL, error);
    case MOMUI_LAYOUT_BODY3D:
        break;
    }
    return momui_body3d_encode(memory, motion, features, NULL, error);
}

/* The canonical body, and for the layouts of keypoints the body as a camera sees it. */
static momu_status look_at(momui_memory *memory, momui_layout layout, const momui_motion *motion,
                           momui_motion **view, uint32_t *filled, momu_error *error) {
    momui_motion *body = NULL;
    MOMUI_TRY(momui_body_from_motion(memory, motion, &body, filled, error));
    if (layout == MOMUI_LAYOUT_BODY3D) {
        *view = body;
        return MOMU_OK;
    }
    momu_status status = momui_body_project(memory, body, view, error);
    momui_motion_free(body);
    return status;
}

momu_status momui_dance_on_clock(momui_memory *memory, momui_layout layout,
                                 const momui_motion *motion, double rate, int64_t frames,
                                 momui_motion **clocked, uint32_t *filled, momu_error *error) {
    momui_motion *view = NULL;
    *filled = 0;
    if (layout == MOMUI_LAYOUT_BODY3D || motion->kind != MOMUI_MOTION_KEYPOINTS) {
        MOMUI_TRY(look_at(memory, layout, motion, &view, filled, error));
        motion = view;
    }
    /* Frame k is looked at in its middle. */
    momu_status status =
        momui_motion_resample(memory, motion, rate, 0.5 / rate, frames, clocked, error);
    momui_motion_free(view);
    return status;
}

momu_status momui_dance_features(momui_memory *memory, momui_layout layout,
                                 const momui_motion *motion, double rate, int64_t frames,
                                 float **features, uint32_t *filled, momu_error *error) {
    momui_motion *clocked = NULL;
    MOMUI_TRY(momui_dance_on_clock(memory, layout, motion, rate, frames, &clocked, filled, error));
    momu_status status = encode_layout(memory, layout, clocked, features, error);
    momui_motion_free(clocked);
    return status;
}

/* Keypoints for a model of bodies: its keypoint encoder says what the body's latents would be. */
static momu_status encode_keypoints(momui_job *job, const momui_motion *motion, float **latent) {
    momui_motion *resampled = NULL;
    float *points = NULL, *rows = NULL;
    size_t frames = (size_t)(job->latents * job->config->down);
    double rate = (double)job->config->sample_rate / job->config->hop;
    MOMUI_TRY(momui_motion_resample(job->memory, motion, rate, 0.5 / rate, job->frames, &resampled,
                                    job->error));
    uint8_t *seen = momui_alloc(job->memory, (size_t)job->frames, MOMUI_KEYPOINT_JOINTS);
    momu_status status =
        seen ? momui_positions2d_encode(job->memory, resampled, &points, NULL, job->error)
             : momui_fail_memory(job->error, "the keypoints");
    if (status == MOMU_OK &&
        !(rows = momui_alloc(job->memory, frames, MOMUI_PROJECTED_FEATURES * sizeof *rows)))
        status = momui_fail_memory(job->error, "the keypoints");
    if (status == MOMU_OK) {
        momui_project_keypoints(resampled, seen);
        momui_keypoint_rows(points, seen, job->frames, rows);
        momui_job_hold_last(job, rows, MOMUI_PROJECTED_FEATURES);
        status = encode(job, job->bundle->keypoints, &job->config->keypoints, rows,
                        job->bundle->motion_latent_mean, job->bundle->motion_latent_std, latent);
    }
    momui_free(rows);
    momui_free(points);
    momui_free(seen);
    momui_motion_free(resampled);
    return status;
}

/* Standardised by these statistics: the motion autoencoder's, or a learned encoder's. */
static momu_status dance_features(momui_job *job, const momui_motion *motion,
                                  const momui_tensor *mean, const momui_tensor *std,
                                  float **standardised) {
    const momui_config *config = job->config;
    float *features = NULL;
    double rate = (double)config->sample_rate / config->hop;
    MOMUI_TRY(momui_dance_features(job->memory, config->layout, motion, rate, job->frames,
                                   &features, &job->info.joints_filled, job->error));
    momu_status status =
        standardise(job, features, job->frames, config->features, mean, std, NULL, standardised);
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
    MOMUI_TRY(dance_features(job, motion, bundle->motion_mean, bundle->motion_std, &standardised));
    momu_status status = encode(job, bundle->motion, &job->config->motion, standardised,
                                bundle->motion_latent_mean, bundle->motion_latent_std, latent);
    momui_free(standardised);
    return status;
}

/* ---- conditions that are no latents ---- */

static momu_status learned_condition(momui_job *job, const momui_condition_encoder *network,
                                     int32_t in_channels, const float *standardised,
                                     float **condition) {
    float *c =
        momui_alloc(job->memory, (size_t)job->latents, (size_t)job->config->latent * sizeof *c);
    if (!c)
        return momui_fail_memory(job->error, "the condition");
    momu_status status = momui_run_condition_encoder(job, network, in_channels, standardised,
                                                     job->latents * job->config->down, c);
    if (status == MOMU_OK)
        *condition = c;
    else
        momui_free(c);
    return status;
}

static momu_status mfcc_features(momui_job *job, const momui_audio *audio, float **standardised) {
    float *mel = NULL, *mfcc = NULL;
    int64_t frames = 0;
    MOMUI_TRY(sound_mel(job, audio, &mel, &frames));
    momu_status status = enough(job, &frames);
    if (status == MOMU_OK)
        status = momui_mfcc(job->memory, mel, frames, job->config->mel_bands, MOMUI_MFCCS, &mfcc,
                            job->error);
    if (status == MOMU_OK)
        status = standardise(job, mfcc, frames, MOMUI_MFCCS, job->bundle->mfcc_mean,
                             job->bundle->mfcc_std, NULL, standardised);
    momui_free(mfcc);
    momui_free(mel);
    return status;
}

momu_status momui_condition_on_sound(momui_job *job, const momui_audio *audio, float **condition) {
    const momui_condition_encoder *network = job->bundle->to_motion_encoder;
    float *standardised = NULL;
    if (!network)
        return momui_encode_sound(job, audio, condition);
    MOMUI_TRY(mfcc_features(job, audio, &standardised));
    momu_status status = learned_condition(job, network, MOMUI_MFCCS, standardised, condition);
    momui_free(standardised);
    return status;
}

momu_status momui_condition_on_motion(momui_job *job, const momui_motion *motion,
                                      float **condition) {
    const momui_bundle *bundle = job->bundle;
    float *standardised = NULL;
    if (!bundle->to_music_encoder)
        return momui_encode_motion(job, motion, condition);
    MOMUI_TRY(dance_features(job, motion, bundle->dance_mean, bundle->dance_std, &standardised));
    momu_status status = learned_condition(job, bundle->to_music_encoder, job->config->features,
                                           standardised, condition);
    momui_free(standardised);
    return status;
}
