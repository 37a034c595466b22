/* What the tests of nn share. */
#ifndef NN_TEST_H
#define NN_TEST_H

#include "tests/support/support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/kernels/kernels.h"
#include "nn/nn.h"

#define SHAPE(...) ((const int64_t[]){__VA_ARGS__})

static inline momui_graph begin_graph(momui_arena *arena, momui_pool *pool, bool tape,
                                      momu_error *error) {
    momui_graph g;
    assert_int_equal(momui_graph_begin(&g, arena, pool, tape, error), MOMU_OK);
    return g;
}

/* Fails with the operation's own sentence. */
static inline void assert_fine(const momui_graph *g, const momui_tensor *x) {
    if (g->status != MOMU_OK)
        fail_msg("%s", g->error ? g->error->message : "the graph failed");
    assert_non_null(x);
}

static inline momui_tensor *normal_tensor(momui_graph *g, int rank, const int64_t *shape,
                                          uint64_t stream) {
    momui_tensor *x = momui_tensor_new(g, rank, shape);
    assert_fine(g, x);
    momui_fill_normal(x->data, (size_t)momui_tensor_count(x), 7, stream);
    return x;
}

#endif
