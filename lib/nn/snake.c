/* Anti-aliased snake (BigVGAN): frames are doubled by a 12-tap low-pass, each becomes
 * x + sin^2(a x) / b, and they are halved by the same low-pass. Edges repeat the outermost frame.
 */
#include "nn/tape.h"

#include <math.h>
#include <string.h>

enum { TAPS = 12 };

/* Kaiser-windowed sinc, cutoff 0.25, half width 0.3 (attenuation 51.02, beta 4.6638), sum 1. */
static const float FILTER[TAPS] = {0.002028966f,  0.009389464f,  -0.025543464f, -0.057657375f,
                                   0.128572609f,  0.443209800f,  0.443209800f,  0.128572609f,
                                   -0.057657375f, -0.025543464f, 0.009389464f,  0.002028966f};

typedef struct snake_node {
    momui_node node;
    momui_tensor *x, *alpha, *beta;
    float *doubled; /* (B, 2T, C) before the curve */
} snake_node;

static int64_t bounded(int64_t t, int64_t frames) {
    return t < 0 ? 0 : t >= frames ? frames - 1 : t;
}

/* u[n] (2T) = 2 sum over t of x[t - 5] filter[n + 15 - 2t]; or with `back` dx += its transpose.
 */
static void resample_up(const float *x, int64_t frames, int64_t channels, float *u, float *dx) {
    for (int64_t n = 0; n < 2 * frames; n++)
        for (int64_t t = (n + 15 - (TAPS - 1) + 1) / 2; 2 * t <= n + 15; t++) {
            float weight = 2.0f * FILTER[n + 15 - 2 * t];
            int64_t from = bounded(t - 5, frames) * channels;
            if (dx)
                for (int64_t c = 0; c < channels; c++)
                    dx[from + c] += weight * u[n * channels + c];
            else
                for (int64_t c = 0; c < channels; c++)
                    u[n * channels + c] += weight * x[from + c];
        }
}

/* y[n] (T) = sum over k of filter[k] v[2n + k - 5]; or dv += its transpose. */
static void resample_down(const float *v, int64_t frames, int64_t channels, float *y, float *dv) {
    for (int64_t n = 0; n < frames; n++)
        for (int64_t k = 0; k < TAPS; k++) {
            int64_t from = bounded(2 * n + k - 5, 2 * frames) * channels;
            if (dv)
                for (int64_t c = 0; c < channels; c++)
                    dv[from + c] += FILTER[k] * y[n * channels + c];
            else
                for (int64_t c = 0; c < channels; c++)
                    y[n * channels + c] += FILTER[k] * v[from + c];
        }
}

static const float LEAST = 1e-9f;

/* v = u + sin^2(a u) / b, a and b per channel */
static void curve(const float *u, const float *a, const float *b, int64_t frames, int64_t channels,
                  float *v) {
    for (int64_t i = 0; i < frames * channels; i++) {
        int64_t c = i % channels;
        float s = sinf(u[i] * expf(a[c]));
        v[i] = u[i] + s * s / (expf(b[c]) + LEAST);
    }
}

/* dv in, du out in place; adds to da and db, the logarithms' gradients. */
static void curve_back(const float *u, const float *a, const float *b, int64_t frames,
                       int64_t channels, float *dv, float *da, float *db) {
    for (int64_t i = 0; i < frames * channels; i++) {
        int64_t c = i % channels;
        float speed = expf(a[c]), size = expf(b[c]), s = sinf(u[i] * speed);
        float slope = sinf(2.0f * u[i] * speed) / (size + LEAST);
        if (da)
            da[c] += dv[i] * slope * u[i] * speed;
        if (db)
            db[c] -= dv[i] * s * s * size / ((size + LEAST) * (size + LEAST));
        dv[i] *= 1.0f + slope * speed;
    }
}

