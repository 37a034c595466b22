/* Operations that training alone needs: losses, and what discriminators and InfoNCE are made of.
 * Conventions are those of nn/nn.h. */
#ifndef MOMUI_TRAIN_LOSSES_LOSS_OPS_H
#define MOMUI_TRAIN_LOSSES_LOSS_OPS_H

#include "nn/nn.h"

/* windows of x (B, T, C): out[n] = max over frames start[n]..start[n]+length-1 of clip[n] ->
 * (count, C) */
momui_tensor *momui_op_window_max(momui_graph *g, momui_tensor *x, const int32_t *clip,
                                  const int32_t *start, int count, int length);
/* each row of (N, C) to unit length */
momui_tensor *momui_op_normalize(momui_graph *g, momui_tensor *x);

/* ---- losses: scalars of shape (1) ---- */
/* weight: (last axis) or NULL; mean of weight * |a - b| over all elements */
momui_tensor *momui_op_l1(momui_graph *g, momui_tensor *a, momui_tensor *b, const float *weight);
/* sum over elements of row_weight[row] * (a - b)^2 / divisor; rows are all axes but the last */
momui_tensor *momui_op_squared_error(momui_graph *g, momui_tensor *a, momui_tensor *b,
                                     const float *row_weight, double divisor);
/* mean over elements of (mean^2 + exp(logvar) - 1 - logvar) / 2 */
momui_tensor *momui_op_kl(momui_graph *g, momui_tensor *mean, momui_tensor *logvar);
/* logits (B, N), labels[b] 0..N-1, which must outlive the tape: mean of -log softmax at the label
 */
momui_tensor *momui_op_cross_entropy(momui_graph *g, momui_tensor *logits, const int32_t *labels);
/* mean over elements of -chance log sigmoid(logit) - (1 - chance) log(1 - sigmoid(logit)); chances
 * 0..1, one for each logit, which must outlive the tape */
momui_tensor *momui_op_binary_cross_entropy(momui_graph *g, momui_tensor *logits,
                                            const float *chances);
/* logits (N, N), row i belongs with column i: half the sum of both directions' mean cross entropies
 */
momui_tensor *momui_op_infonce(momui_graph *g, momui_tensor *logits);
/* a (N, C) b (M, C) -> a b^T * exp(min(log_scale, ln 100)) (N, M) */
momui_tensor *momui_op_similarity(momui_graph *g, momui_tensor *a, momui_tensor *b,
                                  momui_tensor *log_scale);
/* Of a discriminator's logits: mean of max(0, 1 - x), or of max(0, 1 + x) for what is not real. */
momui_tensor *momui_op_hinge(momui_graph *g, momui_tensor *x, bool real);
momui_tensor *momui_op_mean(momui_graph *g, momui_tensor *x);
/* sum of weights[i] * x[i] over all elements: passes on a gradient that was computed elsewhere */
momui_tensor *momui_op_dot(momui_graph *g, momui_tensor *x, const float *weights);
/* sum of weights[i] * scalars[i] */
momui_tensor *momui_op_weighted_sum(momui_graph *g, momui_tensor *const *scalars,
                                    const float *weights, int count);

/* The logarithm of the sum of exp over `n` values that lie `step` apart. */
double momui_log_sum_exp(const float *x, int64_t n, int64_t step);

#endif
