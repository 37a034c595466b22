/* Sound in through libsndfile, from bytes in memory. libsndfile shortens a cut-off file silently,
 * so containers that tell their length are looked at first (sound_check.c). */
#include "io/sound/sound.h"
#include "io/sound/sound_check.h"

#include <math.h>
#include <sndfile.h>
#include <string.h>

enum { MAX_CHANNELS = 256, MIN_RATE = 1000, MAX_RATE = 768000, BLOCK = 1 << 16 };
#define MAX_SAMPLES (INT64_C(12) * 3600 * 16000)
#define MAX_FILE (UINT64_C(16) << 30)

typedef struct source {
    const momui_bytes *bytes;
    sf_count_t at;
} source;

static sf_count_t source_length(void *user) {
    return (sf_count_t)((source *)user)->bytes->size;
}

static sf_count_t source_seek(sf_count_t offset, int whence, void *user) {
    source *s = user;
    sf_count_t size = (sf_count_t)s->bytes->size;
    sf_count_t from = whence == SEEK_CUR ? s->at : whence == SEEK_END ? size : 0;
    if (offset < -from || offset > size - from)
        return -1;
    return s->at = from + offset;
}

static sf_count_t source_read(void *to, sf_count_t count, void *user) {
    source *s = user;
    sf_count_t left = (sf_count_t)s->bytes->size - s->at;
    if (count > left)
        count = left;
    if (count <= 0)
        return 0;
    memcpy(to, s->bytes->data + s->at, (size_t)count);
    s->at += count;
    return count;
}

static sf_count_t source_write(const void *from, sf_count_t count, void *user) {
    (void)from, (void)count, (void)user;
    return 0;
}

static sf_count_t source_tell(void *user) {
    return ((source *)user)->at;
}

static momu_status check_info(const SF_INFO *info, const char *name, momu_error *error) {
    if (info->channels < 1 || info->channels > MAX_CHANNELS)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %d channels, expected 1 to %d", name,
                          info->channels, MAX_CHANNELS);
    if (info->samplerate < MIN_RATE || info->samplerate > MAX_RATE)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %d frames a second, expected %d to %d",
                          name, info->samplerate, MIN_RATE, MAX_RATE);
    if (info->frames <= 0)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: the file holds no sound", name);
    if (info->frames > MAX_SAMPLES / info->channels)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "%s: claims %lld frames of %d channels, at most %lld samples are read",
                          name, (long long)info->frames, info->channels, (long long)MAX_SAMPLES);
    return MOMU_OK;
}

/* Grows as frames arrive: what a header claims is not believed before it is there. */
static momu_status read_frames(momui_memory *memory, SNDFILE *file, const SF_INFO *info,
                               const char *name, float **samples, int64_t *frames,
                               momu_error *error) {
    size_t channels = (size_t)info->channels, capacity = 0;
    *frames = 0;
    while (*frames < info->frames) {
        MOMUI_TRY(momui_check_cancelled(memory, error));
        int64_t want = info->frames - *frames < BLOCK ? info->frames - *frames : BLOCK;
        if ((size_t)(*frames + want) > capacity) {
            capacity = capacity ? capacity * 2 : BLOCK;
            if (capacity > (size_t)info->frames)
                capacity = (size_t)info->frames;
            float *grown = momui_realloc(memory, *samples, capacity * channels, sizeof **samples);
            if (!grown)
                return momui_fail(error, MOMU_ERROR_MEMORY, "%s: out of memory for %lld frames",
                                  name, (long long)info->frames);
            *samples = grown;
        }
        sf_count_t got = sf_readf_float(file, *samples + (size_t)*frames * channels, want);
        if (got <= 0)
            break;
        *frames += got;
    }
    if (sf_error(file) != SF_ERR_NO_ERROR)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: cut short or damaged at frame %lld: %s",
                          name, (long long)*frames, sf_strerror(file));
    /* An MP3 tells no exact length. */
    bool exact = (info->format & SF_FORMAT_TYPEMASK) != SF_FORMAT_MPEG;
    if (*frames == 0 || (exact && *frames < info->frames))
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: cut short or damaged: %lld frames of sound, its header says %lld",
                          name, (long long)*frames, (long long)info->frames);
    return MOMU_OK;
}

static momu_status check_finite(const momui_audio *audio, const char *name, momu_error *error) {
    for (int64_t i = 0; i < audio->frames * audio->channels; i++)
        if (!isfinite(audio->samples[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "%s: frame %lld, channel %lld is %s, expected a finite number", name,
                              (long long)(i / audio->channels), (long long)(i % audio->channels),
                              isnan(audio->samples[i]) ? "NaN" : "infinite");
    return MOMU_OK;
}

static momu_status read_open(momui_memory *memory, SNDFILE *file, const SF_INFO *info,
                             const char *name, momui_audio **audio, momu_error *error) {
    MOMUI_TRY(check_info(info, name, error));
    momui_audio *made = momui_audio_new(memory, 0, info->channels, info->samplerate);
    if (!made)
        return momui_fail_memory(error, "a sound");
    momui_free(made->samples);
    made->samples = NULL;
    momu_status status =
        read_frames(memory, file, info, name, &made->samples, &made->frames, error);
    if (status == MOMU_OK)
        status = check_finite(made, name, error);
    if (status == MOMU_OK)
        *audio = made;
    else
        momui_audio_free(made);
    return status;
}

momu_status momui_sound_read_bytes(momui_memory *memory, const momui_bytes *bytes,
                                   momui_audio **audio, momu_error *error) {
    *audio = NULL;
    MOMUI_TRY(momui_sound_check(bytes, error));
    source from = {.bytes = bytes};
    SF_VIRTUAL_IO calls = {source_length, source_seek, source_read, source_write, source_tell};
    SF_INFO info = {0};
    SNDFILE *file = sf_open_virtual(&calls, SFM_READ, &info, &from);
    if (!file)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: no sound file that can be read (WAV, FLAC, Ogg, MP3, AIFF...): %s",
                          bytes->name, sf_strerror(NULL));
    momu_status status = read_open(memory, file, &info, bytes->name, audio, error);
    sf_close(file);
    return status;
}

momu_status momui_sound_read(momui_memory *memory, const char *path, momui_audio **audio,
                             momu_error *error) {
    *audio = NULL;
    momui_bytes bytes;
    MOMUI_TRY(momui_bytes_from_path(memory, path, true, MAX_FILE, &bytes, error));
    momu_status status = momui_sound_read_bytes(memory, &bytes, audio, error);
    momui_bytes_release(&bytes);
    return status;
}
