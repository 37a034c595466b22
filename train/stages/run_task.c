/* One task: from a bundle in memory, and a checkpoint where the run resumes, to the trained model
 * file. */
#include "train/stages/run_task.h"

#include <stdio.h>
#include <string.h>

static void forward_note(void *user, const char *sentence) {
    momui_trainer_note(user, "%s", sentence);
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
    if (trainer->bundle->config.wave) { /* its discriminator reads mels */
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

/* Trains the task's own networks alone. */
static momu_status attach(momui_trainer *trainer, momu_error *error) {
    momui_parameters *set = &trainer->bundle->parameters;
    for (int i = 0; i < set->count; i++)
        momui_parameters_freeze(set, set->items[i]->name, true);
    for (int i = 0; i < 2; i++)
        if (trainer->task->trained[i])
            momui_parameters_freeze(set, trainer->task->trained[i], false);
    if (trainer->options->decoder_only) { /* latents keep their values */
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

momu_status momui_run_load_data(momui_trainer *trainer, momu_error *error) {
    bool waves = trainer->task->waves || trainer->bundle->config.wave;
    momui_trained_network network = trainer->task->network;
    bool rows = trainer->task->rows || network == MOMUI_TRAIN_NET_MUSIC ||
                network == MOMUI_TRAIN_NET_MOTION;
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

/* Trains the bundle and writes it. `checkpoint` NULL: from the first step. */
momu_status momui_run_task(momui_trainer *trainer, const momui_checkpoint *checkpoint, bool last,
                           momu_error *error) {
    const momui_train_options *o = trainer->options;
    MOMUI_TRY(momui_run_load_data(trainer, error));
    MOMUI_TRY(set_text(&trainer->bundle->license, o->license, error));
    MOMUI_TRY(set_text(&trainer->bundle->training_data, o->training_data, error));
    MOMUI_TRY(make_schedule(trainer, error));
    double began = momui_seconds_now();
    MOMUI_TRY(trainer->task->prepare(trainer, error));
    if (trainer->settings.minutes > 0) /* the minutes include loading and encoding */
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
    trainer->encoded[0] = trainer->encoded[0] && trainer->task->network != MOMUI_TRAIN_NET_MUSIC;
    trainer->encoded[1] = trainer->encoded[1] && trainer->task->network != MOMUI_TRAIN_NET_MOTION;
    if (trainer->task->finish)
        trainer->task->finish(trainer);
    return write_model(trainer, last && o->bf16, error);
}

void momui_run_task_close(momui_trainer *trainer) {
    momui_log_release(&trainer->log);
    momui_micro_batches_close(trainer);
    momui_discriminator_training_close(&trainer->discriminator);
    momui_bundle_free(trainer->bundle);
    momui_schedule_free(trainer->schedule);
    trainer->bundle = NULL;
    trainer->schedule = NULL;
}
