/* Reading sounds and motions: from a path, from memory, from the caller's stream. */
#include "api/api.h"

#include "base/check.h"
#include "io/motion_file.h"
#include "io/motion_limits.h"
#include "io/sound/sound.h"

/* Samples are limited too: no sound file within that limit is larger. */
#define MAX_SOUND_BYTES (UINT64_C(16) << 30)

/* Where the bytes come from: a path, memory or a stream. */
typedef struct read_source {
    const char *function; /* for the sentence of a failure */
    const char *what;     /* that the function has as its source: "path", "data", "stream" */
    const char *path;
    const void *data;
    size_t size;
    const momu_stream *stream;
} read_source;

static read_source from_path(const char *function, const char *path) {
    return (read_source){.function = function, .what = "path", .path = path};
}

static read_source from_memory(const char *function, const void *data, size_t size) {
    return (read_source){.function = function, .what = "data", .data = data, .size = size};
}

static read_source from_stream(const char *function, const momu_stream *stream) {
    return (read_source){.function = function, .what = "stream", .stream = stream};
}

static momu_status check_source(const read_source *source, const void *place, momu_error *error) {
    bool given = source->path || source->data || (source->stream && source->stream->read);
    if (place && given)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_ARGUMENT, "%s: no %s", source->function,
                      !given ? source->what : "place for the result");
}

/* For memory and streams; `limit` as for a file. */
static momu_status get_bytes(momu_context *context, const read_source *source, uint64_t limit,
                             momui_bytes *bytes) {
    if (source->stream)
        return momui_bytes_from_stream(context->memory, source->stream, limit, bytes,
                                       &context->error);
    if (source->size > limit)
        return momui_fail(&context->error, MOMU_ERROR_LIMIT, "<memory>: more than %llu bytes",
                          (unsigned long long)limit);
    momui_bytes_from_memory(source->data, source->size, bytes);
    return MOMU_OK;
}

/* A stream is closed whatever came of the call, also where it did not begin. */
static void close_stream(const momu_stream *stream) {
    if (stream && stream->close)
        stream->close(stream->user);
}

static momu_status read_audio(momu_context *context, const read_source *source,
                              momu_audio **audio) {
    momu_error *error = &context->error;
    momui_bytes bytes = {0};
    momui_audio *made = NULL;
    MOMUI_TRY(check_source(source, audio, error));
    if (source->path) {
        MOMUI_TRY(momui_sound_read(context->memory, source->path, &made, error));
    } else {
        MOMUI_TRY(get_bytes(context, source, MAX_SOUND_BYTES, &bytes));
        momu_status status = momui_sound_read_bytes(context->memory, &bytes, &made, error);
        momui_bytes_release(&bytes);
        MOMUI_TRY(status);
    }
    momui_audio_publish(context, made, audio);
    return MOMU_OK;
}

static momu_status audio_from(momu_context *context, read_source source, momu_audio **audio) {
    if (audio)
        *audio = NULL;
    momu_status status = momui_call_open(context);
    if (status == MOMU_OK)
        status = momui_call_close(context, read_audio(context, &source, audio));
    close_stream(source.stream);
    return status;
}

momu_status momu_audio_read(momu_context *context, const char *path, momu_audio **audio) {
    return audio_from(context, from_path(__func__, path), audio);
}

momu_status momu_audio_read_memory(momu_context *context, const void *data, size_t size,
                                   momu_audio **audio) {
    return audio_from(context, from_memory(__func__, data, size), audio);
}

momu_status momu_audio_read_stream(momu_context *context, const momu_stream *stream,
                                   momu_audio **audio) {
    return audio_from(context, from_stream(__func__, stream), audio);
}

static momu_status read_motion(momu_context *context, const read_source *source, const char *take,
                               momu_motion **motion) {
    momu_error *error = &context->error;
    momui_bytes bytes = {0};
    momui_motion *made = NULL;
    MOMUI_TRY(check_source(source, motion, error));
    if (source->path) {
        MOMUI_TRY(momui_motion_read(context->memory, source->path, take, &made, error));
    } else {
        MOMUI_TRY(get_bytes(context, source, MOMUI_MOTION_FILE_MAX, &bytes));
        momu_status status = momui_motion_read_bytes(context->memory, &bytes, take, &made, error);
        momui_bytes_release(&bytes);
        MOMUI_TRY(status);
    }
    momui_motion_publish(context, made, motion);
    return MOMU_OK;
}

static momu_status motion_from(momu_context *context, read_source source, const char *take,
                               momu_motion **motion) {
    if (motion)
        *motion = NULL;
    momu_status status = momui_call_open(context);
    if (status == MOMU_OK)
        status = momui_call_close(context, read_motion(context, &source, take, motion));
    close_stream(source.stream);
    return status;
}

momu_status momu_motion_read(momu_context *context, const char *path, const char *take,
                             momu_motion **motion) {
    return motion_from(context, from_path(__func__, path), take, motion);
}

momu_status momu_motion_read_memory(momu_context *context, const void *data, size_t size,
                                    const char *take, momu_motion **motion) {
    return motion_from(context, from_memory(__func__, data, size), take, motion);
}

momu_status momu_motion_read_stream(momu_context *context, const momu_stream *stream,
                                    const char *take, momu_motion **motion) {
    return motion_from(context, from_stream(__func__, stream), take, motion);
}
