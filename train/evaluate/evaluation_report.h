/* An evaluation as tables. */
#ifndef MOMUI_TRAIN_EVALUATE_EVALUATION_REPORT_H
#define MOMUI_TRAIN_EVALUATE_EVALUATION_REPORT_H

#include "train/evaluate/scores.h"
#include "train/evaluate/table.h"

/* Beat F1 (also by origin and by genre), the paper's metrics, quality, physical plausibility, joint
 * generation: what the evaluation has. An F1 that is no better than chance says so. A metric by
 * which the metronome is not worse than the generated results (or than the truth, where there are
 * none) gets a warning under its table. */
momu_status momui_report_tables(const momui_evaluation *v, momui_tables *tables, momu_error *error);

/* Tables 2 to 7 and 10 in the paper's layout: measured rows, and published rows marked as measured
 * on other data. */
momu_status momui_paper_tables(const momui_evaluation *v, momui_tables *tables, momu_error *error);

#endif
