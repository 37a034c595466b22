#include "train/evaluate/evaluation_training.h"
#include "nn/training_graph.h"
#include "train/losses/loss_ops.h"
#include "train/stages/adamw.h"

#include "base/extremes.h"
#include <math.h>
#include <string.h>

enum { STEPS = 600, BATCH = 32, ASK_BATCH = 64, DRAW_STREAM = 601, NOISE_STREAM = 1 << 20 };

/* ---- the loss ---- */

/* In place: logits -> probabilities. */
static void softmax(const float *logits, int32_t count, float *out) {
    float most = logits[0];
    double sum = 0;
    for (int32_t i = 1; i < count; i++)
        most = momui_maxf(most, logits[i]);
    for (int32_t i = 0; i < count; i++)
        sum += exp((double)(logits[i] - most));
    for (int32_t i = 0; i < count; i++)
        out[i] = (float)(exp((double)(logits[i] - most)) / sum);
}

static double cross_entropy(const float *logits, int32_t count, int32_t label, double weight,
                            float *slope) {
    softmax(logits, count, slope);
    double loss = -log(fmax((double)slope[label], 1e-30));
    for (int32_t i = 0; i < count; i++)
        slope[i] = (float)(weight * ((double)slope[i] - (i == label)));
    return weight * loss;
}

static void place_tempo(double tempo, int32_t *place, int32_t *octave) {
    double octaves = log2(tempo / 30);
    *octave = (int32_t)fmin(fmax(floor(octaves), 0), MOMUI_EVALUATION_OCTAVES - 1);
    double part = octaves - floor(octaves);
    *place = (int32_t)fmin(part * MOMUI_EVALUATION_TEMPOS, MOMUI_EVALUATION_TEMPOS - 1);
}

double momui_evaluation_network_loss(const momui_evaluation_network_config *config,
                                     const float *outputs, int64_t batch, const int32_t *label,
                                     const float *tempo, const float *energy, float *slope) {
    const double weights[4] = {1.0, 0.3, 0.3, 1.0};
    momui_evaluation_network_outputs at = momui_evaluation_network_outputs_of(config);
    double loss = 0, each = 1.0 / (double)batch;
    memset(slope, 0, (size_t)(batch * at.count) * sizeof *slope);
    for (int64_t b = 0; b < batch; b++) {
        const float *x = outputs + b * at.count;
        float *d = slope + b * at.count;
        if (label[b] >= 0)
            loss += cross_entropy(x, config->classes, label[b], weights[0] * each, d);
        if (config->tempo && tempo && tempo[b] > 0) {
            int32_t place, octave;
            place_tempo((double)tempo[b], &place, &octave);
            loss += cross_entropy(x + at.tempo, MOMUI_EVALUATION_TEMPOS, place, weights[1] * each,
                                  d + at.tempo);
            loss += cross_entropy(x + at.octave, MOMUI_EVALUATION_OCTAVES, octave,
                                  weights[2] * each, d + at.octave);
        }
        if (config->tempo && energy && energy[b] > 0) {
            double error = (double)(x[at.energy] - energy[b]);
            loss += weights[3] * each * error * error;
            d[at.energy] = (float)(2 * weights[3] * each * error);
        }
    }
    return loss;
}

/* ---- batches ---- */

static momu_status take_statistics(const momui_labelled_windows *data,
                                   momui_evaluation_network *network, momu_error *error) {
    int32_t channels = data->channels;
    double *sums = momui_calloc(network->memory, (size_t)channels, 2 * sizeof *sums);
    if (!sums)
        return momui_fail_memory(error, "statistics");
    double *squares = sums + channels, rows = (double)(data->count * data->frames);
    for (int64_t w = 0; w < data->count; w++)
        for (int64_t i = 0; i < data->frames; i++)
            for (int32_t c = 0; c < channels; c++) {
                double x = (double)data->windows[w][i * channels + c];
                sums[c] += x;
                squares[c] += x * x;
            }
    for (int32_t c = 0; c < channels; c++) {
        double mean = sums[c] / rows;
        double deviation = sqrt(fmax(0, squares[c] / rows - mean * mean));
        network->mean->data[c] = (float)mean;
        network->deviation->data[c] = (float)fmax(deviation, 0.02);
    }
    momui_free(sums);
    return MOMU_OK;
}

