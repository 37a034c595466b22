/* The plan of each sample; none depends on how other samples turned out. */
#include "train/corpus/corpus_plan.h"

#include "base/random.h"

#include <math.h>
#include <stdio.h>

const char *const momui_split_names[MOMUI_SPLITS] = {"train", "validation", "test"};

/* Streams of random numbers: one for each sample, and one for each split's order of genres. */
static const uint64_t SAMPLE_STREAM = UINT64_C(1) << 40, GENRE_STREAM = UINT64_C(2) << 40;

/* Splits within ten samples. The held-out ones come early, so that a corpus of minutes has them
 * too. */
static const momui_split TEN[10] = {MOMUI_TRAIN, MOMUI_TRAIN, MOMUI_VALIDATION, MOMUI_TRAIN,
                                    MOMUI_TRAIN, MOMUI_TEST,  MOMUI_TRAIN,      MOMUI_TRAIN,
                                    MOMUI_TRAIN, MOMUI_TRAIN};

/* The index of sample `number` within its split. */
static size_t place_on_side(size_t number) {
    size_t in_ten = 0, before = 0;
    for (size_t i = 0; i < 10; i++) {
        in_ten += TEN[i] == TEN[number % 10];
        before += i < number % 10 && TEN[i] == TEN[number % 10];
    }
    return number / 10 * in_ten + before;
}

/* How many of a split's first `count` samples are recorded. */
static size_t recorded_before(double share, size_t count) {
    return (size_t)floor((double)count * share + 0.5);
}

/* The genres come in rounds, each a new order of all. */
static int32_t genre_of(uint64_t seed, momui_split split, size_t place) {
    int32_t order[MOMUI_COMPOSED_GENRES];
    size_t round = place / MOMUI_COMPOSED_GENRES;
    momui_random random = {seed, GENRE_STREAM + ((uint64_t)split << 32) + round, 0};
    for (int32_t i = 0; i < MOMUI_COMPOSED_GENRES; i++) {
        uint32_t j = momui_random_below(&random, (uint32_t)i + 1);
        order[i] = order[j];
        order[j] = i + 1;
    }
    return order[place % MOMUI_COMPOSED_GENRES];
}

static uint64_t draw_seed(momui_random *random) {
    uint64_t high = momui_random_u32(random);
    return high << 32 | momui_random_u32(random);
}

void momui_plan_sample(uint64_t seed, double recorded_share, size_t number,
                       momui_corpus_sample *sample) {
    momui_random random = {seed, SAMPLE_STREAM + number, 0};
    *sample = (momui_corpus_sample){.number = number, .split = TEN[number % 10]};
    snprintf(sample->stem, sizeof sample->stem, "item%05zu", number);
    size_t place = place_on_side(number), recorded = recorded_before(recorded_share, place);
    sample->recorded = recorded_before(recorded_share, place + 1) > recorded;
    sample->place = sample->recorded ? recorded : place - recorded;
    sample->genre = genre_of(seed, sample->split, sample->place);
    sample->music_seed = draw_seed(&random);
    sample->dance_seed = draw_seed(&random);
    double longest = sample->recorded ? MOMUI_CORPUS_LONGEST_RECORDED : MOMUI_CORPUS_LONGEST;
    sample->seconds = MOMUI_CORPUS_SHORTEST +
                      (longest - MOMUI_CORPUS_SHORTEST) * (double)momui_random_uniform(&random);
    sample->expected = (sample->recorded ? MOMUI_CORPUS_RECORDED_YIELD : 1.0) * sample->seconds;
}

size_t momui_plan_count(uint64_t seed, double recorded_share, double hours, double *seconds) {
    size_t count = 0;
    momui_corpus_sample sample;
    for (*seconds = 0; *seconds < hours * 3600.0; count++) {
        momui_plan_sample(seed, recorded_share, count, &sample);
        *seconds += sample.expected;
    }
    return count;
}
