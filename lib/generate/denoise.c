/* The transformer as the sampler sees it: x and a condition in, a prediction out, one window at a
 * time.
 *
 * The conditional and the unconditional pass run as one batch. In the base architecture
 * the keys and values of the condition tokens in each block do not depend on the step, so where the
 * condition never changes they are computed once for each window and kept.
 */
#include "generate/job.h"

#include "diffusion/windows.h"

#include <math.h>
#include <string.h>

enum { MAX_BRANCHES = 2, MAX_SLOTS = 3 * MOMUI_MAX_BLOCKS + 1 };

/* Kept keys and values may take this much; windows beyond it compute theirs anew. */
static const size_t CACHE_BYTES = (size_t)768 << 20;

typedef struct cached_condition {
    struct cached_condition *next;
    int64_t first; /* the window's first frame */
    int count;     /* branches of the batch */
    bool null[MAX_BRANCHES];
    momui_condition condition;
    momui_tensor tensors[MAX_SLOTS];
    float *data;
} cached_condition;

struct momui_network_denoiser {
    momui_job *job;
    const momui_transformer *network;
    const float *controls; /* (latents, 25) or NULL */
    const uint8_t *mask;   /* (latents) 1: to keep, or NULL */
    bool cached;
    cached_condition *cache; /* a list */
    size_t cached_bytes;
    int32_t channels;
    momui_windowed_denoiser windows;
};

/* One window of one evaluation. */
typedef struct window_call {
    momui_network_denoiser *d;
    int64_t first, frames;
    const float *x;
    int32_t t;
    int count;
    const momui_guidance_branch *branches; /* conditions begin at the window's first frame */
    float *const *out;
} window_call;

/* (count, frames, channels): the same rows for each branch */
static momui_tensor *repeated(momui_graph *g, int count, int64_t frames, int64_t channels,
                              const float *rows) {
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[3]){count, frames, channels});
    for (int b = 0; x && b < count; b++)
        memcpy(x->data + b * frames * channels, rows, (size_t)(frames * channels) * sizeof *rows);
    return x;
}

static momui_tensor *conditions(momui_graph *g, const window_call *call, uint8_t *keep,
                                int32_t *level) {
    int64_t size = call->frames * call->d->channels;
    momui_tensor *c =
        momui_tensor_new(g, 3, (int64_t[3]){call->count, call->frames, call->d->channels});
    for (int b = 0; c && b < call->count; b++) {
        const momui_guidance_branch *branch = &call->branches[b];
        keep[b] = branch->condition != NULL;
        level[b] = branch->noise_level;
        if (branch->condition)
            memcpy(c->data + b * size, branch->condition, (size_t)size * sizeof *c->data);
        else
            memset(c->data + b * size, 0, (size_t)size * sizeof *c->data);
    }
    return c;
}

/* ---- what conditions leave behind ---- */

static const cached_condition *find_cached(const window_call *call) {
    for (const cached_condition *c = call->d->cache; c; c = c->next) {
        bool same = c->first == call->first && c->count == call->count;
        for (int b = 0; same && b < call->count; b++)
            same = c->null[b] == (call->branches[b].condition == NULL);
        if (same)
            return c;
    }
    return NULL;
}

/* Every tensor that the condition points to, by address of the pointer. */
static int condition_slots(momui_condition *condition, momui_tensor **slots[]) {
    int count = 0;
    for (int i = 0; i < MOMUI_MAX_BLOCKS; i++) {
        if (condition->keys[i])
            slots[count++] = &condition->keys[i];
        if (condition->values[i])
            slots[count++] = &condition->values[i];
        if (condition->fused[i])
            slots[count++] = &condition->fused[i];
    }
    if (condition->tokens)
        slots[count++] = &condition->tokens;
    return count;
}

/* Copies the condition out of the arena. Where memory is short there is simply no copy. */
static void keep_condition(const window_call *call, const momui_condition *condition) {
    momui_network_denoiser *d = call->d;
    cached_condition *cached = momui_calloc(d->job->memory, 1, sizeof *cached);
    if (!cached)
        return;
    cached->condition = *condition;
    momui_tensor **slots[MAX_SLOTS];
    int count = condition_slots(&cached->condition, slots);
    size_t floats = 0;
    for (int i = 0; i < count; i++)
        floats += (size_t)momui_tensor_count(*slots[i]);
    if (d->cached_bytes + floats * sizeof(float) <= CACHE_BYTES)
        cached->data = momui_alloc(d->job->memory, floats, sizeof(float));
    if (!cached->data) {
        momui_free(cached);
        return;
    }
    d->cached_bytes += floats * sizeof(float);
    float *at = cached->data;
    for (int i = 0; i < count; i++) {
        const momui_tensor *from = *slots[i];
        size_t size = (size_t)momui_tensor_count(from);
        cached->tensors[i] = *from;
        cached->tensors[i].data = memcpy(at, from->data, size * sizeof *at);
        *slots[i] = &cached->tensors[i];
        at += size;
    }
    cached->count = call->count;
    for (int b = 0; b < call->count; b++)
        cached->null[b] = call->branches[b].condition == NULL;
    cached->first = call->first;
    cached->next = d->cache;
    d->cache = cached;
}

static void make_condition(momui_graph *g, const window_call *call, uint8_t *keep, int32_t *level,
                           momui_condition *condition) {
    memset(condition, 0, sizeof *condition);
    momui_tensor *c = conditions(g, call, keep, level);
    momui_transformer_condition(g, call->d->network, c, keep, level, NULL, condition);
}

/* ---- one window ---- */

