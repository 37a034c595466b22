/* A dataset report as tables and as JSON. */
#ifndef MOMU_TOOLS_DATASET_REPORT_PRINT_H
#define MOMU_TOOLS_DATASET_REPORT_PRINT_H

#include "train/evaluate/dataset_report.h"

typedef struct momu_dataset_results {
    const char *folder;
    bool markdown;
    momui_dataset_report dataset;
    momui_dataset_report_row rows[MOMUI_GENRES + 1]; /* 0: all */
    momui_genre_report genre[2];                     /* music, motion */
    momui_mocap_report mocap[3];                     /* all, motion capture, procedural */
    momui_motion_metrics ours, theirs;
    bool networks_ran;
} momu_dataset_results;

/* To standard output. */
void momu_dataset_report_print(const momu_dataset_results *r);
/* To a file; an exit status. */
int momu_dataset_report_json(const momu_dataset_results *r, const char *path);

#endif
