/* What libsndfile does not tell: whether a sound file ends before its container says so. */
#ifndef MOMUI_IO_SOUND_SOUND_CHECK_H
#define MOMUI_IO_SOUND_SOUND_CHECK_H

#include "base/stream.h"

/* Looks at RIFF/WAVE and Ogg files; anything else passes. */
momu_status momui_sound_check(const momui_bytes *bytes, momu_error *error);

/* The checksum of an Ogg page, which counts its own four bytes as zero. */
uint32_t momui_ogg_checksum(const unsigned char *page, size_t length);

#endif
