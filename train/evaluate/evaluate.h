/* Runs an evaluation (evaluation.h). */
#ifndef MOMUI_TRAIN_EVALUATE_EVALUATE_H
#define MOMUI_TRAIN_EVALUATE_EVALUATE_H

#include "train/evaluate/evaluation.h"

/* Reads, generates and analyses everything. A pair that fails is noted and counted. */
momu_status momui_evaluate(momui_memory *memory, const momui_evaluate_options *options,
                           momui_evaluation *evaluation, momu_error *error);

#endif
