#include "nn/tape.h"

#if defined(MOMUI_BLAS)
#include "nn/blas.h"
#endif

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

momu_status momui_graph_begin(momui_graph *g, momui_arena *arena, momui_pool *pool, bool tape,
                              momu_error *error) {
    *g = (momui_graph){
        .arena = arena, .pool = pool, .error = error, .kernels = momui_kernels_best()};
#if defined(MOMUI_BLAS)
    g->multiply = momui_blas_multiply;
#endif
    if (tape) {
        g->tape = momui_graph_alloc(g, 1, sizeof *g->tape);
        if (g->tape)
            g->tape->last = NULL;
    }
    return g->status;
}

momui_tensor *momui_graph_fail(momui_graph *g, momu_status status, const char *format, ...) {
    if (g->status != MOMU_OK)
        return NULL;
    char sentence[400];
    va_list list;
    va_start(list, format);
    vsnprintf(sentence, sizeof sentence, format, list);
    va_end(list);
    g->status = momui_fail(g->error, status, "%s", sentence);
    return NULL;
}

bool momui_graph_ready(momui_graph *g, const char *operation, int count,
                       const momui_tensor *const *inputs) {
    if (g->status != MOMU_OK)
        return false;
    for (int i = 0; i < count; i++)
        if (!inputs[i]) {
            momui_graph_fail(g, MOMU_ERROR_INTERNAL, "%s: input %d is missing", operation, i);
            return false;
        }
    return true;
}

momui_tensor *momui_shape_fail(momui_graph *g, const char *operation, const char *what,
                               const momui_tensor *x) {
    char shape[96] = "";
    size_t used = 0;
    for (int i = 0; i < x->rank; i++)
        used += (size_t)snprintf(shape + used, sizeof shape - used, "%s%lld", i ? ", " : "",
                                 (long long)x->shape[i]);
    return momui_graph_fail(g, MOMU_ERROR_INTERNAL, "%s: the shape (%s) does not fit: %s",
                            operation, shape, what);
}

void *momui_graph_alloc(momui_graph *g, size_t count, size_t size) {
    void *block = momui_arena_alloc(g->arena, count, size);
    if (!block && g->status == MOMU_OK)
        g->status = momui_fail_memory(g->error, "a network's tensors");
    return block;
}

int64_t momui_tensor_count(const momui_tensor *x) {
    int64_t count = 1;
    for (int i = 0; i < x->rank; i++)
        count *= x->shape[i];
    return count;
}

/* A tensor without data; checks that its bytes can be counted. */
static momui_tensor *tensor_header(momui_graph *g, int rank, const int64_t *shape) {
    if (g->status != MOMU_OK)
        return NULL;
    if (rank < 1 || rank > 4)
        return momui_graph_fail(g, MOMU_ERROR_INTERNAL, "a tensor of rank %d; 1 to 4 exist", rank);
    size_t count = 1;
    for (int i = 0; i < rank; i++) {
        if (shape[i] < 0 || shape[i] > INT32_MAX)
            return momui_graph_fail(g, MOMU_ERROR_INTERNAL, "a tensor's axis %d is %lld long", i,
                                    (long long)shape[i]);
        if (!momui_multiply(count, (size_t)shape[i], &count) || (uint64_t)count > UINT64_C(1) << 40)
            return momui_graph_fail(g, MOMU_ERROR_LIMIT, "a tensor of more than 2^40 values");
    }
    momui_tensor *x = momui_graph_alloc(g, 1, sizeof *x);
    if (!x)
        return NULL;
    *x = (momui_tensor){.rank = rank};
    for (int i = 0; i < rank; i++)
        x->shape[i] = shape[i];
    return x;
}

momui_tensor *momui_tensor_new(momui_graph *g, int rank, const int64_t *shape) {
    momui_tensor *x = tensor_header(g, rank, shape);
    if (!x)
        return NULL;
    x->data = momui_graph_alloc(g, (size_t)momui_tensor_count(x), sizeof(float));
    return x->data ? x : NULL;
}

momui_tensor *momui_tensor_like(momui_graph *g, const momui_tensor *x) {
    return momui_tensor_new(g, x->rank, x->shape);
}

momui_tensor *momui_tensor_from(momui_graph *g, int rank, const int64_t *shape, const float *data) {
    momui_tensor *x = momui_tensor_new(g, rank, shape);
    if (!x)
        return NULL;
    size_t bytes = (size_t)momui_tensor_count(x) * sizeof(float);
    if (data)
        memcpy(x->data, data, bytes);
    else
        memset(x->data, 0, bytes);
    return x;
}

bool momui_same_shape(const momui_tensor *a, const momui_tensor *b) {
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (a->shape[i] != b->shape[i])
            return false;
    return true;
}

/* The header's new place lies before the data's new place, and it is written after the data has
 * moved: so neither overwrites what is still to be read. */
momui_tensor *momui_graph_release(momui_graph *g, momui_arena_mark mark, momui_tensor *keep) {
    if (g->tape || !keep || g->status != MOMU_OK)
        return keep;
    momui_tensor header = *keep;
    size_t count = (size_t)momui_tensor_count(&header);
    momui_arena_reset(g->arena, mark);
    momui_tensor *moved = momui_graph_alloc(g, 1, sizeof *moved);
    float *data = momui_graph_alloc(g, count, sizeof(float));
    if (!moved || !data)
        return NULL;
    memmove(data, header.data, count * sizeof(float));
    header.data = data;
    *moved = header;
    return moved;
}
