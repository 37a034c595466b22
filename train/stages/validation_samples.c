/* Writes validation samples while a network trains: its output for one validation pair, as sound or
 * motion and as a picture. */
#include "diffusion/sampler.h"
#include "dsp/stft.h"
#include "train/stages/sample_files.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const double SECONDS = 8.0;

static momu_status failed(const momui_validation_sample *s) {
    return s->g->status != MOMU_OK ? s->g->status : MOMU_ERROR_INTERNAL;
}

/* x (1, frames, channels) as measured, in place. */
static void restore(momui_tensor *x, const momui_tensor *mean, const momui_tensor *deviation) {
    int64_t channels = mean->shape[0];
    for (int64_t i = 0; i < momui_tensor_count(x); i++)
        x->data[i] = x->data[i] * deviation->data[i % channels] + mean->data[i % channels];
}

/* ---- autoencoders, keypoints and the vocoder ---- */

static momu_status sample_autoencoder(momui_validation_sample *s, bool music) {
    const momui_bundle *bundle = s->trainer->bundle;
    momui_crop crop = {s->pair, 0};
    momui_tensor *x = music ? momui_batch_music(s->trainer, s->g, &crop, 1, s->frames)
                            : momui_batch_motion(s->trainer, s->g, &crop, 1, s->frames);
    momui_tensor *mean = NULL, *logvar = NULL;
    const momui_autoencoder *network = music ? bundle->music : bundle->motion;
    momui_autoencoder_encode(s->g, network, x, &mean, &logvar);
    momui_tensor *y = momui_autoencoder_decode(s->g, network, mean);
    if (!y)
        return failed(s);
    const momui_tensor *center = music ? bundle->mel_mean : bundle->motion_mean;
    const momui_tensor *spread = music ? bundle->mel_std : bundle->motion_std;
    restore(x, center, spread);
    restore(y, center, spread);
    return music ? momui_sample_write_music(s, y, x) : momui_sample_write_dance(s, y, x);
}

/* The dance as 2-D keypoints, and the motion decoder's output for them. */
static momu_status sample_keypoints(momui_validation_sample *s) {
    const momui_bundle *bundle = s->trainer->bundle;
    momui_crop crop = {s->pair, 0};
    momui_random random = {s->trainer->settings.seed, 1, 0};
    momui_tensor *x = momui_batch_motion(s->trainer, s->g, &crop, 1, s->frames);
    momui_tensor *keypoints =
        momui_batch_camera_views(s->trainer, s->g, &crop, 1, s->frames, random);
    momui_tensor *mean = NULL, *logvar = NULL;
    momui_autoencoder_encode(s->g, bundle->keypoints, keypoints, &mean, &logvar);
    momui_tensor *y = momui_autoencoder_decode(s->g, bundle->motion, mean);
    if (!x || !y)
        return failed(s);
    restore(x, bundle->motion_mean, bundle->motion_std);
    restore(y, bundle->motion_mean, bundle->motion_std);
    return momui_sample_write_dance(s, y, x);
}

static momu_status sample_vocoder(momui_validation_sample *s) {
    const momui_config *c = &s->trainer->bundle->config;
    momui_crop crop = {s->pair, 0};
    momui_tensor *x = momui_batch_music(s->trainer, s->g, &crop, 1, s->frames);
    momui_tensor *head = momui_vocoder_forward(s->g, s->trainer->bundle->vocoder, x);
    float *mono = NULL, *mel = NULL;
    int64_t samples = 0, frames = 0;
    if (!head)
        return failed(s);
    MOMUI_TRY(momui_vocos_synthesis(s->trainer->memory, head->data, s->frames, c->n_fft, c->hop,
                                    &mono, &samples, s->error));
    momui_mel_config shape = momui_feature_mel(c);
    momu_status status =
        momui_mel(s->trainer->memory, &shape, mono, samples, &mel, &frames, s->error);
    momui_tensor *made = status == MOMU_OK ? momui_tensor_from(s->g, 3, x->shape, mel) : NULL;
    restore(x, s->trainer->bundle->mel_mean, s->trainer->bundle->mel_std);
    if (made)
        status = momui_sample_write_music(s, made, x); /* the picture; its sound is then replaced */
    if (made && status == MOMU_OK)
        status = momui_sample_write_sound(s, mono, samples);
    momui_free(mel);
    momui_free(mono);
    return status;
}

