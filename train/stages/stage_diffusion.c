/* Stage 3: the transformers, on the cached latents of the trained autoencoders.
 *
 *   condition c: the other side's latents, or the output of a learned encoder of (B, T, in) raw
 *     frames, which trains with the transformer
 *   target z, condition c (B, L, d), scaled
 *   x = alpha_t z + sigma_t e, clean in inpainting targets
 *   out (B, L, d)
 *   loss = sum over frames that count of w_t (out - target)^2 / (frames x d) */
#include "diffusion/schedule.h"
#include "train/losses/loss_ops.h"
#include "train/stages/trainer.h"

#include <momu/model.h>

#include <math.h>
#include <string.h>

static const double SHORTEST = 5.0;           /* seconds */
static const float CONDITION_DROPPED = 0.15f; /* of the clips: they train the null condition */
static const float CONDITION_CLEAN = 0.5f;
static const double NOISIEST_CONDITION = 0.7; /* of T */
static const float INPAINTED = 0.2f;          /* of the clips have inpainting targets */
static const float CONTROL_DROPPED = 0.5f;
/* Of the clips, which get another clip's latents as their condition and their own beats (or tempo)
 * as controls. With its own latents alone a transformer ignores controls, which repeat them. */
static const float OTHER_CONDITION = 0.1f;

static momui_row_view mfcc_rows(const momui_pair *pair) {
    return (momui_row_view){.count = pair->frames, .packed = &pair->mfcc};
}

static momui_row_view dance_rows(const momui_pair *pair) {
    return (momui_row_view){.count = pair->frames, .packed = &pair->features};
}

static const momui_condition_encoder *learned_encoder(const momui_bundle *bundle, bool to_music) {
    return to_music ? bundle->to_music_encoder : bundle->to_motion_encoder;
}

/* The latents of one side, and their statistics, from its trained autoencoder. */
static momu_status prepare_latents(momui_trainer *trainer, bool music, momu_error *error) {
    momui_bundle *bundle = trainer->bundle;
    const momui_tensor *mean = music ? bundle->mel_mean : bundle->motion_mean;
    const momui_tensor *deviation = music ? bundle->mel_std : bundle->motion_std;
    if (!momui_statistics_trained(mean, deviation))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage diffusion needs trained autoencoders: run stages music and motion "
                          "first with the same --out, or name a model with --init");
    MOMUI_TRY(momui_encode_dataset(trainer, music, error));
    return momui_latent_statistics(trainer, music, error);
}

/* The condition's latents, or the statistics of its learned encoder's input. */
static momu_status prepare_condition(momui_trainer *trainer, bool to_music, momu_error *error) {
    momui_bundle *bundle = trainer->bundle;
    if (!learned_encoder(bundle, to_music))
        return prepare_latents(trainer, !to_music, error);
    momui_tensor *mean = to_music ? bundle->dance_mean : bundle->mfcc_mean;
    momui_tensor *deviation = to_music ? bundle->dance_std : bundle->mfcc_std;
    if (momui_statistics_trained(mean, deviation))
        return MOMU_OK;
    return momui_dataset_statistics(&trainer->data, (int32_t)mean->shape[0], 0.02,
                                    to_music ? dance_rows : mfcc_rows, mean->data, deviation->data,
                                    error);
}

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    momui_bundle *bundle = trainer->bundle;
    const momui_dataset *data = &trainer->data;
    bool to_music = trainer->task->network == MOMUI_TRAIN_NET_TO_MUSIC;
    if (momui_dataset_frames(data, false, momui_pair_has_both) == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: stage diffusion needs pairs of music and motion; the training part "
                          "has none",
                          trainer->options->data);
    if (trainer->settings.seconds < bundle->config.window_seconds)
        momui_trainer_note(trainer,
                           "crops of up to %g s for a model that generates in windows of %g s: "
                           "longer results than these crops come out flat",
                           trainer->settings.seconds, bundle->config.window_seconds);
    MOMUI_TRY(prepare_condition(trainer, to_music, error));
    MOMUI_TRY(prepare_latents(trainer, to_music, error));
    if (bundle->config.transformer.inpainting)
        bundle->config.trained_controls |= 1u << 4;
    if (bundle->config.transformer.controls)
        for (size_t i = 0; i < data->count; i++)
            if (!data->items[i].validation && momui_pair_has_both(&data->items[i]))
                bundle->config.trained_controls |= momui_pair_available_controls(&data->items[i]);
    return MOMU_OK;
}

