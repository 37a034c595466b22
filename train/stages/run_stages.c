/* A run: the tasks of a stage one after the other, from which weights or checkpoint each begins,
 * and which of them a model or a dataset leaves out. */
#include "train/stages/run_task.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const momui_network_task *const ALL[] = {
    &momui_task_music,     &momui_task_motion,           &momui_task_to_music,
    &momui_task_to_motion, &momui_task_genre_classifier, &momui_task_beat_tracker,
    &momui_task_keypoints, &momui_task_vocoder};

enum { TO_MOTION = 3, GENRE, BEATS, KEYPOINTS, VOCODER }; /* places in ALL */

/* The tasks of a stage: ALL[first] .. ALL[last]. */
static bool tasks_of(momui_train_stage stage, int *first, int *last) {
    static const int RANGE[][2] = {{0, 0},
                                   {1, 1},
                                   {2, 3},
                                   {2, 2},
                                   {3, 3},
                                   {0, VOCODER},
                                   {VOCODER, VOCODER},
                                   {KEYPOINTS, KEYPOINTS},
                                   {GENRE, GENRE},
                                   {BEATS, BEATS}};
    if ((unsigned)stage >= sizeof RANGE / sizeof *RANGE)
        return false;
    *first = RANGE[stage][0];
    *last = RANGE[stage][1];
    return true;
}

static bool file_there(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

static momu_status load_model(momui_trainer *trainer, const char *path, momu_error *error) {
    momui_bytes bytes;
    MOMUI_TRY(momui_bytes_from_path(trainer->memory, path, true, UINT64_C(1) << 36, &bytes, error));
    momu_status status = momui_bundle_load(trainer->memory, &bytes, false, &trainer->bundle, error);
    momui_bytes_release(&bytes);
    return status;
}

static momu_status check_preset(const momui_trainer *trainer, const char *path, momu_error *error) {
    const char *preset = trainer->options->preset, *actual = trainer->bundle->config.preset;
    if (preset && strcmp(preset, actual) != 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: is of preset %s, but --preset is %s; leave the preset out or take "
                          "another folder",
                          path, actual, preset);
    return MOMU_OK;
}

/* The weights that a task begins with: those of the task before it, --init, or new ones. */
static momu_status begin_weights(momui_trainer *trainer, bool first_task, momu_error *error) {
    const momui_train_options *o = trainer->options;
    char model[1000];
    snprintf(model, sizeof model, "%s/model.safetensors", o->out);
    bool continues = !first_task || trainer->task->network != MOMUI_TRAIN_NET_MUSIC || o->resume;
    if (first_task && o->init && !(o->resume && file_there(model))) {
        MOMUI_TRY(load_model(trainer, o->init, error));
        return check_preset(trainer, o->init, error);
    }
    if (file_there(model)) {
        if (!continues)
            return momui_fail(
                error, MOMU_ERROR_ARGUMENT,
                "%s exists already: give --resume to continue, --init to start from a "
                "model, or another --out",
                model);
        MOMUI_TRY(load_model(trainer, model, error));
        return check_preset(trainer, model, error);
    }
    if (!o->preset)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "no model to start from: give --preset paper, base, small or tiny, or "
                          "--init MODEL");
    momui_config config;
    MOMUI_TRY(momui_config_preset(o->preset, &config, error));
    return momui_bundle_create(trainer->memory, &config, o->seed, &trainer->bundle, error);
}

/* Opens OUT/checkpoint.safetensors when the run resumes and it belongs to one of the tasks; *at is
 * which. */
static momu_status find_checkpoint(momui_trainer *trainer, char path[1000], int first, int last,
                                   momui_checkpoint *checkpoint, int *at, momu_error *error) {
    *at = -1;
    snprintf(path, 1000, "%s/checkpoint.safetensors", trainer->options->out);
    if (!trainer->options->resume)
        return MOMU_OK;
    if (!file_there(path)) {
        momui_trainer_note(trainer, "%s: no checkpoint yet, starting from the beginning", path);
        return MOMU_OK;
    }
    MOMUI_TRY(momui_checkpoint_open(trainer->memory, path, checkpoint, error));
    for (int i = first; i <= last; i++)
        if (strcmp(ALL[i]->name, checkpoint->task) == 0)
            *at = i;
    if (*at < 0)
        momui_trainer_note(trainer, "%s: is of task %s; this stage starts from its beginning", path,
                           checkpoint->task);
    return MOMU_OK;
}

/* Whether this model has no network for the task. */
static bool lacking(const momui_bundle *bundle, int task) {
    return (task == GENRE && !bundle->genre) || (task == BEATS && !bundle->motion_beat_tracker) ||
           (task == KEYPOINTS && !bundle->keypoints) || (task == VOCODER && !bundle->vocoder);
}

