/* Stage beat-tracker: two beat trackers, of dances and of songs. Generation conditions the
 * transformers on their beats where the caller sets none.
 *
 *   dances: crop (B, T, 10) of rhythm, faster or slower, mirrored, louder or softer by direction,
 *           + noise, as (B, T/down, 10 down) -> logits (B, T)
 *   songs:  crop (B, T/down, d) of scaled latents + noise -> logits (B, T)
 *   loss = binary cross entropy of "a beat is here": exp(-(distance to the next)^2 / (2 (25 ms)^2))
 */
#include "motion/rhythm.h"
#include "train/losses/loss_ops.h"
#include "train/stages/trainer.h"

#include <math.h>

static const double SHORTEST = 6.0; /* seconds */
static const double SPREAD = 0.025; /* seconds: how precise the annotated beats are */
static const float NOISE = 0.3f;    /* on latents of deviation 1 */
/* Augmentation: a dataset has few takes, and without it the tracker overfits to them. */
static const double SPEED_RANGE = 0.25; /* the logarithm of a crop's speed is within it */
static const float MIRRORED = 0.5f;     /* of the crops */
static const float LOUDNESS = 0.2f;     /* deviation of a row's logarithmic gain */
static const float RHYTHM_NOISE = 0.05f;

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    const momui_bundle *bundle = trainer->bundle;
    if (!bundle->motion_beat_tracker)
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "stage beat-tracker needs a model with a beat tracker; this one (%s) has none "
            "(docs/training.md shows how to add one)",
            bundle->config.preset);
    if (!momui_statistics_trained(bundle->mel_mean, bundle->mel_std))
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "stage beat-tracker needs a trained music autoencoder: run stage music first with "
            "the same --out, or name a model with --init");
    if (momui_dataset_frames(&trainer->data, false, momui_pair_has_beats) == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: stage beat-tracker needs a pair of music and motion whose STEM.json "
                          "annotates its beats; the training part has none",
                          trainer->options->data);
    MOMUI_TRY(momui_encode_dataset(trainer, true, error));
    return momui_latent_statistics(trainer, true, error);
}

/* Augmentation of a dance's crop: frame k of it is frame start + (k + 0.5) speed - 0.5 of the pair.
 */
typedef struct change {
    double speed;
    bool mirrored;
    float gain[MOMUI_RHYTHM_ROWS];
} change;

/* Not faster than the pair has frames. */
static change draw_change(const momui_crop *crop, int64_t frames, momui_random *random) {
    change c = {.speed = exp(SPEED_RANGE * (2 * (double)momui_random_uniform(random) - 1))};
    c.speed = fmin(c.speed, (double)(crop->pair->frames - crop->start) / (double)frames);
    c.mirrored = momui_random_uniform(random) < MIRRORED;
    for (int r = 0; r < MOMUI_RHYTHM_ROWS; r++)
        c.gain[r] = expf(LOUDNESS * momui_random_normal(random));
    return c;
}

static const change AS_IT_IS = {1, false, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}};

/* (frames, 10) of a crop. */
static void rhythm_of(const momui_crop *crop, const change *c, int64_t frames, float *out) {
    static const int MIRROR[MOMUI_RHYTHM_ROWS] = {3, 2, 1, 0, 7, 6, 5, 4, 8, 9}; /* angle pi - a */
    const momui_rows *rhythm = &crop->pair->rhythm;
    for (int64_t k = 0; k < frames; k++) {
        float before[MOMUI_RHYTHM_ROWS], after[MOMUI_RHYTHM_ROWS];
        double last = (double)(rhythm->count - 1);
        double at = (double)crop->start + ((double)k + 0.5) * c->speed - 0.5;
        at = fmin(fmax(at, 0), last);
        int64_t low = (int64_t)at;
        float part = (float)(at - (double)low);
        momui_rows_get(rhythm, low, before);
        momui_rows_get(rhythm, low + 1 < rhythm->count ? low + 1 : low, after);
        for (int r = 0; r < MOMUI_RHYTHM_ROWS; r++) {
            int from = c->mirrored ? MIRROR[r] : r;
            float value = before[from] + part * (after[from] - before[from]);
            out[k * MOMUI_RHYTHM_ROWS + r] = c->gain[r] * value;
        }
    }
}