/* What one batch is made of; all arrays live in the graph's arena. */
typedef struct batch {
    int batch;
    int64_t length;   /* L */
    int32_t channels; /* d */
    momui_crop *crops;
    momui_tensor *x, *condition, *target, *controls;
    uint8_t *mask, *inpainting, *keep; /* (B, L), (B, L) or NULL, (B) */
    int32_t *timestep, *noise_level;   /* (B) */
    float *row_weight;                 /* (B, L) */
    double counted;                    /* frames that count */
    bool learned;                      /* the condition comes from a learned encoder */
} batch;

/* A length for the whole batch, and as many clips as keep the number of tokens. */
static void choose_length(const momui_trainer *trainer, const momui_draw *draw, batch *out) {
    momui_random random = {draw->seed, draw->common + MOMUI_DRAW_LEVELS, 0};
    double longest = fmax(trainer->settings.seconds, 1.0);
    double shortest = fmin(SHORTEST, longest);
    double seconds = shortest + (longest - shortest) * (double)momui_random_uniform(&random);
    double mean_batch = (double)draw->batch * 0.5 * (shortest + longest) / seconds;
    out->batch = (int)fmax(1.0, floor(mean_batch + 0.5));
    out->length = momui_crop_frames(trainer, seconds) / trainer->bundle->config.down;
}

static bool allocate(momui_graph *g, const momui_config *config, batch *out) {
    size_t rows = (size_t)out->batch * (size_t)out->length;
    int64_t shape[3] = {out->batch, out->length, config->latent};
    out->channels = config->latent;
    out->x = momui_tensor_new(g, 3, shape);
    out->condition = momui_tensor_new(g, 3, shape);
    out->target = momui_tensor_new(g, 3, shape);
    out->mask = momui_arena_alloc(g->arena, rows, 1);
    out->keep = momui_arena_alloc(g->arena, (size_t)out->batch, 1);
    out->timestep = momui_arena_alloc(g->arena, (size_t)out->batch, sizeof(int32_t));
    out->noise_level = momui_arena_alloc(g->arena, (size_t)out->batch, sizeof(int32_t));
    out->row_weight = momui_arena_alloc(g->arena, rows, sizeof(float));
    if (config->transformer.inpainting)
        out->inpainting = momui_arena_alloc(g->arena, rows, 1);
    if (config->transformer.architecture != MOMUI_ARCHITECTURE_PAPER &&
        config->transformer.controls)
        out->controls =
            momui_tensor_new(g, 3, (int64_t[]){out->batch, out->length, MOMUI_CONTROL_FEATURES});
    bool whole = out->x && out->condition && out->target && out->mask && out->keep &&
                 out->timestep && out->noise_level && out->row_weight &&
                 (out->inpainting || !config->transformer.inpainting);
    if (!whole && g->status == MOMU_OK)
        g->status = momui_fail_memory(g->error, "a batch");
    return whole;
}

/* Marks a prefix, a suffix, both, or blocks of the `valid` frames as inpainting targets. */
static void draw_inpainting(momui_random *random, int64_t valid, uint8_t *inpainting) {
    uint32_t kind = momui_random_below(random, 4);
    uint32_t half = (uint32_t)(valid / 2);
    if (half == 0)
        return;
    if (kind == 0 || kind == 2)
        memset(inpainting, 1, 1 + momui_random_below(random, half));
    if (kind == 1 || kind == 2) {
        uint32_t count = 1 + momui_random_below(random, kind == 2 ? half - (half > 1) : half);
        memset(inpainting + valid - count, 1, count);
    }
    for (int64_t t = 0; kind == 3 && t < valid;) {
        int64_t gap = 4 + (int64_t)momui_random_below(random, 60);
        int64_t count = 4 + (int64_t)momui_random_below(random, 28);
        for (int64_t k = t + gap; k < t + gap + count && k < valid; k++)
            inpainting[k] = 1;
        t += gap + count;
    }
    bool all = true;
    for (int64_t t = 0; t < valid; t++)
        all = all && inpainting[t];
    if (all)
        memset(inpainting, 0, (size_t)valid);
}

/* Timesteps and noise levels of the clips. Timesteps are spread evenly over the step: less variance
 * than free draws. */
