/* momu/audio.h - sound: read, made from samples, written, and its beats.
 *
 * A momu_audio is interleaved float samples with their rate. It never changes once made, so any
 * number of threads may read one at the same time. It may outlive the context that made it (not
 * that context's allocator hooks).
 */
#ifndef MOMU_AUDIO_H
#define MOMU_AUDIO_H

#include <momu/common.h>
#include <momu/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A sound. */
typedef struct momu_audio momu_audio;

/* Limits of what is accepted: 1..256 channels, 1000..768000 frames a second, 12 hours at 16 kHz in
 * all. */
#define MOMU_MAX_CHANNELS 256
#define MOMU_MIN_RATE 1000.0
#define MOMU_MAX_RATE 768000.0

/* Copies `frames` x `channels` interleaved floats, nominally -1..1, at `rate` frames a second.
 * `frames` may be 0. Errors: ARGUMENT (a size or the rate is out of range), NUMERIC (a sample is
 * not finite; it is named by frame), MEMORY. On failure *audio is NULL. Release with
 * momu_audio_destroy(). One thread a context. */
MOMU_API momu_status momu_audio_create(momu_context *context, const float *samples, int64_t frames,
                                       int32_t channels, double rate, momu_audio **audio);

/* Reads a whole sound file: WAV, FLAC, Ogg (Vorbis, Opus), MP3 and whatever else the linked
 * libsndfile knows. Errors: NOT_FOUND, IO, FORMAT (no sound file, or cut short), LIMIT, NUMERIC,
 * MEMORY. On failure *audio is NULL. Release with momu_audio_destroy(). One thread a context. */
MOMU_API momu_status momu_audio_read(momu_context *context, const char *path, momu_audio **audio);

/* How a sound is written. */
typedef struct momu_audio_write_options {
    size_t struct_size; /* set by momu_audio_write_options_init() */
    double rate;        /* frames a second in the file; 0 means the audio's own. 1000..768000 */
} momu_audio_write_options;

/* Fills in the defaults. `size` is sizeof(momu_audio_write_options) as the caller's compiler knows
 * it. Thread-safe. */
MOMU_API void momu_audio_write_options_init(momu_audio_write_options *options, size_t size);

/* Writes .wav (24 bit), .flac (24 bit) or .ogg (Vorbis), chosen by the name's ending. The file
 * appears whole or not at all. `options` may be NULL. Errors: ARGUMENT, UNSUPPORTED (the ending),
 * IO, MEMORY. One thread a context. */
MOMU_API momu_status momu_audio_write(momu_context *context, const momu_audio *audio,
                                      const char *path, const momu_audio_write_options *options);

/* Accessors. `audio` NULL gives 0 or NULL. The samples are (frames, channels), interleaved, and
 * belong to the audio. Thread-safe. */
MOMU_API int64_t momu_audio_frames(const momu_audio *audio);
MOMU_API int32_t momu_audio_channels(const momu_audio *audio);
MOMU_API double momu_audio_rate(const momu_audio *audio);
MOMU_API double momu_audio_seconds(const momu_audio *audio);
MOMU_API const float *momu_audio_samples(const momu_audio *audio);

/* NULL is allowed. */
MOMU_API void momu_audio_destroy(momu_audio *audio);

/* The beats of a song or of a dance. Plain data that belongs to the caller; a later version may add
 * fields at the end. Release with momu_beats_destroy(). */
typedef struct momu_beats {
    const double *times; /* (count) seconds, ascending */
    size_t count;
    double tempo; /* beats a minute, by a straight line through the beats; 0 where there is none, or
                   * where it changes on the way */
    double confidence;   /* 0..1, by the tracker: how regular the beats are, or the mean probability of
                          * those of a network */
    const char *tracker; /* what tracked them, a static string: "network", "dynamic programming" (a
                          * song) or "directogram" (a dance) */
} momu_beats;

/* Tracks the beats of a song. By the model's beat tracker, if it has a trained one, the song lasts
 * from 5 seconds to what the model can generate for, and the tracker is confident enough: these are
 * the beats that momu_music_to_motion() conditions a dance on. Else, and where `model` is NULL, by
 * dynamic programming over the onset strength (Ellis, "Beat tracking by dynamic programming", 2007);
 * then tempo estimates may be off by a factor of two: look at `confidence`. Silence gives no beats
 * and tempo 0. Errors: ARGUMENT, CANCELLED, MEMORY. One thread a context. */
MOMU_API momu_status momu_audio_beats(momu_context *context, const momu_model *model,
                                      const momu_audio *audio, momu_beats **beats);

/* NULL is allowed. */
MOMU_API void momu_beats_destroy(momu_beats *beats);

#ifdef __cplusplus
}
#endif
#endif
