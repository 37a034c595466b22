#include "models/format1.h"

#include <string.h>

typedef struct renamed {
    const char *today, *before;
} renamed;

/* Beginnings of names; the longer of two that fit stands first. */
static const renamed TENSORS[] = {
    {"stats.beat_tracker.", "stats.beats."},
    {"stats.genre_classifier.", "stats.genre."},
    {"stats.keypoint_encoder.", "stats.keypoints."},
    {"beat_tracker.", "beats."},
    {"genre_classifier.", "genre."},
    {"keypoint_encoder.", "keypoints."},
    {"infonce.", "contrast."},
    {"embedder.", "judge."},
};

/* Keys, and names of controls, as they stand in the text. */
static const renamed KEYS[] = {
    {"\"beat_tracker\"", "\"beat_finder\""},
    {"\"architecture\"", "\"variant\""},
    {"\"inpainting\"", "\"known_latents\""},
};

bool momui_is_format1(const char *format) {
    return format && strcmp(format, "1") == 0;
}

static const char *replace_prefix(const char *name, const char *prefix, const char *by, char *out) {
    size_t length = strlen(prefix);
    if (strncmp(name, prefix, length) != 0)
        return NULL;
    size_t head = strlen(by), tail = strlen(name + length) + 1;
    if (head + tail > MOMUI_FORMAT1_NAME)
        return NULL;
    memcpy(out, by, head);
    memcpy(out + head, name + length, tail);
    return out;
}

const char *momui_format1_tensor(const char *name, char *out) {
    for (size_t i = 0; i < sizeof TENSORS / sizeof *TENSORS; i++)
        if (replace_prefix(name, TENSORS[i].today, TENSORS[i].before, out))
            return out;
    return name;
}

const char *momui_format1_tensor_today(const char *name, char *out) {
    for (size_t i = 0; i < sizeof TENSORS / sizeof *TENSORS; i++)
        if (replace_prefix(name, TENSORS[i].before, TENSORS[i].today, out))
            return out;
    return name;
}

char *momui_format1_config(momui_memory *memory, const char *json) {
    size_t length = strlen(json), room = 0;
    /* no key becomes twice as long */
    if (!momui_multiply(length + 1, 2, &room))
        return NULL;
    char *out = momui_alloc(memory, room, 1), *at = out;
    while (out && *json) {
        const renamed *found = NULL;
        for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS && !found; i++)
            if (strncmp(json, KEYS[i].before, strlen(KEYS[i].before)) == 0)
                found = &KEYS[i];
        const char *from = found ? found->today : json;
        size_t count = found ? strlen(found->today) : 1;
        memcpy(at, from, count);
        at += count;
        json += found ? strlen(found->before) : 1;
    }
    if (out)
        *at = '\0';
    return out;
}
