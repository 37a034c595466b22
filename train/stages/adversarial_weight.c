/* Computes the adversarial gradient of a reconstruction and its adaptive weight. */
#include "train/stages/adversarial_weight.h"

#include "nn/training_graph.h"
#include "train/losses/loss_ops.h"

#include <math.h>
#include <string.h>

static const double MAX_WEIGHT = 1e4, MIN_NORM = 1e-4;

/* A leaf that holds a copy of `data`. */
static momui_tensor *leaf(momui_graph *g, const momui_tensor *of) {
    momui_tensor *x = momui_tensor_from(g, of->rank, of->shape, of->data);
    if (x)
        x->needs_grad = true;
    return x;
}

/* The gradient of |y - x| with regard to y. */
static const float *reconstruction_gradient(momui_graph *g, const momui_tensor *y,
                                            momui_tensor *x) {
    momui_tensor *copy = leaf(g, y);
    momui_tensor *loss = momui_op_l1(g, copy, x, NULL);
    return loss && momui_backward(g, loss) == MOMU_OK ? copy->grad : NULL;
}

/* The gradient of the discriminator's -mean with regard to y. */
static const float *generator_gradient(const momui_trainer *trainer, momui_graph *g,
                                       const momui_tensor *y, double *generator) {
    momui_tensor *copy = leaf(g, y);
    momui_discriminator_output output;
    if (!copy || !momui_discriminator_training_forward(&trainer->discriminator, g, copy, &output))
        return NULL;
    momui_tensor *loss = momui_discriminator_generator_loss(g, &output);
    if (!loss)
        return NULL;
    *generator = (double)loss->data[0];
    return momui_backward(g, loss) == MOMU_OK ? copy->grad : NULL;
}

/* The norm of the last weight's gradient when y's gradient is `of_y`. */
static double last_norm(momui_graph *g, const momui_tensor *hidden, const momui_tensor *weight,
                        const float *of_y) {
    momui_tensor *h = momui_tensor_from(g, hidden->rank, hidden->shape, hidden->data);
    momui_tensor *w = leaf(g, weight);
    int pad = (int)(weight->shape[1] - 1) / 2;
    momui_tensor *y = momui_op_conv1d(g, h, w, NULL, 1, pad, pad);
    momui_tensor *sum = y ? momui_op_dot(g, y, of_y) : NULL;
    if (!sum || momui_backward(g, sum) != MOMU_OK)
        return 0;
    double square = 0;
    for (int64_t i = 0; i < momui_tensor_count(w); i++)
        square += (double)w->grad[i] * (double)w->grad[i];
    return sqrt(square);
}

/* Each in a graph of its own, so that none leaves gradients behind in another's tensors. */
static bool inner(momui_graph *outer, momui_graph *g) {
    if (outer->status == MOMU_OK)
        outer->status = momui_graph_begin_training(g, outer->arena, outer->pool, outer->error);
    return outer->status == MOMU_OK;
}

static void leave(momui_graph *outer, const momui_graph *g) {
    if (outer->status == MOMU_OK)
        outer->status = g->status;
}

momui_tensor *momui_discriminator_gradient(const momui_trainer *trainer, momui_graph *outer,
                                           momui_tensor *y, momui_tensor *x,
                                           const momui_tensor *hidden, const momui_tensor *weight,
                                           double *generator, double *adaptive) {
    size_t count = y ? (size_t)momui_tensor_count(y) : 0;
    float *gradient = y ? momui_arena_alloc(outer->arena, count, sizeof *gradient) : NULL;
    if (!gradient) {
        if (outer->status == MOMU_OK)
            outer->status = momui_fail_memory(outer->error, "an adversarial gradient");
        return NULL;
    }
    momui_arena_mark mark = momui_arena_position(outer->arena);
    momui_graph g;
    const float *reconstruction = NULL, *adversarial = NULL;
    double norms[2] = {0, 0};
    if (inner(outer, &g)) {
        reconstruction = reconstruction_gradient(&g, y, x);
        leave(outer, &g);
    }
    if (inner(outer, &g)) {
        adversarial = generator_gradient(trainer, &g, y, generator);
        leave(outer, &g);
    }
    for (int i = 0; i < 2; i++)
        if (inner(outer, &g)) {
            norms[i] = last_norm(&g, hidden, weight, i == 0 ? reconstruction : adversarial);
            leave(outer, &g);
        }
    if (outer->status != MOMU_OK)
        return NULL;
    *adaptive = fmin(MAX_WEIGHT, norms[0] / (norms[1] + MIN_NORM));
    float factor = (float)(trainer->settings.gan * *adaptive);
    for (size_t i = 0; i < count; i++)
        gradient[i] = factor * adversarial[i];
    momui_arena_reset(outer->arena, mark);
    return momui_op_dot(outer, y, gradient);
}
