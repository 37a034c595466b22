/* The genres that music and dances are labelled with: the one table. 16 of the 25 conditioning
 * values of a latent frame are genres (docs/features.md, "Controls"), so a 17th changes the width of
 * the transformers' input and with it the model format. To add one: its name in genres.c, the count
 * below and MOMUI_CONTROL_FEATURES, its constant in include/momu/generate.h; for synthesis its song
 * style in train/corpus/music/styles_*.c, one row in train/corpus/music/genre_styles.c and one in
 * train/corpus/dance/dance_styles.c. CONTRIBUTING.md, "a genre", has the whole list. */
#ifndef MOMUI_MODELS_GENRES_H
#define MOMUI_MODELS_GENRES_H

#include <stdint.h>

enum { MOMUI_GENRES = 16 };

/* "house", "techno", ... for 1..MOMUI_GENRES, else NULL. */
const char *momui_genre_name(int32_t genre);

#endif