/* How much each frame of a crop at that speed is a beat: (frames), 0..1. */
static void mark_beats(const momui_crop *crop, double speed, const momui_config *config,
                       int64_t frames, float *out) {
    const momui_pair *pair = crop->pair;
    double step = (double)config->hop / (double)config->sample_rate;
    size_t next = 0;
    for (int64_t k = 0; k < frames; k++) {
        double time = ((double)crop->start + ((double)k + 0.5) * speed) * step;
        while (next + 1 < pair->beat_count &&
               fabs(pair->beats[next + 1] - time) <= fabs(pair->beats[next] - time))
            next++;
        double away = (pair->beats[next] - time) / (speed * SPREAD);
        out[k] = (float)exp(-0.5 * away * away);
    }
}

/* (B, T/down, 10 down), and the beats of each crop (B, T). */
static momui_tensor *dances(const momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                            const momui_segment_draw *clips, float *beats) {
    const momui_config *config = &trainer->bundle->config;
    int64_t frames = clips->length * config->down, wide = MOMUI_RHYTHM_ROWS * config->down;
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){draw->batch, clips->length, wide});
    int64_t numbers = frames * MOMUI_RHYTHM_ROWS;
    const float *noise =
        momui_draw_normals(g, draw, MOMUI_DRAW_NOISE, (size_t)(draw->batch * numbers));
    if (!x || !noise)
        return NULL;
    momui_random random = momui_draw_random(draw, MOMUI_DRAW_MIXTURE);
    for (int i = 0; i < draw->batch; i++) {
        const momui_crop *crop = &clips->crops[i];
        change c = draw->validation ? AS_IT_IS : draw_change(crop, frames, &random);
        rhythm_of(crop, &c, frames, x->data + i * numbers);
        mark_beats(crop, c.speed, config, frames, beats + i * frames);
    }
    for (int64_t i = 0; !draw->validation && i < momui_tensor_count(x); i++)
        x->data[i] += RHYTHM_NOISE * noise[i];
    return x;
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    momui_segment_draw clips = {.filter = momui_pair_has_beats, .shortest = SHORTEST, .least = 1};
    if (!momui_draw_clips(trainer, g, draw, &clips))
        return NULL;
    const momui_config *config = &trainer->bundle->config;
    int64_t frames = clips.length * config->down;
    float *danced = momui_arena_alloc(g->arena, (size_t)(draw->batch * frames), sizeof *danced);
    float *played = momui_arena_alloc(g->arena, (size_t)(draw->batch * frames), sizeof *played);
    if (!danced || !played) {
        g->status = momui_fail_memory(g->error, "a batch");
        return NULL;
    }
    for (int i = 0; i < draw->batch; i++)
        mark_beats(&clips.crops[i], 1, config, frames, played + i * frames);
    momui_tensor *dance = dances(trainer, g, draw, &clips, danced);
    momui_tensor *song =
        momui_noisy_latents(trainer, g, draw, &clips, true, MOMUI_DRAW_CONDITION, NOISE);
    dance = momui_beat_tracker_forward(g, draw->bundle->motion_beat_tracker, dance);
    song = momui_beat_tracker_forward(g, draw->bundle->music_beat_tracker, song);
    momui_tensor *parts[] = {momui_op_binary_cross_entropy(g, dance, danced),
                             momui_op_binary_cross_entropy(g, song, played)};
    return momui_loss_sum(g, parts, (float[]){1, 1}, 2, terms);
}

static void finish(momui_trainer *trainer) {
    trainer->bundle->beats_trained->data[0] = 1;
}

const momui_network_task momui_task_beat_tracker = {.name = "beat_tracker",
                                                    .network = MOMUI_TRAIN_NET_BEAT_TRACKER,
                                                    .trained = {"beat_tracker."},
                                                    .terms = {"dance", "song"},
                                                    .average = true,
                                                    .rate = 1e-3,
                                                    .seconds = 25,
                                                    .share = 0.05,
                                                    .batch = 16,
                                                    .steps = 3000,
                                                    .warmup = 100,
                                                    .prepare = prepare,
                                                    .loss = loss,
                                                    .finish = finish};
