/* Sound as FLAC in memory, for documents that carry it inside. */
#include "io/sound/sound.h"

#include <math.h>
#include <sndfile.h>
#include <string.h>

enum { BLOCK = 4096, MOST_CHANNELS = 8 };

/* libsndfile's file: a writer that can go back, since FLAC's head is written last. */
typedef struct memory_file {
    momui_writer *out;
    size_t first, at; /* where the file begins, and the place in it */
} memory_file;

static sf_count_t length_of(void *user) {
    const memory_file *f = user;
    return (sf_count_t)(f->out->size - f->first);
}

static sf_count_t seek(sf_count_t offset, int whence, void *user) {
    memory_file *f = user;
    sf_count_t from = whence == SEEK_SET   ? 0
                      : whence == SEEK_CUR ? (sf_count_t)f->at
                                           : length_of(user);
    sf_count_t to = from + offset;
    if (to < 0 || to > length_of(user))
        return -1;
    f->at = (size_t)to;
    return to;
}

static sf_count_t read_back(void *data, sf_count_t count, void *user) {
    memory_file *f = user;
    sf_count_t left = length_of(user) - (sf_count_t)f->at, take = count < left ? count : left;
    memcpy(data, f->out->data + f->first + f->at, (size_t)take);
    f->at += (size_t)take;
    return take;
}

static sf_count_t write_on(const void *data, sf_count_t count, void *user) {
    memory_file *f = user;
    size_t end = f->out->size - f->first, over = 0;
    if (f->at < end) { /* over what is there */
        over = end - f->at < (size_t)count ? end - f->at : (size_t)count;
        memcpy(f->out->data + f->first + f->at, data, over);
    }
    momui_write(f->out, (const unsigned char *)data + over, (size_t)count - over);
    f->at += (size_t)count;
    return f->out->failed ? 0 : count;
}

static sf_count_t tell(void *user) {
    return (sf_count_t)((const memory_file *)user)->at;
}

static momu_status write_frames(SNDFILE *file, const momui_audio *audio, momu_error *error) {
    sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    for (int64_t done = 0; done < audio->frames; done += BLOCK) {
        int64_t want = audio->frames - done < BLOCK ? audio->frames - done : BLOCK;
        if (sf_writef_float(file, audio->samples + done * audio->channels, want) != want)
            return momui_fail(error, MOMU_ERROR_IO, "the sound could not be packed: %s",
                              sf_strerror(file));
    }
    return MOMU_OK;
}

momu_status momui_sound_flac(const momui_audio *audio, momui_writer *out, momu_error *error) {
    SF_VIRTUAL_IO calls = {length_of, seek, read_back, write_on, tell};
    memory_file memory = {.out = out, .first = out->size};
    SF_INFO info = {.samplerate = (int)audio->rate,
                    .channels = audio->channels,
                    .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
    if (audio->rate != floor(audio->rate) || audio->channels > MOST_CHANNELS ||
        !sf_format_check(&info))
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "FLAC holds no sound of %d channels at %g frames a second",
                          (int)audio->channels, audio->rate);
    SNDFILE *file = sf_open_virtual(&calls, SFM_WRITE, &info, &memory);
    if (!file)
        return momui_fail(error, MOMU_ERROR_IO, "the sound could not be packed: %s",
                          sf_strerror(NULL));
    momu_status status = write_frames(file, audio, error);
    if (sf_close(file) != 0 && status == MOMU_OK)
        status = momui_fail(error, MOMU_ERROR_IO, "the sound could not be packed to its end");
    if (status == MOMU_OK && out->failed)
        status = momui_fail_memory(error, "a packed sound");
    return status;
}
