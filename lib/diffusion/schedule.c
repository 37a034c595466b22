#include "diffusion/schedule.h"

#include <math.h>

/* beta_i = (sqrt(start) + i (sqrt(end) - sqrt(start)) / (T - 1))^2; s_i = sqrt(prod (1 - beta));
 * shifted and scaled so that s_{T-1} = 0 where there is to be no signal left. */
static void fill(momui_schedule *s, double start, double end, bool zero_terminal_snr) {
    double product = 1;
    int32_t last = s->steps - 1;
    for (int32_t i = 0; i <= last; i++) {
        double root = sqrt(start) + i * (sqrt(end) - sqrt(start)) / last;
        product *= 1 - root * root;
        s->alpha[i] = sqrt(product);
    }
    double first = s->alpha[0], rest = s->alpha[last];
    for (int32_t i = 0; i <= last; i++) {
        if (zero_terminal_snr)
            s->alpha[i] = (s->alpha[i] - rest) * first / (first - rest);
        s->sigma[i] = sqrt(1 - s->alpha[i] * s->alpha[i]);
    }
}

momu_status momui_schedule_create(momui_memory *memory, int32_t steps, double beta_start,
                                  double beta_end, bool zero_terminal_snr,
                                  momui_schedule **schedule, momu_error *error) {
    *schedule = NULL;
    if (steps < 2)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "a schedule of %d steps; expected 2 or more",
                          steps);
    momui_schedule *s = momui_calloc(memory, 1, sizeof *s);
    if (s) {
        s->steps = steps;
        s->alpha = momui_alloc(memory, (size_t)steps, sizeof *s->alpha);
        s->sigma = momui_alloc(memory, (size_t)steps, sizeof *s->sigma);
    }
    if (!s || !s->alpha || !s->sigma) {
        momui_schedule_free(s);
        return momui_fail_memory(error, "the noise schedule");
    }
    fill(s, beta_start, beta_end, zero_terminal_snr);
    *schedule = s;
    return MOMU_OK;
}

void momui_schedule_free(momui_schedule *schedule) {
    if (!schedule)
        return;
    momui_free(schedule->alpha);
    momui_free(schedule->sigma);
    momui_free(schedule);
}