/* (count, frames, 25): zeros where a branch is unconditioned */
static momui_tensor *controls_of(momui_graph *g, const window_call *call) {
    if (!call->d->controls)
        return NULL;
    int64_t size = call->frames * MOMUI_CONTROL_FEATURES;
    momui_tensor *controls = repeated(g, call->count, call->frames, MOMUI_CONTROL_FEATURES,
                                      call->d->controls + call->first * MOMUI_CONTROL_FEATURES);
    for (int b = 0; controls && b < call->count; b++)
        if (call->branches[b].unconditioned)
            memset(controls->data + b * size, 0, (size_t)size * sizeof *controls->data);
    return controls;
}

static momui_tensor *predict(momui_graph *g, const window_call *call,
                             const momui_condition *condition, const uint8_t *mask) {
    momui_network_denoiser *d = call->d;
    int32_t timestep[MAX_BRANCHES] = {call->t, call->t};
    momui_tensor *x = repeated(g, call->count, call->frames, d->channels, call->x);
    return momui_transformer_forward(g, d->network, x, timestep, mask, controls_of(g, call),
                                     condition, NULL);
}

/* (count, frames): the window's part of the inpainting mask, the same for each branch. */
static uint8_t *window_mask(momui_graph *g, const window_call *call) {
    if (!call->d->mask || g->status != MOMU_OK)
        return NULL;
    uint8_t *mask = momui_arena_alloc(g->arena, (size_t)call->count, (size_t)call->frames);
    if (!mask)
        g->status = momui_fail_memory(g->error, "the inpainting mask");
    for (int b = 0; mask && b < call->count; b++)
        memcpy(mask + b * call->frames, call->d->mask + call->first, (size_t)call->frames);
    return mask;
}

/* The null never changes; conditions do in joint generation. */
static bool lasting(const window_call *call) {
    bool null = true;
    for (int b = 0; b < call->count; b++)
        null = null && call->branches[b].condition == NULL;
    return null || call->d->cached;
}

static momu_status run_graph(momui_graph *g, const window_call *call) {
    momui_network_denoiser *d = call->d;
    uint8_t keep[MAX_BRANCHES];
    int32_t level[MAX_BRANCHES];
    momui_condition computed;
    const cached_condition *cached = lasting(call) ? find_cached(call) : NULL;
    if (!cached) {
        make_condition(g, call, keep, level, &computed);
        if (lasting(call) && g->status == MOMU_OK)
            keep_condition(call, &computed);
    }
    momui_tensor *y =
        predict(g, call, cached ? &cached->condition : &computed, window_mask(g, call));
    if (!y || g->status != MOMU_OK)
        return g->status != MOMU_OK ? g->status
                                    : momui_fail(d->job->error, MOMU_ERROR_INTERNAL,
                                                 "sampling: the transformer gave no output");
    size_t size = (size_t)(call->frames * d->channels);
    for (int b = 0; b < call->count; b++)
        memcpy(call->out[b], y->data + (size_t)b * size, size * sizeof *y->data);
    return MOMU_OK;
}

static momu_status run_window(const window_call *call, momu_error *error) {
    momu_context *context = call->d->job->context;
    if (call->count < 1 || call->count > MAX_BRANCHES)
        return momui_fail(error, MOMU_ERROR_INTERNAL, "sampling: %d guidance branches at once",
                          call->count);
    momui_arena_mark mark = momui_arena_position(context->arena);
    momui_graph g;
    momu_status status = momui_graph_begin(&g, context->arena, context->pool, false, error);
    if (status == MOMU_OK)
        status = run_graph(&g, call);
    momui_arena_reset(context->arena, mark);
    return status;
}

/* ---- as the sampler sees it ---- */

static momu_status evaluate(void *user, int64_t first, int64_t frames, const float *x, int32_t t,
                            int count, const momui_guidance_branch *branches, float *const *out,
                            momu_error *error) {
    window_call call = {.d = user,
                        .first = first,
                        .frames = frames,
                        .x = x,
                        .t = t,
                        .count = count,
                        .branches = branches,
                        .out = out};
    return run_window(&call, error);
}

momu_status momui_network_denoiser_create(momui_job *job, momui_side side, bool cached,
                                          const uint8_t *mask, const float *controls,
                                          momui_network_denoiser **out) {
    const momui_config *config = job->config;
    momui_network_denoiser *d = momui_calloc(job->memory, 1, sizeof *d);
    if (!d)
        return momui_fail_memory(job->error, "the denoiser");
    d->job = job;
    d->network = side == MOMUI_SIDE_MUSIC ? job->bundle->to_music : job->bundle->to_motion;
    d->mask = mask;
    d->controls = controls;
    d->cached = cached;
    d->channels = config->latent;
    double rate = (double)config->sample_rate / config->hop / config->down;
    d->windows.memory = job->memory;
    d->windows.window = (int64_t)ceil(config->window_seconds * rate - 1e-6);
    d->windows.user = d;
    d->windows.evaluate = evaluate;
    d->windows.cancel = &job->context->cancel;
    momu_status status =
        momui_windowed_denoiser_init(&d->windows, job->latents, config->latent, job->error);
    if (status == MOMU_OK)
        *out = d;
    else
        momui_network_denoiser_destroy(d);
    return status;
}

const momui_denoiser *momui_network_denoiser_get(const momui_network_denoiser *d) {
    return &d->windows.denoiser;
}

void momui_network_denoiser_destroy(momui_network_denoiser *d) {
    if (!d)
        return;
    while (d->cache) {
        cached_condition *next = d->cache->next;
        momui_free(d->cache->data);
        momui_free(d->cache);
        d->cache = next;
    }
    momui_windowed_denoiser_release(&d->windows);
    momui_free(d);
}
