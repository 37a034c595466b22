/* The whole state of a task in one file, written to a temporary path and renamed: every network's
 * weights, the moments and averages of those that are trained, and where the task stands. Random
 * numbers need no state: they follow from the seed and the step. */
#include "train/stages/trainer.h"

#include "io/safetensors/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 12 };

/* Numbers as hexadecimal words of their bits: exact, and the same under every locale. */
static void write_settings(const momui_settings *s, char text[FIELDS * 17 + 1]) {
    const double reals[] = {s->minutes, s->elapsed, s->rate,     s->seconds,
                            s->infonce, s->gan,     s->gan_start};
    uint64_t words[FIELDS] = {s->seed, (uint64_t)s->step, (uint64_t)s->steps, (uint64_t)s->batch,
                              (uint64_t)s->discriminator_steps};
    memcpy(words + 5, reals, sizeof reals);
    for (int i = 0; i < FIELDS; i++)
        snprintf(text + 17 * i, 18, "%016llx ", (unsigned long long)words[i]);
}

static bool read_settings(const char *text, momui_settings *s) {
    uint64_t words[FIELDS];
    double reals[7];
    if (strlen(text) != FIELDS * 17)
        return false;
    for (int i = 0; i < FIELDS; i++) {
        char *end;
        words[i] = strtoull(text + 17 * i, &end, 16);
        if (end != text + 17 * i + 16)
            return false;
    }
    memcpy(reals, words + 5, sizeof reals);
    *s = (momui_settings){.seed = words[0],
                          .step = (int64_t)words[1],
                          .steps = (int64_t)words[2],
                          .batch = (int32_t)words[3],
                          .discriminator_steps = (int64_t)words[4],
                          .minutes = reals[0],
                          .elapsed = reals[1],
                          .rate = reals[2],
                          .seconds = reals[3],
                          .infonce = reals[4],
                          .gan = reals[5],
                          .gan_start = reals[6]};
    return s->discriminator_steps >= 0 && s->infonce >= 0 && s->gan >= 0 && s->gan_start >= 0 &&
           s->step >= 0 && s->steps >= 0 && s->minutes >= 0 && s->elapsed >= 0 && s->rate > 0 &&
           s->seconds > 0 && s->batch > 0;
}

static momu_status add_text(momui_safetensors_writer *file, const char *key, const char *text,
                            momu_error *error) {
    return momui_safetensors_writer_metadata(file, key, text ? text : "", error);
}

static momu_status add_metadata(const momui_trainer *trainer, momui_safetensors_writer *file,
                                momu_error *error) {
    char settings[FIELDS * 17 + 1];
    const momui_bundle *bundle = trainer->bundle;
    momui_writer config;
    momui_writer_init(&config, trainer->memory);
    momui_config_write(&bundle->config, &config);
    momui_write(&config, "", 1);
    momu_status status = config.failed ? momui_fail_memory(error, "a checkpoint's config")
                                       : add_text(file, "momu.config", (char *)config.data, error);
    momui_writer_release(&config);
    write_settings(&trainer->settings, settings);
    MOMUI_TRY(status);
    MOMUI_TRY(add_text(file, "momu.checkpoint", "2", error));
    MOMUI_TRY(add_text(file, "momu.task", trainer->task->name, error));
    MOMUI_TRY(add_text(file, "momu.settings", settings, error));
    MOMUI_TRY(add_text(file, "momu.license", bundle->license, error));
    MOMUI_TRY(add_text(file, "momu.training_data", bundle->training_data, error));
    return add_text(file, "momu.trained_by", bundle->trained_by, error);
}

static momu_status add_tensor(momui_safetensors_writer *file, const char *kind,
                              const momui_parameter *p, const float *data, momu_error *error) {
    char name[192];
    if (!data)
        return MOMU_OK;
    snprintf(name, sizeof name, "%s.%s", kind, p->name);
    return momui_safetensors_writer_tensor(file, name, p->tensor.rank, p->tensor.shape, data, false,
                                           error);
}

static momu_status add_parameters(const momui_parameters *set, momui_safetensors_writer *file,
                                  momu_error *error) {
    for (int i = 0; i < set->count; i++) {
        const momui_parameter *p = set->items[i];
        MOMUI_TRY(add_tensor(file, "weight", p, p->tensor.data, error));
        if (p->frozen)
            continue;
        MOMUI_TRY(add_tensor(file, "first", p, p->first, error));
        MOMUI_TRY(add_tensor(file, "second", p, p->second, error));
        MOMUI_TRY(add_tensor(file, "average", p, p->average, error));
    }
    return MOMU_OK;
}

