/* The genres that music and dances are labelled with: the one table. */
#ifndef MOMUI_MODELS_GENRES_H
#define MOMUI_MODELS_GENRES_H

#include <stdint.h>

enum { MOMUI_GENRES = 16 };

/* "house", "techno", ... for 1..MOMUI_GENRES, else NULL. */
const char *momui_genre_name(int32_t genre);

#endif
