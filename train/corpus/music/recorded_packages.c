#include "train/corpus/music/recorded_packages.h"

#include "io/formats.h"

#include <string.h>

enum { ROCK = 6, OTHER = 16 };

static const momui_recorded_package PACKAGES[] = {
    {"sectoid", "fretsonfire-songs-sectoid", "Expat", "Tommi Inkila", ROCK, false},
    {"noiz2sa", "noiz2sa-data", "BSD-2-Clause", "Kenta Cho", OTHER, true},
    {"mu-cade", "mu-cade-data", "BSD-2-Clause", "Kenta Cho", OTHER, true},
    {"parsec47", "parsec47-data", "BSD-2-Clause", "Kenta Cho", OTHER, true},
    {"torus-trooper", "torus-trooper-data", "BSD-2-Clause", "Kenta Cho", OTHER, true},
    {"tumiki-fighters", "tumiki-fighters-data", "BSD-2-Clause", "Kenta Cho", OTHER, true},
    {"titanion", "titanion-data", "BSD-2-Clause", "Kenta Cho", OTHER, true},
    {"gunroar", "gunroar-data", "BSD-2-Clause", "Kenta Cho", OTHER, true},
};

const momui_recorded_package *momui_recorded_package_of(const char *path) {
    for (size_t i = 0; i < sizeof PACKAGES / sizeof *PACKAGES; i++)
        if (strstr(path, PACKAGES[i].part))
            return &PACKAGES[i];
    return NULL;
}

const char *momui_recorded_name(const char *path) {
    const char *name = path, *folder = path;
    for (const char *p = path; *p; p++)
        if (*p == '/') {
            folder = name;
            name = p + 1;
        }
    return folder;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether `text` contains `part` (in lower case), in whatever case. */
static bool contains(const char *text, const char *part) {
    for (; *text; text++) {
        size_t i = 0;
        while (part[i] && lower(text[i]) == part[i])
            i++;
        if (!part[i])
            return true;
    }
    return false;
}

static bool ends(const char *text, const char *end) {
    size_t length = strlen(text), size = strlen(end);
    return length >= size && contains(text + length - size, end);
}

/* Whether the file itself, not its folder, has this name. */
static bool is_file(const char *path, const char *name) {
    const char *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    return strlen(file) == strlen(name) && ends(file, name);
}

bool momui_recorded_is_sound(const char *path) {
    return momui_format_of_path(path, MOMUI_FILE_SOUND) != NULL;
}

bool momui_recorded_is_part(const char *path) {
    return is_file(path, "guitar.ogg") || is_file(path, "rhythm.ogg") ||
           is_file(path, "drums.ogg") || is_file(path, "preview.ogg");
}

bool momui_recorded_held_out(const char *path) {
    return contains(path, "war of freedom") || contains(path, "war_of_freedom") ||
           is_file(path, "tt3.ogg") || (contains(path, "noiz2sa") && is_file(path, "stg3.ogg"));
}

/* FNV-1a: of ten values eight are for training. Of the listed packages' tracks, 23, 5 and 4 fall in
 * the three splits. */
momui_split momui_recorded_split(const char *name) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *p = name; *p; p++) {
        hash ^= (unsigned char)lower(*p);
        hash *= UINT64_C(0x100000001b3);
    }
    uint64_t tenth = (hash >> 32) % 10;
    return tenth == 8 ? MOMUI_VALIDATION : tenth == 9 ? MOMUI_TEST : MOMUI_TRAIN;
}
