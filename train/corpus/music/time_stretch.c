#include "train/corpus/music/time_stretch.h"

#include "dsp/stft.h"
#include "train/corpus/music/attacks.h"

#include <math.h>
#include <string.h>

enum { MOST_BINS = 1025 }; /* frames of 46 ms: 2048 samples at 44.1 kHz, 1024 at half of it */
/* Round an attack time runs at its own speed: from before to behind it, seconds. */
static const double BEFORE = 0.015, BEHIND = 0.010;

typedef struct knot {
    double out, in; /* samples */
} knot;

typedef struct vocoder {
    momui_framer framer;
    int size, hop, bins;
    float *channel[2], *sum; /* the input apart, and the mix that phases are taken from */
    int64_t frames;
    float *made[2];
    int64_t made_frames;
    momui_attacks attacks;
    knot *knots;
    size_t knot_count, knot, attack;
    double speed;
    bool begins[MOST_BINS]; /* bins that begin with the current attack */
    bool attacking;
    float spectrum[2][2 * MOST_BINS], mixed[2 * MOST_BINS], before[2 * MOST_BINS];
    float last[2 * MOST_BINS]; /* of what was made of the mix */
    float turn[2 * MOST_BINS], power[MOST_BINS];
} vocoder;

static momu_status take_apart(momui_memory *memory, const float *in, int64_t frames, vocoder *s,
                              momu_error *error) {
    size_t n = (size_t)frames, m = (size_t)s->made_frames;
    s->frames = frames;
    s->sum = momui_alloc(memory, n, sizeof(float));
    for (int c = 0; c < 2; c++) {
        s->channel[c] = momui_alloc(memory, n, sizeof(float));
        s->made[c] = momui_calloc(memory, m, sizeof(float));
    }
    if (!s->sum || !s->channel[0] || !s->channel[1] || !s->made[0] || !s->made[1])
        return momui_fail_memory(error, "a stretched sound");
    for (int64_t i = 0; i < frames; i++) {
        s->channel[0][i] = in[2 * i];
        s->channel[1][i] = in[2 * i + 1];
        /* Not halves: sound that is inverted on one side must not vanish. */
        s->sum[i] = in[2 * i] + 0.8f * in[2 * i + 1];
    }
    return MOMU_OK;
}

/* The time map: attacks keep their own speed, straight lines lie between them. */
static momu_status draw_map(momui_memory *memory, double rate, vocoder *s, momu_error *error) {
    s->knots = momui_alloc(memory, 2 * s->attacks.count + 2, sizeof *s->knots);
    if (!s->knots)
        return momui_fail_memory(error, "a stretched sound");
    knot last = {0, 0}, end = {(double)s->frames / s->speed, (double)s->frames};
    size_t count = 0, kept = 0;
    s->knots[count++] = last;
    for (size_t i = 0; i < s->attacks.count; i++) {
        double at = s->attacks.places[i], to = at / s->speed;
        knot from = {to - BEFORE * rate, at - BEFORE * rate};
        knot until = {to + BEHIND * rate, at + BEHIND * rate};
        double room = 0.01 * rate;
        if (from.out < last.out + room || from.in < last.in + room || until.out > end.out - room ||
            until.in > end.in - room)
            continue;
        s->knots[count++] = from;
        s->knots[count++] = last = until;
        s->attacks.places[kept++] = at;
    }
    s->attacks.count = kept;
    s->knots[count++] = end;
    s->knot_count = count;
    return MOMU_OK;
}

/* Where the frame at `out` comes from; asked in ascending order. */
static int64_t place_of(vocoder *s, double out) {
    while (s->knot + 2 < s->knot_count && s->knots[s->knot + 1].out <= out)
        s->knot++;
    const knot *a = &s->knots[s->knot], *b = a + 1;
    double share = b->out > a->out ? (out - a->out) / (b->out - a->out) : 0;
    return llround(a->in + share * (b->in - a->in));
}

static void analyse(vocoder *s, const float *mono, int64_t centre, float *spectrum) {
    const float *found =
        momui_framer_analyse(&s->framer, mono, s->frames, centre - s->size / 2, false);
    memcpy(spectrum, found, 2 * (size_t)s->bins * sizeof *spectrum);
}

static float power_of(const float *bin) {
    return bin[0] * bin[0] + bin[1] * bin[1];
}

/* Bins that are much stronger behind the attack than before it. */
static void find_beginning_bins(vocoder *s, int64_t attack) {
    static const float MUCH = 4;
    analyse(s, s->sum, attack - s->size / 2 - s->size / 16, s->before);
    analyse(s, s->sum, attack + s->size / 8, s->mixed);
    for (int k = 0; k < s->bins; k++)
        s->begins[k] = power_of(s->mixed + 2 * k) > MUCH * power_of(s->before + 2 * k);
}

/* Whether the frame at `out` lies round an attack; finds the bins that begin with the attack at its
 * first frame. */
static void meet_attack(vocoder *s, double rate, double out) {
    while (s->attack < s->attacks.count &&
           s->attacks.places[s->attack] / s->speed + BEHIND * rate < out) {
        s->attack++;
        s->attacking = false;
    }
    bool now = s->attack < s->attacks.count &&
               s->attacks.places[s->attack] / s->speed - BEFORE * rate <= out;
    if (now && !s->attacking)
        find_beginning_bins(s, llround(s->attacks.places[s->attack]));
    s->attacking = now;
}

/* The turn that a bin of this frame needs, so that it goes on from what was made: the phase made
 * last, less that of the input one hop before this frame. */