momu_status momui_checkpoint_save(const momui_trainer *trainer, const char *path,
                                  momu_error *error) {
    momui_safetensors_writer *file = momui_safetensors_writer_new(trainer->memory);
    if (!file)
        return momui_fail_memory(error, "a checkpoint");
    momu_status status;
    MOMUI_TRY_GOTO(add_metadata(trainer, file, error), status, done);
    MOMUI_TRY_GOTO(add_parameters(&trainer->bundle->parameters, file, error), status, done);
    MOMUI_TRY_GOTO(momui_discriminator_training_save(&trainer->discriminator, file, error), status,
                   done);
    MOMUI_TRY_GOTO(momui_safetensors_writer_save(file, path, error), status, done);
done:
    momui_safetensors_writer_free(file);
    return status;
}

momu_status momui_checkpoint_open(momui_memory *memory, const char *path,
                                  momui_checkpoint *checkpoint, momu_error *error) {
    *checkpoint = (momui_checkpoint){0};
    MOMUI_TRY(
        momui_bytes_from_path(memory, path, true, UINT64_C(1) << 36, &checkpoint->bytes, error));
    momu_status status =
        momui_safetensors_open(memory, &checkpoint->bytes, &checkpoint->file, error);
    if (status == MOMU_OK) {
        const char *version = momui_safetensors_metadata(checkpoint->file, "momu.checkpoint");
        const char *task = momui_safetensors_metadata(checkpoint->file, "momu.task");
        const char *settings = momui_safetensors_metadata(checkpoint->file, "momu.settings");
        if (!version || strcmp(version, "2") != 0)
            status = momui_fail(error, MOMU_ERROR_FORMAT,
                                "%s: no checkpoint of this version (momu.checkpoint is %s; "
                                "expected 2)",
                                path, version ? version : "absent");
        else if (!task || strlen(task) >= sizeof checkpoint->task || !settings ||
                 !read_settings(settings, &checkpoint->settings))
            status = momui_fail(error, MOMU_ERROR_FORMAT,
                                "%s: momu.task or momu.settings is missing or damaged", path);
        else
            snprintf(checkpoint->task, sizeof checkpoint->task, "%s", task);
    }
    if (status != MOMU_OK)
        momui_checkpoint_close(checkpoint);
    return status;
}

void momui_checkpoint_close(momui_checkpoint *checkpoint) {
    momui_safetensors_close(checkpoint->file);
    momui_bytes_release(&checkpoint->bytes);
    *checkpoint = (momui_checkpoint){0};
}

static momu_status read_tensor(const momui_checkpoint *checkpoint, const char *kind,
                               const momui_parameter *p, float *out, momu_error *error) {
    char name[192];
    if (!out)
        return MOMU_OK;
    snprintf(name, sizeof name, "%s.%s", kind, p->name);
    return momui_safetensors_read_f32(checkpoint->file, name, p->tensor.rank, p->tensor.shape, out,
                                      error);
}

static momu_status copy_text(momui_memory *memory, const momui_checkpoint *checkpoint,
                             const char *key, char **out, momu_error *error) {
    const char *text = momui_safetensors_metadata(checkpoint->file, key);
    char *copy = momui_strdup(memory, text ? text : "");
    if (!copy)
        return momui_fail_memory(error, "a checkpoint's texts");
    momui_free(*out);
    *out = copy;
    return MOMU_OK;
}

momu_status momui_checkpoint_bundle(momui_memory *memory, const momui_checkpoint *checkpoint,
                                    momui_bundle **bundle, momu_error *error) {
    const char *text = momui_safetensors_metadata(checkpoint->file, "momu.config");
    momui_config config;
    *bundle = NULL;
    if (!text)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: momu.config is missing",
                          checkpoint->bytes.name);
    MOMUI_TRY(momui_config_parse(text, strlen(text), &config, error));
    MOMUI_TRY(momui_bundle_create(memory, &config, 0, bundle, error));
    momui_parameters *set = &(*bundle)->parameters;
    momu_status status = MOMU_OK;
    for (int i = 0; i < set->count; i++)
        MOMUI_TRY_GOTO(
            read_tensor(checkpoint, "weight", set->items[i], set->items[i]->tensor.data, error),
            status, done);
    MOMUI_TRY_GOTO(copy_text(memory, checkpoint, "momu.license", &(*bundle)->license, error),
                   status, done);
    MOMUI_TRY_GOTO(
        copy_text(memory, checkpoint, "momu.training_data", &(*bundle)->training_data, error),
        status, done);
    MOMUI_TRY_GOTO(copy_text(memory, checkpoint, "momu.trained_by", &(*bundle)->trained_by, error),
                   status, done);
done:
    if (status != MOMU_OK) {
        momui_bundle_free(*bundle);
        *bundle = NULL;
    }
    return status;
}

momu_status momui_checkpoint_moments(const momui_checkpoint *checkpoint, momui_parameters *set,
                                     momu_error *error) {
    for (int i = 0; i < set->count; i++) {
        momui_parameter *p = set->items[i];
        if (p->frozen)
            continue;
        MOMUI_TRY(read_tensor(checkpoint, "first", p, p->first, error));
        MOMUI_TRY(read_tensor(checkpoint, "second", p, p->second, error));
        MOMUI_TRY(read_tensor(checkpoint, "average", p, p->average, error));
    }
    return MOMU_OK;
}
