/* Scaled latents to results. */
#include "generate/job.h"

#include "dsp/griffin_lim.h"
#include "dsp/levels.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "dsp/stft.h"
#include "dsp/vocoder_post_filter.h"
#include "motion/clock.h"
#include "motion/layout.h"

#include <math.h>
#include <string.h>

/* Between silence and far above full scale: what a log10 mel of real sound can be. */
static const float LOWEST_MEL = -5, HIGHEST_MEL = 2;
/* Just below full scale, so that resampling's ripple stays inside. */
static const float CEILING = 0.98f;

static momu_status decode(momui_job *job, const momui_autoencoder *network,
                          const momui_autoencoder_config *config, const float *latent,
                          const momui_tensor *mean, const momui_tensor *std, float **features) {
    int64_t channels = job->config->latent, count = job->latents * channels;
    int64_t frames = job->latents * job->config->down;
    float *z = momui_alloc(job->memory, (size_t)count, sizeof *z);
    float *x = momui_alloc(job->memory, (size_t)frames, (size_t)config->in_channels * sizeof *x);
    momui_run run = momui_job_run(job);
    momu_status status = MOMU_OK;
    if (z && x) {
        for (int64_t i = 0; i < count; i++)
            z[i] = latent[i] * std->data[i % channels] + mean->data[i % channels];
        status = momui_run_decoder(&run, network, config, z, job->latents, x);
    } else {
        status = momui_fail_memory(job->error, "the decoded features");
    }
    momui_free(z);
    if (status == MOMU_OK)
        *features = x;
    else
        momui_free(x);
    return status;
}

/* mel: log10. */
static momu_status vocos(momui_job *job, float *mel, int64_t frames, float **mono,
                         int64_t *samples) {
    enum { LOW_ITERATIONS = 32 };
    const momui_config *config = job->config;
    const momui_mel_config mel_config = momui_feature_mel(job->config);
    float *head =
        momui_alloc(job->memory, (size_t)frames, (size_t)(config->n_fft + 2) * sizeof *head);
    if (!head)
        return momui_fail_memory(job->error, "the spectrum");
    momui_standardise(mel, frames, frames, job->bundle->mel_mean, job->bundle->mel_std, NULL, mel);
    momui_run run = momui_job_run(job);
    momu_status status = momui_run_vocoder(&run, job->bundle->vocoder, mel, frames, head);
    momui_restore(mel, frames, job->bundle->mel_mean, job->bundle->mel_std);
    if (status == MOMU_OK)
        status = momui_vocos_synthesis(job->memory, head, frames, config->n_fft, config->hop, mono,
                                       samples, job->error);
    momui_free(head);
    if (status == MOMU_OK)
        status = momui_vocoder_post_filter(job->memory, &mel_config, mel, frames, LOW_ITERATIONS,
                                           job->options.seed, *mono, job->error);
    return status;
}

/* Clamps a restored mel to what sound can be. */
static void clamp_mel(float *mel, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        mel[i] = fminf(fmaxf(mel[i], LOWEST_MEL), HIGHEST_MEL);
}

/* A vocoder of others; mel: log10, as measured. */
static momu_status wave_vocoder(momui_job *job, float *mel, int64_t frames, float **mono,
                                int64_t *samples) {
    static const float LN10 = 2.302585093f;
    int64_t count = frames * job->config->mel_bands;
    for (int64_t i = 0; job->config->vocoder.wave.natural && i < count; i++)
        mel[i] *= LN10;
    *samples = frames * job->config->hop;
    *mono = momui_alloc(job->memory, (size_t)*samples, sizeof **mono);
    if (!*mono)
        return momui_fail_memory(job->error, "the sound");
    momui_run run = momui_job_run(job);
    momu_status status =
        momui_run_wave_vocoder(&run, job->bundle->wave_vocoder, mel, frames, *mono);
    if (status != MOMU_OK) {
        momui_free(*mono);
        *mono = NULL;
    }
    return status;
}

static momu_status griffin_lim(momui_job *job, const float *mel, int64_t frames, float **mono,
                               int64_t *samples) {
    const momui_mel_config mel_config = momui_feature_mel(job->config);
    return momui_griffin_lim(job->memory, &mel_config, mel, frames, job->config->vocoder.iterations,
                             job->options.seed, mono, samples, job->error);
}

