/* Stage genre: a classifier of a dance's genre, which motion_to_music is told where the caller says
 * none.
 *
 *   crop (B, T/down, d) scaled motion latents + noise -> logits (B, 16)
 *   loss = cross entropy of the pair's genre
 */
#include "train/trainer.h"

#include <math.h>

static const double SHORTEST = 6.0; /* seconds */
static const float NOISE = 0.3f;    /* beside latents of deviation 1 */

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    const momui_bundle *bundle = trainer->bundle;
    if (!bundle->genre)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage genre needs a model with a genre classifier; this one (%s) has "
                          "none (docs/TRAINING.md says how it gets one)",
                          bundle->config.preset);
    if (!momui_statistics_known(bundle->motion_mean, bundle->motion_std))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage genre needs a trained motion autoencoder: run stage motion first "
                          "with the same --out, or name a model with --init");
    if (momui_dataset_frames(&trainer->data, false, momui_pair_says_genre) == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: stage genre needs a motion whose STEM.json says its genre_number; "
                          "the training part has none",
                          trainer->options->data);
    MOMUI_TRY(momui_encode_dataset(trainer, false, error));
    return momui_latent_statistics(trainer, false, error);
}

/* The crops of a step are as long as what is drawn, or as the shortest of their pairs: a clip that
 * ends would be known by its silence. */
static int64_t shared_length(const momui_trainer *trainer, const momui_draw *draw,
                             const momui_crop *crops, int64_t length) {
    int64_t down = trainer->bundle->config.down;
    for (int i = 0; i < draw->items; i++) {
        int64_t valid = crops[i].pair->latents - crops[i].start / down;
        length = valid < length ? valid : length;
    }
    return length > MOMUI_CLASSIFIER_FRAMES ? length : MOMUI_CLASSIFIER_FRAMES;
}

static momui_tensor *batch(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                           const momui_crop *crops, int64_t length, int32_t *labels) {
    const momui_bundle *bundle = draw->bundle;
    int64_t channels = bundle->config.latent;
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){draw->items, length, channels});
    const float *noise =
        momui_draw_normals(g, draw, MOMUI_DRAW_NOISE, (size_t)(draw->items * length * channels));
    if (!x || !noise)
        return NULL;
    for (int i = 0; i < draw->items; i++) {
        momui_scaled_latents(trainer->bundle, &crops[i], false, length,
                             x->data + i * length * channels);
        labels[i] = crops[i].pair->genre - 1;
    }
    for (int64_t i = 0; !draw->validation && i < momui_tensor_count(x); i++)
        x->data[i] += NOISE * noise[i];
    return x;
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    double longest = trainer->settings.seconds, shortest = fmin(SHORTEST, longest);
    momui_random random = {draw->seed, draw->common + MOMUI_DRAW_LEVELS, 0};
    int64_t frames = momui_crop_frames(
        trainer, shortest + (longest - shortest) * (double)momui_random_uniform(&random));
    momui_crop *crops =
        momui_draw_crops(trainer, g, draw, frames, momui_pair_says_genre, draw->items);
    int32_t *labels = momui_arena_alloc(g->arena, (size_t)draw->items, sizeof *labels);
    if (!labels && g->status == MOMU_OK)
        g->status = momui_fail_memory(g->error, "a batch");
    if (!crops || !labels)
        return NULL;
    int64_t length = shared_length(trainer, draw, crops, frames / trainer->bundle->config.down);
    momui_tensor *x = batch(trainer, g, draw, crops, length, labels);
    momui_tensor *part = momui_op_cross_entropy(
        g, momui_classifier_forward(g, draw->bundle->genre, x, NULL), labels);
    return part ? momui_loss_sum(g, &part, (float[]){1.0f}, 1, terms) : NULL;
}

static void finish(momui_trainer *trainer) {
    trainer->bundle->genre_trained->data[0] = 1;
}

const momui_network_task momui_task_genre = {.name = "genre",
                                             .id = 7,
                                             .trained = {"genre."},
                                             .terms = {"cross_entropy"},
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