static void standardise(const momui_evaluation_network *network, const float *from, int64_t frames,
                        float *to) {
    int64_t channels = network->config.in_channels;
    for (int64_t i = 0; i < frames; i++)
        for (int64_t c = 0; c < channels; c++)
            to[i * channels + c] =
                (from[i * channels + c] - network->mean->data[c]) / network->deviation->data[c];
}

typedef struct lesson {
    momui_memory *memory;
    momui_arena *arena;
    momui_pool *pool;
    momui_evaluation_network *network;
    const momui_labelled_windows *data;
    momui_evaluation_training_options options;
    int64_t *order, *first; /* windows by class, and where each class begins (classes + 1) */
    int32_t *label;         /* of the current batch */
    float *tempo, *energy;
} lesson;

static int64_t draw_window(const lesson *l, momui_random *random) {
    int32_t classes = l->network->config.classes;
    for (;;) { /* some class has a window: checked before */
        int64_t k = momui_random_below(random, (uint32_t)classes);
        int64_t count = l->first[k + 1] - l->first[k];
        if (count > 0)
            return l->order[l->first[k] + momui_random_below(random, (uint32_t)count)];
    }
}

static momui_tensor *draw_batch(const lesson *l, momui_graph *g, int64_t step) {
    const momui_labelled_windows *data = l->data;
    int64_t crop = l->options.crop, batch = l->options.batch;
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){batch, crop, data->channels});
    if (!x)
        return NULL;
    momui_random random = {l->options.seed, DRAW_STREAM + ((uint64_t)step << 16), 0};
    int64_t values = crop * data->channels;
    for (int64_t b = 0; b < batch; b++) {
        int64_t w = draw_window(l, &random);
        int64_t start = momui_random_below(&random, (uint32_t)(data->frames - crop + 1));
        standardise(l->network, data->windows[w] + start * data->channels, crop,
                    x->data + b * values);
        l->label[b] = data->label[w];
        l->tempo[b] = data->tempo ? data->tempo[w] : 0;
        l->energy[b] = data->energy ? data->energy[w] : 0;
    }
    if (l->options.noise > 0) {
        float *noise = momui_arena_alloc(g->arena, (size_t)(batch * values), sizeof *noise);
        if (!noise)
            return NULL;
        momui_fill_normal(noise, (size_t)(batch * values), l->options.seed,
                          NOISE_STREAM + (uint64_t)step);
        for (int64_t i = 0; i < batch * values; i++)
            x->data[i] += (float)l->options.noise * noise[i];
    }
    return x;
}

/* ---- steps ---- */

/* Feeds the gradient of momui_evaluation_network_loss to the network as that of half a squared
 * distance from the outputs to the outputs minus the gradient. */
static momui_tensor *slope_as_loss(momui_graph *g, momui_tensor *y, const float *slope) {
    momui_tensor *target = momui_tensor_from(g, 2, y->shape, y->data);
    if (!target)
        return NULL;
    for (int64_t i = 0; i < momui_tensor_count(y); i++)
        target->data[i] -= slope[i];
    return momui_op_squared_error(g, y, target, NULL, 2.0);
}

