/* The options of `momu eval`. */
#ifndef MOMU_TOOLS_EVAL_OPTIONS_H
#define MOMU_TOOLS_EVAL_OPTIONS_H

#include "train/evaluate/evaluation.h"

typedef struct momu_eval_options {
    momui_evaluate_options evaluate;
    const char *reference, *output;
    bool tables, json, quiet;
} momu_eval_options;

/* -1: go on; else the exit status (--help, or a usage error that is on standard error). */
int momu_eval_read_options(int argc, char **argv, momu_eval_options *a);

#endif
