/* Soundfonts as files: where they are, and what their makers allow. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_SOUNDFONT_H
#define MOMUI_TRAIN_CORPUS_MUSIC_SOUNDFONT_H

#include "base/memory.h"

#define MOMUI_SOUNDFONT "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3"

/* NOT_FOUND with the package to install, FORMAT when the file is no soundfont. */
momu_status momui_soundfont_check(momui_memory *memory, const char *path, momu_error *error);

typedef struct momui_soundfont_licence {
    const char *file; /* name of the file */
    const char *name; /* of the soundfont */
    const char *licence;
    const char *notice; /* who made it */
} momui_soundfont_licence;

/* By file name (momui_band_name()); NULL for soundfonts that are not listed. */
const momui_soundfont_licence *momui_soundfont_licence_of(const char *file);

#endif
