/* The parts of a run (run_stages.c): its settings and one task. */
#ifndef MOMUI_TRAIN_STAGES_RUN_TASK_H
#define MOMUI_TRAIN_STAGES_RUN_TASK_H

#include "train/stages/trainer.h"

/* run_settings.c. Makes OUT, and removes the temporary files that a killed run left there. */
momu_status momui_run_options_check(const momui_train_options *options, momu_error *error);
/* From the options, else the task's defaults; `minutes` are the task's share. */
void momui_run_settings_begin(momui_trainer *trainer, double minutes);
/* From the checkpoint, but for options that the caller sets again. */
void momui_run_settings_resume(momui_trainer *trainer, const momui_settings *saved, double minutes);

/* run_task.c. Loads the dataset unless it is there with all that the task needs. */
momu_status momui_run_load_data(momui_trainer *trainer, momu_error *error);
/* Trains trainer->task and writes OUT/model.safetensors. `checkpoint` NULL: from the first step.
 * `last`: of the run, so that --bf16 holds. */
momu_status momui_run_task(momui_trainer *trainer, const momui_checkpoint *checkpoint, bool last,
                           momu_error *error);
/* Frees what belongs to the task; the dataset stays. */
void momui_run_task_close(momui_trainer *trainer);

#endif
