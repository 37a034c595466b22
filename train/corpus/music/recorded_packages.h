/* Properties of recorded tracks by their names. Internal to recorded_*.c. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_RECORDED_PACKAGES_H
#define MOMUI_TRAIN_CORPUS_MUSIC_RECORDED_PACKAGES_H

#include "train/corpus/music/recorded.h"

typedef struct momui_recorded_package {
    const char *part; /* of the path */
    const char *package, *licence, *author;
    int32_t genre;
    bool sequenced; /* begins with a bar, at one tempo */
} momui_recorded_package;

/* NULL: a track of another origin. */
const momui_recorded_package *momui_recorded_package_of(const char *path);
/* Stems and previews of songs, by file name. */
bool momui_recorded_is_part(const char *path);
bool momui_recorded_is_sound(const char *path);
/* The last two parts of a path: a song is often "its name/song.ogg". */
const char *momui_recorded_name(const char *path);

#define MOMUI_RECORDED_PACKAGES                                                                    \
    "fretsonfire-songs-sectoid, noiz2sa-data, mu-cade-data, parsec47-data, torus-trooper-data, "   \
    "tumiki-fighters-data, titanion-data, gunroar-data"

#endif