static void snake_back(momui_graph *g, momui_node *node) {
    snake_node *s = (snake_node *)node;
    int64_t frames = s->x->shape[1], channels = s->x->shape[2], all = 2 * frames * channels;
    float *dx = momui_gradient(g, s->x, NULL), *da = momui_gradient(g, s->alpha, NULL);
    float *db = momui_gradient(g, s->beta, NULL);
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *dv = momui_graph_alloc(g, (size_t)all, sizeof(float));
    for (int64_t b = 0; dv && b < s->x->shape[0]; b++) {
        memset(dv, 0, (size_t)all * sizeof *dv);
        resample_down(NULL, frames, channels, node->out->grad + b * frames * channels, dv);
        curve_back(s->doubled + b * all, s->alpha->data, s->beta->data, 2 * frames, channels, dv,
                   da, db);
        if (dx)
            resample_up(NULL, frames, channels, dv, dx + b * frames * channels);
    }
    momui_arena_reset(g->arena, mark);
}

typedef struct snake_job {
    const momui_tensor *x, *alpha, *beta;
    momui_tensor *y;
    float *doubled, *curved; /* of each item */
} snake_job;

static void snake_task(void *user, int64_t begin, int64_t end) {
    const snake_job *job = user;
    int64_t frames = job->x->shape[1], channels = job->x->shape[2], one = frames * channels;
    for (int64_t b = begin; b < end; b++) {
        float *u = job->doubled + b * 2 * one, *v = job->curved + b * 2 * one;
        memset(u, 0, (size_t)(2 * one) * sizeof *u);
        memset(job->y->data + b * one, 0, (size_t)one * sizeof *u);
        resample_up(job->x->data + b * one, frames, channels, u, NULL);
        curve(u, job->alpha->data, job->beta->data, 2 * frames, channels, v);
        resample_down(v, frames, channels, job->y->data + b * one, NULL);
    }
}

momui_tensor *momui_op_snake(momui_graph *g, momui_tensor *x, momui_tensor *alpha,
                             momui_tensor *beta) {
    if (!MOMUI_READY(g, "snake", x, alpha, beta))
        return NULL;
    if (x->rank != 3 || momui_tensor_count(alpha) != x->shape[2] ||
        momui_tensor_count(beta) != x->shape[2])
        return momui_shape_fail(g, "snake", "alpha and beta are not (channels)", alpha);
    momui_tensor *y = momui_tensor_like(g, x);
    size_t all = 2 * (size_t)momui_tensor_count(x);
    float *doubled = momui_graph_alloc(g, all, sizeof(float));
    snake_node *s =
        y && doubled ? MOMUI_RECORD(g, snake_node, snake_back, y, x, alpha, beta) : NULL;
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *curved = momui_graph_alloc(g, all, sizeof(float));
    if (!y || !doubled || !curved)
        return NULL;
    snake_job job = {x, alpha, beta, y, doubled, curved};
    momui_spans(g->pool, x->shape[0], 32 * x->shape[1] * x->shape[2], snake_task, &job);
    momui_arena_reset(g->arena, mark);
    if (s) {
        s->x = x;
        s->alpha = alpha;
        s->beta = beta;
        s->doubled = doubled;
    }
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- tanh ---- */

typedef struct tanh_node {
    momui_node node;
    momui_tensor *x;
} tanh_node;

static void tanh_back(momui_graph *g, momui_node *node) {
    tanh_node *t = (tanh_node *)node;
    float *dx = momui_gradient(g, t->x, NULL);
    const float *y = node->out->data, *dy = node->out->grad;
    int64_t count = dx ? momui_tensor_count(t->x) : 0;
    for (int64_t i = 0; i < count; i++)
        dx[i] += dy[i] * (1.0f - y[i] * y[i]);
}

momui_tensor *momui_op_tanh(momui_graph *g, momui_tensor *x) {
    if (!MOMUI_READY(g, "tanh", x))
        return NULL;
    momui_tensor *y = momui_tensor_like(g, x);
    int64_t count = y ? momui_tensor_count(x) : 0;
    for (int64_t i = 0; i < count; i++)
        y->data[i] = tanhf(x->data[i]);
    tanh_node *t = y ? MOMUI_RECORD(g, tanh_node, tanh_back, y, x) : NULL;
    if (t)
        t->x = x;
    return g->status == MOMU_OK ? y : NULL;
}
