/* The tempo of a list of moments: the pulse that most of them fall on. */
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

/* What a pulse is worth that dancers also hit halfway between: there the phases of one beat cancel.
 */
static const double OFF_BEAT = 0.9;
static const double MIDDLE = 115; /* beats a minute */

void momui_event_tempo(const double *times, size_t count, double *tempo, double *confidence) {
    *tempo = *confidence = 0;
    if (count < 4)
        return;
    /* A pulse twice as fast fits as well: what falls on the beats and what falls on them or halfway
     * between count alike, and a wide log-normal weight decides between octaves. Over 200 dances of
     * a corpus' training side this finds the true tempo in 91 % of 25 s and in 90 % of 10 s; the
     * better of the two fits around 120 found it in 86 % and 82 %. */
    double best = -1;
    for (int i = 0; i <= 1400; i++) {
        double candidate = 60 + 0.1 * i, octaves = log2(candidate / MIDDLE);
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

/* How near a time must be to a line of a grid to speak for it. */
static const double NEAR = 0.05; /* seconds, deviation of a Gaussian */

static double grid_fit(const double *times, size_t count, double period, double first) {
    double fit = 0;
    for (size_t i = 0; i < count; i++) {
        double lines = (times[i] - first) / period;
        double off = (lines - floor(lines + 0.5)) * period / NEAR;
        fit += exp(-0.5 * off * off);
    }
    return fit;
}

/* The best place of a grid at one tempo; true when it is better than *best. */
static bool grid_place(const double *times, size_t count, double tempo, double *best,
                       double *first) {
    enum { PLACES = 128 };
    double period = 60 / tempo;
    bool better = false;
    for (int k = 0; k < PLACES; k++) {
        double place = period * k / PLACES, fit = grid_fit(times, count, period, place);
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
    double told = *tempo, best = 0, first = 0, reach = MOMUI_TEMPO_TOLERANCE;
    /* From the middle outwards: of tempos that fit alike the one nearest to what was told. The
     * second round is fine enough for ten minutes. */
    for (int round = 0; round < ROUNDS; round++, reach /= TEMPOS) {
        double middle = *tempo;
        for (int i = 0; i <= 2 * TEMPOS; i++) {
            int step = (i % 2 ? 1 : -1) * ((i + 1) / 2);
            double candidate = middle * (1 + reach * step / TEMPOS);
            if (fabs(candidate / told - 1) <= MOMUI_TEMPO_TOLERANCE * (1 + 1e-9) &&
                grid_place(times, count, candidate, &best, &first))
                *tempo = candidate;
        }
    }
    return first;
}
