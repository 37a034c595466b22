/* Reads STEM.json. */
#include "train/datasets/annotations.h"

#include "io/json/json.h"
#include "models/genres.h"

#include <stdio.h>

static const double LATEST = 7200.0; /* seconds */
enum { MOST_BEATS = 100000, MOST_BYTES = 1 << 24 };

/* ---- single values ---- */

/* Leaves *out alone where `object` has no such key; *there, which may be NULL, becomes false. */
static momu_status read_double(const momui_json *object, const char *key, double most, double *out,
                               bool *there, momu_error *error) {
    if (momui_json_find(object, key))
        return momui_json_double(object, key, 0, most, out, error);
    if (there)
        *there = false;
    return MOMU_OK;
}

/* The section `key`; NULL where it is absent or the annotator's own. */
static const momui_json *section(const momui_json *root, const char *key) {
    const momui_json *value = momui_json_find(root, key);
    return value && momui_json_type(value) == MOMUI_JSON_OBJECT ? value : NULL;
}

/* ---- beats ---- */

/* The list `key` of seconds, rising. */
static momu_status read_times(momui_memory *memory, const momui_json *root, const char *key,
                              double **times, size_t *count, momu_error *error) {
    const momui_json *list = momui_json_find(root, key);
    if (!list)
        return MOMU_OK;
    if (momui_json_type(list) != MOMUI_JSON_ARRAY)
        return momui_json_fail(list, error, "expected a list of seconds");
    MOMUI_TRY(momui_json_array(root, key, 0, MOST_BEATS, &list, error));
    size_t length = momui_json_count(list);
    *times = momui_alloc(memory, length, sizeof **times);
    if (!*times)
        return momui_fail_memory(error, "the beats");
    for (size_t i = 0; i < length; i++) {
        double *time = &(*times)[i];
        MOMUI_TRY(momui_json_as_double(momui_json_at(list, i), 0, LATEST, time, error));
        if (i > 0 && time[0] <= time[-1])
            return momui_json_fail(list, error, "number %zu does not come after the one before", i);
    }
    *count = length;
    return MOMU_OK;
}

static momu_status read_beat_energy(momui_memory *memory, const momui_json *root,
                                    momui_annotations *out, momu_error *error) {
    const momui_json *list = momui_json_find(root, "beat_energy");
    size_t count = out->beat_count;
    if (!list || count == 0)
        return MOMU_OK;
    MOMUI_TRY(momui_json_array(root, "beat_energy", count, count, &list, error));
    out->beat_energy = momui_alloc(memory, count, sizeof *out->beat_energy);
    if (!out->beat_energy)
        return momui_fail_memory(error, "the beats' energy");
    for (size_t i = 0; i < count; i++) {
        double energy = 0;
        MOMUI_TRY(momui_json_as_double(momui_json_at(list, i), 0, 1, &energy, error));
        out->beat_energy[i] = (float)energy;
    }
    return MOMU_OK;
}

/* ---- sections ---- */

static momu_status read_phrase(const momui_json *from, momui_phrase *phrase, momu_error *error) {
    MOMUI_TRY(momui_json_as_object(from, error));
    MOMUI_TRY(
        momui_json_i32(from, "first_beat", -MOST_BEATS, MOST_BEATS, &phrase->first_beat, error));
    MOMUI_TRY(momui_json_i32(from, "beats", 0, 2 * MOST_BEATS, &phrase->beats, error));
    MOMUI_TRY(momui_json_bool(from, "captured_lower", &phrase->mocap_lower, error));
    MOMUI_TRY(momui_json_bool(from, "captured_upper", &phrase->mocap_upper, error));
    return momui_json_bool(from, "half_time", &phrase->half_time, error);
}

static momu_status read_dance(momui_memory *memory, const momui_json *dance, momui_annotations *out,
                              momu_error *error) {
    const momui_json *list;
    out->dance_whole = true;
    MOMUI_TRY(read_double(dance, "captured_share", 1, &out->mocap_share, &out->dance_whole, error));
    MOMUI_TRY(
        read_double(dance, "half_time_share", 1, &out->half_time_share, &out->dance_whole, error));
    if (!momui_json_find(dance, "phrases"))
        return MOMU_OK;
    MOMUI_TRY(momui_json_array(dance, "phrases", 0, MOST_BEATS, &list, error));
    size_t count = momui_json_count(list);
    out->phrases = momui_calloc(memory, count, sizeof *out->phrases);
    if (!out->phrases)
        return momui_fail_memory(error, "the phrases");
    for (size_t i = 0; i < count; i++)
        MOMUI_TRY(read_phrase(momui_json_at(list, i), &out->phrases[i], error));
    out->phrase_count = count;
    return MOMU_OK;
}

