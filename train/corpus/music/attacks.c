#include "train/corpus/music/attacks.h"

#include <math.h>

enum { STEP = 64, AFTER = 3, BEFORE = 8 }; /* samples; steps that are compared */
static const double LEAST = 1.0;           /* nepers of power: 4.3 dB */
static const double APART = 0.085;

/* Logarithms of the power of each step: of the sound, and of its slope (high frequencies). */
static void fill_power(const float *mono, int64_t steps, double floor, float *whole, float *high) {
    for (int64_t k = 0; k < steps; k++) {
        double sum = floor, slope = floor / 16;
        for (int64_t i = k * STEP; i < (k + 1) * STEP; i++) {
            double x = (double)mono[i], d = i > 0 ? x - (double)mono[i - 1] : 0;
            sum += x * x;
            slope += d * d;
        }
        whole[k] = (float)log(sum);
        high[k] = (float)log(slope);
    }
}

static double rise(const float *power, int64_t steps, int64_t k) {
    double after = 0, before = 0;
    if (k < BEFORE || k + AFTER > steps)
        return 0;
    for (int i = 0; i < AFTER; i++)
        after += (double)power[k + i] / AFTER;
    for (int i = 1; i <= BEFORE; i++)
        before += (double)power[k - i] / BEFORE;
    return after - before;
}

static bool greatest_near(const float *rises, int64_t steps, int64_t k, int64_t reach) {
    for (int64_t i = k - reach; i <= k + reach; i++) {
        if (i < 0 || i >= steps || i == k)
            continue;
        if (rises[i] > rises[k] || (rises[i] == rises[k] && i < k))
            return false;
    }
    return true;
}

momu_status momui_attacks_find(momui_memory *memory, const float *mono, int64_t samples,
                               double rate, momui_attacks *attacks, momu_error *error) {
    int64_t steps = samples / STEP;
    *attacks = (momui_attacks){0};
    float *whole = momui_alloc(memory, (size_t)steps, 3 * sizeof *whole);
    attacks->places = momui_alloc(memory, (size_t)steps + 1, sizeof *attacks->places);
    if (!whole || !attacks->places) {
        momui_free(whole);
        momui_attacks_release(attacks);
        return momui_fail_memory(error, "the attacks of a sound");
    }
    float *high = whole + steps, *rises = high + steps;
    double power = 0;
    for (int64_t i = 0; i < samples; i++)
        power += (double)mono[i] * (double)mono[i];
    /* What is 50 dB below the mean is silence. */
    fill_power(mono, steps, 1e-9 + 1e-5 * STEP * power / fmax(1, (double)samples), whole, high);
    for (int64_t k = 0; k < steps; k++)
        rises[k] = (float)fmax(rise(whole, steps, k), rise(high, steps, k));
    int64_t reach = (int64_t)(APART * rate / STEP);
    for (int64_t k = 0; k < steps; k++)
        if ((double)rises[k] > LEAST && greatest_near(rises, steps, k, reach))
            attacks->places[attacks->count++] = (double)(k * STEP);
    momui_free(whole);
    return MOMU_OK;
}

void momui_attacks_release(momui_attacks *attacks) {
    momui_free(attacks->places);
    *attacks = (momui_attacks){0};
}
