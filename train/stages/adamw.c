#include "train/stages/adamw.h"

#include "nn/kernels/kernels.h"

#include <math.h>
#include <string.h>

enum { ADAMW_SPAN = 16384, ADAMW_SUMS = 256 };

static float *zeros(momui_parameters *set, size_t count) {
    return momui_calloc(set->memory, count, sizeof(float));
}

/* Keeps the arrays that a parameter has: attaching again after unfreezing adds the missing ones. */
momu_status momui_adamw_attach(momui_parameters *set, bool average, momu_error *error) {
    for (int i = 0; i < set->count; i++) {
        momui_parameter *p = set->items[i];
        if (p->frozen)
            continue;
        size_t count = (size_t)momui_tensor_count(&p->tensor);
        if (!p->tensor.grad)
            p->tensor.grad = zeros(set, count);
        if (!p->first)
            p->first = zeros(set, count);
        if (!p->second)
            p->second = zeros(set, count);
        if (average && !p->average) {
            p->average = zeros(set, count);
            if (p->average)
                memcpy(p->average, p->tensor.data, count * sizeof(float));
        }
        if (!p->tensor.grad || !p->first || !p->second || (average && !p->average))
            return momui_fail_memory(error, "the optimiser's moments");
        p->tensor.needs_grad = true;
    }
    return MOMU_OK;
}

static bool trained(const momui_parameter *p) {
    return !p->frozen && p->tensor.grad && p->first && p->second;
}

/* A parameter is cut into spans; a task is one span. Spans are found by walking: there are few
 * parameters. */
typedef struct adamw_job {
    const momui_parameters *set;
    const momui_kernels *kernels;
    const momui_adamw *optimiser;
    momui_adamw_constants with;
    double sums[ADAMW_SUMS]; /* of the squared gradients, by task modulo their number of rounds */
    size_t tasks, round;
} adamw_job;

static size_t span_count(const momui_parameter *p) {
    return ((size_t)momui_tensor_count(&p->tensor) + ADAMW_SPAN - 1) / ADAMW_SPAN;
}

static size_t all_spans(const momui_parameters *set) {
    size_t spans = 0;
    for (int i = 0; i < set->count; i++)
        if (trained(set->items[i]))
            spans += span_count(set->items[i]);
    return spans;
}

/* Calls `work` for the spans first..last-1 of all trained parameters. */
typedef void (*span_work)(adamw_job *job, momui_parameter *p, int64_t begin, int64_t count,
                          double *sum);

static void walk_spans(adamw_job *job, size_t first, size_t last, span_work work, double *sum) {
    size_t before = 0;
    for (int i = 0; i < job->set->count && before < last; i++) {
        momui_parameter *p = job->set->items[i];
        if (!trained(p))
            continue;
        size_t spans = span_count(p);
        int64_t total = momui_tensor_count(&p->tensor);
        for (size_t s = first > before ? first - before : 0; s < spans && before + s < last; s++) {
            int64_t begin = (int64_t)s * ADAMW_SPAN;
            work(job, p, begin, total - begin < ADAMW_SPAN ? total - begin : ADAMW_SPAN, sum);
        }
        before += spans;
    }
}

static void square_span(adamw_job *job, momui_parameter *p, int64_t begin, int64_t count,
                        double *sum) {
    *sum += job->kernels->sum_of_squares(count, p->tensor.grad + begin);
}

/* Weights in kernel order are of the old values. */
static void drop_packed(momui_parameters *set) {
    for (int i = 0; i < set->count; i++)
        if (trained(set->items[i]) && set->items[i]->tensor.packed) {
            momui_free((void *)(uintptr_t)set->items[i]->tensor.packed);
            set->items[i]->tensor.packed = NULL;
        }
}

static void step_span(adamw_job *job, momui_parameter *p, int64_t begin, int64_t count,
                      double *sum) {
    (void)sum;
    momui_adamw_constants with = job->with;
    if (p->tensor.rank < 2)
        with.decay = 0.0f;
    float *average = p->average && job->optimiser->average > 0.0 ? p->average + begin : NULL;
    job->kernels->adamw(count, &with, p->tensor.grad + begin, p->tensor.data + begin,
                        p->first + begin, p->second + begin, average);
}

static void square_task(void *user, size_t task, int worker) {
    (void)worker;
    adamw_job *job = user;
    size_t first = task * job->round;
    job->sums[task] = 0.0;
    walk_spans(job, first, first + job->round, square_span, &job->sums[task]);
}

static void step_task(void *user, size_t task, int worker) {
    (void)worker;
    adamw_job *job = user;
    size_t first = task * job->round;
    walk_spans(job, first, first + job->round, step_span, NULL);
}

/* The rate at a step that counts from 1: linear up to the warm-up's end, then a cosine down to a
 * tenth. */
static double rate_at(const momui_adamw *o, int64_t step) {
    const double pi = 3.14159265358979323846;
    if (o->warmup > 0 && step < o->warmup)
        return o->rate * (double)step / (double)o->warmup;
    if (o->total <= o->warmup)
        return o->rate;
    double along = (double)(step - o->warmup) / (double)(o->total - o->warmup);
    along = along > 1.0 ? 1.0 : along;
    return o->rate * (0.1 + 0.9 * 0.5 * (1.0 + cos(pi * along)));
}

static momui_adamw_constants constants(const momui_adamw *o, double gradient_scale) {
    double step = (double)o->step, rate = rate_at(o, o->step);
    return (momui_adamw_constants){
        .rate = (float)rate,
        .beta1 = (float)o->beta1,
        .beta2 = (float)o->beta2,
        .epsilon = (float)o->epsilon,
        .decay = (float)(rate * o->decay),
        .correction1 = (float)(1.0 / (1.0 - pow(o->beta1, step))),
        .correction2 = (float)(1.0 / (1.0 - pow(o->beta2, step))),
        .gradient_scale = (float)gradient_scale,
        .average = (float)o->average,
    };
}

/* Nothing is changed when the norm is not finite. */
momu_status momui_adamw_step(momui_adamw *optimiser, momui_parameters *set, momui_pool *pool,
                             double *norm, momu_error *error) {
    adamw_job job = {.set = set, .kernels = momui_kernels_best(), .optimiser = optimiser};
    size_t spans = all_spans(set);
    job.round = (spans + ADAMW_SUMS - 1) / ADAMW_SUMS;
    job.tasks = spans ? (spans + job.round - 1) / job.round : 0;
    momui_pool_run(pool, job.tasks, square_task, &job);
    double squares = 0.0;
    for (size_t i = 0; i < job.tasks; i++)
        squares += job.sums[i];
    double length = sqrt(squares);
    if (norm)
        *norm = length;
    if (!isfinite(length))
        return momui_fail(error, MOMU_ERROR_NUMERIC,
                          "the gradients' norm is not finite at step %lld",
                          (long long)optimiser->step + 1);
    drop_packed(set);
    optimiser->step++;
    bool clipped = optimiser->clip > 0.0 && length > optimiser->clip;
    job.with = constants(optimiser, clipped ? optimiser->clip / length : 1.0);
    momui_pool_run(pool, job.tasks, step_task, &job);
    return MOMU_OK;
}
