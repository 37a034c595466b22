/* Stage 2: the motion autoencoder, aligned by rhythm with the frozen music autoencoder.
 *
 *   crop (B, T, features) -> mean, logvar (B, T/down, d) -> a sample -> (B, T, features)
 *   loss = error (motion_error.c) + kl_weight KL + w InfoNCE
 *   InfoNCE: windows of 0.512 s, eight a clip, one from each class of strength of Q; each becomes
 * its channels' greatest values, of unit length: (8 B, d) of motion against (8 B, d) of music
 */
#include "base/extremes.h"
#include "train/losses/loss_ops.h"
#include "train/losses/motion_error.h"
#include "train/stages/trainer.h"

#include <math.h>
#include <stdlib.h>

enum { WINDOWS = 64, CLASSES = 8 }; /* N_T and N_C */

/* how much of a clip remains in a mixture */
#define MIX_LEAST (-0.3)
#define MIX_MOST 1.3

static momui_row_view feature_rows(const momui_pair *pair) {
    return (momui_row_view){.count = pair->frames, .packed = &pair->features};
}

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    momui_bundle *bundle = trainer->bundle;
    const momui_dataset *data = &trainer->data;
    if (momui_dataset_frames(data, false, momui_pair_has_motion) == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: stage motion needs at least one motion in the training part; found "
                          "none",
                          trainer->options->data);
    if (!momui_statistics_trained(bundle->motion_mean, bundle->motion_std))
        MOMUI_TRY(momui_dataset_statistics(data, bundle->config.features, 0.02, feature_rows,
                                           bundle->motion_mean->data, bundle->motion_std->data,
                                           error));
    if (momui_dataset_frames(data, false, momui_pair_has_both) == 0) {
        momui_trainer_note(trainer,
                           "no motion has its music: training without the contrastive loss");
        return MOMU_OK;
    }
    if (!momui_statistics_trained(bundle->mel_mean, bundle->mel_std))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage motion needs a trained music autoencoder: run stage music first "
                          "with the same --out, or name a model with --init");
    MOMUI_TRY(momui_encode_dataset(trainer, true, error));
    return momui_latent_statistics(trainer, true, error);
}

typedef struct window {
    float strength;
    int32_t start; /* latents */
} window;