static bool read_text(const momui_json *object, const char *key, char *out, size_t room) {
    const momui_json *value = momui_json_find(object, key);
    const char *text;
    if (!value || momui_json_type(value) != MOMUI_JSON_STRING ||
        momui_json_as_string(value, &text, NULL) != MOMU_OK)
        return false;
    snprintf(out, room, "%s", text);
    return true;
}

static void read_music(const momui_json *music, momui_annotations *out) {
    out->music_whole = read_text(music, "kind", out->music_kind, sizeof out->music_kind) &&
                       read_text(music, "source", out->music_source, sizeof out->music_source) &&
                       read_text(music, "licence", out->music_licence, sizeof out->music_licence);
}

static momu_status read_measured(const momui_json *measured, momui_annotations *out,
                                 momu_error *error) {
    bool *whole = &out->measured_whole;
    *whole = true;
    MOMUI_TRY(read_double(measured, "hits", 1e9, &out->hits, whole, error));
    MOMUI_TRY(read_double(measured, "kinematic_beats", 1e9, &out->kinematic_beats, whole, error));
    MOMUI_TRY(read_double(measured, "chance", 1, &out->chance, whole, error));
    return read_double(measured, "skate", 1e6, &out->skate, whole, error);
}

/* ---- the file ---- */

static momu_status read_root(momui_memory *memory, const momui_json *root, momui_annotations *out,
                             momu_error *error) {
    MOMUI_TRY(momui_json_as_object(root, error));
    MOMUI_TRY(read_double(root, "seconds", LATEST, &out->seconds, NULL, error));
    MOMUI_TRY(read_double(root, "tempo", 1000, &out->tempo, NULL, error));
    MOMUI_TRY(read_double(root, "energy", 1, &out->energy, NULL, error));
    if (momui_json_find(root, "genre_number"))
        MOMUI_TRY(momui_json_i32(root, "genre_number", 0, MOMUI_GENRES, &out->genre, error));
    MOMUI_TRY(read_times(memory, root, "beats", &out->beats, &out->beat_count, error));
    MOMUI_TRY(read_beat_energy(memory, root, out, error));
    MOMUI_TRY(read_times(memory, root, "downbeats", &out->downbeats, &out->downbeat_count, error));
    const momui_json *dance = section(root, "dance"), *music = section(root, "music"),
                     *measured = section(root, "measured");
    if (music)
        read_music(music, out);
    if (dance)
        MOMUI_TRY(read_dance(memory, dance, out, error));
    return measured ? read_measured(measured, out, error) : MOMU_OK;
}

momu_status momui_annotations_read(momui_memory *memory, const char *path,
                                   momui_annotations *annotations, momu_error *error) {
    momui_bytes bytes;
    *annotations = (momui_annotations){0};
    MOMUI_TRY(momui_bytes_from_path(memory, path, false, MOST_BYTES, &bytes, error));
    momui_json *root = NULL;
    momu_status status = momui_json_parse((const char *)bytes.data, bytes.size, path, &root, error);
    if (status == MOMU_OK)
        status = read_root(memory, root, annotations, error);
    momui_json_free(root);
    momui_bytes_release(&bytes);
    if (status != MOMU_OK)
        momui_annotations_release(annotations);
    return status;
}

void momui_annotations_release(momui_annotations *annotations) {
    momui_free(annotations->beats);
    momui_free(annotations->beat_energy);
    momui_free(annotations->downbeats);
    momui_free(annotations->phrases);
    *annotations = (momui_annotations){0};
}

/* ---- a view: the dance's origin ---- */

/* When beat `index` falls; those outside are before everything, or after it. */
static double beat_time(const momui_annotations *annotations, int64_t index) {
    if (index < 0)
        return -LATEST;
    return (size_t)index < annotations->beat_count ? annotations->beats[index] : LATEST;
}

momui_origin momui_annotations_origin(const momui_annotations *annotations, double start,
                                      double end) {
    double covered = 0;
    bool mocap = true, procedural = true;
    for (size_t i = 0; i < annotations->phrase_count; i++) {
        const momui_phrase *p = &annotations->phrases[i];
        double from = beat_time(annotations, p->first_beat);
        double to = beat_time(annotations, (int64_t)p->first_beat + p->beats);
        from = from > start ? from : start;
        to = to < end ? to : end;
        if (to <= from)
            continue;
        covered += to - from;
        mocap = mocap && p->mocap_lower && p->mocap_upper;
        procedural = procedural && !p->mocap_lower && !p->mocap_upper;
    }
    if (covered < 0.99 * (end - start) || mocap == procedural)
        return MOMUI_ORIGIN_MIXED;
    return mocap ? MOMUI_ORIGIN_MOCAP : MOMUI_ORIGIN_PROCEDURAL;
}
