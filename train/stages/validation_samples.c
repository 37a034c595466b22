/* What a network makes of validation pieces while it is trained: sound, motion and a picture, so
 * that one can listen and look instead of trusting a number. */
#include "base/audio_buffer.h"
#include "diffusion/sampler.h"
#include "dsp/griffin_lim.h"
#include "dsp/levels.h"
#include "dsp/stft.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/layout.h"
#include "tools/draw/pictures.h"
#include "tools/draw/png.h"
#include "train/stages/trainer.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const double SECONDS = 8.0;
enum { WIDTH = 1000, MEL_HEIGHT = 160, FIGURES = 16, FIGURE_SIZE = 150, GAP = 10 };

typedef struct sample {
    momui_trainer *trainer;
    momui_graph *g;
    const momui_pair *pair;
    int64_t frames; /* a multiple of `down` */
    char path[1300];
    momu_error *error;
} sample;

static const char *named(sample *s, const char *extension) {
    snprintf(s->path, sizeof s->path, "%.1000s/samples/%s-%07lld%s", s->trainer->options->out,
             s->trainer->task->name, (long long)s->trainer->settings.step, extension);
    return s->path;
}

static momu_status failed(const sample *s) {
    return s->g->status != MOMU_OK ? s->g->status : MOMU_ERROR_INTERNAL;
}

/* x (1, frames, channels) as measured, in place. */
static void restore(momui_tensor *x, const momui_tensor *mean, const momui_tensor *deviation) {
    int64_t channels = mean->shape[0];
    for (int64_t i = 0; i < momui_tensor_count(x); i++)
        x->data[i] = x->data[i] * deviation->data[i % channels] + mean->data[i % channels];
}

/* ---- sound ---- */

static momu_status write_sound(sample *s, float *mono, int64_t samples) {
    const momui_config *c = &s->trainer->bundle->config;
    momui_limit(mono, samples, 0.98f);
    momui_audio *audio = momui_audio_new(s->trainer->memory, samples, 1, c->sample_rate);
    if (!audio)
        return momui_fail_memory(s->error, "a sample");
    memcpy(audio->samples, mono, (size_t)samples * sizeof *mono);
    momu_status status = momui_sound_write(audio, named(s, ".wav"), s->error);
    momui_audio_free(audio);
    return status;
}

/* Made mels above, those of reference below; (frames, bands) as measured. */
static momu_status draw_music(sample *s, const float *made, const float *reference) {
    int32_t bands = s->trainer->bundle->config.mel_bands;
    momui_canvas canvas;
    MOMUI_TRY(momui_canvas_open(s->trainer->memory, WIDTH, 2 * MEL_HEIGHT + GAP,
                                (momui_color){255, 255, 255}, &canvas, s->error));
    momui_draw_mel(&canvas, 0, 0, WIDTH, MEL_HEIGHT, made, s->frames, bands);
    momui_draw_mel(&canvas, 0, MEL_HEIGHT + GAP, WIDTH, MEL_HEIGHT, reference, s->frames, bands);
    momu_status status = momui_png_write(s->trainer->memory, named(s, ".png"), canvas.rgb,
                                         canvas.width, canvas.height, s->error);
    momui_canvas_release(&canvas);
    return status;
}

/* Of a model of waves: (1, frames, hop) samples, drawn as mels. */
static momu_status write_waves(sample *s, momui_tensor *made, const momui_tensor *reference) {
    momui_memory *memory = s->trainer->memory;
    momui_mel_config shape = momui_feature_mel(&s->trainer->bundle->config);
    float *mels[2] = {NULL, NULL};
    int64_t samples = momui_tensor_count(made), frames = 0;
    momu_status status =
        momui_mel(memory, &shape, made->data, samples, &mels[0], &frames, s->error);
    if (status == MOMU_OK)
        status = momui_mel(memory, &shape, reference->data, samples, &mels[1], &frames, s->error);
    if (status == MOMU_OK)
        status = draw_music(s, mels[0], mels[1]);
    if (status == MOMU_OK)
        status = write_sound(s, made->data, samples);
    momui_free(mels[0]);
    momui_free(mels[1]);
    return status;
}

