#include "io/sound/sound_encode.h"
#include "io/sound/sound_check.h"

#include <math.h>
#include <sndfile.h>
#include <string.h>

/* In blocks: libsndfile's Vorbis encoder keeps a whole call's analysis on its stack. */
enum { BLOCK = 4096 };
static const double VORBIS_QUALITY = 0.6;

/* ---- a file of libsndfile's at the end of a writer ---- */

/* It can go back: heads are written last. */
typedef struct memory_file {
    momui_writer *out;
    size_t first, at; /* where the file begins in the writer, and the position in the file */
} memory_file;

static sf_count_t file_length(void *user) {
    const memory_file *f = user;
    return (sf_count_t)(f->out->size - f->first);
}

static sf_count_t file_seek(sf_count_t offset, int whence, void *user) {
    memory_file *f = user;
    sf_count_t from = whence == SEEK_SET   ? 0
                      : whence == SEEK_CUR ? (sf_count_t)f->at
                                           : file_length(user);
    sf_count_t to = from + offset;
    if (to < 0 || to > file_length(user))
        return -1;
    f->at = (size_t)to;
    return to;
}

static sf_count_t file_read(void *data, sf_count_t count, void *user) {
    memory_file *f = user;
    sf_count_t left = file_length(user) - (sf_count_t)f->at, take = count < left ? count : left;
    if (take <= 0)
        return 0;
    memcpy(data, f->out->data + f->first + f->at, (size_t)take);
    f->at += (size_t)take;
    return take;
}

static sf_count_t file_write(const void *data, sf_count_t count, void *user) {
    memory_file *f = user;
    size_t end = f->out->size - f->first, over = 0;
    if (f->at < end) { /* overwrites what is there */
        over = end - f->at < (size_t)count ? end - f->at : (size_t)count;
        memcpy(f->out->data + f->first + f->at, data, over);
    }
    momui_write(f->out, (const unsigned char *)data + over, (size_t)count - over);
    if (f->out->failed)
        return 0;
    f->at += (size_t)count;
    return count;
}

static sf_count_t file_tell(void *user) {
    return (sf_count_t)((const memory_file *)user)->at;
}

/* ---- what all formats share ---- */

static momu_status check_audio(const momui_audio *audio, SF_INFO *info, momu_error *error) {
    if (!(audio->rate >= 1000 && audio->rate <= 768000) || audio->rate != floor(audio->rate))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "sound files need a whole number of frames a second, 1000 to 768000, "
                          "not %g",
                          audio->rate);
    info->samplerate = (int)audio->rate;
    info->channels = audio->channels;
    if (!sf_format_check(info))
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "this format holds no sound of %d channels at %d frames a second",
                          (int)audio->channels, info->samplerate);
    for (int64_t i = 0; i < audio->frames * audio->channels; i++)
        if (!isfinite(audio->samples[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC, "frame %lld of the sound is not finite",
                              (long long)(i / audio->channels));
    return MOMU_OK;
}

static momu_status write_frames(SNDFILE *file, const momui_audio *audio, momu_error *error) {
    double quality = VORBIS_QUALITY;
    sf_command(file, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality);
    sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    for (int64_t done = 0; done < audio->frames; done += BLOCK) {
        int64_t want = audio->frames - done < BLOCK ? audio->frames - done : BLOCK;
        if (sf_writef_float(file, audio->samples + done * audio->channels, want) != want)
            return momui_fail(error, MOMU_ERROR_IO,
                              "the sound could not be encoded at frame %lld: %s", (long long)done,
                              sf_strerror(file));
    }
    return MOMU_OK;
}

static momu_status encode(const momui_audio *audio, int format, momui_writer *out,
                          momu_error *error) {
    SF_VIRTUAL_IO calls = {file_length, file_seek, file_read, file_write, file_tell};
    memory_file memory = {.out = out, .first = out->size};
    SF_INFO info = {.format = format};
    MOMUI_TRY(check_audio(audio, &info, error));
    SNDFILE *file = sf_open_virtual(&calls, SFM_WRITE, &info, &memory);
    momu_status status = file ? write_frames(file, audio, error)
                              : momui_fail(error, MOMU_ERROR_IO,
                                           "the sound could not be encoded: %s", sf_strerror(NULL));
    if (file && sf_close(file) != 0 && status == MOMU_OK)
        status = momui_fail(error, MOMU_ERROR_IO, "the sound could not be encoded to its end");
    return out->failed ? momui_fail_memory(error, "an encoded sound") : status;
}

static int with_bits(int format, int32_t bits) {
    return format | (bits == 16 ? SF_FORMAT_PCM_16 : SF_FORMAT_PCM_24);
}

/* ---- the formats ---- */

momu_status momui_wav_encode(const momui_audio *audio, int32_t bits, momui_writer *out,
                             momu_error *error) {
    if (audio->frames > (int64_t)(UINT32_MAX - 4096) / (bits / 8) / audio->channels)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "too long for a .wav (4 GiB); write .flac instead");
    return encode(audio, with_bits(SF_FORMAT_WAV, bits), out, error);
}

momu_status momui_flac_encode(const momui_audio *audio, int32_t bits, momui_writer *out,
                              momu_error *error) {
    return encode(audio, with_bits(SF_FORMAT_FLAC, bits), out, error);
}

static void store32(unsigned char *p, uint32_t value) {
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> 8 * i);
}

/* Gives all pages of the stream this serial number, or makes their checksums fit. */
static void set_ogg_pages(unsigned char *data, size_t size, const uint32_t *serial) {
    for (size_t at = 0; size - at >= 27;) {
        unsigned char *page = data + at;
        size_t length = 27 + (size_t)page[26];
        for (size_t i = 0; i < page[26]; i++)
            length += page[27 + i];
        if (length > size - at)
            return;
        if (serial)
            store32(page + 14, *serial);
        store32(page + 22, serial ? 0 : momui_ogg_checksum(page, length));
        at += length;
    }
}

/* libsndfile draws the stream's serial number from the clock. Streams of a chained file must
 * differ in it, so it becomes a checksum of the stream itself. */
momu_status momui_ogg_encode(const momui_audio *audio, int32_t bits, momui_writer *out,
                             momu_error *error) {
    (void)bits;
    size_t first = out->size;
    MOMUI_TRY(encode(audio, SF_FORMAT_OGG | SF_FORMAT_VORBIS, out, error));
    unsigned char *data = out->data + first;
    size_t size = out->size - first;
    uint32_t serial = 0;
    set_ogg_pages(data, size, &serial);
    serial = momui_ogg_checksum(data, size);
    set_ogg_pages(data, size, &serial);
    set_ogg_pages(data, size, NULL);
    return MOMU_OK;
}
