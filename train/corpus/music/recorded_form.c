/* Bars, energy and sections of a recorded track. */
#include "train/corpus/music/recorded_annotations.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PHRASE = 8, BANDS = MOMUI_RECORDED_BANDS };

static void mean_deviation(const float *x, size_t count, double *mean, double *deviation) {
    double sum = 0, square = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (double)x[i];
        square += (double)x[i] * (double)x[i];
    }
    *mean = sum / (double)count;
    *deviation = sqrt(fmax(square / (double)count - *mean * *mean, 1e-12));
}

/* How much more the best phase of `meter` has than the next one, in standard errors. */
static double bar_evidence(const momui_track_features *annotations, size_t count, int meter,
                           int *phase) {
    double sum[4] = {0}, square[4] = {0}, number[4] = {0};
    double change_mean, change_deviation, kick_mean, kick_deviation;
    mean_deviation(annotations->change, count, &change_mean, &change_deviation);
    mean_deviation(annotations->kick, count, &kick_mean, &kick_deviation);
    for (size_t b = 1; b < count; b++) {
        double change = ((double)annotations->change[b] - change_mean) / change_deviation;
        double kick = ((double)annotations->kick[b] - kick_mean) / kick_deviation;
        double value = fmin(change, 3) + 0.4 * kick;
        size_t p = b % (size_t)meter;
        sum[p] += value;
        square[p] += value * value;
        number[p]++;
    }
    int best = 0, next = -1;
    for (int p = 0; p < meter; p++) {
        sum[p] /= fmax(1, number[p]);
        square[p] = fmax(square[p] / fmax(1, number[p]) - sum[p] * sum[p], 1e-3);
        best = sum[p] > sum[best] ? p : best;
    }
    for (int p = 0; p < meter; p++)
        if (p != best && (next < 0 || sum[p] > sum[next]))
            next = p;
    *phase = best;
    return (sum[best] - sum[next]) /
           sqrt(square[best] / fmax(1, number[best]) + square[next] / fmax(1, number[next]));
}

void momui_recorded_find_bars(const momui_track_features *annotations, int64_t number,
                              momui_grid *grid) {
    static const double CLEAR_FOUR = 3.5, CLEAR_THREE = 5.5, OTHERWISE = 2.5;
    int four = 0, three = 0, phase = -1;
    grid->meter = 0;
    if (grid->beat_count >= 24) {
        double in_four = bar_evidence(annotations, grid->beat_count, 4, &four);
        double in_three = bar_evidence(annotations, grid->beat_count, 3, &three);
        if (in_four > CLEAR_FOUR && in_four > in_three) {
            grid->meter = 4;
            phase = four;
        } else if (in_three > CLEAR_THREE && in_four < 2) {
            grid->meter = 3;
            phase = three;
        }
        int assumed = number >= 0 ? (int)((4 - number % 4) % 4) : -1;
        if (assumed >= 0) {
            bool agrees = four == assumed || (in_four < OTHERWISE && in_three < CLEAR_THREE);
            grid->meter = agrees ? 4 : 0;
            phase = agrees ? assumed : -1;
        }
    }
    for (size_t b = 0; b < grid->beat_count; b++)
        grid->beats[b].count =
            phase < 0 ? -1 : ((int32_t)b - phase + 4 * grid->meter) % grid->meter;
}

