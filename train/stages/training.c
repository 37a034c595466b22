/* A run: which tasks, from which weights, and the model file after each. */
#include "train/stages/trainer.h"

#include "base/numbers.h"
#include "train/stages/adamw.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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

static void forward_note(void *user, const char *sentence) {
    momui_trainer_note(user, "%s", sentence);
}

/* What a killed run was writing is left beside its place, under its process's number. */
static void sweep_parts(const char *folder) {
    static const char MARK[] = ".part-";
    DIR *directory = opendir(folder);
    if (!directory)
        return;
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[1400], *end;
        const char *mark = strstr(entry->d_name, MARK);
        long process = mark ? strtol(mark + sizeof MARK - 1, &end, 10) : 0;
        if (process <= 0 || *end || kill((pid_t)process, 0) == 0 || errno != ESRCH)
            continue;
        snprintf(path, sizeof path, "%.1000s/%.300s", folder, entry->d_name);
        remove(path);
    }
    closedir(directory);
}

static momu_status check_options(const momui_train_options *o, momu_error *error) {
    if (!o->data || !o->out || strlen(o->out) > 900)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "training needs a folder of pairs and a folder to write to, of at most "
                          "900 bytes");
    if (o->steps < 0 || !(o->minutes >= 0 && o->minutes <= 1e6) || o->batch < 0 || o->batch > 4096)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "steps and minutes must not be negative, a batch has at most 4096 items");
    if (!(o->seconds >= 0 && o->seconds <= 3600) || !(o->rate >= 0 && o->rate <= 1))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the crop must be 0 to 3600 s and the learning rate 0 to 1");
    if (!(o->contrast <= 1e6) || !(o->gan <= 1e6) || !(o->gan_start <= 1))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the weights of InfoNCE and discriminator are at most 1e6, and the "
                          "discriminator begins within the run");
    if (o->threads < 0 || o->threads > 256)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "threads: found %d; expected 1 to 256",
                          o->threads);
    if (mkdir(o->out, 0777) != 0 && errno != EEXIST)
        return momui_fail(error, MOMU_ERROR_IO, "%s: the folder could not be made: %s", o->out,
                          strerror(errno));
    sweep_parts(o->out);
    return MOMU_OK;
}

static momu_status load_model(momui_trainer *trainer, const char *path, momu_error *error) {
    momui_bytes bytes;
    MOMUI_TRY(momui_bytes_from_path(trainer->memory, path, true, UINT64_C(1) << 36, &bytes, error));
    momu_status status = momui_bundle_load(trainer->memory, &bytes, false, &trainer->bundle, error);
    momui_bytes_release(&bytes);
    return status;
}

static momu_status check_preset(const momui_trainer *trainer, const char *path, momu_error *error) {
    const char *preset = trainer->options->preset, *found = trainer->bundle->config.preset;
    if (preset && strcmp(preset, found) != 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: is of preset %s, but --preset says %s; leave the preset out or take "
                          "another folder",
                          path, found, preset);
    return MOMU_OK;
}

