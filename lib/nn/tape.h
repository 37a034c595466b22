/* Inside nn: what operations are made of. An operation checks, makes its result, computes it, and
 * where a tape runs records a node that propagates the result's gradient to its inputs. */
#ifndef MOMUI_NN_TAPE_H
#define MOMUI_NN_TAPE_H

#include "nn/kernels/kernels.h"
#include "nn/nn.h"

typedef struct momui_node momui_node;
/* out->grad is complete when this runs. */
typedef void (*momui_backward_step)(momui_graph *g, momui_node *node);
/* First member of each operation's own record. */
struct momui_node {
    momui_node *previous;
    momui_backward_step backward;
    momui_tensor *out;
};
struct momui_tape {
    momui_node *last;
};

/* Sets the graph's status, unless it has failed before. Returns NULL, as operations do then. */
momui_tensor *momui_graph_fail(momui_graph *g, momu_status status, const char *format, ...)
    MOMUI_PRINTF(3, 4);
/* Whether an operation may go on: the graph has not failed and no input is NULL. */
bool momui_graph_ready(momui_graph *g, const char *operation, int count,
                       const momui_tensor *const *inputs);
#define MOMUI_READY(g, operation, ...)                                                             \
    momui_graph_ready(                                                                             \
        (g), (operation),                                                                          \
        (int)(sizeof((const momui_tensor *const[]){__VA_ARGS__}) / sizeof(const momui_tensor *)),  \
        (const momui_tensor *const[]){__VA_ARGS__})
/* Fails the graph with "<operation>: <what> has shape (...), not ..." */
momui_tensor *momui_shape_fail(momui_graph *g, const char *operation, const char *what,
                               const momui_tensor *x);

bool momui_same_shape(const momui_tensor *a, const momui_tensor *b);
momui_tensor *momui_tensor_like(momui_graph *g, const momui_tensor *x);
static inline int64_t momui_channels(const momui_tensor *x) {
    return x->shape[x->rank - 1];
}
/* All axes but the last. */
static inline int64_t momui_row_count(const momui_tensor *x) {
    int64_t rows = 1;
    for (int i = 0; i + 1 < x->rank; i++)
        rows *= x->shape[i];
    return rows;
}
/* Memory that lives as long as the graph's arena; NULL fails the graph. */
void *momui_graph_alloc(momui_graph *g, size_t count, size_t size);

/* A node of `size` bytes, zeroed past its head, for `out`; NULL when nothing is to be recorded (no
 * tape, or no input needs a gradient) or memory ran out. Sets out->needs_grad. */
void *momui_tape_record(momui_graph *g, size_t size, momui_backward_step backward,
                        momui_tensor *out, int count, momui_tensor *const *inputs);
#define MOMUI_RECORD(g, type, backward, out, ...)                                                  \
    ((type *)momui_tape_record(                                                                    \
        (g), sizeof(type), (backward), (out),                                                      \
        (int)(sizeof((momui_tensor *const[]){__VA_ARGS__}) / sizeof(momui_tensor *)),              \
        (momui_tensor *const[]){__VA_ARGS__}))
/* The buffer of x's gradient (x's shape), to which a node adds. NULL: x needs none, or memory ran
 * out. A new buffer is zeroed where overwrite is NULL; otherwise it is not, and *overwrite says
 * that the node must write all of it in place of adding. */
float *momui_gradient(momui_graph *g, momui_tensor *x, bool *overwrite);
/* Adds out's whole gradient to x's; x may take over out's memory, so this must be the node's last
 * use of it. */
void momui_gradient_pass(momui_graph *g, momui_tensor *x, momui_tensor *out);

/* total (C) += the rows of out's gradient: what a bias gets */
void momui_gradient_rows(momui_graph *g, momui_tensor *out, float *total);

/* ---- work split over the pool, in pieces that depend on the shape alone ---- */
typedef void (*momui_span_work)(void *user, int64_t begin, int64_t end);
/* `width`: how many elements one of the `count` rows is, for the pieces' size. */
void momui_spans(momui_pool *pool, int64_t count, int64_t width, momui_span_work work, void *user);

/* Sums over rows in a fixed order: rows are cut into at most MOMUI_PARTS parts, each part adds into
 * its own zeroed (width) floats, and the parts are added up into `total` in order. */
enum { MOMUI_PARTS = 16 };
typedef void (*momui_part_work)(void *user, int64_t begin, int64_t end, float *sums);
void momui_sum_parts(momui_graph *g, int64_t rows, int64_t width, momui_part_work work, void *user,
                     float *total);

#endif