static void draw_noise_levels(const momui_config *config, const momui_draw *draw, batch *b) {
    momui_random shared = {draw->seed, draw->common + MOMUI_DRAW_LEVELS, 64}; /* past the length */
    momui_random random = momui_draw_random(draw, MOMUI_DRAW_LEVELS);
    int32_t steps = config->diffusion.steps;
    float offset = momui_random_uniform(&shared);
    for (int i = 0; i < b->batch; i++) {
        float place = offset + (float)(i * MOMUI_MICRO_BATCHES + draw->micro_batch) /
                                   (float)(b->batch * MOMUI_MICRO_BATCHES);
        place -= floorf(place);
        int32_t t = (int32_t)(place * (float)steps);
        b->timestep[i] = t < steps ? t : steps - 1;
        bool dropped = momui_random_uniform(&random) < CONDITION_DROPPED;
        bool clean = momui_random_uniform(&random) < CONDITION_CLEAN;
        int32_t noise_level = 1 + (int32_t)momui_random_below(
                                      &random, (uint32_t)(NOISIEST_CONDITION * (double)steps));
        b->keep[i] = !dropped;
        b->noise_level[i] =
            clean || config->transformer.architecture == MOMUI_ARCHITECTURE_PAPER || b->learned
                ? 0
                : noise_level;
    }
}

/* Turns clip i's clean latents into x and target, and sets its frames' weights. */
static void noise_target(const momui_schedule *schedule, bool predict_v, const float *noise, int i,
                         int64_t valid, batch *b) {
    size_t first = (size_t)i * (size_t)b->length;
    double alpha = schedule->alpha[b->timestep[i]], sigma = schedule->sigma[b->timestep[i]];
    double snr = alpha * alpha / fmax(sigma * sigma, 1e-12);
    double weight = predict_v ? fmin(snr + 1, 5) / (snr + 1) : snr > 5 ? 5 / snr : 1.0;
    for (int64_t t = 0; t < b->length; t++) {
        size_t row = first + (size_t)t;
        bool counts = t < valid && !(b->inpainting && b->inpainting[row]);
        b->row_weight[row] = counts ? (float)weight : 0.0f;
        b->counted += counts;
        for (int32_t c = 0; c < b->channels; c++) {
            size_t at = row * (size_t)b->channels + (size_t)c;
            double z = (double)b->x->data[at], e = (double)noise[at];
            b->target->data[at] = (float)(predict_v ? alpha * e - sigma * z : e);
            if (counts)
                b->x->data[at] = (float)(alpha * z + sigma * e);
        }
    }
}

static void noise_condition(const momui_schedule *schedule, const float *noise, int i,
                            int64_t valid, batch *b) {
    if (b->noise_level[i] == 0)
        return;
    double alpha = schedule->alpha[b->noise_level[i] - 1],
           sigma = schedule->sigma[b->noise_level[i] - 1];
    size_t first = (size_t)i * (size_t)b->length * (size_t)b->channels;
    for (size_t at = first; at < first + (size_t)valid * (size_t)b->channels; at++)
        b->condition->data[at] =
            (float)(alpha * (alpha * (double)b->condition->data[at] + sigma * (double)noise[at]));
}

/* Fills clip i's controls. Returns the crop whose latents are its condition: its own, or for some
 * clips the next one's, which then have their own beats as controls. */
static const momui_crop *draw_controls(const momui_trainer *trainer, momui_random *random, int i,
                                       batch *b) {
    const momui_crop *crop = &b->crops[i], *source = crop;
    uint32_t all = momui_pair_available_controls(crop->pair), chosen = all;
    for (int bit = 0; bit < 4; bit++)
        if (momui_random_uniform(random) < CONTROL_DROPPED)
            chosen &= ~(1u << bit);
    if (momui_random_uniform(random) < CONTROL_DROPPED)
        chosen |= MOMUI_WITHOUT_BARS;
    if (momui_random_uniform(random) < OTHER_CONDITION && b->batch > 1 && !b->learned) {
        chosen |= all & MOMU_CONTROL_BEATS;
        if (chosen & (MOMU_CONTROL_TEMPO | MOMU_CONTROL_BEATS))
            source = &b->crops[(i + 1) % b->batch];
    }
    momui_pair_controls(crop->pair, &trainer->bundle->config,
                        crop->start / trainer->bundle->config.down, b->length, chosen,
                        b->controls->data + (size_t)i * (size_t)b->length * MOMUI_CONTROL_FEATURES);
    return source;
}