static momu_status synthesise(momui_job *job, float *mel, int64_t frames, float **mono,
                              int64_t *samples) {
    const momui_bundle *bundle = job->bundle;
    const momui_config *config = job->config;
    momui_restore(mel, frames, bundle->mel_mean, bundle->mel_std);
    clamp_mel(mel, frames * config->mel_bands);
    switch (momui_vocoder_type_of(config->vocoder.kind)->output) {
    case MOMUI_VOCODER_MAKES_SAMPLES:
        return wave_vocoder(job, mel, frames, mono, samples);
    case MOMUI_VOCODER_MAKES_SPECTRUM:
        return vocos(job, mel, frames, mono, samples);
    case MOMUI_VOCODER_MAKES_PHASES:
        return griffin_lim(job, mel, frames, mono, samples);
    case MOMUI_VOCODER_MAKES_NOTHING:
        break;
    }
    return momui_fail(job->error, MOMU_ERROR_INTERNAL, "a model of mels has no vocoder");
}

/* Limits, cuts to the result's length, and brings to the asked rate. */
static momu_status finish_sound(momui_job *job, float *mono, int64_t samples, momui_audio **audio) {
    double from = job->config->sample_rate, to = job->options.audio_rate;
    int64_t wanted = (int64_t)floor(job->seconds * from + 0.5);
    if (samples > wanted)
        samples = wanted;
    float *resampled = mono;
    int64_t frames = samples;
    if (to != from)
        MOMUI_TRY(momui_resample(job->memory, mono, samples, 1, from, to, &resampled, &frames,
                                 job->error));
    momui_limit(resampled, frames, CEILING);
    momui_audio *made = momui_audio_new(job->memory, frames, 1, to);
    if (made)
        memcpy(made->samples, resampled, (size_t)frames * sizeof *resampled);
    if (resampled != mono)
        momui_free(resampled);
    if (!made)
        return momui_fail_memory(job->error, "the sound");
    *audio = made;
    return MOMU_OK;
}

momu_status momui_decode_sound(momui_job *job, const float *latent, momui_audio **audio) {
    const momui_bundle *bundle = job->bundle;
    float *mel = NULL, *mono = NULL; /* mel: of a model of waves the samples */
    int64_t samples = 0;
    MOMUI_TRY(decode(job, bundle->music, &job->config->music, latent, bundle->music_latent_mean,
                     bundle->music_latent_std, &mel));
    momu_status status = MOMU_OK;
    if (job->config->wave) {
        samples = job->latents * job->config->down * job->config->hop;
        momui_restore(mel, samples / job->config->hop, bundle->mel_mean, bundle->mel_std);
        mono = mel; /* rows of frames are the samples in their order */
    } else {
        status = synthesise(job, mel, job->latents * job->config->down, &mono, &samples);
        momui_free(mel);
    }
    if (status == MOMU_OK)
        status = momui_check_finite("the music", mono, (size_t)samples, 1, "sample", job->error);
    if (status == MOMU_OK)
        status = finish_sound(job, mono, samples, audio);
    momui_free(mono);
    return status;
}

momu_status momui_decode_motion(momui_job *job, const float *latent, momui_motion **motion) {
    const momui_bundle *bundle = job->bundle;
    double rate = momui_feature_rate(job->config), fps = job->options.motion_fps;
    float *features = NULL;
    MOMUI_TRY(decode(job, bundle->motion, &job->config->motion, latent, bundle->motion_latent_mean,
                     bundle->motion_latent_std, &features));
    momui_restore(features, job->frames, bundle->motion_mean, bundle->motion_std);
    momui_motion *made = NULL;
    momui_feet_report feet = {0};
    momu_status status = momui_motion_from_features(
        job->memory, job->config->layout, features, job->frames,
        job->options.foot_lock == MOMU_SWITCH_ON, &made, &feet, job->error);
    job->info.skate_before = feet.skate_before;
    job->info.skate_after = feet.skate_after;
    momui_free(features);
    if (status != MOMU_OK)
        return status;
    /* Feature frame k stands at (k + 0.5) / rate; the result's frame i at i / fps. */
    int64_t frames = (int64_t)floor(job->seconds * fps + 0.5);
    status = momui_motion_resample(job->memory, made, fps, -0.5 / rate, frames > 0 ? frames : 1,
                                   motion, job->error);
    momui_motion_free(made);
    return status;
}
