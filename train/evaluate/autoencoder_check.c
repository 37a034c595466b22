#include "train/evaluate/autoencoder_check.h"

#include "base/extremes.h"
#include "dsp/mel.h"
#include "train/stages/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CROP = 1024, POSITIONS = 4, JOINTS = 22 }; /* frames; where body3d has positions */
enum { CLIP_SECONDS = 1, TRIALS = 40 };
static const double HIGH = 4000.0; /* Hz */

/* Sums over one track: a metric is above / below. */
typedef struct sums {
    double above, below;
} sums;

enum { MUSIC_L1, HIGH_ENERGY, LOW_ENERGY, SHARPNESS, MOTION_L1, JOINT_ERROR, METRICS };

typedef struct checker {
    momui_trainer trainer;
    const momui_check_options *options;
    sums (*tracks)[METRICS]; /* of each pair */
    momu_status *statuses;
    momu_error *errors;
    int32_t high_band; /* the first one whose middle is above HIGH */
} checker;

/* ---- reconstruction ---- */

static void add_music(const checker *c, const momui_tensor *x, const momui_tensor *y, sums *out) {
    const momui_bundle *bundle = c->trainer.bundle;
    int32_t bands = bundle->config.mel_bands;
    for (int64_t t = 0; t < x->shape[1]; t++)
        for (int32_t b = 0; b < bands; b++) {
            int64_t i = t * bands + b;
            double mean = (double)bundle->mel_mean->data[b], std = (double)bundle->mel_std->data[b];
            out[MUSIC_L1].above += fabs((double)y->data[i] - (double)x->data[i]);
            out[MUSIC_L1].below += 1;
            sums *energy = &out[b >= c->high_band ? HIGH_ENERGY : LOW_ENERGY];
            energy->above += pow(10.0, 2.0 * ((double)y->data[i] * std + mean));
            energy->below += pow(10.0, 2.0 * ((double)x->data[i] * std + mean));
            if (b < c->high_band || t == 0)
                continue;
            out[SHARPNESS].above += fabs((double)y->data[i] - (double)y->data[i - bands]);
            out[SHARPNESS].below += fabs((double)x->data[i] - (double)x->data[i - bands]);
        }
}

static void add_motion(const checker *c, const momui_tensor *x, const momui_tensor *y, sums *out) {
    const momui_bundle *bundle = c->trainer.bundle;
    int64_t features = bundle->config.features, count = momui_tensor_count(x);
    for (int64_t i = 0; i < count; i++)
        out[MOTION_L1].above += fabs((double)y->data[i] - (double)x->data[i]);
    out[MOTION_L1].below += (double)count;
    for (int64_t t = 0; bundle->config.layout == MOMUI_LAYOUT_BODY3D && t < x->shape[1]; t++)
        for (int64_t j = 0; j < JOINTS; j++) {
            double square = 0;
            for (int64_t axis = 0; axis < 3; axis++) {
                int64_t f = POSITIONS + 3 * j + axis;
                double away = (double)y->data[t * features + f] - (double)x->data[t * features + f];
                away *= (double)bundle->motion_std->data[f];
                square += away * away;
            }
            out[JOINT_ERROR].above += 100.0 * sqrt(square);
            out[JOINT_ERROR].below += 1;
        }
}

/* Encodes, and decodes the posterior's mean. */
static momu_status reconstruct(checker *c, momui_arena *arena, const momui_pair *pair, bool music,
                               int64_t start, sums *out, momu_error *error) {
    const momui_bundle *bundle = c->trainer.bundle;
    int64_t down = bundle->config.down, frames = pair->frames - start;
    frames = (frames < CROP ? frames : CROP) / down * down;
    if (frames < down)
        return MOMU_OK;
    momui_arena_mark mark = momui_arena_position(arena);
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, arena, NULL, false, error));
    momui_crop crop = {pair, start};
    momui_tensor *x = music ? momui_batch_music(&c->trainer, &g, &crop, 1, frames)
                            : momui_batch_motion(&c->trainer, &g, &crop, 1, frames);
    momui_tensor *mean = NULL, *logvar = NULL;
    const momui_autoencoder *network = music ? bundle->music : bundle->motion;
    momui_autoencoder_encode(&g, network, x, &mean, &logvar);
    momui_tensor *y = momui_autoencoder_decode(&g, network, mean);
    if (y && music)
        add_music(c, x, y, out);
    else if (y)
        add_motion(c, x, y, out);
    momui_arena_reset(arena, mark);
    return g.status;
}

static void track_task(void *user, size_t task, int worker) {
    checker *c = user;
    const momui_pair *pair = &c->trainer.data.items[task];
    momui_arena *arena = c->trainer.arenas[worker];
    for (int64_t start = 0; start < pair->frames && c->statuses[task] == MOMU_OK; start += CROP) {
        if (pair->has_music)
            c->statuses[task] =
                reconstruct(c, arena, pair, true, start, c->tracks[task], &c->errors[worker]);
        if (pair->has_motion && c->statuses[task] == MOMU_OK)
            c->statuses[task] =
                reconstruct(c, arena, pair, false, start, c->tracks[task], &c->errors[worker]);
    }
}

