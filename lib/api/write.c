/* Writing sounds and motions: into a file, or as a file in memory. */
#include "api/api.h"

#include "dsp/resample.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/clock.h"

/* Where a file goes: to `path`, or as `format` into *buffer. */
typedef struct write_target {
    const char *function; /* for the sentence of a failure */
    const char *path;     /* NULL: into memory */
    const char *format;
    momu_buffer **buffer;
} write_target;

static momu_status check_target(const write_target *target, const void *object, const char *noun,
                                momu_error *error) {
    const char *missing = NULL;
    if (!object)
        missing = noun;
    else if (target->buffer)
        missing = target->format ? NULL : "format";
    else if (!target->path)
        missing = target->format ? "place for the buffer" : "path";
    if (missing)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "%s: no %s", target->function, missing);
    return MOMU_OK;
}

/* `writer` holds a file, or what there is of it. */
static momu_status finish_buffer(momu_context *context, const write_target *target,
                                 momui_writer *writer, momu_status status) {
    if (status == MOMU_OK)
        status = momui_buffer_publish(context, writer, target->buffer);
    momui_writer_release(writer);
    return status;
}

static momu_status put_audio(momu_context *context, const momui_audio *audio,
                             const write_target *target) {
    if (!target->buffer)
        return momui_sound_write(audio, target->path, &context->error);
    momui_writer writer;
    momui_writer_init(&writer, context->memory);
    momu_status status = momui_sound_write_bytes(audio, target->format, &writer, &context->error);
    return finish_buffer(context, target, &writer, status);
}

void momu_audio_write_options_init(momu_audio_write_options *options, size_t size) {
    momui_init_struct(options, size);
}

static momu_status write_audio(momu_context *context, const momu_audio *audio,
                               const write_target *target,
                               const momu_audio_write_options *options) {
    momu_error *error = &context->error;
    MOMUI_TRY(check_target(target, audio, "sound", error));
    momu_audio_write_options own = {0};
    if (options && !momui_copy_struct(&own, sizeof own, options, options->struct_size))
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "sound writing options: struct_size is %zu; call momu_audio_write_options_init()",
            options->struct_size);
    /* A sound may belong to another context's account: the writer must not count against that. */
    momui_audio view = *audio;
    view.memory = context->memory;
    if (own.rate == 0 || own.rate == audio->rate)
        return put_audio(context, &view, target);
    MOMUI_TRY(momui_check_range("rate", own.rate, MOMU_MIN_RATE, MOMU_MAX_RATE, error));
    view.rate = own.rate;
    view.samples = NULL;
    MOMUI_TRY(momui_resample(context->memory, audio->samples, audio->frames, audio->channels,
                             audio->rate, own.rate, &view.samples, &view.frames, error));
    momu_status status = put_audio(context, &view, target);
    momui_free(view.samples);
    return status;
}

momu_status momu_audio_write(momu_context *context, const momu_audio *audio, const char *path,
                             const momu_audio_write_options *options) {
    const write_target target = {.function = __func__, .path = path};
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, write_audio(context, audio, &target, options));
}

momu_status momu_audio_write_memory(momu_context *context, const momu_audio *audio,
                                    const char *format, const momu_audio_write_options *options,
                                    momu_buffer **buffer) {
    const write_target target = {.function = __func__, .format = format, .buffer = buffer};
    if (buffer)
        *buffer = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, write_audio(context, audio, &target, options));
}

void momu_motion_write_options_init(momu_motion_write_options *options, size_t size) {
    momui_init_struct(options, size);
}

/* The public options in the library's words. */
static momu_status read_export(const momu_motion_write_options *options, momui_export *out,
                               momu_error *error) {
    if (!momui_target_name(options->target))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "motion writing options: target is %d, expected 0..%d",
                          (int)options->target, MOMUI_TARGETS - 1);
    if (!momui_root_mode_name(options->root))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "motion writing options: root is %d, expected 0..%d", (int)options->root,
                          MOMUI_ROOT_MODES - 1);
    *out = (momui_export){(momui_target)options->target, (momui_root_mode)options->root};
    return MOMU_OK;
}

static momu_status put_motion(momu_context *context, const momui_motion *motion,
                              const momui_export *options, const write_target *target) {
    if (!target->buffer)
        return momui_motion_write(motion, target->path, options, &context->error);
    momui_writer writer;
    momui_writer_init(&writer, context->memory);
    momu_status status =
        momui_motion_write_bytes(motion, target->format, options, &writer, &context->error);
    return finish_buffer(context, target, &writer, status);
}

static momu_status write_motion(momu_context *context, const momu_motion *motion,
                                const write_target *target,
                                const momu_motion_write_options *options) {
    momu_error *error = &context->error;
    MOMUI_TRY(check_target(target, motion, "motion", error));
    momu_motion_write_options own = {0};
    if (options && !momui_copy_struct(&own, sizeof own, options, options->struct_size))
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "motion writing options: struct_size is %zu; call momu_motion_write_options_init()",
            options->struct_size);
    momui_export form;
    MOMUI_TRY(read_export(&own, &form, error));
    if (own.fps == 0 || own.fps == motion->fps) {
        /* A motion may belong to another context's account: the writer must not count against
         * that. */
        momui_motion view = *motion;
        view.memory = context->memory;
        return put_motion(context, &view, &form, target);
    }
    MOMUI_TRY(momui_check_range("fps", own.fps, MOMU_MIN_FPS, MOMU_MAX_FPS, error));
    momui_motion *resampled = NULL;
    int64_t frames = momui_motion_frames_at(motion, own.fps);
    MOMUI_TRY(
        momui_motion_resample(context->memory, motion, own.fps, 0, frames, &resampled, error));
    momu_status status = put_motion(context, resampled, &form, target);
    momui_motion_free(resampled);
    return status;
}

momu_status momu_motion_write(momu_context *context, const momu_motion *motion, const char *path,
                              const momu_motion_write_options *options) {
    const write_target target = {.function = __func__, .path = path};
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, write_motion(context, motion, &target, options));
}

momu_status momu_motion_write_memory(momu_context *context, const momu_motion *motion,
                                     const char *format, const momu_motion_write_options *options,
                                     momu_buffer **buffer) {
    const write_target target = {.function = __func__, .format = format, .buffer = buffer};
    if (buffer)
        *buffer = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, write_motion(context, motion, &target, options));
}
