/* The library: takes read and cut, units ranked by energy. */
#include "train/corpus/moves/move_library.h"

#include "train/corpus/moves/takes.h"

#include <stdlib.h>

static int compare_floats(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Replaces energies by their ranks: 0 the calmest unit, 1 the most energetic. */
static momu_status rank_energies(momui_units *units, momu_error *error) {
    float *sorted = momui_alloc(units->memory, units->count, sizeof *sorted);
    if (!sorted)
        return momui_fail_memory(error, "the move library");
    for (size_t i = 0; i < units->count; i++)
        sorted[i] = units->items[i].energy;
    qsort(sorted, units->count, sizeof *sorted, compare_floats);
    for (size_t i = 0; i < units->count; i++) {
        size_t low = 0, high = units->count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (sorted[middle] < units->items[i].energy)
                low = middle + 1;
            else
                high = middle;
        }
        units->items[i].energy = units->count > 1 ? (float)low / (float)(units->count - 1) : 0.5f;
    }
    momui_free(sorted);
    return MOMU_OK;
}

momu_status momui_units_load(momui_memory *memory, const char *folder, momui_corpus_report report,
                             void *user, momui_units *units, momu_error *error) {
    *units = (momui_units){.memory = memory};
    momu_status status = momui_takes_read(units, folder, report, user, error);
    if (status == MOMU_OK && units->count == 0)
        status = momui_fail(error, MOMU_ERROR_IO,
                            "%s: no motion capture; expected cmu/05_01.bvh and others, and "
                            "loops/human-base-animations.glb",
                            folder);
    if (status == MOMU_OK)
        status = rank_energies(units, error);
    if (status != MOMU_OK)
        momui_units_release(units);
    return status;
}
