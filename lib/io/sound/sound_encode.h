/* Sound as WAV, FLAC or Ogg Vorbis, appended to a writer, through libsndfile. The table of formats
 * (io/formats.c) names these functions. */
#ifndef MOMUI_IO_SOUND_SOUND_ENCODE_H
#define MOMUI_IO_SOUND_SOUND_ENCODE_H

#include "base/audio_buffer.h"
#include "base/stream.h"

/* `bits` per sample, 16 or 24; Vorbis has none and ignores it. Samples outside -1..1 are clipped;
 * one that is not finite is refused. The same sound gives the same bytes. */
momu_status momui_wav_encode(const momui_audio *audio, int32_t bits, momui_writer *out,
                             momu_error *error);
momu_status momui_flac_encode(const momui_audio *audio, int32_t bits, momui_writer *out,
                              momu_error *error);
momu_status momui_ogg_encode(const momui_audio *audio, int32_t bits, momui_writer *out,
                             momu_error *error);

#endif