/* A picture, then sound of the made mels. Both as measured. */
static momu_status write_music(sample *s, momui_tensor *made, const momui_tensor *reference) {
    const momui_bundle *bundle = s->trainer->bundle;
    int64_t count = momui_tensor_count(made), samples = 0;
    if (bundle->config.wave)
        return write_waves(s, made, reference);
    for (int64_t i = 0; i < count; i++)
        made->data[i] = fminf(2.0f, fmaxf(-5.0f, made->data[i]));
    MOMUI_TRY(draw_music(s, made->data, reference->data));
    momui_mel_config mel = momui_feature_mel(&bundle->config);
    float *mono = NULL;
    MOMUI_TRY(momui_griffin_lim(s->trainer->memory, &mel, made->data, s->frames, 32, 1, &mono,
                                &samples, s->error));
    momu_status status = write_sound(s, mono, samples);
    momui_free(mono);
    return status;
}

/* ---- motion ---- */

static momu_status to_motion(sample *s, const float *features, momui_motion **motion) {
    momui_memory *memory = s->trainer->memory;
    switch (s->trainer->bundle->config.layout) {
    case MOMUI_LAYOUT_BODY3D:
        return momui_body3d_decode(memory, features, s->frames, NULL, true, motion, NULL, s->error);
    case MOMUI_LAYOUT_POSITIONS2D:
        return momui_positions2d_decode(memory, features, s->frames, NULL, NULL, motion, s->error);
    default:
        return momui_directions2d_decode(memory, features, s->frames, NULL, NULL, motion, s->error);
    }
}

static void draw_row(momui_canvas *canvas, int row, const momui_motion *motion) {
    for (int i = 0; i < FIGURES; i++)
        momui_draw_figure(canvas, (i + 0.5) * WIDTH / FIGURES, (row + 1) * FIGURE_SIZE,
                          FIGURE_SIZE * 0.95, motion,
                          (int64_t)((i + 0.5) / FIGURES * (double)motion->frames));
}

/* The made dance above, that of reference below; features as measured. */
static momu_status write_dance(sample *s, const momui_tensor *made, const momui_tensor *reference) {
    momui_motion *motions[2] = {NULL, NULL};
    momui_canvas canvas = {0};
    momu_status status = to_motion(s, made->data, &motions[0]);
    if (status == MOMU_OK)
        status = to_motion(s, reference->data, &motions[1]);
    if (status == MOMU_OK)
        status = momui_canvas_open(s->trainer->memory, WIDTH, 2 * FIGURE_SIZE + GAP,
                                   (momui_color){255, 255, 255}, &canvas, s->error);
    if (status == MOMU_OK) {
        draw_row(&canvas, 0, motions[0]);
        draw_row(&canvas, 1, motions[1]);
        status = momui_png_write(s->trainer->memory, named(s, ".png"), canvas.rgb, canvas.width,
                                 canvas.height, s->error);
    }
    bool body = s->trainer->bundle->config.layout == MOMUI_LAYOUT_BODY3D;
    if (status == MOMU_OK)
        status = momui_motion_write(motions[0], named(s, body ? ".bvh" : ".npz"), NULL, s->error);
    momui_canvas_release(&canvas);
    momui_motion_free(motions[0]);
    momui_motion_free(motions[1]);
    return status;
}

/* ---- autoencoders, keypoints and the vocoder ---- */

static momu_status sample_autoencoder(sample *s, bool music) {
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
    return music ? write_music(s, y, x) : write_dance(s, y, x);
}

