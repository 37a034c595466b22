/* A small set of pairs that tests make for themselves: clicks, and a figure that arrests on them.
 */
#ifndef MOMU_TEST_SYNTHETIC_H
#define MOMU_TEST_SYNTHETIC_H

#include "train/train.h"

/* For momui_train_options.report: the validation after the first step, and the newest. */
typedef struct synthetic_watch {
    double first, last;
} synthetic_watch;
void synthetic_see(void *watch, const momui_train_event *event);

/* Makes `count` pairs of `seconds` in a new folder and returns its path, to be removed by
 * synthetic_remove(). */
char *synthetic_folder(void);
void synthetic_pairs(const char *folder, int count, double seconds);
/* Every file of the folder, and the folder. */
void synthetic_remove(char *folder);

/* Trains preset tiny in crops of 4 s, from OUT's model where there is one; the second fails the
 * test where it cannot. */
momu_status synthetic_train(const char *pairs, const char *out, momui_train_stage stage,
                            int64_t steps, synthetic_watch *watch, momu_error *error);
void synthetic_trained(const char *pairs, const char *out, momui_train_stage stage, int64_t steps,
                       synthetic_watch *watch);

#endif
