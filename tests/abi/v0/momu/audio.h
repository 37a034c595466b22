/**
 * @file momu/audio.h
 * Sound: read, made from samples, written, and its beats.
 *
 * A momu_audio is interleaved float samples with their rate. Threads, lifetime and errors: see
 * common.h.
 */
#ifndef MOMU_AUDIO_H
#define MOMU_AUDIO_H

#include <momu/common.h>
#include <momu/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A sound. */
typedef struct momu_audio momu_audio;

/* Limits of what is accepted; all samples together are 12 hours at 16 kHz at most. */
#define MOMU_MAX_CHANNELS 256  /**< channels, from 1 */
#define MOMU_MIN_RATE 1000.0   /**< frames a second */
#define MOMU_MAX_RATE 768000.0 /**< frames a second */

/** Copies (frames, channels) interleaved floats, nominally -1..1, at `rate` frames a second.
 * `frames` may be 0. Release with momu_audio_destroy(). Errors: ARGUMENT (a size or the rate is out
 * of range), LIMIT, NUMERIC (names the frame of a sample that is not finite), MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_audio_create(momu_context *context, const float *samples,
                                                      int64_t frames, int32_t channels, double rate,
                                                      momu_audio **audio);

/** Reads a whole sound file: WAV, FLAC, Ogg (Vorbis, Opus), MP3 and whatever else the linked
 * libsndfile knows, told apart by their content. Release with momu_audio_destroy(). Errors:
 * ARGUMENT, NOT_FOUND, IO, FORMAT (no sound file, or cut short), LIMIT, NUMERIC, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_audio_read(momu_context *context, const char *path,
                                                    momu_audio **audio);

/** The same from a file's bytes in memory, which may be freed afterwards. */
MOMU_NODISCARD MOMU_API momu_status momu_audio_read_memory(momu_context *context, const void *data,
                                                           size_t size, momu_audio **audio);

/** The same from a stream, which is read to its end and then closed, on failure too. */
MOMU_NODISCARD MOMU_API momu_status momu_audio_read_stream(momu_context *context,
                                                           const momu_stream *stream,
                                                           momu_audio **audio);

/** How a sound is written. */
typedef struct momu_audio_write_options {
    size_t struct_size; /**< set by momu_audio_write_options_init() */
    double rate;        /**< frames a second in the file, 1000..768000. 0: the sound's own */
} momu_audio_write_options;

/** Sets all fields to zero but struct_size. `size` is sizeof(momu_audio_write_options). */
MOMU_API void momu_audio_write_options_init(momu_audio_write_options *options, size_t size);

/** Writes .wav (24 bit), .flac (24 bit) or .ogg (Vorbis), chosen by the extension. The file appears
 * whole or not at all. `options` may be NULL. Errors: ARGUMENT, UNSUPPORTED (the extension), IO,
 * MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_audio_write(momu_context *context, const momu_audio *audio,
                                                     const char *path,
                                                     const momu_audio_write_options *options);

/** Writes a file of `format` ("wav", "flac", "ogg") into memory: the same bytes. Release with
 * momu_buffer_destroy(). Errors: ARGUMENT, UNSUPPORTED (the format), MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_audio_write_memory(momu_context *context,
                                                            const momu_audio *audio,
                                                            const char *format,
                                                            const momu_audio_write_options *options,
                                                            momu_buffer **buffer);

/* What a sound has; 0 or NULL where `audio` is NULL. */
MOMU_API int64_t momu_audio_get_frames(const momu_audio *audio);   /**< instants */
MOMU_API int32_t momu_audio_get_channels(const momu_audio *audio); /**< samples an instant */
MOMU_API double momu_audio_get_rate(const momu_audio *audio);      /**< frames a second */
MOMU_API double momu_audio_get_seconds(const momu_audio *audio);   /**< frames / rate */
/** (frames, channels), interleaved; belongs to the sound. */
MOMU_API const float *momu_audio_get_samples(const momu_audio *audio);

/** Releases a sound. NULL is allowed. */
MOMU_API void momu_audio_destroy(momu_audio *audio);

/** The beats of a song or of a dance. Release with momu_beats_destroy(). */
typedef struct momu_beats {
    const double *times; /**< (count) seconds, ascending */
    size_t count;        /**< how many; 0 for silence */
    double tempo;      /**< beats a minute, by a straight line through the beats. 0: there are none,
                        * or the tempo changes on the way */
    double confidence; /**< 0..1, by the tracker: how regular the beats are, or their mean
                        * probability by a network */
    const char *tracker; /**< what tracked them, a static string: "network", "dynamic programming"
                          * (a song) or "directogram" (a dance) */
} momu_beats;

/** Tracks the beats of a song. By the model's beat tracker, if it has a trained one, the song lasts
 * from 5 seconds to what the model can generate for, and the tracker is confident enough: these are
 * the beats that momu_music_to_motion() conditions a dance on. Else, and where `model` is NULL, by
 * dynamic programming over the onset strength (Ellis, "Beat tracking by dynamic programming",
 * 2007); then the tempo may be off by a factor of two: look at `confidence`. Release with
 * momu_beats_destroy(). Errors: ARGUMENT, CANCELLED, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_audio_beats(momu_context *context, const momu_model *model,
                                                     const momu_audio *audio, momu_beats **beats);

/** Releases beats. NULL is allowed. */
MOMU_API void momu_beats_destroy(momu_beats *beats);

#ifdef __cplusplus
}
#endif
#endif