/* The dance as a camera sees it, and what the motion decoder makes of that. */
static momu_status sample_keypoints(sample *s) {
    const momui_bundle *bundle = s->trainer->bundle;
    momui_crop crop = {s->pair, 0};
    momui_random random = {s->trainer->settings.seed, 1, 0};
    momui_tensor *x = momui_batch_motion(s->trainer, s->g, &crop, 1, s->frames);
    momui_tensor *motion_found = momui_batch_filmed(s->trainer, s->g, &crop, 1, s->frames, random);
    momui_tensor *mean = NULL, *logvar = NULL;
    momui_autoencoder_encode(s->g, bundle->keypoints, motion_found, &mean, &logvar);
    momui_tensor *y = momui_autoencoder_decode(s->g, bundle->motion, mean);
    if (!x || !y)
        return failed(s);
    restore(x, bundle->motion_mean, bundle->motion_std);
    restore(y, bundle->motion_mean, bundle->motion_std);
    return write_dance(s, y, x);
}

static momu_status sample_vocoder(sample *s) {
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
        status = write_music(s, made, x); /* the picture; its sound is then replaced */
    if (made && status == MOMU_OK)
        status = write_sound(s, mono, samples);
    momui_free(mel);
    momui_free(mono);
    return status;
}

/* ---- transformers ---- */

static momu_status evaluate(void *user, const float *x, int32_t t, int count,
                            const momui_guidance_branch *variants, float *const *out,
                            momu_error *error) {
    const sample *s = user;
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
    int32_t level[2] = {0, 0}, step[2] = {t, t};
    for (int i = 0; state && c && i < count; i++) {
        keep[i] = variants[i].condition != NULL;
        memcpy(state->data + (size_t)i * size, x, size * sizeof *x);
        if (keep[i])
            memcpy(c->data + (size_t)i * size, variants[i].condition, size * sizeof *x);
        else
            memset(c->data + (size_t)i * size, 0, size * sizeof *x);
    }
    bool to_music = s->trainer->task == &momui_task_to_music;
    const momui_transformer *network = to_music ? bundle->to_music : bundle->to_motion;
    momui_condition condition;
    memset(&condition, 0, sizeof condition);
    momui_transformer_condition(&g, network, c, keep, level, NULL, &condition);
    momui_tensor *y =
        momui_transformer_forward(&g, network, state, step, NULL, NULL, &condition, NULL);
    for (int i = 0; y && i < count; i++)
        memcpy(out[i], y->data + (size_t)i * size, size * sizeof *x);
    momui_arena_reset(arena, mark);
    return g.status;
}

/* The pair's latents of one side, scaled. */
static float *scaled(sample *s, bool music) {
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

/* What the transformer is told of the pair: the other side's latents, or a learned encoder's. */
static const float *condition_of(sample *s, bool to_music) {
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
static momui_tensor *decoded(sample *s, bool music, const float *latent) {
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

static momu_status sample_transformer(sample *s, bool to_music) {
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
    momui_tensor *made = decoded(s, to_music, x), *reference = decoded(s, to_music, truth);
    if (!made || !reference)
        return failed(s);
    return to_music ? write_music(s, made, reference) : write_dance(s, made, reference);
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

static momu_status write_sample(sample *s) {
    const momui_network_task *task = s->trainer->task;
    if (task == &momui_task_music || task == &momui_task_motion)
        return sample_autoencoder(s, task == &momui_task_music);
    if (task == &momui_task_keypoints)
        return sample_keypoints(s);
    if (task == &momui_task_vocoder)
        return sample_vocoder(s);
    return sample_transformer(s, task == &momui_task_to_music);
}

momu_status momui_samples_write(momui_trainer *trainer, momu_error *error) {
    const momui_network_task *task = trainer->task;
    momui_pair_filter filter = momui_task_filter(task);
    sample s = {.trainer = trainer, .pair = choose(trainer, filter), .error = error};
    /* what only listens makes nothing that could be seen or heard */
    if (!s.pair || task == &momui_task_genre_classifier || task == &momui_task_beat_tracker)
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
