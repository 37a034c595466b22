/* An evaluation as tables. */
#ifndef MOMUI_TRAIN_EVALUATE_EVALUATION_REPORT_H
#define MOMUI_TRAIN_EVALUATE_EVALUATION_REPORT_H

#include "train/evaluate/scores.h"
#include "train/evaluate/table.h"

/* Beats strict, by origin and by genre, the paper's, quality, motion sanity, joint generation: what
 * the evaluation has. A metric on which the metronome is not worse than what was made (or than the
 * truth, where nothing was) gets a warning under its table. */
momu_status momui_report_tables(const momui_evaluation *v, momui_tables *tables, momu_error *error);

/* Tables 2 to 7 and 10 in the paper's layout: measured rows, and published rows marked as measured
 * on other data. */
momu_status momui_paper_tables(const momui_evaluation *v, momui_tables *tables, momu_error *error);

#endif
