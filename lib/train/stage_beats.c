/* Stage beats: two finders of beats, in dances and in songs. What they find is told to the
 * transformers where the caller says no beats.
 *
 *   crops (B, L, d) scaled latents of both sides + noise -> logits (B, L*down), one finder a side
 *   loss = binary cross entropy of "a beat is here": exp(-(distance to the next)^2 / (2 (25 ms)^2))
 */
#include "train/trainer.h"

#include <math.h>

static const double SHORTEST = 6.0; /* seconds */
static const double SPREAD = 0.025; /* seconds: how exactly a beat has its place */
static const float NOISE = 0.3f;    /* beside latents of deviation 1 */

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    const momui_bundle *bundle = trainer->bundle;
    if (!bundle->motion_beats)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage beats needs a model with a beat finder; this one (%s) has none "
                          "(docs/TRAINING.md says how it gets one)",
                          bundle->config.preset);
    if (!momui_statistics_known(bundle->mel_mean, bundle->mel_std) ||
        !momui_statistics_known(bundle->motion_mean, bundle->motion_std))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage beats needs trained autoencoders: run stages music and motion "
                          "first with the same --out, or name a model with --init");
    if (momui_dataset_frames(&trainer->data, false, momui_pair_says_beats) == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: stage beats needs a pair of music and motion whose STEM.json says "
                          "its beats; the training part has none",
                          trainer->options->data);
    for (int music = 0; music < 2; music++) {
        MOMUI_TRY(momui_encode_dataset(trainer, music, error));
        MOMUI_TRY(momui_latent_statistics(trainer, music, error));
    }
    return MOMU_OK;
}

/* How much each frame of a crop is a beat: (frames), 0..1. */
static void mark_beats(const momui_crop *crop, const momui_config *config, int64_t frames,
                       float *out) {
    const momui_pair *pair = crop->pair;
    double step = (double)config->hop / (double)config->sample_rate;
    size_t next = 0;
    for (int64_t k = 0; k < frames; k++) {
        double time = ((double)(crop->start + k) + 0.5) * step;
        while (next + 1 < pair->beat_count &&
               fabs(pair->beats[next + 1] - time) <= fabs(pair->beats[next] - time))
            next++;
        double away = (pair->beats[next] - time) / SPREAD;
        out[k] = (float)exp(-0.5 * away * away);
    }
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    momui_clip_draw drawn = {.filter = momui_pair_says_beats, .shortest = SHORTEST, .least = 1};
    if (!momui_draw_clips(trainer, g, draw, &drawn))
        return NULL;
    int64_t frames = drawn.length * trainer->bundle->config.down;
    float *beats = momui_arena_alloc(g->arena, (size_t)(draw->items * frames), sizeof *beats);
    if (!beats) {
        g->status = momui_fail_memory(g->error, "a batch");
        return NULL;
    }
    for (int i = 0; i < draw->items; i++)
        mark_beats(&drawn.crops[i], &trainer->bundle->config, frames, beats + i * frames);
    momui_tensor *dance =
        momui_noisy_latents(trainer, g, draw, &drawn, false, MOMUI_DRAW_NOISE, NOISE);
    momui_tensor *song =
        momui_noisy_latents(trainer, g, draw, &drawn, true, MOMUI_DRAW_CONDITION, NOISE);
    dance = momui_beat_finder_forward(g, draw->bundle->motion_beats, dance);
    song = momui_beat_finder_forward(g, draw->bundle->music_beats, song);
    momui_tensor *parts[] = {momui_op_binary_cross_entropy(g, dance, beats),
                             momui_op_binary_cross_entropy(g, song, beats)};
    return momui_loss_sum(g, parts, (float[]){1, 1}, 2, terms);
}

static void finish(momui_trainer *trainer) {
    trainer->bundle->beats_trained->data[0] = 1;
}

const momui_network_task momui_task_beats = {.name = "beats",
                                             .id = 8,
                                             .trained = {"beats."},
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