static int by_strength(const void *a, const void *b) {
    const window *x = a, *y = b;
    if (x->strength != y->strength)
        return x->strength < y->strength ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

/* One clip's windows: CLASSES starts. */
static void choose_windows(const momui_crop *crop, int64_t latents, int length, int64_t down,
                           momui_random *random, int32_t *starts) {
    window windows[WINDOWS];
    for (int i = 0; i < WINDOWS; i++) {
        windows[i].start = (int32_t)momui_random_below(random, (uint32_t)(latents - length + 1));
        int64_t first = crop->start + windows[i].start * down;
        windows[i].strength = 0;
        for (int64_t t = first; t < first + length * down && t < crop->pair->frames; t++)
            windows[i].strength = momui_maxf(windows[i].strength, crop->pair->acceleration[t]);
    }
    qsort(windows, WINDOWS, sizeof *windows, by_strength);
    for (int c = 0; c < CLASSES; c++)
        starts[c] =
            windows[c * (WINDOWS / CLASSES) + (int)momui_random_below(random, WINDOWS / CLASSES)]
                .start;
}

/* (rows, d): greatest value of each channel of the music's latents, standardised, within each
 * window. */
static momui_tensor *music_windows(momui_graph *g, const momui_bundle *bundle,
                                   const momui_crop *crops, const int32_t *clip,
                                   const int32_t *start, int rows, int length) {
    int32_t channels = bundle->config.latent, down = bundle->config.down;
    const float *mean = bundle->music_latent_mean->data, *std = bundle->music_latent_std->data;
    momui_tensor *out = momui_tensor_new(g, 2, (int64_t[]){rows, channels});
    for (int r = 0; out && r < rows; r++) {
        const momui_crop *crop = &crops[clip[r]];
        float *row = out->data + (size_t)r * (size_t)channels;
        for (int32_t c = 0; c < channels; c++)
            row[c] = -INFINITY;
        int64_t first = crop->start / down + start[r];
        for (int64_t k = first; k < first + length; k++) {
            int64_t at = k < crop->pair->latents ? k : crop->pair->latents - 1;
            const float *latent = crop->pair->music_latent + (size_t)at * (size_t)channels;
            for (int32_t c = 0; c < channels; c++)
                row[c] = momui_maxf(row[c], (latent[c] - mean[c]) / std[c]);
        }
    }
    return out;
}

/* How many rows look most like their own column. */
static double accuracy(const momui_tensor *logits) {
    int64_t rows = logits->shape[0], right = 0;
    for (int64_t i = 0; i < rows; i++) {
        const float *row = logits->data + i * rows;
        int64_t best = 0;
        for (int64_t j = 1; j < rows; j++)
            if (row[j] > row[best])
                best = j;
        right += best == i;
    }
    return (double)right / (double)rows;
}

/* InfoNCE of the first `batch` clips; NULL without a failure when too few clips have music. */
static momui_tensor *infonce(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                             const momui_crop *crops, int batch, momui_tensor *mean,
                             double *right) {
    int rows = 0;
    int64_t down = trainer->bundle->config.down, latents = mean->shape[1];
    int length = (int)(32 / down);
    int32_t *clip = momui_arena_alloc(g->arena, (size_t)batch * CLASSES, sizeof *clip);
    int32_t *start = momui_arena_alloc(g->arena, (size_t)batch * CLASSES, sizeof *start);
    if (!clip || !start) {
        g->status = momui_fail_memory(g->error, "the contrastive loss's windows");
        return NULL;
    }
    momui_random random = momui_draw_random(draw, MOMUI_DRAW_WINDOWS);
    for (int b = 0; b < batch; b++) {
        if (!crops[b].pair->music_latent || latents < length)
            continue;
        choose_windows(&crops[b], latents, length, down, &random, start + rows);
        for (int c = 0; c < CLASSES; c++)
            clip[rows++] = b;
    }
    momui_parameter *scale =
        momui_parameters_find((momui_parameters *)&draw->bundle->parameters, "infonce.log_scale");
    if (rows == 0 || !scale)
        return NULL;
    momui_tensor *motion =
        momui_op_normalize(g, momui_op_window_max(g, mean, clip, start, rows, length));
    momui_tensor *music =
        momui_op_normalize(g, music_windows(g, draw->bundle, crops, clip, start, rows, length));
    momui_tensor *logits = momui_op_similarity(g, motion, music, &scale->tensor);
    if (logits)
        *right = accuracy(logits);
    return momui_op_infonce(g, logits);
}

/* Mixup: the later half of the clips becomes a mixture with the earlier ones, extrapolating a
 * little beyond either. Without it the autoencoder overfits to the dataset's few takes and
 * reconstructs others worse than a linear one. Returns how many clips stay as they were. */
static int mix_items(const momui_draw *draw, momui_tensor *x) {
    int batch = (int)x->shape[0], plain = (batch + 1) / 2;
    int64_t numbers = x->shape[1] * x->shape[2];
    momui_random random = momui_draw_random(draw, MOMUI_DRAW_MIXTURE);
    for (int b = plain; b < batch; b++) {
        float share =
            (float)(MIX_LEAST + (MIX_MOST - MIX_LEAST) * (double)momui_random_uniform(&random));
        const float *other = x->data + (b - plain) * numbers;
        float *own = x->data + b * numbers;
        for (int64_t i = 0; i < numbers; i++)
            own[i] = share * own[i] + (1 - share) * other[i];
    }
    return plain;
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    int batch = draw->batch;
    int64_t frames = momui_crop_frames(trainer, trainer->settings.seconds);
    momui_crop *crops = momui_draw_crops(trainer, g, draw, frames, momui_pair_has_motion, batch);
    if (!crops)
        return NULL;
    momui_tensor *x = momui_batch_motion(trainer, g, crops, batch, frames);
    int plain = x && !draw->validation ? mix_items(draw, x) : batch;
    momui_reconstruction way;
    momui_tensor *y = momui_reconstruct(g, draw, draw->bundle->motion, x, &way);
    if (!y)
        return NULL;
    double parts_of_error[MOMUI_MOTION_TERMS] = {0}, sums[3] = {0};
    momui_tensor *parts[3] = {
        momui_motion_error(g, y, x, parts_of_error),
        momui_op_kl(g, way.mean, way.logvar),
        trainer->settings.infonce > 0 ? infonce(trainer, g, draw, crops, plain, way.mean, &terms[5])
                                      : NULL,
    };
    float weights[3] = {1.0f, momui_kl_weight(trainer), (float)trainer->settings.infonce};
    momui_tensor *sum = momui_loss_sum(g, parts, weights, parts[2] ? 3 : 2, sums);
    for (int i = 0; i < MOMUI_MOTION_TERMS; i++)
        terms[i] = parts_of_error[i];
    terms[3] = sums[1];
    terms[4] = sums[2];
    return sum;
}

static void finish(momui_trainer *trainer) {
    if (trainer->options->decoder_only)
        return;
    momui_statistics_reset(trainer->bundle->motion_latent_mean, trainer->bundle->motion_latent_std);
    if (trainer->bundle->keypoints) /* it predicts the old latents */
        trainer->bundle->keypoints_trained->data[0] = 0;
    if (trainer->bundle->genre) /* it read the old latents */
        trainer->bundle->genre_trained->data[0] = 0;
}

const momui_network_task momui_task_motion = {
    .name = "motion",
    .network = MOMUI_TRAIN_NET_MOTION,
    .trained = {"motion_vae.", "infonce."},
    .terms = {"reconstruction", "velocity", "travel", "kl", "infonce", "accuracy"},
    .rate = 4e-4,
    .seconds = 4,
    .share = 0.2,
    .batch = 16,
    .steps = 4000,
    .warmup = 50,
    .prepare = prepare,
    .loss = loss,
    .finish = finish};
