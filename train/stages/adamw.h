/* AdamW (Loshchilov & Hutter 2019) with linear warm-up, clipping by the global norm, and an
 * exponential moving average. */
#ifndef MOMUI_TRAIN_STAGES_ADAMW_H
#define MOMUI_TRAIN_STAGES_ADAMW_H

#include "nn/nn.h"

typedef struct momui_adamw {
    double rate, beta1, beta2, epsilon,
        decay;             /* decay applies to matrices only, not to rank-1 tensors */
    double clip;           /* global norm; 0 means none */
    double average;        /* EMA's factor; 0 means none */
    int64_t warmup, total; /* steps; total > 0: cosine from rate to rate/10 after the warm-up */
    int64_t step;
} momui_adamw;

/* Gives every unfrozen parameter its gradient and moments. */
momu_status momui_adamw_attach(momui_parameters *set, bool average, momu_error *error);
/* One step; *norm is the gradients' norm before clipping. MOMU_ERROR_NUMERIC when it is not finite.
 */
momu_status momui_adamw_step(momui_adamw *optimiser, momui_parameters *set, momui_pool *pool,
                             double *norm, momu_error *error);

#endif
