/* Stage genre-classifier: a classifier of a dance's genre. Generation conditions motion_to_music on
 * its genre where the caller sets none.
 *
 *   crop (B, T/down, d) scaled motion latents + noise -> logits (B, 16)
 *   the pair's tempo -> logits (B, 16)
 *   loss = cross entropy of the pair's genre, of either
 */
#include "train/losses/loss_ops.h"
#include "train/stages/trainer.h"

static const double SHORTEST = 6.0; /* seconds */
static const float NOISE = 0.3f;    /* on latents of deviation 1 */

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    const momui_bundle *bundle = trainer->bundle;
    if (!bundle->genre)
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "stage genre-classifier needs a model with a genre classifier; this one (%s) has "
            "none (docs/training.md shows how to add one)",
            bundle->config.preset);
    if (!momui_statistics_trained(bundle->motion_mean, bundle->motion_std))
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "stage genre-classifier needs a trained motion autoencoder: run stage motion first "
            "with the same --out, or name a model with --init");
    if (momui_dataset_frames(&trainer->data, false, momui_pair_has_genre) == 0)
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "%s: stage genre-classifier needs a motion whose STEM.json has a genre_number; "
            "the training part has none",
            trainer->options->data);
    MOMUI_TRY(momui_encode_dataset(trainer, false, error));
    return momui_latent_statistics(trainer, false, error);
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    momui_segment_draw drawn = {
        .filter = momui_pair_has_genre, .shortest = SHORTEST, .least = MOMUI_CLASSIFIER_FRAMES};
    int32_t *labels = momui_arena_alloc(g->arena, (size_t)draw->batch, sizeof *labels);
    double *tempos = momui_arena_alloc(g->arena, (size_t)draw->batch, sizeof *tempos);
    if (!labels || !tempos)
        g->status = momui_fail_memory(g->error, "a batch");
    if (g->status != MOMU_OK || !momui_draw_clips(trainer, g, draw, &drawn))
        return NULL;
    for (int i = 0; i < draw->batch; i++) {
        labels[i] = drawn.crops[i].pair->genre - 1;
        tempos[i] = drawn.crops[i].pair->tempo;
    }
    momui_tensor *x = momui_noisy_latents(trainer, g, draw, &drawn, false, MOMUI_DRAW_NOISE, NOISE);
    const momui_tempo_genre *tempo = draw->bundle->tempo_genre;
    momui_tensor *parts[2] = {momui_op_cross_entropy(
        g, momui_classifier_forward(g, draw->bundle->genre, x, NULL), labels)};
    if (tempo)
        parts[1] = momui_op_cross_entropy(
            g, momui_tempo_genre_forward(g, tempo, tempos, draw->batch), labels);
    return momui_loss_sum(g, parts, (float[]){1, 1}, tempo ? 2 : 1, terms);
}

static void finish(momui_trainer *trainer) {
    trainer->bundle->genre_trained->data[0] = 1;
}

const momui_network_task momui_task_genre_classifier = {.name = "genre_classifier",
                                                        .network = MOMUI_TRAIN_NET_GENRE_CLASSIFIER,
                                                        .trained = {"genre_classifier."},
                                                        .terms = {"dance", "tempo"},
                                                        .average = true,
                                                        .rate = 1e-3,
                                                        .seconds = 25,
                                                        .share = 0.05,
                                                        .batch = 16,
                                                        .steps = 2000,
                                                        .warmup = 50,
                                                        .prepare = prepare,
                                                        .loss = loss,
                                                        .finish = finish};