/* ---- transformers ---- */

static momu_status evaluate(void *user, const float *x, int32_t t, int count,
                            const momui_guidance_branch *branches, float *const *out,
                            momu_error *error) {
    const momui_validation_sample *s = user;
    const momui_bundle *bundle = s->trainer->bundle;
    momui_arena *arena = s->g->arena;
    momui_arena_mark mark = momui_arena_position(arena);
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, arena, s->trainer->pool, false, error));
    int64_t frames = s->frames / bundle->config.down, channels = bundle->config.latent;
    int64_t shape[3] = {count, frames, channels};
    size_t size = (size_t)(frames * channels);
    momui_tensor *state = momui_tensor_new(&g, 3, shape), *c = momui_tensor_new(&g, 3, shape);
    uint8_t keep[2] = {0, 0};
    int32_t noise_level[2] = {0, 0}, step[2] = {t, t};
    for (int i = 0; state && c && i < count; i++) {
        keep[i] = branches[i].condition != NULL;
        memcpy(state->data + (size_t)i * size, x, size * sizeof *x);
        if (keep[i])
            memcpy(c->data + (size_t)i * size, branches[i].condition, size * sizeof *x);
        else
            memset(c->data + (size_t)i * size, 0, size * sizeof *x);
    }
    bool to_music = s->trainer->task->network == MOMUI_TRAIN_NET_TO_MUSIC;
    const momui_transformer *network = to_music ? bundle->to_music : bundle->to_motion;
    momui_condition condition;
    memset(&condition, 0, sizeof condition);
    momui_transformer_condition(&g, network, c, keep, noise_level, NULL, &condition);
    momui_tensor *y =
        momui_transformer_forward(&g, network, state, step, NULL, NULL, &condition, NULL);
    for (int i = 0; y && i < count; i++)
        memcpy(out[i], y->data + (size_t)i * size, size * sizeof *x);
    momui_arena_reset(arena, mark);
    return g.status;
}

/* The pair's latents of one side, scaled. */
static float *scaled(momui_validation_sample *s, bool music) {
    const momui_bundle *bundle = s->trainer->bundle;
    int64_t channels = bundle->config.latent, count = s->frames / bundle->config.down * channels;
    const momui_tensor *mean = music ? bundle->music_latent_mean : bundle->motion_latent_mean;
    const momui_tensor *spread = music ? bundle->music_latent_std : bundle->motion_latent_std;
    const float *from = music ? s->pair->music_latent : s->pair->motion_latent;
    float *out = momui_arena_alloc(s->g->arena, (size_t)count, sizeof *out);
    for (int64_t i = 0; out && i < count; i++)
        out[i] = (from[i] - mean->data[i % channels]) / spread->data[i % channels];
    return out;
}

/* The transformer's condition: the other side's latents, or its learned encoder's output. */
static const float *condition_of(momui_validation_sample *s, bool to_music) {
    const momui_bundle *bundle = s->trainer->bundle;
    const momui_condition_encoder *encoder =
        to_music ? bundle->to_music_encoder : bundle->to_motion_encoder;
    momui_crop crop = {s->pair, 0};
    if (!encoder)
        return scaled(s, !to_music);
    const momui_tensor *c = momui_condition_encoder_forward(
        s->g, encoder, momui_batch_condition(s->trainer, s->g, &crop, 1, s->frames, to_music));
    return c ? c->data : NULL;
}

/* A scaled latent through its decoder: (1, frames, channels) as measured. */
static momui_tensor *decoded(momui_validation_sample *s, bool music, const float *latent) {
    const momui_bundle *bundle = s->trainer->bundle;
    momui_tensor *z = momui_tensor_from(
        s->g, 3, (int64_t[]){1, s->frames / bundle->config.down, bundle->config.latent}, latent);
    if (!z)
        return NULL;
    restore(z, music ? bundle->music_latent_mean : bundle->motion_latent_mean,
            music ? bundle->music_latent_std : bundle->motion_latent_std);
    momui_tensor *x = momui_autoencoder_decode(s->g, music ? bundle->music : bundle->motion, z);
    if (x)
        restore(x, music ? bundle->mel_mean : bundle->motion_mean,
                music ? bundle->mel_std : bundle->motion_std);
    return x;
}

