/* Reads and measures one pair of a dataset report. Internal to dataset_report*.c. */
#ifndef MOMUI_TRAIN_EVALUATE_DATASET_REPORT_PAIR_H
#define MOMUI_TRAIN_EVALUATE_DATASET_REPORT_PAIR_H

#include "train/evaluate/dataset_report.h"

typedef struct momui_report_reading {
    const momui_dataset_report_options *options;
    momui_dataset_report *dataset;
    int32_t long_in_training, short_in_pair;
    size_t done;
} momui_report_reading;

/* Reads, measures and cuts pair `number`, or take `number - pair_count`; its status and error say
 * how that went. */
void momui_reported_pair_read(const momui_report_reading *r, size_t number);
void momui_reported_pair_release(momui_reported_pair *pair);

#endif
