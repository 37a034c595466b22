#include "models/genres.h"

#include <stddef.h>

const char *momui_genre_name(int32_t genre) {
    static const char *const names[MOMUI_GENRES] = {
        "house",     "techno",  "hip-hop", "funk",  "pop",   "rock",   "synthwave", "drum and bass",
        "reggaeton", "cha-cha", "rumba",   "waltz", "swing", "ballad", "modern",    "other"};
    return genre >= 1 && genre <= MOMUI_GENRES ? names[genre - 1] : NULL;
}
