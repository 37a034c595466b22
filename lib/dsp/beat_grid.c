#include "dsp/beat_grid.h"

#include <math.h>

/* A line is worth what its logit lies above this share of the mean logit, which says "no beat": so
 * beats that are not danced do not end a track, and lines between beats are no gain. */
static const double SHARE = 0.6;
static const double LEAST_SECONDS = 2.0;
/* A piece of that length is thought to keep its tempo; longer ones are looked at in windows that
 * overlap by half. */
static const double WINDOW_SECONDS = 24.0;
/* One tempo throughout explains at least that share of what each window's own explains. */
static const double STEADY = 0.9;

typedef struct grid {
    double tempo; /* beats a minute */
    double first; /* seconds of a line from the piece's beginning */
    double score; /* what its lines are worth together; 0: nothing was found */
} grid;

typedef struct piece {
    const float *logits;
    int64_t frames;
    double rate;
    double bias; /* above minus that, a line is a gain */
} piece;

/* Logits lie on lines between frames; beyond the ends there are none. */
static double logit_at(const piece *p, double frame) {
    int64_t low = (int64_t)floor(frame);
    if (low < 0 || low + 1 >= p->frames)
        return -p->bias;
    double part = frame - (double)low;
    return (1 - part) * (double)p->logits[low] + part * (double)p->logits[low + 1];
}

/* Sum over the lines from `first` seconds on. */
static double score_of(const piece *p, double tempo, double first) {
    double period = 60 / tempo * p->rate, sum = 0, frame = first * p->rate - 0.5;
    while (frame < (double)p->frames) {
        sum += logit_at(p, frame) + p->bias;
        frame += period;
    }
    return sum;
}

static void try_grid(const piece *p, double tempo, double first, grid *best) {
    double score = score_of(p, tempo, first);
    if (score > best->score * (1 + 1e-9))
        *best = (grid){tempo, first, score};
}

/* Tempos from slowest to fastest, so near to one another that over the piece their lines part by a
 * frame, and first lines from frame to frame; then around the best one between them. */
static grid find_grid(const piece *p, double slowest, double fastest) {
    enum { FINE = 4 };
    grid best = {slowest, 0, 0};
    double ratio = 1 + 1 / (double)p->frames;
    int64_t tempos = (int64_t)ceil(log(fastest / slowest) / log(ratio)) + 1;
    for (int64_t i = 0; i < tempos; i++) {
        double tempo = fmin(slowest * pow(ratio, (double)i), fastest);
        int64_t firsts = (int64_t)ceil(60 / tempo * p->rate);
        for (int64_t k = 0; k < firsts; k++)
            try_grid(p, tempo, (double)k / p->rate, &best);
    }
    grid middle = best;
    for (int i = -FINE; i <= FINE; i++)
        for (int k = -FINE; k <= FINE; k++) {
            double tempo = middle.tempo * (1 + (ratio - 1) * i / FINE);
            double first = middle.first + k / (p->rate * FINE);
            if (tempo >= slowest && tempo <= fastest && first >= 0)
                try_grid(p, tempo, first, &best);
        }
    return best;
}

static momu_status add_beat(momui_beats *beats, size_t capacity, double time, momu_error *error) {
    if (beats->count == capacity)
        return momui_fail(error, MOMU_ERROR_INTERNAL, "more beats than their tempo allows");
    beats->times[beats->count++] = time;
    return MOMU_OK;
}

/* The grid's lines from `from` to `to` seconds. A line that is less than half a beat behind the one
 * before is that one again. */
static momu_status add_lines(const grid *g, double from, double to, momui_beats *beats,
                             size_t capacity, momu_error *error) {
    double period = 60 / g->tempo;
    double time = g->first + ceil((from - g->first) / period - 1e-9) * period;
    for (; time < to; time += period)
        if (beats->count == 0 || time - beats->times[beats->count - 1] >= period / 2)
            MOMUI_TRY(add_beat(beats, capacity, fmax(time, 0), error));
    return MOMU_OK;
}