static void turn_at(const vocoder *s, int k, float turn[2]) {
    const float *a = s->last + 2 * k, *b = s->before + 2 * k;
    float re = a[0] * b[0] + a[1] * b[1], im = a[1] * b[0] - a[0] * b[1];
    float size = sqrtf(re * re + im * im);
    turn[0] = size > 1e-20f ? re / size : 1;
    turn[1] = size > 1e-20f ? im / size : 0;
}

static bool is_peak(const vocoder *s, int k) {
    for (int d = -2; d <= 2; d++) {
        if (d == 0 || k + d < 0 || k + d >= s->bins)
            continue;
        if (s->power[k + d] > s->power[k] || (d < 0 && s->power[k + d] == s->power[k]))
            return false;
    }
    return true;
}

/* The weakest bin between two peaks. */
static int border_between(const vocoder *s, int peak, int next) {
    int border = peak + 1;
    for (int i = peak + 1; i < next; i++)
        if (s->power[i] < s->power[border])
            border = i;
    return border;
}

/* Bins rotate with the spectral peak that they belong to. */
static void fill_turns(vocoder *s) {
    int begin = 0, peak = -1;
    for (int k = 0; k < s->bins; k++)
        s->power[k] = power_of(s->mixed + 2 * k);
    for (int k = 0; k <= s->bins; k++) {
        if (k < s->bins && !is_peak(s, k))
            continue;
        float turn[2] = {1, 0};
        int border = k == s->bins ? k : peak < 0 ? 0 : border_between(s, peak, k);
        if (peak >= 0)
            turn_at(s, peak, turn);
        for (; begin < border; begin++)
            memcpy(s->turn + 2 * begin, turn, sizeof turn);
        peak = k;
    }
}

static void rotate(float *bin, const float *turn) {
    float re = bin[0] * turn[0] - bin[1] * turn[1];
    bin[1] = bin[0] * turn[1] + bin[1] * turn[0];
    bin[0] = re;
}

static void make_frame(vocoder *s, double rate, int64_t out, bool first) {
    meet_attack(s, rate, (double)out);
    int64_t in = place_of(s, (double)out);
    for (int c = 0; c < 2; c++)
        analyse(s, s->channel[c], in, s->spectrum[c]);
    analyse(s, s->sum, in - s->hop, s->before);
    for (int k = 0; k < 2 * s->bins; k++)
        s->mixed[k] = s->spectrum[0][k] + 0.8f * s->spectrum[1][k];
    fill_turns(s);
    for (int k = 0; k < s->bins; k++) {
        if (first || (s->attacking && s->begins[k])) {
            s->turn[2 * k] = 1;
            s->turn[2 * k + 1] = 0;
        }
        rotate(s->spectrum[0] + 2 * k, s->turn + 2 * k);
        rotate(s->spectrum[1] + 2 * k, s->turn + 2 * k);
        rotate(s->mixed + 2 * k, s->turn + 2 * k);
    }
    memcpy(s->last, s->mixed, sizeof s->last);
    for (int c = 0; c < 2; c++)
        momui_framer_overlap_add(&s->framer, s->spectrum[c], s->made[c], s->made_frames,
                                 out - s->size / 2);
}

static momu_status make(momui_memory *memory, vocoder *s, double rate, float **out,
                        momu_error *error) {
    int64_t count = s->made_frames / s->hop + 2;
    for (int64_t n = 0; n < count; n++)
        make_frame(s, rate, n * s->hop, n == 0);
    float *both = momui_alloc(memory, (size_t)s->made_frames, 2 * sizeof *both);
    if (!both)
        return momui_fail_memory(error, "a stretched sound");
    for (int c = 0; c < 2; c++) {
        momui_framer_normalise(&s->framer, s->made[c], s->made_frames, count, s->hop, s->size / 2);
        for (int64_t i = 0; i < s->made_frames; i++)
            both[2 * i + c] = s->made[c][i];
    }
    *out = both;
    return MOMU_OK;
}

static void release(vocoder *s) {
    for (int c = 0; c < 2; c++) {
        momui_free(s->channel[c]);
        momui_free(s->made[c]);
    }
    momui_free(s->sum);
    momui_free(s->knots);
    momui_attacks_release(&s->attacks);
    momui_framer_close(&s->framer);
    momui_free(s);
}

momu_status momui_time_stretch(momui_memory *memory, const float *in, int64_t frames, double rate,
                               double speed, float **out, int64_t *out_frames, momu_error *error) {
    *out = NULL;
    *out_frames = 0;
    if (!(speed >= 0.5 && speed <= 2) || frames < 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "speed: found %g; expected 0.5 to 2", speed);
    vocoder *s = momui_calloc(memory, 1, sizeof *s);
    if (!s)
        return momui_fail_memory(error, "a stretched sound");
    s->speed = speed;
    s->size = rate > 33000 ? 2048 : 1024;
    s->hop = s->size / 4;
    s->bins = s->size / 2 + 1;
    s->made_frames = llround((double)frames / speed);
    momu_status status;
    MOMUI_TRY_GOTO(take_apart(memory, in, frames, s, error), status, done);
    MOMUI_TRY_GOTO(momui_framer_open(memory, s->size, &s->framer, error), status, done);
    MOMUI_TRY_GOTO(momui_attacks_find(memory, s->sum, frames, rate, &s->attacks, error), status,
                   done);
    MOMUI_TRY_GOTO(draw_map(memory, rate, s, error), status, done);
    MOMUI_TRY_GOTO(make(memory, s, rate, out, error), status, done);
    *out_frames = s->made_frames;
done:
    release(s);
    return status;
}
