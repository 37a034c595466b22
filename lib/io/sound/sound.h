/* Sound files, through libsndfile. */
#ifndef MOMUI_IO_SOUND_SOUND_H
#define MOMUI_IO_SOUND_SOUND_H

#include "base/audio_buffer.h"
#include "base/stream.h"

/* Reads a whole sound file of any format that libsndfile knows. Refused: no sound file, cut short,
 * no frames, samples that are not finite. Free with momui_audio_free(). */
momu_status momui_sound_read(momui_memory *memory, const char *path, momui_audio **audio,
                             momu_error *error);
momu_status momui_sound_read_bytes(momui_memory *memory, const momui_bytes *bytes,
                                   momui_audio **audio, momu_error *error);

/* Writes .wav (24 bit), .flac (24 bit) or .ogg (Vorbis) by the path's extension, whole or absent.
 * Samples outside -1..1 are clipped. The same sound gives the same bytes. */
momu_status momui_sound_write(const momui_audio *audio, const char *path, momu_error *error);
/* The same with 16 bit in .wav and .flac: half the size, for what is made by the hour. */
momu_status momui_sound_write_16(const momui_audio *audio, const char *path, momu_error *error);
/* Appends to `out` the bytes that momui_sound_write() puts into a file. `format`: "wav", "flac" or
 * "ogg". On failure `out` may hold a part. */
momu_status momui_sound_write_bytes(const momui_audio *audio, const char *format, momui_writer *out,
                                    momu_error *error);
/* Appends FLAC of 16 bit, for documents that carry sound inside. UNSUPPORTED: more than 8 channels.
 */
momu_status momui_sound_flac(const momui_audio *audio, momui_writer *out, momu_error *error);

#endif