/* Windows of a long piece, each with its own grid, or where it has none with that of the window
 * before; *own is what they explain together. */
static momu_status track_windows(const piece *whole, double slowest, double fastest,
                                 momui_beats *beats, size_t capacity, double *own, grid *strongest,
                                 momu_error *error) {
    int64_t width = (int64_t)(WINDOW_SECONDS * whole->rate), hop = width / 2;
    int64_t windows = (whole->frames - width + hop - 1) / hop + 1;
    grid latest = {0};
    *own = 0;
    *strongest = (grid){0};
    for (int64_t w = 0; w < windows; w++) {
        int64_t start = w * hop < whole->frames - width ? w * hop : whole->frames - width;
        piece part = {whole->logits + start, width, whole->rate, whole->bias};
        grid g = find_grid(&part, slowest, fastest);
        double begin = (double)start / whole->rate;
        double from = w == 0 ? 0 : begin + 0.25 * WINDOW_SECONDS;
        double to =
            w + 1 == windows ? (double)whole->frames / whole->rate : begin + 0.75 * WINDOW_SECONDS;
        if (g.score > strongest->score)
            *strongest = g;
        g.first += begin;
        latest = g.score > 0 ? g : latest;
        if (latest.score > 0)
            MOMUI_TRY(add_lines(&latest, from, to, beats, capacity, error));
    }
    for (size_t i = 0; i < beats->count; i++)
        *own += logit_at(whole, beats->times[i] * whole->rate - 0.5) + whole->bias;
    return MOMU_OK;
}

static double mean_probability(const piece *p, const momui_beats *beats) {
    double sum = 0;
    for (size_t i = 0; i < beats->count; i++)
        sum += 1 / (1 + exp(-logit_at(p, beats->times[i] * p->rate - 0.5)));
    return beats->count > 0 ? sum / (double)beats->count : 0;
}

static momu_status track(const piece *whole, double slowest, double fastest, momui_beats *beats,
                         size_t capacity, momu_error *error) {
    double seconds = (double)whole->frames / whole->rate, own = 0;
    grid g;
    if (seconds <= 1.25 * WINDOW_SECONDS) {
        g = find_grid(whole, slowest, fastest);
    } else {
        grid strongest;
        MOMUI_TRY(track_windows(whole, slowest, fastest, beats, capacity, &own, &strongest, error));
        double tolerance = 2 / (WINDOW_SECONDS * whole->rate) + 1e-3;
        g = strongest.tempo > 0 ? find_grid(whole, fmax(slowest, strongest.tempo * (1 - tolerance)),
                                            fmin(fastest, strongest.tempo * (1 + tolerance)))
                                : (grid){slowest, 0, 0};
        if (g.score < STEADY * own)
            return MOMU_OK;
        beats->count = 0;
    }
    if (!(g.score > 0))
        return MOMU_OK;
    beats->tempo = g.tempo;
    return add_lines(&g, 0, seconds, beats, capacity, error);
}

momu_status momui_beat_grid_track(momui_memory *memory, const float *logits, int64_t frames,
                                  double rate, double slowest, double fastest, momui_beats *beats,
                                  momu_error *error) {
    double seconds = (double)frames / rate, mean = 0;
    for (int64_t k = 0; k < frames; k++)
        mean += (double)logits[k] / (double)frames;
    piece whole = {logits, frames, rate, -SHARE * mean};
    *beats = (momui_beats){.tracker = MOMUI_TRACKER_NETWORK};
    if (seconds < LEAST_SECONDS)
        return MOMU_OK;
    size_t capacity = (size_t)(2 * seconds * fastest / 60) + 4;
    beats->times = momui_alloc(memory, capacity, sizeof *beats->times);
    if (!beats->times)
        return momui_fail_memory(error, "the beats found");
    momu_status status = track(&whole, slowest, fastest, beats, capacity, error);
    if (status == MOMU_OK)
        beats->confidence = mean_probability(&whole, beats);
    else
        momui_beats_release(beats);
    return status;
}
