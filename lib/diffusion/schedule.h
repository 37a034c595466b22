/* The noise schedule of docs/diffusion.md. */
#ifndef MOMUI_DIFFUSION_SCHEDULE_H
#define MOMUI_DIFFUSION_SCHEDULE_H

#include "base/memory.h"

typedef struct momui_schedule {
    int32_t steps;         /* T */
    double *alpha, *sigma; /* (T): x_t = alpha x0 + sigma e */
} momui_schedule;

momu_status momui_schedule_create(momui_memory *memory, int32_t steps, double beta_start,
                                  double beta_end, bool zero_terminal_snr,
                                  momui_schedule **schedule, momu_error *error);
void momui_schedule_free(momui_schedule *schedule); /* NULL is allowed */

#endif
