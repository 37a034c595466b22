#include "io/sound/sound_check.h"

#include <string.h>

static uint32_t load32(const unsigned char *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Walks the chunks to "data". Programs that write to a pipe leave 0xFFFFFFFF there: then the file's
 * end counts.
 */
static momu_status check_wave(const momui_bytes *bytes, momu_error *error) {
    size_t at = 12;
    while (bytes->size - at >= 8) {
        uint32_t claimed = load32(bytes->data + at + 4);
        size_t left = bytes->size - at - 8;
        bool data = memcmp(bytes->data + at, "data", 4) == 0;
        if (data && claimed == UINT32_MAX)
            return MOMU_OK;
        if (claimed > left)
            return momui_fail(
                error, MOMU_ERROR_FORMAT,
                "%s: cut short: the chunk at byte %zu claims %lu bytes, %zu are there", bytes->name,
                at, (unsigned long)claimed, left);
        if (data)
            return MOMU_OK;
        size_t step = (size_t)claimed + (claimed & 1);
        if (step > left)
            break;
        at += 8 + step;
    }
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: a WAVE file without a \"data\" chunk",
                      bytes->name);
}

uint32_t momui_ogg_checksum(const unsigned char *page, size_t length) {
    uint32_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        sum ^= (uint32_t)(i >= 22 && i < 26 ? 0 : page[i]) << 24;
        for (int bit = 0; bit < 8; bit++)
            sum = sum << 1 ^ (sum & 0x80000000u ? 0x04C11DB7u : 0);
    }
    return sum;
}

/* Every page of an Ogg stream is whole and sound, and the last one carries the end mark. (Checked
 * here also because libsndfile loses memory over damaged Vorbis headers.) */
static momu_status check_ogg(const momui_bytes *bytes, momu_error *error) {
    size_t at = 0;
    bool ended = false;
    while (bytes->size - at >= 27 && memcmp(bytes->data + at, "OggS", 4) == 0) {
        const unsigned char *page = bytes->data + at;
        size_t length = 27 + (size_t)page[26];
        if (length <= bytes->size - at)
            for (size_t i = 0; i < page[26]; i++)
                length += page[27 + i];
        if (length > bytes->size - at)
            return momui_fail(
                error, MOMU_ERROR_FORMAT,
                "%s: cut short: the Ogg page at byte %zu needs %zu bytes, %zu are there",
                bytes->name, at, length, bytes->size - at);
        if (momui_ogg_checksum(page, length) != load32(page + 22))
            return momui_fail(error, MOMU_ERROR_FORMAT,
                              "%s: damaged: the checksum of the Ogg page at byte %zu does not fit",
                              bytes->name, at);
        ended = (page[5] & 4) != 0;
        at += length;
    }
    return ended
               ? MOMU_OK
               : momui_fail(error, MOMU_ERROR_FORMAT,
                            "%s: cut short or damaged: no end mark in the Ogg page before byte %zu",
                            bytes->name, at);
}

momu_status momui_sound_check(const momui_bytes *bytes, momu_error *error) {
    if (bytes->size >= 12 && memcmp(bytes->data, "RIFF", 4) == 0 &&
        memcmp(bytes->data + 8, "WAVE", 4) == 0)
        return check_wave(bytes, error);
    if (bytes->size >= 4 && memcmp(bytes->data, "OggS", 4) == 0)
        return check_ogg(bytes, error);
    return MOMU_OK;
}
