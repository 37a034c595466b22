/* Synthesises held chords of steady partials, on which the vocoder learns to hold notes. */
#include "train/datasets/held_chord.h"

#include "base/extremes.h"
#include <math.h>
#include <string.h>

enum { MOST_NOTES = 4, MOST_PARTIALS = 16, LOWEST = 31, ROOTS = 42 }; /* MIDI numbers: G1 to C5 */

static const double TURN = 6.283185307179586;

/* out += amplitude sin(2 pi (phase + hertz t)), by rotating a complex number. */
static void add_partial(double amplitude, double phase, double hertz, double rate, int64_t samples,
                        float *out) {
    double step = TURN * hertz / rate, c = cos(step), s = sin(step);
    double x = amplitude * cos(TURN * phase), y = amplitude * sin(TURN * phase);
    for (int64_t i = 0; i < samples; i++) {
        double turned = c * x - s * y;
        out[i] += (float)y;
        y = s * x + c * y;
        x = turned;
    }
}

static void add_note(momui_random *random, double hertz, double fall, double rate, int64_t samples,
                     float *out) {
    for (int k = 1; k <= MOST_PARTIALS; k++) {
        double phase = (double)momui_random_uniform(random);
        if (k * hertz < 0.49 * rate)
            add_partial(pow(k, -fall), phase, k * hertz, rate, samples, out);
    }
}

void momui_held_chord(momui_random *random, int64_t samples, double rate, float *out) {
    uint32_t notes = 1 + momui_random_below(random, MOST_NOTES);
    double pitch = LOWEST + (double)momui_random_below(random, ROOTS);
    pitch += (double)momui_random_uniform(random) - 0.5; /* not all tunings are 440 Hz */
    double fall = 0.5 + 1.5 * (double)momui_random_uniform(random);
    double peak = 0.05 + 0.45 * (double)momui_random_uniform(random);
    memset(out, 0, (size_t)samples * sizeof *out);
    for (uint32_t i = 0; i < notes; i++) {
        add_note(random, 440 * pow(2, (pitch - 69) / 12), fall, rate, samples, out);
        pitch += 3 + (double)momui_random_below(random, 7);
    }
    float most = 1e-9f;
    for (int64_t i = 0; i < samples; i++)
        most = momui_maxf(most, fabsf(out[i]));
    for (int64_t i = 0; i < samples; i++)
        out[i] *= (float)peak / most;
}
