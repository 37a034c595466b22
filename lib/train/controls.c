/* What a pair's facts say at each latent frame: docs/MODEL.md section 6b, "Controls". */
#include "train/dataset.h"

#include <math.h>
#include <string.h>

enum { GENRE = 1, TEMPO = 2, ENERGY = 4, BEATS = 8 };

uint32_t momui_pair_known_controls(const momui_pair *pair) {
    return (pair->genre > 0 ? GENRE : 0) | (pair->tempo > 0 ? TEMPO : 0) |
           (pair->energy > 0 ? ENERGY : 0) | (pair->beat_count >= 2 ? BEATS : 0);
}

/* Beats counted from the first, a fraction in between; beyond both ends the nearest interval goes
 * on. */
static double beat_position(const momui_pair *pair, double time, size_t *near) {
    size_t i = *near;
    while (i + 2 < pair->beat_count && time >= pair->beats[i + 1])
        i++;
    *near = i;
    return (double)i + (time - pair->beats[i]) / (pair->beats[i + 1] - pair->beats[i]);
}

void momui_pair_controls(const momui_pair *pair, const momui_config *config, int64_t start,
                         int64_t count, uint32_t known, float *out) {
    double frame = (double)config->hop * (double)config->down / (double)config->sample_rate;
    size_t near = 0;
    memset(out, 0, (size_t)count * MOMUI_CONTROL_FEATURES * sizeof *out);
    for (int64_t k = 0; k < count; k++) {
        float *row = out + k * MOMUI_CONTROL_FEATURES;
        if (known & ENERGY) {
            row[0] = (float)pair->energy;
            row[1] = 1;
        }
        if (known & BEATS) {
            double at = beat_position(pair, ((double)(start + k) + 0.5) * frame, &near);
            double phase = 6.283185307179586 * (at - floor(at));
            row[2] = (float)sin(phase);
            row[3] = (float)cos(phase); /* 4, 5: where bars begin is not in the facts */
            row[6] = 1;
        }
        if (known & TEMPO) {
            row[7] = (float)log2(pair->tempo / 120.0);
            row[8] = 1;
        }
        if (known & GENRE)
            row[8 + pair->genre] = 1;
    }
}