/* Of all tasks, those whose network the model lacks, and the genre classifier and the beat tracker
 * where no pair has annotations for them. */
static bool left_out(const momui_trainer *trainer, int task) {
    return lacking(trainer->bundle, task) ||
           ((task == GENRE || task == BEATS) &&
            momui_dataset_frames(&trainer->data, false, momui_task_filter(ALL[task])) == 0);
}

static double share_of(const momui_trainer *trainer, int first, int last, int task) {
    double sum = 0;
    for (int i = first; i <= last; i++)
        if (i == task || !left_out(trainer, i))
            sum += ALL[i]->share;
    return trainer->options->minutes * ALL[task]->share / sum;
}

/* The tasks ALL[first] .. ALL[last], and the checkpoint of one of them (resumed; -1: of none). */
typedef struct task_run {
    int first, last, resumed;
    bool all; /* stage all: `last` becomes the last task that is not left out */
    momui_checkpoint checkpoint;
} task_run;

static momu_status run_one(momui_trainer *trainer, task_run *run, int i, momu_error *error) {
    bool resumes = i == run->resumed;
    trainer->task = ALL[i];
    if (resumes)
        MOMUI_TRY(
            momui_checkpoint_bundle(trainer->memory, &run->checkpoint, &trainer->bundle, error));
    else
        MOMUI_TRY(begin_weights(trainer, i == run->first, error));
    if (run->all) {
        if (!lacking(trainer->bundle, i)) /* the data decide, too */
            MOMUI_TRY(momui_run_load_data(trainer, error));
        for (run->last = VOCODER; run->last > TO_MOTION && left_out(trainer, run->last);)
            run->last--;
        if (left_out(trainer, i)) {
            momui_trainer_note(trainer,
                               "%s: left out; this model has no such network, or the pairs "
                               "lack the annotations that it learns from",
                               ALL[i]->name);
            return MOMU_OK;
        }
    }
    double minutes = share_of(trainer, run->first, run->last, i);
    if (resumes)
        momui_run_settings_resume(trainer, &run->checkpoint.settings, minutes);
    else
        momui_run_settings_begin(trainer, minutes);
    return momui_run_task(trainer, resumes ? &run->checkpoint : NULL, i == run->last, error);
}

static momu_status run_tasks(momui_trainer *trainer, int first, int last, momu_error *error) {
    task_run run = {.first = first, .last = last, .all = first == 0 && last == VOCODER};
    char path[1000];
    momu_status status;
    MOMUI_TRY_GOTO(
        find_checkpoint(trainer, path, first, last, &run.checkpoint, &run.resumed, error), status,
        done);
    for (int i = run.resumed >= 0 ? run.resumed : first; status == MOMU_OK && i <= run.last; i++) {
        status = run_one(trainer, &run, i, error);
        if (i == run.resumed)
            momui_checkpoint_close(&run.checkpoint);
        momui_run_task_close(trainer);
    }
done:
    momui_checkpoint_close(&run.checkpoint);
    return status;
}

momu_status momui_trainer_arenas(momui_trainer *trainer, int threads, momu_error *error) {
    trainer->arenas = momui_calloc(NULL, (size_t)threads, sizeof(momui_arena *));
    for (int i = 0; trainer->arenas && i < threads; i++)
        if (!(trainer->arenas[i] = momui_arena_create(NULL)))
            return momui_fail_memory(error, "the trainer's arenas");
    return trainer->arenas ? MOMU_OK : momui_fail_memory(error, "the trainer's arenas");
}

void momui_trainer_close_arenas(momui_trainer *trainer, int threads) {
    for (int i = 0; trainer->arenas && i < threads; i++)
        momui_arena_destroy(trainer->arenas[i]);
    momui_free(trainer->arenas);
    trainer->arenas = NULL;
}

momu_status momui_train_run(momui_train_stage stage, const momui_train_options *options,
                            momu_error *error) {
    int first, last;
    if (!tasks_of(stage, &first, &last))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "there is no training stage %d", (int)stage);
    MOMUI_TRY(momui_run_options_check(options, error));
    momui_trainer trainer = {.options = options};
    int threads = options->threads > 0 ? options->threads : 1;
    momu_status status;
    MOMUI_TRY_GOTO(momui_pool_create(NULL, threads, &trainer.pool, error), status, done);
    MOMUI_TRY_GOTO(momui_trainer_arenas(&trainer, threads, error), status, done);
    MOMUI_TRY_GOTO(run_tasks(&trainer, first, last, error), status, done);
done:
    momui_dataset_release(&trainer.data);
    momui_mel_bank_close(&trainer.filters);
    momui_trainer_close_arenas(&trainer, threads);
    momui_pool_destroy(trainer.pool);
    return status;
}