static int compare_floats(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Share of `sorted` that is below the value; half of what equals it. */
static double rank_of(const float *sorted, size_t count, float value) {
    size_t below = 0, equal = 0;
    for (size_t i = 0; i < count && sorted[i] <= value; i++) {
        below += sorted[i] < value;
        equal += sorted[i] == value;
    }
    return ((double)below + 0.5 * (double)equal) / (double)count;
}

static void fill_energy(const momui_track_features *annotations, float *smooth, float *sorted,
                        momui_grid *grid) {
    static const double REST = 18, WHOLE_RANGE = 8; /* dB */
    size_t count = grid->beat_count;
    for (size_t b = 0; b < count; b++) {
        double sum = 0, weight = 0;
        for (int d = -3; d <= 3; d++) {
            if ((int64_t)b + d < 0 || b + (size_t)(d + 3) - 3 >= count)
                continue;
            double w = 4 - abs(d);
            sum += w * (double)annotations->loud[(int64_t)b + d];
            weight += w;
        }
        smooth[b] = sorted[b] = (float)(sum / weight);
    }
    qsort(sorted, count, sizeof *sorted, compare_floats);
    double middle = (double)sorted[count / 2];
    double range = (double)(sorted[count * 9 / 10] - sorted[count / 10]);
    /* Where loudness hardly moves, its ranks mean little. */
    double spread = fmin(1, range / WHOLE_RANGE);
    for (size_t b = 0; b < count; b++) {
        double rank = rank_of(sorted, count, smooth[b]);
        grid->beats[b].energy = (float)(0.55 * (1 - spread) + rank * spread);
        grid->beats[b].rest = (double)annotations->loud[b] < middle - REST;
    }
    memcpy(sorted, annotations->attack, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_floats);
    double strong = fmax((double)sorted[count * 9 / 10], 1e-6);
    for (size_t b = 0; b < count; b++)
        grid->beats[b].accent = (float)fmin(1, 0.9 * (double)annotations->attack[b] / strong);
}

momu_status momui_recorded_find_energy(momui_memory *memory,
                                       const momui_track_features *annotations, momui_grid *grid,
                                       momu_error *error) {
    float *smooth = momui_alloc(memory, grid->beat_count, 2 * sizeof *smooth);
    if (!smooth)
        return momui_fail_memory(error, "a track's energy");
    if (grid->beat_count > 0)
        fill_energy(annotations, smooth, smooth + grid->beat_count, grid);
    momui_free(smooth);
    return MOMU_OK;
}

/* Mean tone of some beats: what phrases and sections are compared by. */
static void mean_tone(const momui_track_features *annotations, size_t first, size_t beats,
                      float *tone) {
    memset(tone, 0, BANDS * sizeof *tone);
    for (size_t b = first; b < first + beats; b++)
        for (int k = 0; k < BANDS; k++)
            tone[k] += annotations->tone[b * BANDS + (size_t)k] / (float)beats;
}

static double distance(const float *a, const float *b) {
    double sum = 0;
    for (int k = 0; k < BANDS; k++)
        sum += fabs((double)(a[k] - b[k])) / BANDS;
    return sum;
}

/* Log10 magnitudes: 0.12 is a band mean of 2.4 dB. */
static const double NEW = 0.16, LIKE = 0.09;

static void add_section(const momui_track_features *annotations, momui_grid *grid, size_t first,
                        size_t beats) {
    float mine[BANDS], other[BANDS];
    momui_grid_section *section = &grid->sections[grid->section_count];
    *section = (momui_grid_section){.first_beat = (int32_t)first, .beats = (int32_t)beats};
    snprintf(section->name, sizeof section->name, "piece");
    section->like = (int32_t)grid->section_count;
    mean_tone(annotations, first, beats, mine);
    for (size_t i = 0; i < grid->section_count && section->like == (int32_t)grid->section_count;
         i++) {
        mean_tone(annotations, (size_t)grid->sections[i].first_beat,
                  (size_t)grid->sections[i].beats, other);
        if (distance(mine, other) < LIKE)
            section->like = (int32_t)i;
    }
    double energy = 0;
    for (size_t b = first; b < first + beats; b++) {
        grid->beats[b].section = (int32_t)grid->section_count;
        energy += (double)grid->beats[b].energy / (double)beats;
    }
    section->energy = (float)energy;
    grid->section_count++;
}

momu_status momui_recorded_find_sections(momui_memory *memory,
                                         const momui_track_features *annotations, momui_grid *grid,
                                         momu_error *error) {
    float before[BANDS], after[BANDS];
    size_t count = grid->beat_count, start = 0, first = 0;
    grid->sections = momui_calloc(memory, count / PHRASE + 2, sizeof *grid->sections);
    grid->section_count = 0;
    if (!grid->sections)
        return momui_fail_memory(error, "a track's sections");
    while (first < count && first < 4 && grid->beats[first].count > 0)
        first++;
    for (size_t b = first + PHRASE; b + PHRASE <= count; b += PHRASE) {
        mean_tone(annotations, b - PHRASE, PHRASE, before);
        mean_tone(annotations, b, PHRASE, after);
        if (b - start >= 2 * PHRASE && distance(before, after) > NEW) {
            add_section(annotations, grid, start, b - start);
            start = b;
        }
    }
    if (count > start)
        add_section(annotations, grid, start, count - start);
    return MOMU_OK;
}