static momu_status one_step(lesson *l, int64_t step, momui_adamw *optimiser, double *loss,
                            momu_error *error) {
    momui_arena_mark mark = momui_arena_position(l->arena);
    momui_evaluation_network *network = l->network;
    momui_graph g;
    MOMUI_TRY(momui_graph_begin_training(&g, l->arena, l->pool, error));
    momui_parameters_zero_grad(&network->parameters);
    momui_tensor *y = momui_evaluation_network_forward(&g, network, draw_batch(l, &g, step), NULL);
    float *slope =
        y ? momui_arena_alloc(l->arena, (size_t)momui_tensor_count(y), sizeof *slope) : NULL;
    if (slope) {
        *loss = momui_evaluation_network_loss(&network->config, y->data, l->options.batch, l->label,
                                              l->tempo, l->energy, slope);
        momui_tensor *scalar = slope_as_loss(&g, y, slope);
        if (scalar)
            momui_backward(&g, scalar);
    }
    momu_status status = g.status;
    if (status == MOMU_OK && !slope)
        status = momui_fail_memory(error, "a batch");
    double norm;
    if (status == MOMU_OK)
        status = momui_adamw_step(optimiser, &network->parameters, l->pool, &norm, error);
    momui_arena_reset(l->arena, mark);
    return status;
}

static momu_status sort_by_class(lesson *l, momu_error *error) {
    int32_t classes = l->network->config.classes;
    const momui_labelled_windows *data = l->data;
    int64_t placed = 0;
    for (int32_t k = 0; k < classes; k++) {
        l->first[k] = placed;
        for (int64_t w = 0; w < data->count; w++)
            if (data->label[w] == k)
                l->order[placed++] = w;
    }
    l->first[classes] = placed;
    return placed > 0 ? MOMU_OK
                      : momui_fail(error, MOMU_ERROR_ARGUMENT,
                                   "an evaluation network has nothing to learn from");
}

static momu_status teach(lesson *l, momu_error *error) {
    momui_adamw optimiser = {.rate = l->options.rate,
                             .beta1 = 0.9,
                             .beta2 = 0.98,
                             .epsilon = 1e-8,
                             .decay = 0.05,
                             .clip = 1,
                             .warmup = 20,
                             .total = l->options.steps};
    MOMUI_TRY(sort_by_class(l, error));
    MOMUI_TRY(take_statistics(l->data, l->network, error));
    MOMUI_TRY(momui_adamw_attach(&l->network->parameters, false, error));
    for (int64_t step = 0; step < l->options.steps; step++) {
        double loss = 0;
        MOMUI_TRY(one_step(l, step, &optimiser, &loss, error));
        if (l->options.losses)
            l->options.losses[step] = loss;
    }
    return MOMU_OK;
}

static momu_status open_lesson(lesson *l, momu_error *error) {
    momui_evaluation_training_options *o = &l->options;
    const momui_labelled_windows *data = l->data;
    o->steps = o->steps > 0 ? o->steps : STEPS;
    o->batch = o->batch > 0 ? o->batch : BATCH;
    o->crop = o->crop > 0 && o->crop < data->frames ? o->crop : data->frames;
    o->rate = o->rate > 0 ? o->rate : 1e-3;
    if (data->channels != l->network->config.in_channels)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "windows of %d channels for an evaluation network of %d",
                          (int)data->channels, (int)l->network->config.in_channels);
    size_t batch = (size_t)o->batch;
    l->arena = momui_arena_create(l->memory);
    l->order = momui_alloc(l->memory, (size_t)data->count, sizeof *l->order);
    l->first = momui_alloc(l->memory, MOMUI_EVALUATION_MAX_CLASSES + 1, sizeof *l->first);
    l->label = momui_alloc(l->memory, batch, sizeof *l->label);
    l->tempo = momui_alloc(l->memory, batch, sizeof *l->tempo);
    l->energy = momui_alloc(l->memory, batch, sizeof *l->energy);
    return l->arena && l->order && l->first && l->label && l->tempo && l->energy
               ? MOMU_OK
               : momui_fail_memory(error, "an evaluation network's training");
}

