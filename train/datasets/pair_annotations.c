/* What training takes of a pair's annotations: tempo, energy, genre, beats and bars. */
#include "train/datasets/annotations.h"
#include "train/datasets/dataset.h"

/* From seconds to beats since the first one; beyond both ends the nearest interval goes on. */
static void count_in_beats(const momui_pair *pair, double *times, size_t count) {
    for (size_t i = 0, k = 0; i < count; i++) {
        while (k + 2 < pair->beat_count && times[i] >= pair->beats[k + 1])
            k++;
        times[i] = (double)k + (times[i] - pair->beats[k]) / (pair->beats[k + 1] - pair->beats[k]);
    }
}

momu_status momui_annotations_load(momui_memory *memory, const char *path, momui_pair *pair,
                                   momu_error *error) {
    momui_annotations annotations;
    MOMUI_TRY(momui_annotations_read(memory, path, &annotations, error));
    pair->tempo = annotations.tempo;
    pair->energy = annotations.energy;
    pair->genre = annotations.genre;
    pair->beats = annotations.beats;
    pair->beat_count = annotations.beat_count;
    pair->beat_energy = annotations.beat_energy;
    pair->bars = annotations.downbeats;
    pair->bar_count = annotations.downbeat_count;
    /* the pair owns them from here on */
    annotations.beats = annotations.downbeats = NULL;
    annotations.beat_energy = NULL;
    momui_annotations_release(&annotations);
    if (pair->beat_count < 2 || pair->bar_count < 2)
        pair->bar_count = 0; /* one bar's length is not known */
    count_in_beats(pair, pair->bars, pair->bar_count);
    return MOMU_OK;
}