/* The weights that a task begins with: the one before it, --init, or fresh ones. */
static momu_status begin_weights(momui_trainer *trainer, bool first_task, momu_error *error) {
    const momui_train_options *o = trainer->options;
    char model[1000];
    snprintf(model, sizeof model, "%s/model.safetensors", o->out);
    bool continues = !first_task || trainer->task != &momui_task_music || o->resume;
    if (first_task && o->init && !(o->resume && file_there(model))) {
        MOMUI_TRY(load_model(trainer, o->init, error));
        return check_preset(trainer, o->init, error);
    }
    if (file_there(model)) {
        if (!continues)
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "%s exists already: give --resume to go on, --init to start from a "
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

static void begin_settings(momui_trainer *trainer, double minutes) {
    const momui_train_options *o = trainer->options;
    const momui_network_task *task = trainer->task;
    momui_settings *s = &trainer->settings;
    *s = (momui_settings){.seed = o->seed, .steps = o->steps, .minutes = minutes};
    if (s->steps == 0 && s->minutes <= 0)
        s->steps = task->steps;
    s->batch = o->batch > 0 ? o->batch : task->batch;
    s->rate = o->rate > 0 ? o->rate : task->rate;
    s->seconds = o->seconds > 0 ? o->seconds : task->seconds;
    s->contrast = o->contrast < 0 ? 0 : o->contrast > 0 ? o->contrast : MOMUI_INFONCE_WEIGHT;
    s->contrast = o->decoder_only ? 0 : s->contrast;
    s->gan = o->gan < 0 ? 0 : o->gan > 0 ? o->gan : task->gan;
    s->gan_start = o->gan_start < 0 ? 0 : o->gan_start > 0 ? o->gan_start : MOMUI_GAN_START;
    if ((task == &momui_task_to_music || task == &momui_task_to_motion) && o->seconds <= 0)
        s->seconds = trainer->bundle->config.window_seconds;
}

/* What the caller says anew when resuming wins over what the checkpoint says. */
static void resume_settings(momui_trainer *trainer, const momui_settings *saved, double minutes) {
    const momui_train_options *o = trainer->options;
    momui_settings *s = &trainer->settings;
    *s = *saved;
    if (o->steps > 0)
        s->steps = o->steps;
    if (o->minutes > 0)
        s->minutes = minutes;
    if (o->batch > 0)
        s->batch = o->batch;
    if (o->rate > 0)
        s->rate = o->rate;
    if (o->seconds > 0)
        s->seconds = o->seconds;
    if (o->contrast != 0)
        s->contrast = fmax(0, o->contrast);
    if (o->decoder_only)
        s->contrast = 0;
    if (o->gan != 0)
        s->gan = fmax(0, o->gan);
    if (o->gan_start != 0)
        s->gan_start = fmax(0, o->gan_start);
}

static momu_status set_text(char **text, const char *value, momu_error *error) {
    if (!value)
        return MOMU_OK;
    char *copy = momui_strdup(NULL, value);
    if (!copy)
        return momui_fail_memory(error, "the model's texts");
    momui_free(*text);
    *text = copy;
    return MOMU_OK;
}

static momu_status open_discriminator(momui_trainer *trainer, const momui_checkpoint *checkpoint,
                                      momu_error *error) {
    if (trainer->task->discriminator == MOMUI_NO_DISCRIMINATOR || !(trainer->settings.gan > 0))
        return MOMU_OK;
    if (trainer->bundle->config.wave) { /* its patches are of mels */
        momui_trainer_note(trainer, "a model of waves trains without a discriminator");
        trainer->settings.gan = 0;
        return MOMU_OK;
    }
    bool patches = trainer->task->discriminator == MOMUI_PATCHES;
    bool paper = strcmp(trainer->bundle->config.preset, "paper") == 0;
    int32_t channels = paper ? (patches ? 64 : 32) : 16;
    MOMUI_TRY(momui_discriminator_training_open(&trainer->discriminator, trainer->memory,
                                                trainer->task->discriminator, channels,
                                                trainer->settings.seed + 1, error));
    if (!checkpoint)
        return MOMU_OK;
    return momui_discriminator_training_load(&trainer->discriminator, checkpoint->file,
                                             trainer->settings.discriminator_steps, error);
}

/* Only the task's own networks move. */
static momu_status attach(momui_trainer *trainer, momu_error *error) {
    momui_parameters *set = &trainer->bundle->parameters;
    for (int i = 0; i < set->count; i++)
        momui_parameters_freeze(set, set->items[i]->name, true);
    for (int i = 0; i < 2; i++)
        if (trainer->task->trained[i])
            momui_parameters_freeze(set, trainer->task->trained[i], false);
    if (trainer->options->decoder_only) { /* latents stay what they are */
        static const char *const KEPT[] = {"music_vae.encoder.", "music_vae.quant.",
                                           "motion_vae.encoder.", "motion_vae.quant.", "infonce."};
        for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++)
            momui_parameters_freeze(set, KEPT[i], true);
    }
    trainer->optimiser = (momui_adamw){.rate = trainer->settings.rate,
                                       .beta1 = trainer->task->waves ? 0.8 : 0.9,
                                       .beta2 = trainer->task->average ? 0.98 : 0.99,
                                       .epsilon = 1e-8,
                                       .decay = 0.01,
                                       .clip = 1.0,
                                       .step = trainer->settings.step};
    return momui_adamw_attach(set, trainer->task->average, error);
}

/* The model after a task; its history grows by a sentence. */
static momu_status write_model(momui_trainer *trainer, bool bf16, momu_error *error) {
    momui_bundle *bundle = trainer->bundle;
    const momui_settings *s = &trainer->settings;
    char history[2048], path[1000];
    snprintf(history, sizeof history, "%.1500s%s%s: %lld steps of batch %d, seed %llu",
             bundle->trained_by ? bundle->trained_by : "",
             bundle->trained_by && bundle->trained_by[0] ? "; " : "momu train, ",
             trainer->task->name, (long long)s->step, s->batch, (unsigned long long)s->seed);
    MOMUI_TRY(set_text(&bundle->trained_by, history, error));
    snprintf(path, sizeof path, "%s/model.safetensors", trainer->options->out);
    return momui_bundle_save(bundle, path, bf16 ? MOMUI_WEIGHTS_BF16 : MOMUI_WEIGHTS_F32,
                             trainer->task->average, error);
}

static momu_status make_schedule(momui_trainer *trainer, momu_error *error) {
    const momui_diffusion_config *d = &trainer->bundle->config.diffusion;
    momui_schedule_free(trainer->schedule);
    trainer->schedule = NULL;
    return momui_schedule_create(trainer->memory, d->steps, d->beta_start, d->beta_end,
                                 d->zero_terminal_snr, &trainer->schedule, error);
}

static momu_status load_data(momui_trainer *trainer, momu_error *error) {
    bool waves = trainer->task->waves || trainer->bundle->config.wave;
    bool rows = trainer->task->rows || trainer->task->id <= 2;
    if (trainer->data.count > 0 && (trainer->data.waves || !waves) &&
        !(trainer->data.emptied && rows))
        return MOMU_OK;
    momui_dataset_release(&trainer->data);
    trainer->encoded[0] = trainer->encoded[1] = false;
    MOMUI_TRY(momui_dataset_load(trainer->memory, trainer->pool, trainer->options->data,
                                 &trainer->bundle->config, waves, forward_note, trainer,
                                 &trainer->data, error));
    size_t held = 0;
    double rate = (double)trainer->bundle->config.sample_rate / trainer->bundle->config.hop;
    int64_t frames = 0;
    for (size_t i = 0; i < trainer->data.count; i++) {
        held += trainer->data.items[i].validation;
        frames += trainer->data.items[i].frames;
    }
    momui_trainer_note(trainer,
                       "%zu pairs, %.1f minutes in all; %zu of them for validation; %zu broken "
                       "ones skipped",
                       trainer->data.count, (double)frames / rate / 60, held,
                       trainer->data.skipped);
    return MOMU_OK;
}

/* From a bundle that is there to a trained one on disk. `checkpoint` NULL: from the first step. */
static momu_status run_task(momui_trainer *trainer, const momui_checkpoint *checkpoint, bool last,
                            momu_error *error) {
    const momui_train_options *o = trainer->options;
    MOMUI_TRY(load_data(trainer, error));
    MOMUI_TRY(set_text(&trainer->bundle->license, o->license, error));
    MOMUI_TRY(set_text(&trainer->bundle->training_data, o->training_data, error));
    MOMUI_TRY(make_schedule(trainer, error));
    double began = momui_seconds_now();
    MOMUI_TRY(trainer->task->prepare(trainer, error));
    if (trainer->settings.minutes > 0) /* they are minutes of everything */
        trainer->settings.elapsed += momui_seconds_now() - began;
    MOMUI_TRY(attach(trainer, error));
    MOMUI_TRY(momui_micro_batches_open(trainer, error));
    if (checkpoint)
        MOMUI_TRY(momui_checkpoint_moments(checkpoint, &trainer->bundle->parameters, error));
    MOMUI_TRY(open_discriminator(trainer, checkpoint, error));
    MOMUI_TRY(momui_log_open(&trainer->log, trainer->memory, o->out, trainer->task,
                             trainer->settings.step, error));
    momui_trainer_note(trainer, "%s: from step %lld", trainer->task->name,
                       (long long)trainer->settings.step);
    MOMUI_TRY(momui_trainer_loop(trainer, error));
    trainer->encoded[0] = trainer->encoded[0] && trainer->task != &momui_task_music;
    trainer->encoded[1] = trainer->encoded[1] && trainer->task != &momui_task_motion;
    if (trainer->task->finish)
        trainer->task->finish(trainer);
    return write_model(trainer, last && o->bf16, error);
}

static void drop_task(momui_trainer *trainer) {
    momui_log_release(&trainer->log);
    momui_micro_batches_close(trainer);
    momui_discriminator_training_close(&trainer->discriminator);
    momui_bundle_free(trainer->bundle);
    momui_schedule_free(trainer->schedule);
    trainer->bundle = NULL;
    trainer->schedule = NULL;
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

/* Of all tasks, those that are lacking, and genre and beats where no pair says them. */
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

static momu_status run_tasks(momui_trainer *trainer, int first, int last, momu_error *error) {
    momui_checkpoint checkpoint = {0};
    char path[1000];
    int resumed;
    momu_status status = find_checkpoint(trainer, path, first, last, &checkpoint, &resumed, error);
    int start = resumed >= 0 ? resumed : first;
    bool all = first == 0 && last == VOCODER;
    for (int i = start; status == MOMU_OK && i <= last; i++) {
        bool resumes = i == resumed;
        trainer->task = ALL[i];
        if (resumes)
            status = momui_checkpoint_bundle(trainer->memory, &checkpoint, &trainer->bundle, error);
        else
            status = begin_weights(trainer, i == first, error);
        if (status == MOMU_OK && all && !lacking(trainer->bundle, i)) /* the data, too, decide */
            status = load_data(trainer, error);
        if (status == MOMU_OK && all)
            for (last = VOCODER; last > TO_MOTION && left_out(trainer, last);)
                last--;
        if (status == MOMU_OK && all && left_out(trainer, i)) {
            momui_trainer_note(trainer,
                               "%s: left out; this model has no such network, or the pairs "
                               "do not say what it learns",
                               ALL[i]->name);
            drop_task(trainer);
            continue;
        }
        if (status == MOMU_OK && resumes)
            resume_settings(trainer, &checkpoint.settings, share_of(trainer, first, last, i));
        else if (status == MOMU_OK)
            begin_settings(trainer, share_of(trainer, first, last, i));
        if (status == MOMU_OK)
            status = run_task(trainer, resumes ? &checkpoint : NULL, i == last, error);
        if (resumes)
            momui_checkpoint_close(&checkpoint);
        drop_task(trainer);
    }
    momui_checkpoint_close(&checkpoint);
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
    MOMUI_TRY(check_options(options, error));
    momui_trainer trainer = {.options = options};
    int threads = options->threads > 0 ? options->threads : 1;
    momu_status status = momui_pool_create(NULL, threads, &trainer.pool, error);
    if (status == MOMU_OK)
        status = momui_trainer_arenas(&trainer, threads, error);
    if (status == MOMU_OK)
        status = run_tasks(&trainer, first, last, error);
    momui_dataset_release(&trainer.data);
    momui_mel_bank_close(&trainer.filters);
    momui_trainer_close_arenas(&trainer, threads);
    momui_pool_destroy(trainer.pool);
    return status;
}
