/* What STEM.json says of a pair. Keys that are not known here are the maker's notes. */
#include "train/datasets/dataset.h"

#include "io/json/json.h"

static const double LATEST = 7200.0; /* seconds */
enum { MOST_BEATS = 100000 };

/* The list `key` of seconds, rising; *count stays 0 where it is absent. */
static momu_status read_times(momui_memory *memory, const momui_json *root, const char *key,
                              double **times, size_t *count, momu_error *error) {
    const momui_json *list = momui_json_find(root, key);
    if (!list)
        return MOMU_OK;
    if (momui_json_type(list) != MOMUI_JSON_ARRAY)
        return momui_json_fail(list, error, "expected a list of seconds");
    MOMUI_TRY(momui_json_array(root, key, 0, MOST_BEATS, &list, error));
    size_t found = momui_json_count(list);
    *times = momui_alloc(memory, found, sizeof **times);
    if (!*times)
        return momui_fail_memory(error, "the beats");
    for (size_t i = 0; i < found; i++) {
        double *time = &(*times)[i];
        MOMUI_TRY(momui_json_as_double(momui_json_at(list, i), 0, LATEST, time, error));
        if (i > 0 && time[0] <= time[-1])
            return momui_json_fail(list, error, "number %zu does not come after the one before", i);
    }
    *count = found;
    return MOMU_OK;
}

/* From seconds to beats since the first one; beyond both ends the nearest interval goes on. */
static void count_in_beats(const momui_pair *pair, double *times, size_t count) {
    for (size_t i = 0, k = 0; i < count; i++) {
        while (k + 2 < pair->beat_count && times[i] >= pair->beats[k + 1])
            k++;
        times[i] = (double)k + (times[i] - pair->beats[k]) / (pair->beats[k + 1] - pair->beats[k]);
    }
}

static momu_status read_beat_energy(momui_memory *memory, const momui_json *root, momui_pair *pair,
                                    momu_error *error) {
    const momui_json *list = momui_json_find(root, "beat_energy");
    if (!list || pair->beat_count == 0)
        return MOMU_OK;
    MOMUI_TRY(
        momui_json_array(root, "beat_energy", pair->beat_count, pair->beat_count, &list, error));
    pair->beat_energy = momui_alloc(memory, pair->beat_count, sizeof *pair->beat_energy);
    if (!pair->beat_energy)
        return momui_fail_memory(error, "the beats' energy");
    for (size_t i = 0; i < pair->beat_count; i++) {
        double energy = 0;
        MOMUI_TRY(momui_json_as_double(momui_json_at(list, i), 0, 1, &energy, error));
        pair->beat_energy[i] = (float)energy;
    }
    return MOMU_OK;
}

static momu_status read_annotations(momui_memory *memory, const momui_json *root, momui_pair *pair,
                                    momu_error *error) {
    MOMUI_TRY(momui_json_as_object(root, error));
    if (momui_json_find(root, "tempo"))
        MOMUI_TRY(momui_json_double(root, "tempo", 0, 1000, &pair->tempo, error));
    if (momui_json_find(root, "energy"))
        MOMUI_TRY(momui_json_double(root, "energy", 0, 1, &pair->energy, error));
    if (momui_json_find(root, "genre_number"))
        MOMUI_TRY(momui_json_i32(root, "genre_number", 0, MOMUI_GENRES, &pair->genre, error));
    MOMUI_TRY(read_times(memory, root, "beats", &pair->beats, &pair->beat_count, error));
    MOMUI_TRY(read_beat_energy(memory, root, pair, error));
    MOMUI_TRY(read_times(memory, root, "downbeats", &pair->bars, &pair->bar_count, error));
    if (pair->beat_count < 2 || pair->bar_count < 2)
        pair->bar_count = 0; /* one bar's length is not known */
    count_in_beats(pair, pair->bars, pair->bar_count);
    return MOMU_OK;
}

momu_status momui_annotations_load(momui_memory *memory, const char *path, momui_pair *pair,
                                   momu_error *error) {
    momui_bytes bytes;
    MOMUI_TRY(momui_bytes_from_path(memory, path, false, 1 << 24, &bytes, error));
    momui_json *root = NULL;
    momu_status status = momui_json_parse((const char *)bytes.data, bytes.size, path, &root, error);
    if (status == MOMU_OK)
        status = read_annotations(memory, root, pair, error);
    momui_json_free(root);
    momui_bytes_release(&bytes);
    return status;
}
