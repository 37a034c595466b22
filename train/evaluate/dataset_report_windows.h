/* Windows of many pairs as the input of an evaluation network. Internal to dataset_report_*.c. */
#ifndef MOMUI_TRAIN_EVALUATE_DATASET_REPORT_WINDOWS_H
#define MOMUI_TRAIN_EVALUATE_DATASET_REPORT_WINDOWS_H

#include "train/evaluate/dataset_report.h"
#include "train/evaluate/evaluation_training.h"

typedef struct momui_report_windows {
    momui_memory *memory;
    momui_labelled_windows data;
    const float **windows;
    int32_t *label;
    float *tempo, *energy;
    size_t *pair; /* the pair of each window; a take's number follows those of the pairs */
    size_t capacity;
} momui_report_windows;

/* false: out of memory. */
bool momui_report_windows_open(momui_report_windows *p, momui_memory *memory, size_t capacity);
/* Adds window `index` of `w`; `annotations` may be NULL. */
void momui_report_windows_add(momui_report_windows *p, const momui_windows *w, int32_t index,
                              int32_t label, size_t pair, const momui_annotations *annotations);
void momui_report_windows_release(momui_report_windows *p);

/* The index of the greatest value. */
int32_t momui_report_best(const float *values, int32_t count);

#endif
