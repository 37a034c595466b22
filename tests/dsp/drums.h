/* A drummer for the beat tracker: patterns at a tempo, and where their beats are. */
#ifndef MOMU_TESTS_DRUMS_H
#define MOMU_TESTS_DRUMS_H

#include "sounds.h"

enum { BEEP, KICK, SNARE, HAT, VOICES };

/* Steps of a bar; a digit is how hard a voice strikes, 0..9. */
typedef struct pattern {
    const char *name;
    int steps_per_beat;
    const char *voices[VOICES];
} pattern;

static const pattern METRONOME = {"metronome", 1, {"9", NULL, NULL, NULL}};
static const pattern PATTERNS[] = {
    {"kick, snare", 1, {NULL, "90", "09", NULL}},
    {"rock", 2, {NULL, "90009000", "00900090", "96969696"}},
    {"house", 4, {NULL, "9000900090009000", "0000900000009000", "0090009000900090"}},
    {"waltz", 2, {NULL, "900000", "006060", "808084"}},
    {"swing", 3, {NULL, "900000900000", "000900000900", "900907900907"}},
    {"hip-hop", 4, {NULL, "9000000900900000", "0000900000009000", "9090909090909090"}},
};
enum { PATTERN_COUNT = sizeof PATTERNS / sizeof *PATTERNS, MOST_BEATS = 256 };

static inline void strike(float *sound, int64_t samples, double rate, double at, int voice,
                          double level, momui_random *random) {
    int64_t first = (int64_t)(at * rate + 0.5), length = (int64_t)(0.1 * rate);
    for (int64_t i = 0; i < length && first + i < samples; i++) {
        double t = (double)i / rate, hiss = (double)momui_random_normal(random), value = 0;
        if (voice == BEEP)
            value = 0.5 * exp(-60 * t) * sin(2 * PI * 1000 * t);
        else if (voice == KICK)
            value = 0.8 * exp(-25 * t) * sin(2 * PI * (50 * t + 3 * (1 - exp(-40 * t))));
        else if (voice == SNARE)
            value = 0.4 * exp(-35 * t) * (0.7 * hiss + sin(2 * PI * 190 * t));
        else
            value = 0.15 * exp(-80 * t) * hiss;
        sound[first + i] += (float)(level * value);
    }
}

/* Tempo goes from `bpm` to `last_bpm` over the sound. free() it; beats holds MOST_BEATS. */
static inline float *drum(const pattern *p, double bpm, double last_bpm, double rate,
                          double seconds, double *beats, size_t *count) {
    int64_t samples = (int64_t)(seconds * rate);
    float *sound = noise(samples, 2, 1e-3f);
    momui_random random = {(uint64_t)(bpm * 10), 60, 0};
    *count = 0;
    double at = 0.137;
    for (int step = 0; at < seconds - 0.1; step++) {
        if (step % p->steps_per_beat == 0 && *count < MOST_BEATS)
            beats[(*count)++] = at;
        for (int v = 0; v < VOICES; v++) {
            const char *bar = p->voices[v];
            int level = bar ? bar[(size_t)step % strlen(bar)] - '0' : 0;
            double human = 1 + 0.1 * (double)momui_random_normal(&random);
            if (level > 0)
                strike(sound, samples, rate, at, v, level / 9.0 * human, &random);
        }
        at += 60 / (bpm + (last_bpm - bpm) * at / seconds) / p->steps_per_beat;
    }
    return sound;
}

#endif