static momu_status metric(const checker *c, int which, momui_interval *out, momu_error *error) {
    size_t count = c->trainer.data.count, kept = 0;
    double *above = momui_alloc(NULL, count, sizeof *above);
    double *below = momui_alloc(NULL, count, sizeof *below);
    momu_status status = above && below ? MOMU_OK : momui_fail_memory(error, "the metrics");
    for (size_t i = 0; status == MOMU_OK && i < count; i++)
        if (c->tracks[i][which].below > 0) {
            above[kept] = c->tracks[i][which].above;
            below[kept++] = c->tracks[i][which].below;
        }
    if (status == MOMU_OK && kept > 0)
        status = momui_ratio_interval(NULL, above, below, kept, c->options->seed, out, error);
    momui_free(above);
    momui_free(below);
    return status;
}

/* ---- retrieval ---- */

/* Windows of half a second at every latent of a clip, each its channels' greatest values at unit
 * length (the space of InfoNCE): (windows, channels). */
static void embed(const float *latent, int clip, int length, int32_t channels,
                  const momui_tensor *mean, const momui_tensor *deviation, float *out) {
    for (int w = 0; w + length <= clip; w++, out += channels) {
        double square = 0;
        for (int32_t d = 0; d < channels; d++) {
            out[d] = latent[w * channels + d];
            for (int k = 1; k < length; k++)
                out[d] = momui_maxf(out[d], latent[(w + k) * channels + d]);
            if (mean)
                out[d] = (out[d] - mean->data[d]) / deviation->data[d];
            square += (double)out[d] * (double)out[d];
        }
        for (int32_t d = 0; d < channels; d++)
            out[d] /= (float)sqrt(square + 1e-20);
    }
}

typedef struct clips {
    int latents, length, windows; /* of a clip, of a window; windows of a clip */
    int32_t channels;
    float *motion, *music; /* (MOMUI_CHECK_CLIPS, windows, channels) */
} clips;