static void fill_item(momui_trainer *trainer, const momui_draw *draw, bool to_music, int i,
                      const float *noise, const float *condition_noise, batch *b) {
    const momui_bundle *bundle = trainer->bundle;
    const momui_crop *crop = &b->crops[i], *source = crop;
    size_t row = (size_t)i * (size_t)b->length, at = row * (size_t)b->channels;
    int64_t valid = momui_scaled_latents(bundle, crop, to_music, b->length, b->x->data + at);
    if (b->controls) {
        momui_random random = momui_draw_random(draw, MOMUI_DRAW_CONTROLS);
        random.index = (uint64_t)i * 16;
        source = draw_controls(trainer, &random, i, b);
    }
    if (!b->learned)
        momui_scaled_latents(bundle, source, !to_music, b->length, b->condition->data + at);
    for (int64_t t = 0; t < b->length; t++)
        b->mask[row + (size_t)t] = t < valid;
    if (b->inpainting) {
        momui_random random = momui_draw_random(draw, MOMUI_DRAW_MASK);
        random.index = (uint64_t)i * 1024; /* each clip has numbers of its own */
        memset(b->inpainting + row, 0, (size_t)b->length);
        if (momui_random_uniform(&random) < INPAINTED)
            draw_inpainting(&random, valid, b->inpainting + row);
    }
    noise_target(trainer->schedule, bundle->config.diffusion.predict_v, noise, i, valid, b);
    noise_condition(trainer->schedule, condition_noise, i, valid, b);
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    const momui_bundle *bundle = draw->bundle;
    bool to_music = trainer->task->network == MOMUI_TRAIN_NET_TO_MUSIC;
    const momui_condition_encoder *encoder = learned_encoder(bundle, to_music);
    batch b = {.learned = encoder != NULL};
    choose_length(trainer, draw, &b);
    b.crops = momui_draw_crops(trainer, g, draw, b.length * bundle->config.down,
                               momui_pair_has_both, b.batch);
    if (!b.crops || !allocate(g, &bundle->config, &b))
        return NULL;
    size_t count = (size_t)momui_tensor_count(b.x);
    const float *noise = momui_draw_normals(g, draw, MOMUI_DRAW_NOISE, count);
    const float *condition_noise = momui_draw_normals(g, draw, MOMUI_DRAW_CONDITION, count);
    if (!noise || !condition_noise)
        return NULL;
    draw_noise_levels(&bundle->config, draw, &b);
    for (int i = 0; i < b.batch; i++)
        fill_item(trainer, draw, to_music, i, noise, condition_noise, &b);

    if (encoder)
        b.condition = momui_condition_encoder_forward(
            g, encoder,
            momui_batch_condition(trainer, g, b.crops, b.batch, b.length * bundle->config.down,
                                  to_music));
    const uint8_t *mask = memchr(b.mask, 0, (size_t)(b.batch * b.length)) ? b.mask : NULL;
    const momui_transformer *network = to_music ? bundle->to_music : bundle->to_motion;
    momui_condition condition;
    momui_transformer_condition(g, network, b.condition, b.keep, b.noise_level, mask, &condition);
    momui_tensor *out = momui_transformer_forward(g, network, b.x, b.timestep, b.inpainting,
                                                  b.controls, &condition, mask);
    momui_tensor *sum = momui_op_squared_error(g, out, b.target, b.row_weight,
                                               fmax(b.counted, 1) * (double)b.channels);
    return sum ? momui_loss_sum(g, &sum, (float[]){1.0f}, 1, terms) : NULL;
}

#define TRANSFORMER_TASK(task_name, number)                                                        \
    {                                                                                              \
        .name = task_name, .network = number, .trained = {task_name "."}, .terms = {"weighted"},   \
        .average = true, .rate = 3e-4, .seconds = 25, .share = 0.3, .batch = 8, .steps = 10000,    \
        .warmup = 200, .prepare = prepare, .loss = loss                                            \
    }

const momui_network_task momui_task_to_music =
    TRANSFORMER_TASK("motion_to_music", MOMUI_TRAIN_NET_TO_MUSIC);
const momui_network_task momui_task_to_motion =
    TRANSFORMER_TASK("music_to_motion", MOMUI_TRAIN_NET_TO_MOTION);