static momu_status sample_transformer(momui_validation_sample *s, bool to_music) {
    const momui_config *c = &s->trainer->bundle->config;
    int64_t frames = s->frames / c->down;
    const float *condition = condition_of(s, to_music), *truth = scaled(s, to_music);
    float *x = momui_arena_alloc(s->g->arena, (size_t)(frames * c->latent), sizeof *x);
    if (!condition || !truth || !x)
        return momui_fail_memory(s->error, "a sample");
    momui_fill_normal(x, (size_t)(frames * c->latent), s->trainer->settings.seed, 1);
    momui_sampling sampling = {.schedule = s->trainer->schedule,
                               .steps = c->diffusion.sampling_steps,
                               .sampler = c->diffusion.sampler,
                               .predict_v = c->diffusion.predict_v,
                               .guidance = to_music ? c->diffusion.guidance_music
                                                    : c->diffusion.guidance_motion,
                               .guidance_start = to_music ? c->diffusion.guidance_start_music
                                                          : c->diffusion.guidance_start_motion,
                               .cancel = s->trainer->options->cancel};
    momui_denoiser denoiser = {s, frames, c->latent, evaluate};
    MOMUI_TRY(momui_sample(s->trainer->memory, &sampling, &denoiser, condition, x, s->error));
    momui_tensor *made = decoded(s, to_music, x), *target = decoded(s, to_music, truth);
    if (!made || !target)
        return failed(s);
    return to_music ? momui_sample_write_music(s, made, target)
                    : momui_sample_write_dance(s, made, target);
}

/* ---- */

/* The first validation pair that has what the task needs, else the first of all. */
static const momui_pair *choose(const momui_trainer *trainer, momui_pair_filter filter) {
    const momui_pair *any = NULL;
    for (size_t i = 0; i < trainer->data.count; i++) {
        const momui_pair *pair = &trainer->data.items[i];
        if (filter(pair) && pair->validation)
            return pair;
        if (filter(pair) && !any)
            any = pair;
    }
    return any;
}

static momu_status write_sample(momui_validation_sample *s) {
    switch (s->trainer->task->network) {
    case MOMUI_TRAIN_NET_MUSIC:
    case MOMUI_TRAIN_NET_MOTION:
        return sample_autoencoder(s, s->trainer->task->network == MOMUI_TRAIN_NET_MUSIC);
    case MOMUI_TRAIN_NET_TO_MUSIC:
    case MOMUI_TRAIN_NET_TO_MOTION:
        return sample_transformer(s, s->trainer->task->network == MOMUI_TRAIN_NET_TO_MUSIC);
    case MOMUI_TRAIN_NET_KEYPOINTS:
        return sample_keypoints(s);
    case MOMUI_TRAIN_NET_VOCODER:
        return sample_vocoder(s);
    case MOMUI_TRAIN_NET_GENRE_CLASSIFIER:
    case MOMUI_TRAIN_NET_BEAT_TRACKER:
        break; /* analysis networks generate no sound and no motion */
    }
    return MOMU_OK;
}

momu_status momui_samples_write(momui_trainer *trainer, momu_error *error) {
    momui_trained_network network = trainer->task->network;
    momui_pair_filter filter = momui_task_filter(trainer->task);
    momui_validation_sample s = {
        .trainer = trainer, .pair = choose(trainer, filter), .error = error};
    if (!s.pair || network == MOMUI_TRAIN_NET_GENRE_CLASSIFIER ||
        network == MOMUI_TRAIN_NET_BEAT_TRACKER)
        return MOMU_OK;
    snprintf(s.path, sizeof s.path, "%.1000s/samples", trainer->options->out);
    if (mkdir(s.path, 0777) != 0 && errno != EEXIST)
        return momui_fail(error, MOMU_ERROR_IO, "%s: the folder could not be made: %s", s.path,
                          strerror(errno));
    int64_t down = trainer->bundle->config.down;
    s.frames = momui_crop_frames(trainer, SECONDS);
    s.frames = s.frames < s.pair->frames ? s.frames : s.pair->frames / down * down;
    momui_arena *arena = trainer->arenas[0];
    momui_arena_mark mark = momui_arena_position(arena);
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, arena, trainer->pool, false, error));
    s.g = &g;
    momu_status status = write_sample(&s);
    momui_arena_reset(arena, mark);
    return status;
}