momu_status momui_evaluation_train(momui_memory *memory, momui_pool *pool,
                                   const momui_evaluation_network_config *config,
                                   const momui_labelled_windows *data,
                                   const momui_evaluation_training_options *options,
                                   momui_evaluation_network **network, momu_error *error) {
    lesson l = {.memory = memory, .pool = pool, .data = data, .options = *options};
    *network = NULL;
    MOMUI_TRY(momui_evaluation_network_create(memory, config, options->seed, &l.network, error));
    momu_status status = open_lesson(&l, error);
    if (status == MOMU_OK)
        status = teach(&l, error);
    momui_free(l.order);
    momui_free(l.first);
    momui_free(l.label);
    momui_free(l.tempo);
    momui_free(l.energy);
    momui_arena_destroy(l.arena);
    if (status == MOMU_OK)
        *network = l.network;
    else
        momui_evaluation_network_free(l.network);
    return status;
}

/* ---- prediction ---- */

static void to_probabilities(const momui_evaluation_network_config *config, float *outputs) {
    momui_evaluation_network_outputs at = momui_evaluation_network_outputs_of(config);
    softmax(outputs, config->classes, outputs);
    if (config->tempo) {
        softmax(outputs + at.tempo, MOMUI_EVALUATION_TEMPOS, outputs + at.tempo);
        softmax(outputs + at.octave, MOMUI_EVALUATION_OCTAVES, outputs + at.octave);
    }
}

static momu_status ask_some(momui_arena *arena, momui_pool *pool,
                            const momui_evaluation_network *network,
                            const momui_labelled_windows *data, int64_t from, int64_t batch,
                            int64_t crop, float *outputs, float *embeddings, momu_error *error) {
    momui_graph g;
    int64_t start = (data->frames - crop) / 2, values = crop * data->channels;
    MOMUI_TRY(momui_graph_begin(&g, arena, pool, false, error));
    momui_tensor *x = momui_tensor_new(&g, 3, (int64_t[]){batch, crop, data->channels});
    for (int64_t b = 0; x && b < batch; b++)
        standardise(network, data->windows[from + b] + start * data->channels, crop,
                    x->data + b * values);
    momui_tensor *embedding = NULL,
                 *y = momui_evaluation_network_forward(&g, network, x, &embedding);
    if (!y)
        return g.status;
    int64_t count = y->shape[1];
    memcpy(outputs + from * count, y->data, (size_t)(batch * count) * sizeof *outputs);
    for (int64_t b = from; b < from + batch; b++)
        to_probabilities(&network->config, outputs + b * count);
    if (embeddings)
        memcpy(embeddings + from * MOMUI_EVALUATION_EMBEDDING, embedding->data,
               (size_t)(batch * MOMUI_EVALUATION_EMBEDDING) * sizeof *embeddings);
    return MOMU_OK;
}

momu_status momui_evaluation_predict(momui_memory *memory, momui_pool *pool,
                                     const momui_evaluation_network *network,
                                     const momui_labelled_windows *data, int64_t crop,
                                     float *outputs, float *embeddings, momu_error *error) {
    if (data->channels != network->config.in_channels)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "windows of %d channels for an evaluation network of %d",
                          (int)data->channels, (int)network->config.in_channels);
    crop = crop > 0 && crop < data->frames ? crop : data->frames;
    momui_arena *arena = momui_arena_create(memory);
    if (!arena)
        return momui_fail_memory(error, "an evaluation network's windows");
    momu_status status = MOMU_OK;
    for (int64_t from = 0; status == MOMU_OK && from < data->count; from += ASK_BATCH) {
        momui_arena_mark mark = momui_arena_position(arena);
        int64_t left = data->count - from;
        status = ask_some(arena, pool, network, data, from, left < ASK_BATCH ? left : ASK_BATCH,
                          crop, outputs, embeddings, error);
        momui_arena_reset(arena, mark);
    }
    momui_arena_destroy(arena);
    return status;
}