static double likeness(const clips *k, int motion, int music) {
    int64_t row = (int64_t)k->windows * k->channels;
    const float *a = k->motion + motion * row, *b = k->music + music * row;
    double sum = 0;
    for (int64_t i = 0; i < row; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

/* Draws clips of other pairs as far as there are any, else of other places. */
static void draw_clips(checker *c, momui_random *random, const size_t *usable, size_t count,
                       clips *k) {
    size_t offset = momui_random_below(random, (uint32_t)count);
    for (int i = 0; i < MOMUI_CHECK_CLIPS; i++) {
        const momui_pair *pair = &c->trainer.data.items[usable[(offset + (size_t)i * 7) % count]];
        uint32_t starts = (uint32_t)(pair->latents - k->latents + 1);
        int64_t at = (int64_t)momui_random_below(random, starts) * k->channels;
        int64_t row = (int64_t)i * k->windows * k->channels;
        embed(pair->motion_latent + at, k->latents, k->length, k->channels, NULL, NULL,
              k->motion + row);
        embed(pair->music_latent + at, k->latents, k->length, k->channels,
              c->trainer.bundle->music_latent_mean, c->trainer.bundle->music_latent_std,
              k->music + row);
    }
}

/* How many of a trial's motion clips find theirs at rank 0, and below rank 5. */
static void count_recall(const clips *k, double *first, double *fifth) {
    for (int i = 0; i < MOMUI_CHECK_CLIPS; i++) {
        double own = likeness(k, i, i);
        int better = 0;
        for (int j = 0; j < MOMUI_CHECK_CLIPS; j++)
            better += j != i && likeness(k, i, j) >= own;
        *first += better < 1;
        *fifth += better < 5;
    }
}

static momu_status retrieve(checker *c, momui_check *check, momu_error *error) {
    const momui_config *config = &c->trainer.bundle->config;
    clips k = {.channels = config->latent, .length = 32 / config->down};
    k.latents = (int)(CLIP_SECONDS * config->sample_rate / config->hop / config->down);
    k.windows = k.latents - k.length + 1;
    size_t count = 0, room = (size_t)MOMUI_CHECK_CLIPS * (size_t)k.windows * (size_t)k.channels;
    size_t *usable = momui_alloc(NULL, c->trainer.data.count, sizeof *usable);
    k.motion = momui_alloc(NULL, room, sizeof(float));
    k.music = momui_alloc(NULL, room, sizeof(float));
    double above[2][TRIALS] = {{0}}, below[TRIALS];
    momu_status status =
        usable && k.motion && k.music ? MOMU_OK : momui_fail_memory(error, "the clips");
    for (size_t i = 0; status == MOMU_OK && i < c->trainer.data.count; i++)
        if (momui_pair_has_both(&c->trainer.data.items[i]) &&
            c->trainer.data.items[i].latents >= k.latents)
            usable[count++] = i;
    momui_random random = {c->options->seed, 41, 0};
    for (int t = 0; status == MOMU_OK && count > 0 && t < TRIALS; t++) {
        draw_clips(c, &random, usable, count, &k);
        count_recall(&k, &above[0][t], &above[1][t]);
        below[t] = MOMUI_CHECK_CLIPS;
    }
    check->pairs = count;
    momui_interval *const out[2] = {&check->recall1, &check->recall5};
    for (int i = 0; status == MOMU_OK && count > 0 && i < 2; i++)
        status =
            momui_ratio_interval(NULL, above[i], below, TRIALS, c->options->seed, out[i], error);
    momui_free(usable);
    momui_free(k.motion);
    momui_free(k.music);
    return status;
}

/* ---- a whole model ---- */

static void forward_note(void *user, const char *sentence) {
    const checker *c = user;
    if (c->options->note)
        c->options->note(c->options->user, sentence);
}

static momu_status open_data(checker *c, momu_error *error) {
    char path[1200];
    struct stat info;
    momui_trainer *t = &c->trainer;
    momui_bytes bytes;
    MOMUI_TRY(
        momui_bytes_from_path(NULL, c->options->model, true, UINT64_C(1) << 36, &bytes, error));
    momu_status status = momui_bundle_load(NULL, &bytes, false, &t->bundle, error);
    momui_bytes_release(&bytes);
    if (status != MOMU_OK)
        return status;
    if (t->bundle->config.wave)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "%s: its music autoencoder reads samples; these metrics are of log-mels",
                          c->options->model);
    snprintf(path, sizeof path, "%.1000s/corpus.json", c->options->data);
    if (stat(path, &info) == 0)
        snprintf(path, sizeof path, "%.1000s/%s", c->options->data,
                 c->options->test ? "test" : "validation");
    else
        snprintf(path, sizeof path, "%.1000s", c->options->data);
    return momui_dataset_load(NULL, t->pool, path, &t->bundle->config, false, forward_note, c,
                              &t->data, error);
}

static momu_status reconstruct_all(checker *c, momui_check *check, momu_error *error) {
    size_t count = c->trainer.data.count;
    c->tracks = momui_calloc(NULL, count, sizeof *c->tracks);
    c->statuses = momui_calloc(NULL, count, sizeof *c->statuses);
    c->errors = momui_calloc(NULL, (size_t)momui_pool_threads(c->trainer.pool), sizeof *c->errors);
    if (!c->tracks || !c->statuses || !c->errors)
        return momui_fail_memory(error, "the metrics");
    const momui_config *config = &c->trainer.bundle->config;
    momui_mel_config mel = momui_feature_mel(config);
    while (c->high_band < mel.bands && momui_mel_band_hz(&mel, c->high_band) < HIGH)
        c->high_band++;
    momui_pool_run(c->trainer.pool, count, track_task, c);
    for (size_t i = 0; i < count; i++) {
        check->music += c->trainer.data.items[i].has_music;
        check->motion += c->trainer.data.items[i].has_motion;
        if (c->statuses[i] != MOMU_OK)
            return momui_fail(error, c->statuses[i], "%s: the model could not run on it",
                              c->trainer.data.items[i].stem);
    }
    momui_interval *const out[METRICS] = {&check->music_l1,   &check->high_energy,
                                          &check->low_energy, &check->sharpness,
                                          &check->motion_l1,  &check->joint_error};
    for (int i = 0; i < METRICS; i++)
        MOMUI_TRY(metric(c, i, out[i], error));
    return MOMU_OK;
}

momu_status momui_check_model(const momui_check_options *options, momui_check *check,
                              momu_error *error) {
    checker c = {.options = options};
    int threads = options->threads > 0 ? options->threads : 1;
    *check = (momui_check){0};
    momui_trainer *t = &c.trainer;
    momui_train_options none = {.threads = threads};
    t->options = &none;
    momu_status status;
    MOMUI_TRY_GOTO(momui_pool_create(NULL, threads, &t->pool, error), status, done);
    MOMUI_TRY_GOTO(momui_trainer_arenas(t, threads, error), status, done);
    MOMUI_TRY_GOTO(open_data(&c, error), status, done);
    MOMUI_TRY_GOTO(reconstruct_all(&c, check, error), status, done);
    for (int side = 0; side < 2; side++)
        MOMUI_TRY_GOTO(momui_encode_dataset(t, side == 0, error), status, done);
    MOMUI_TRY_GOTO(momui_latent_statistics(t, true, error), status, done);
    MOMUI_TRY_GOTO(retrieve(&c, check, error), status, done);
done:
    momui_free(c.tracks);
    momui_free(c.statuses);
    momui_free(c.errors);
    momui_bundle_free(t->bundle);
    momui_dataset_release(&t->data);
    momui_trainer_close_arenas(t, threads);
    momui_pool_destroy(t->pool);
    return status;
}
