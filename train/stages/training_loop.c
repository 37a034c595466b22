/* The loop that every task runs in: steps, validation, logs and checkpoints. */
#include "train/stages/adamw.h"
#include "train/stages/trainer.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

enum { LOG_STEPS = 10, VALIDATION_BATCHES = 4 };

double momui_seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void momui_trainer_note(momui_trainer *trainer, const char *format, ...) {
    if (!trainer->options->report)
        return;
    char text[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    momui_train_event event = {
        .kind = MOMUI_TRAIN_NOTE, .task = trainer->task ? trainer->task->name : "", .text = text};
    trainer->options->report(trainer->options->user, &event);
}

bool momui_trainer_cancelled(const momui_trainer *trainer) {
    return trainer->options->cancel && atomic_load(trainer->options->cancel) != 0;
}

/* The loop's own counters; none affects the weights but `elapsed` where minutes bound the run. */
typedef struct loop {
    momui_trainer *trainer;
    double started; /* so that momui_seconds_now() - started is the task's time, earlier runs
                       included */
    double checkpoint, speed; /* when the last one was written; steps a second */
    double validation;
    momui_log_row sum;
    int summed;
} loop;

double momui_trainer_progress(const momui_trainer *trainer) {
    const momui_settings *s = &trainer->settings;
    double by_steps = s->steps > 0 ? (double)s->step / (double)s->steps : 0;
    double by_time = s->minutes > 0 ? s->elapsed / (60 * s->minutes) : 0;
    return fmin(1, fmax(by_steps, by_time));
}

/* Steps in which the discriminator learns alone: an untrained one would misguide the generator. */
static int64_t discriminator_lead(const momui_settings *s) {
    int64_t lead = s->steps > 0 ? s->steps / 20 : 100;
    return lead < 100 ? lead : 100;
}

momui_discriminator_use momui_trainer_uses_discriminator(const momui_trainer *trainer) {
    const momui_settings *s = &trainer->settings;
    if (!trainer->discriminator.open || momui_trainer_progress(trainer) < s->gan_start)
        return MOMUI_DISCRIMINATOR_OFF;
    return s->discriminator_steps < discriminator_lead(s) ? MOMUI_DISCRIMINATOR_LEARNS
                                                          : MOMUI_DISCRIMINATOR_GUIDES;
}

/* Linear warm-up, then a cosine down to a twentieth. */
static double learning_rate(const momui_trainer *trainer) {
    const momui_settings *s = &trainer->settings;
    double warmup = (double)trainer->task->warmup;
    if (s->steps > 0)
        warmup = fmin(warmup, 0.1 * (double)s->steps);
    double warm = warmup > 0 ? fmin(1, (double)(s->step + 1) / warmup) : 1;
    double cosine = 0.5 * (1 + cos(3.14159265358979323846 * momui_trainer_progress(trainer)));
    return s->rate * warm * (0.05 + 0.95 * cosine);
}

static momu_status validate(momui_trainer *trainer, double *mean, momu_error *error) {
    momui_pair_filter filter = momui_task_filter(trainer->task);
    *mean = NAN;
    if (momui_dataset_frames(&trainer->data, true, filter) == 0)
        return MOMU_OK;
    return momui_micro_batches_validate(trainer, VALIDATION_BATCHES, mean, error);
}

/* Exchanges weights and averages: what is saved is what is validated. */
static void swap_average(momui_trainer *trainer) {
    momui_parameters *set = &trainer->bundle->parameters;
    for (int i = 0; trainer->task->average && i < set->count; i++)
        if (set->items[i]->average && !set->items[i]->frozen) {
            float *weights = set->items[i]->tensor.data;
            set->items[i]->tensor.data = set->items[i]->average;
            set->items[i]->average = weights;
        }
}

static momu_status one_step(momui_trainer *trainer, momui_log_row *row, momu_error *error) {
    MOMUI_TRY(momui_micro_batches_step(trainer, &row->loss, row->terms, error));
    momui_adamw *optimiser = &trainer->optimiser;
    optimiser->rate = learning_rate(trainer);
    /* The average starts with a short memory, or a short run would end near its initial weights. */
    double young = (1.0 + (double)trainer->settings.step) / (10.0 + (double)trainer->settings.step);
    optimiser->average = trainer->task->average ? fmin(0.9995, young) : 0;
    row->rate = optimiser->rate;
    /* Keeps the discriminator's rate constant, so that it keeps up with the generator. */
    if (momui_trainer_uses_discriminator(trainer) != MOMUI_DISCRIMINATOR_OFF) {
        MOMUI_TRY(momui_discriminator_training_step(&trainer->discriminator, trainer->settings.rate,
                                                    trainer->pool, error));
        trainer->settings.discriminator_steps++;
    }
    momu_status status =
        momui_adamw_step(optimiser, &trainer->bundle->parameters, trainer->pool, &row->norm, error);
    if (status == MOMU_ERROR_NUMERIC)
        return momui_fail(error, status,
                          "%s: step %lld gave numbers that are not finite (loss %g); the last "
                          "checkpoint stands; try a lower --rate",
                          trainer->task->name, (long long)trainer->settings.step, row->loss);
    return status;
}

static void report(loop *l, momui_train_event_kind kind, const char *text) {
    const momui_trainer *trainer = l->trainer;
    const momui_settings *s = &trainer->settings;
    if (!trainer->options->report)
        return;
    double done = momui_trainer_progress(trainer);
    momui_train_event event = {.kind = kind,
                               .task = trainer->task->name,
                               .text = text,
                               .step = s->step,
                               .total = s->steps,
                               .loss = l->sum.loss / fmax(1, l->summed),
                               .validation = l->validation,
                               .speed = l->speed,
                               .elapsed = s->elapsed};
    if (s->minutes > 0)
        event.remaining = fmax(0, 60 * s->minutes - s->elapsed);
    if (s->steps > 0 && l->speed > 0) {
        double by_steps = (double)(s->steps - s->step) / l->speed;
        event.remaining = s->minutes > 0 ? fmin(event.remaining, by_steps) : by_steps;
    }
    if (done >= 1)
        event.remaining = 0;
    trainer->options->report(trainer->options->user, &event);
}

static momu_status write_checkpoint(loop *l, momu_error *error) {
    momui_trainer *trainer = l->trainer;
    char path[1100];
    snprintf(path, sizeof path, "%s/checkpoint.safetensors", trainer->options->out);
    MOMUI_TRY(momui_checkpoint_save(trainer, path, error));
    MOMUI_TRY(momui_log_plot(&trainer->log, error));
    l->checkpoint = momui_seconds_now();
    report(l, MOMUI_TRAIN_CHECKPOINT, path);
    return MOMU_OK;
}

static momu_status take_validation(loop *l, momu_error *error) {
    swap_average(l->trainer);
    momu_status status = validate(l->trainer, &l->validation, error);
    swap_average(l->trainer);
    if (status == MOMU_OK && isfinite(l->validation))
        report(l, MOMUI_TRAIN_VALIDATION, "");
    return status;
}

static void sum_row(loop *l, const momui_log_row *row) {
    l->sum.loss += row->loss;
    l->sum.norm += row->norm;
    for (int i = 0; i < MOMUI_MAX_TERMS; i++)
        l->sum.terms[i] += row->terms[i];
    l->summed++;
}

/* Every few steps a row of means; `validated`: with the newest validation. */
static momu_status log_row(loop *l, double rate, bool validated, momu_error *error) {
    const momui_settings *s = &l->trainer->settings;
    momui_log_row row = l->sum;
    row.step = s->step;
    row.elapsed = s->elapsed;
    row.rate = rate;
    row.validation = validated ? l->validation : NAN;
    row.loss /= l->summed;
    row.norm /= l->summed;
    for (int i = 0; i < MOMUI_MAX_TERMS; i++)
        row.terms[i] /= l->summed;
    l->sum = (momui_log_row){0};
    l->summed = 0;
    return momui_log_add(&l->trainer->log, &row, error);
}

static momu_status after_step(loop *l, const momui_log_row *row, momu_error *error) {
    momui_trainer *trainer = l->trainer;
    const momui_train_options *o = trainer->options;
    momui_settings *s = &trainer->settings;
    bool last = momui_trainer_progress(trainer) >= 1;
    int64_t every = o->validate_every > 0 ? o->validate_every : 200;
    bool validated = last || s->step == 1 || s->step % every == 0;
    sum_row(l, row);
    if (validated)
        MOMUI_TRY(take_validation(l, error));
    report(l, MOMUI_TRAIN_STEP, "");
    if (validated || s->step % LOG_STEPS == 0)
        MOMUI_TRY(log_row(l, row->rate, validated, error));
    int64_t samples = o->sample_steps != 0 ? o->sample_steps : 1000;
    if (samples > 0 && s->step % samples == 0) {
        swap_average(trainer);
        momu_status status = momui_samples_write(trainer, error);
        swap_average(trainer);
        MOMUI_TRY(status);
    }
    double seconds = o->checkpoint_every > 0 ? o->checkpoint_every : 180;
    bool due = momui_seconds_now() - l->checkpoint > seconds ||
               (o->checkpoint_steps > 0 && s->step % o->checkpoint_steps == 0);
    bool cancelled = momui_trainer_cancelled(trainer);
    if (last || cancelled || due)
        MOMUI_TRY(write_checkpoint(l, error));
    if (cancelled && !last)
        return momui_fail(error, MOMU_ERROR_CANCELLED,
                          "training was stopped at step %lld of %s; --resume continues from there",
                          (long long)s->step, trainer->task->name);
    return MOMU_OK;
}

momu_status momui_trainer_loop(momui_trainer *trainer, momu_error *error) {
    momui_settings *s = &trainer->settings;
    loop l = {.trainer = trainer, .validation = NAN};
    l.started = momui_seconds_now() - s->elapsed;
    l.checkpoint = momui_seconds_now();
    double before = momui_seconds_now();
    while (momui_trainer_progress(trainer) < 1) {
        momui_log_row row = {0};
        MOMUI_TRY(one_step(trainer, &row, error));
        s->step++;
        double time = momui_seconds_now(), seconds = time - before;
        before = time;
        s->elapsed = time - l.started;
        l.speed = l.speed > 0 ? 1 / (0.95 / l.speed + 0.05 * seconds) : 1 / fmax(seconds, 1e-9);
        MOMUI_TRY(after_step(&l, &row, error));
        before = momui_seconds_now(); /* validation and checkpoints are no steps */
    }
    return MOMU_OK;
}
