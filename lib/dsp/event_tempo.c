/* The tempo of a list of events, and a steady beat grid fitted to them (each event counts by a
 * Gaussian RBF of its distance to the nearest grid line). */
#include "dsp/beat_tracking.h"

#include <math.h>
#include <stdbool.h>

static const double TURN = 6.28318530717958647693;

/* How well a pulse of `tempo` fits: the length of the mean of the beats' phases on its circle. */
static double pulse_fit(const double *times, size_t count, double tempo) {
    double x = 0, y = 0;
    for (size_t i = 0; i < count; i++) {
        double angle = TURN * times[i] * tempo / 60;
        x += cos(angle);
        y += sin(angle);
    }
    return hypot(x, y) / (double)count;
}

/* Weight of a pulse whose events also fall halfway between its beats: there their phases cancel. */
static const double OFF_BEAT = 0.9;
static const double PRIOR_TEMPO = 115; /* beats a minute */

void momui_event_tempo(const double *times, size_t count, double *tempo, double *confidence) {
    *tempo = *confidence = 0;
    if (count < 4)
        return;
    /* A pulse twice as fast fits as well. So events on the beats and events on them or halfway
     * between count alike, and a wide log-normal weight decides between octaves. On 200 dances
     * of a dataset's training split this gives the true tempo for 91 % of 25 s clips and 90 % of
     * 10 s clips; the better of the two fits around 120 gave it for 86 % and 82 %. */
    double best = -1;
    for (int i = 0; i <= 1400; i++) {
        double candidate = 60 + 0.1 * i, octaves = log2(candidate / PRIOR_TEMPO);
        double on = pulse_fit(times, count, candidate),
               half = pulse_fit(times, count, 2 * candidate);
        double score = (on + half) * exp(-octaves * octaves / 2);
        if (score > best) {
            best = score;
            *tempo = candidate;
            *confidence = fmax(on, OFF_BEAT * half);
        }
    }
}

/* Width of the Gaussian RBF that weighs an event by its distance to the nearest grid line. */
static const double RBF_WIDTH = 0.05; /* seconds */

static double grid_fit(const double *times, size_t count, double period, double first) {
    double fit = 0;
    for (size_t i = 0; i < count; i++) {
        double lines = (times[i] - first) / period;
        double off = (lines - floor(lines + 0.5)) * period / RBF_WIDTH;
        fit += exp(-0.5 * off * off);
    }
    return fit;
}

/* The best phase of a grid at one tempo; true when it beats *best. */
static bool fit_phase(const double *times, size_t count, double tempo, double *best,
                      double *first) {
    enum { PHASES = 128 };
    double period = 60 / tempo;
    bool better = false;
    for (int k = 0; k < PHASES; k++) {
        double place = period * k / PHASES, fit = grid_fit(times, count, period, place);
        if (fit > *best * (1 + 1e-9)) {
            *best = fit;
            *first = place;
            better = true;
        }
    }
    return better;
}

double momui_fit_steady_beats(const double *times, size_t count, double *tempo) {
    enum { TEMPOS = 10, ROUNDS = 2 };
    double start = *tempo, best = 0, first = 0, range = MOMUI_TEMPO_TOLERANCE;
    /* From the centre outwards: of tempos that fit equally well the one nearest to the start wins.
     * The second round is fine enough for ten minutes. */
    for (int round = 0; round < ROUNDS; round++, range /= TEMPOS) {
        double centre = *tempo;
        for (int i = 0; i <= 2 * TEMPOS; i++) {
            int step = (i % 2 ? 1 : -1) * ((i + 1) / 2);
            double candidate = centre * (1 + range * step / TEMPOS);
            if (fabs(candidate / start - 1) <= MOMUI_TEMPO_TOLERANCE * (1 + 1e-9) &&
                fit_phase(times, count, candidate, &best, &first))
                *tempo = candidate;
        }
    }
    return first;
}
