/* A small synthetic set of pairs: clicks, and a character that stops on them.
 */
#ifndef MOMU_TEST_SYNTHETIC_H
#define MOMU_TEST_SYNTHETIC_H

#include "train/stages/training.h"

#include <momu/audio.h>
#include <momu/model.h>
#include <stdbool.h>

/* For momui_train_options.report: the validation after the first step, and the newest. */
typedef struct synthetic_watch {
    double first, last;
} synthetic_watch;
void synthetic_record(void *watch, const momui_train_event *event);

/* Makes `count` pairs of `seconds` in a new folder and returns its path, to be removed by
 * synthetic_remove(). */
char *synthetic_folder(void);
void synthetic_pairs(const char *folder, int count, double seconds);
/* Every file of the folder, and the folder. */
void synthetic_remove(char *folder);

/* Preset tiny in crops of 4 s, from OUT's model where there is one. */
momui_train_options synthetic_options(const char *pairs, const char *out, int64_t steps,
                                      synthetic_watch *watch);
/* Trains by them; the test fails where that fails. */
void synthetic_trained(const char *pairs, const char *out, momui_train_stage stage, int64_t steps,
                       synthetic_watch *watch);
/* OUT's model, to be released; the test fails where there is none. */
momu_model *synthetic_model(const char *out);
bool synthetic_same(const momu_audio *a, const momu_audio *b);

#endif
