/* The controls of a pair at each latent frame (docs/features.md, "Controls"), from its annotations.
 */
#include "train/datasets/dataset.h"

#include <math.h>
#include <string.h>

enum { GENRE = 1, TEMPO = 2, ENERGY = 4, BEATS = 8 };

static const double TURN = 6.283185307179586;

uint32_t momui_pair_available_controls(const momui_pair *pair) {
    return (pair->genre > 0 ? GENRE : 0) | (pair->tempo > 0 ? TEMPO : 0) |
           (pair->energy > 0 || pair->beat_energy ? ENERGY : 0) |
           (pair->beat_count >= 2 ? BEATS : 0);
}

/* Where `value` lies among rising numbers: whole and part; beyond both ends the nearest interval
 * goes on. `near` is where the last search ended. */
static double place_among(const double *numbers, size_t count, double value, size_t *near) {
    size_t i = *near;
    while (i + 2 < count && value >= numbers[i + 1])
        i++;
    *near = i;
    return (double)i + (value - numbers[i]) / (numbers[i + 1] - numbers[i]);
}

/* At a position among the beats: linear from beat to beat, constant beyond the ends. */
static float energy_at(const momui_pair *pair, double place) {
    if (!pair->beat_energy)
        return (float)pair->energy;
    double last = (double)(pair->beat_count - 1), at = fmin(fmax(place, 0), last);
    size_t low = (size_t)at, high = low + 1 < pair->beat_count ? low + 1 : low;
    float part = (float)(at - (double)low);
    return pair->beat_energy[low] + part * (pair->beat_energy[high] - pair->beat_energy[low]);
}

void momui_pair_controls(const momui_pair *pair, const momui_config *config, int64_t start,
                         int64_t count, uint32_t controls, float *out) {
    double frame = (double)config->hop * (double)config->down / (double)config->sample_rate;
    size_t near_beat = 0, near_bar = 0;
    memset(out, 0, (size_t)count * MOMUI_CONTROL_FEATURES * sizeof *out);
    for (int64_t k = 0; k < count; k++) {
        float *row = out + k * MOMUI_CONTROL_FEATURES;
        double time = ((double)(start + k) + 0.5) * frame, beat = 0;
        if (pair->beat_count >= 2)
            beat = place_among(pair->beats, pair->beat_count, time, &near_beat);
        if (controls & ENERGY) {
            row[0] = energy_at(pair, beat);
            row[1] = 1;
        }
        if (controls & BEATS) {
            row[2] = (float)sin(TURN * (beat - floor(beat)));
            row[3] = (float)cos(TURN * (beat - floor(beat)));
            row[6] = 1;
        }
        if ((controls & BEATS) && !(controls & MOMUI_WITHOUT_BARS) && pair->bar_count >= 2) {
            double bar = place_among(pair->bars, pair->bar_count, beat, &near_bar);
            row[4] = (float)sin(TURN * (bar - floor(bar)));
            row[5] = (float)cos(TURN * (bar - floor(bar)));
        }
        if (controls & TEMPO) {
            row[7] = (float)log2(pair->tempo / 120.0);
            row[8] = 1;
        }
        if (controls & GENRE)
            row[8 + pair->genre] = 1;
    }
}
