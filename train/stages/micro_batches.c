/* A step is cut into micro-batches, and each runs on one thread from its batch to its gradients, so
 * that threads do not wait for each other at each operation. A micro-batch reads the trainer's
 * weights through a replica that has gradients of its own; they are added in a fixed order, so the
 * number of threads changes nothing. */
#include "nn/training_graph.h"
#include "train/stages/trainer.h"

#include <string.h>

/* Gives the replica's own weights back and lets it read the trainer's. */
static void share_weights(const momui_parameters *from, momui_parameters *to) {
    for (int i = 0; i < to->count; i++) {
        momui_free(to->items[i]->tensor.data);
        to->items[i]->tensor.data = from->items[i]->tensor.data;
    }
}

static momu_status own_gradients(const momui_parameters *from, momui_parameters *to,
                                 momu_error *error) {
    for (int i = 0; i < to->count; i++) {
        momui_tensor *x = &to->items[i]->tensor;
        to->items[i]->frozen = from->items[i]->frozen;
        x->needs_grad = !from->items[i]->frozen;
        if (!x->needs_grad)
            continue;
        x->grad = momui_calloc(to->memory, (size_t)momui_tensor_count(x), sizeof(float));
        if (!x->grad)
            return momui_fail_memory(error, "a micro-batch's gradients");
    }
    return MOMU_OK;
}

momu_status momui_micro_batches_open(momui_trainer *trainer, momu_error *error) {
    for (int s = 1; s < MOMUI_MICRO_BATCHES; s++) {
        momui_bundle *replica = NULL;
        MOMUI_TRY(
            momui_bundle_create(trainer->memory, &trainer->bundle->config, 0, &replica, error));
        trainer->replicas[s - 1] = replica;
        share_weights(&trainer->bundle->parameters, &replica->parameters);
        MOMUI_TRY(own_gradients(&trainer->bundle->parameters, &replica->parameters, error));
    }
    return MOMU_OK;
}

void momui_micro_batches_close(momui_trainer *trainer) {
    for (int s = 1; s < MOMUI_MICRO_BATCHES; s++) {
        momui_bundle *replica = trainer->replicas[s - 1];
        for (int i = 0; replica && i < replica->parameters.count; i++)
            replica->parameters.items[i]->tensor.data = NULL; /* the trainer's */
        momui_bundle_free(replica);
        trainer->replicas[s - 1] = NULL;
    }
}

typedef struct micro_batch {
    momui_draw draw;
    bool trains;
    double loss, terms[MOMUI_MAX_TERMS];
    momu_status status;
    momu_error error;
} micro_batch;

typedef struct micro_batch_job {
    momui_trainer *trainer;
    micro_batch *micro_batches;
    int batch;
} micro_batch_job;

static void micro_batch_task(void *user, size_t task, int worker) {
    micro_batch_job *job = user;
    micro_batch *s = &job->micro_batches[task];
    momui_trainer *trainer = job->trainer;
    momui_arena *arena = trainer->arenas[worker];
    momui_arena_mark mark = momui_arena_position(arena);
    momui_graph g;
    s->status = s->trains ? momui_graph_begin_training(&g, arena, NULL, &s->error)
                          : momui_graph_begin(&g, arena, NULL, false, &s->error);
    if (s->status != MOMU_OK)
        return;
    momui_tensor *loss = trainer->task->loss(trainer, &g, &s->draw, s->terms);
    if (loss)
        s->loss = (double)loss->data[0];
    if (loss && s->trains) {
        float share = (float)s->draw.batch / (float)job->batch;
        momui_tensor *scaled = momui_op_scale(&g, loss, share);
        if (scaled)
            momui_backward(&g, scaled);
    }
    s->status = g.status;
    momui_arena_reset(arena, mark);
}

