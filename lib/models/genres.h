/* The genres that music and dances are labelled with: the one table. To add a genre: its name in
 * genres.c, and for synthesis one row each in train/corpus/music/genre_styles.c and
 * train/corpus/dance/dance_styles.c. */
#ifndef MOMUI_MODELS_GENRES_H
#define MOMUI_MODELS_GENRES_H

#include <stdint.h>

enum { MOMUI_GENRES = 16 };

/* "house", "techno", ... for 1..MOMUI_GENRES, else NULL. */
const char *momui_genre_name(int32_t genre);

#endif