/* Runs them; sums losses and parts, weighted by clips. */
static momu_status run_micro_batches(momui_trainer *trainer, micro_batch *micro_batches, int count,
                                     double *loss, double *terms, momu_error *error) {
    micro_batch_job job = {trainer, micro_batches, 0};
    for (int i = 0; i < count; i++)
        job.batch += micro_batches[i].draw.batch;
    momui_pool_run(trainer->pool, (size_t)count, micro_batch_task, &job);
    *loss = 0;
    memset(terms, 0, MOMUI_MAX_TERMS * sizeof *terms);
    for (int i = 0; i < count; i++) {
        if (micro_batches[i].status != MOMU_OK)
            return momui_fail(error, micro_batches[i].status, "%s", micro_batches[i].error.message);
        double share = (double)micro_batches[i].draw.batch / (double)job.batch;
        *loss += share * micro_batches[i].loss;
        for (int t = 0; t < MOMUI_MAX_TERMS; t++)
            terms[t] += share * micro_batches[i].terms[t];
    }
    return MOMU_OK;
}

typedef struct sum_job {
    momui_trainer *trainer;
} sum_job;

static void sum_task(void *user, size_t task, int worker) {
    (void)worker;
    const sum_job *job = user;
    momui_tensor *into = &job->trainer->bundle->parameters.items[task]->tensor;
    if (job->trainer->bundle->parameters.items[task]->frozen)
        return;
    int64_t count = momui_tensor_count(into);
    for (int s = 1; s < MOMUI_MICRO_BATCHES; s++) {
        momui_tensor *from = &job->trainer->replicas[s - 1]->parameters.items[task]->tensor;
        for (int64_t i = 0; i < count; i++)
            into->grad[i] += from->grad[i];
        memset(from->grad, 0, (size_t)count * sizeof *from->grad);
    }
}

momu_status momui_micro_batches_step(momui_trainer *trainer, double *loss, double *terms,
                                     momu_error *error) {
    const momui_settings *settings = &trainer->settings;
    uint64_t base = ((uint64_t)trainer->task->network << 56) + ((uint64_t)settings->step << 16);
    micro_batch micro_batches[MOMUI_MICRO_BATCHES] = {0};
    int count = 0;
    for (int s = 0; s < MOMUI_MICRO_BATCHES; s++) {
        int batch = (settings->batch + MOMUI_MICRO_BATCHES - 1 - s) / MOMUI_MICRO_BATCHES;
        if (batch < 1)
            continue;
        micro_batches[count++] =
            (micro_batch){.draw = {.seed = settings->seed,
                                   .base = base + ((uint64_t)s << 8),
                                   .common = base + (UINT64_C(255) << 8),
                                   .bundle = s == 0 ? trainer->bundle : trainer->replicas[s - 1],
                                   .batch = batch,
                                   .micro_batch = s,
                                   .share = (double)batch / settings->batch},
                          .trains = true};
    }
    momui_parameters_zero_grad(&trainer->bundle->parameters);
    MOMUI_TRY(run_micro_batches(trainer, micro_batches, count, loss, terms, error));
    sum_job job = {trainer};
    momui_pool_run(trainer->pool, (size_t)trainer->bundle->parameters.count, sum_task, &job);
    return MOMU_OK;
}

momu_status momui_micro_batches_validate(momui_trainer *trainer, int batches, double *loss,
                                         momu_error *error) {
    micro_batch micro_batches[16] = {0};
    double terms[MOMUI_MAX_TERMS];
    batches = batches < 16 ? batches : 16;
    int batch = (trainer->settings.batch + MOMUI_MICRO_BATCHES - 1) / MOMUI_MICRO_BATCHES;
    for (int i = 0; i < batches; i++) {
        uint64_t base = ((uint64_t)(trainer->task->network + 8) << 56) + ((uint64_t)i << 16);
        micro_batches[i].draw = (momui_draw){.seed = trainer->settings.seed,
                                             .base = base,
                                             .common = base + (UINT64_C(255) << 8),
                                             .validation = true,
                                             .bundle = trainer->bundle,
                                             .batch = batch};
    }
    return run_micro_batches(trainer, micro_batches, batches, loss, terms, error);
}
