/* What networks classify of a dataset: genre from one side alone, dataset or motion capture. */
#include "train/evaluate/dataset_report.h"
#include "train/evaluate/evaluation_training.h"

#include <math.h>
#include <string.h>

/* ---- windows of many pairs, as input of a network ---- */

typedef struct pile {
    momui_memory *memory;
    momui_labelled_windows data;
    const float **windows;
    int32_t *label;
    float *tempo, *energy;
    size_t *item; /* which pair a window is of; takes count on behind the pairs */
    size_t capacity;
    bool failed;
} pile;

static void pile_release(pile *p) {
    momui_free(p->windows);
    momui_free(p->label);
    momui_free(p->tempo);
    momui_free(p->energy);
    momui_free(p->item);
}

static bool pile_open(pile *p, momui_memory *memory, size_t capacity) {
    *p = (pile){.memory = memory, .capacity = capacity};
    p->windows = momui_alloc(memory, capacity, sizeof *p->windows);
    p->label = momui_alloc(memory, capacity, sizeof *p->label);
    p->tempo = momui_calloc(memory, capacity, sizeof *p->tempo);
    p->energy = momui_calloc(memory, capacity, sizeof *p->energy);
    p->item = momui_alloc(memory, capacity, sizeof *p->item);
    if (p->windows && p->label && p->tempo && p->energy && p->item)
        return true;
    pile_release(p);
    return false;
}

static void pile_add(pile *p, const momui_windows *w, int32_t index, int32_t label, size_t item,
                     const momui_annotations *annotations) {
    int64_t at = p->data.count;
    if ((size_t)at >= p->capacity)
        return;
    p->windows[at] = w->values + index * w->frames * w->channels;
    p->label[at] = label;
    p->item[at] = item;
    p->tempo[at] = annotations ? (float)annotations->tempo : 0;
    p->energy[at] = annotations ? (float)annotations->energy : 0;
    p->data = (momui_labelled_windows){at + 1,   w->frames, w->channels, p->windows,
                                       p->label, p->tempo,  p->energy};
}

/* ---- accuracy of a network ---- */

/* Of each item: windows and those found, of each class. */
typedef struct tally {
    double total[2], found[2];
} tally;

static void balanced_figure(const void *user, const size_t *tracks, size_t count, double *out) {
    const tally *items = user;
    tally sum = {{0, 0}, {0, 0}};
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < 2; k++) {
            sum.total[k] += items[tracks[i]].total[k];
            sum.found[k] += items[tracks[i]].found[k];
        }
    /* a drawing without one side says nothing: half */
    double first = sum.total[0] > 0 ? sum.found[0] / sum.total[0] : 0.5;
    double second = sum.total[1] > 0 ? sum.found[1] / sum.total[1] : 0.5;
    out[0] = 0.5 * (first + second);
    out[1] = first;
    out[2] = second;
}

static int32_t best_of(const float *values, int32_t count) {
    int32_t best = 0;
    for (int32_t i = 1; i < count; i++)
        if (values[i] > values[best])
            best = i;
    return best;
}

/* ---- genre ---- */

enum { GENRES = MOMUI_GENRES, GENRE_CROP = 156 }; /* 5 s */

static const momui_windows *side_of(const momui_reported_pair *pair, bool music) {
    return music ? &pair->sound : &pair->dance;
}

static momu_status pile_genres(const momui_dataset_report *dataset, bool music, int split, pile *p,
                               momu_error *error) {
    size_t count = 0;
    for (size_t i = 0; i < dataset->pair_count; i++)
        count += (size_t)side_of(&dataset->pairs[i], music)->count;
    if (!pile_open(p, dataset->memory, count))
        return momui_fail_memory(error, "windows");
    for (size_t i = 0; i < dataset->pair_count; i++) {
        const momui_reported_pair *pair = &dataset->pairs[i];
        const momui_windows *w = side_of(pair, music);
        if (pair->split != split || pair->annotations.genre < 1 || pair->annotations.genre > GENRES)
            continue;
        for (int32_t k = 0; k < w->count; k++)
            pile_add(p, w, k, pair->annotations.genre - 1, i, &pair->annotations);
    }
    return MOMU_OK;
}

static double correlation(const float *x, const float *y, int64_t count, int64_t step) {
    double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0, n = (double)count;
    for (int64_t i = 0; i < count; i++) {
        double a = (double)x[i], b = (double)y[i * step];
        sx += a;
        sy += b;
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    double below = (xx - sx * sx / n) * (yy - sy * sy / n);
    return below > 0 ? (xy - sx * sy / n) / sqrt(below) : 0;
}

/* Share of pairs whose genre is the best of the mean over their windows. */
static double pair_share(const pile *test, const float *outputs, int32_t width) {
    size_t pairs = 0, found = 0;
    for (int64_t i = 0; i < test->data.count;) {
        float mean[GENRES] = {0};
        int64_t w = i;
        for (; w < test->data.count && test->item[w] == test->item[i]; w++)
            for (int32_t k = 0; k < GENRES; k++)
                mean[k] += outputs[w * width + k];
        pairs++;
        found += best_of(mean, GENRES) == test->label[i];
        i = w;
    }
    return pairs ? (double)found / (double)pairs : 0;
}

static momu_status score_genres(const momui_dataset_report *dataset, const pile *test,
                                const momui_evaluation_network_config *config, const float *outputs,
                                momui_genre_report *report, momu_error *error) {
    momui_evaluation_network_outputs at = momui_evaluation_network_outputs_of(config);
    double total[GENRES] = {0}, found[GENRES] = {0}, tempo = 0, octave = 0;
    double *above = momui_calloc(dataset->memory, dataset->pair_count, 2 * sizeof *above);
    if (!above)
        return momui_fail_memory(error, "an evaluation network's samples");
    double *below = above + dataset->pair_count;
    size_t tracks = 0;
    for (int64_t w = 0; w < test->data.count; w++) {
        const float *y = outputs + w * at.count;
        bool right = best_of(y, GENRES) == test->label[w];
        tracks += w == 0 || test->item[w] != test->item[w - 1];
        above[tracks - 1] += right;
        below[tracks - 1] += 1;
        total[test->label[w]] += 1;
        found[test->label[w]] += right;
        double octaves = log2(fmax((double)test->tempo[w], 1) / 30);
        int32_t place = (int32_t)((octaves - floor(octaves)) * MOMUI_EVALUATION_TEMPOS);
        int32_t apart = (best_of(y + at.tempo, MOMUI_EVALUATION_TEMPOS) - place + 18) % 12 - 6;
        tempo += apart >= -1 && apart <= 1;
        octave += best_of(y + at.octave, MOMUI_EVALUATION_OCTAVES) == (int32_t)floor(octaves);
    }
    report->pairs = tracks;
    momu_status status = momui_ratio_interval(dataset->memory, above, below, tracks, dataset->seed,
                                              &report->accuracy, error);
    momui_free(above);
    for (int k = 0; k < GENRES; k++) {
        report->genres += total[k] > 0;
        report->balanced += total[k] > 0 ? found[k] / total[k] : 0;
    }
    report->balanced /= fmax(1, report->genres);
    report->chance = 1 / fmax(1, report->genres);
    report->tempo = tempo / (double)test->data.count;
    report->octave = octave / (double)test->data.count;
    report->energy = correlation(test->energy, outputs + at.energy, test->data.count, at.count);
    report->pair_accuracy = pair_share(test, outputs, at.count);
    return status;
}

static momu_status train_genre_classifier(const momui_dataset_report *dataset, bool music,
                                          int64_t steps, const char *save, const pile *training,
                                          const pile *test, momui_genre_report *report,
                                          momu_error *error) {
    momui_evaluation_network_config config = {.kind = "motion",
                                              .in_channels = training->data.channels,
                                              .rate = 31.25,
                                              .classes = GENRES,
                                              .tempo = true};
    if (music)
        memcpy(config.kind, "mel", 4);
    momui_evaluation_training_options options = {
        .steps = steps, .crop = GENRE_CROP, .noise = 0.1, .seed = dataset->seed};
    momui_evaluation_network *network = NULL;
    size_t values =
        (size_t)test->data.count * (size_t)momui_evaluation_network_outputs_of(&config).count;
    float *outputs = momui_alloc(dataset->memory, values, sizeof *outputs);
    momu_status status =
        outputs ? MOMU_OK : momui_fail_memory(error, "an evaluation network's predictions");
    if (status == MOMU_OK)
        status = momui_evaluation_train(dataset->memory, dataset->pool, &config, &training->data,
                                        &options, &network, error);
    if (status == MOMU_OK)
        status = momui_evaluation_predict(dataset->memory, dataset->pool, network, &test->data,
                                          GENRE_CROP, outputs, NULL, error);
    if (status == MOMU_OK)
        status = score_genres(dataset, test, &config, outputs, report, error);
    if (status == MOMU_OK && save)
        status = momui_evaluation_network_save(network, save, error);
    momui_evaluation_network_free(network);
    momui_free(outputs);
    return status;
}

momu_status momui_dataset_report_genre(const momui_dataset_report *dataset, bool music,
                                       int64_t steps, const char *save, momui_genre_report *report,
                                       momu_error *error) {
    pile training = {0}, test = {0};
    *report = (momui_genre_report){0};
    momu_status status = pile_genres(dataset, music, MOMUI_REPORT_TRAIN, &training, error);
    if (status == MOMU_OK)
        status = pile_genres(dataset, music, MOMUI_REPORT_TEST, &test, error);
    report->trained = (size_t)training.data.count;
    report->windows = (size_t)test.data.count;
    if (status == MOMU_OK && report->trained > 0 && report->windows > 0)
        status =
            train_genre_classifier(dataset, music, steps, save, &training, &test, report, error);
    pile_release(&training);
    pile_release(&test);
    return status;
}

/* ---- corpus or real ---- */

enum { CORPUS, REAL, FOLDS = 5 };

/* Which windows a trial takes: of the corpus's pairs and the real takes for teaching or testing. */
typedef struct trial {
    const momui_dataset_report *dataset;
    momui_origin origin;
    int fold; /* -1: the takes that are held out */
    bool testing;
} trial;

static bool pair_taken(const trial *t, size_t index) {
    int split = t->dataset->pairs[index].split;
    if (!t->testing)
        return split == MOMUI_REPORT_TRAIN;
    return split == MOMUI_REPORT_TEST && (t->fold < 0 || index % FOLDS == (size_t)t->fold);
}

static bool take_taken(const trial *t, size_t index) {
    bool test = t->fold < 0 ? t->dataset->takes[index].held_out : index % FOLDS == (size_t)t->fold;
    return test == t->testing;
}

static momu_status pile_sides(const trial *t, pile *p, size_t sides[2], momu_error *error) {
    const momui_dataset_report *dataset = t->dataset;
    size_t count = 0;
    for (size_t i = 0; i < dataset->pair_count; i++)
        count += (size_t)dataset->pairs[i].moments.count;
    for (size_t i = 0; i < dataset->take_count; i++)
        count += (size_t)dataset->takes[i].moments.count;
    if (!pile_open(p, dataset->memory, count))
        return momui_fail_memory(error, "windows");
    for (size_t i = 0; i < dataset->pair_count; i++) {
        const momui_windows *w = &dataset->pairs[i].moments;
        for (int32_t k = 0; pair_taken(t, i) && k < w->count; k++)
            if (t->origin == MOMUI_ORIGIN_MIXED || w->origin[k] == t->origin)
                pile_add(p, w, k, CORPUS, i, NULL);
    }
    sides[CORPUS] = (size_t)p->data.count;
    for (size_t i = 0; i < dataset->take_count; i++) {
        const momui_windows *w = &dataset->takes[i].moments;
        for (int32_t k = 0; take_taken(t, i) && k < w->count; k++)
            pile_add(p, w, k, REAL, dataset->pair_count + i, NULL);
    }
    sides[REAL] = (size_t)p->data.count - sides[CORPUS];
    return MOMU_OK;
}

/* Adds the predictions of one trial to the tallies. */
static momu_status run_trial(const momui_dataset_report *dataset, const pile *training,
                             const pile *test, int64_t steps, tally *items, momu_error *error) {
    momui_evaluation_network_config config = {
        .kind = "motion", .in_channels = MOMUI_BODY3D_FEATURES, .rate = 62.5, .classes = 2};
    momui_evaluation_training_options options = {
        .steps = steps, .noise = 0.05, .rate = 5e-4, .crop = 112, .seed = dataset->seed};
    momui_evaluation_network *network = NULL;
    float *outputs = momui_alloc(dataset->memory, (size_t)test->data.count, 2 * sizeof *outputs);
    momu_status status =
        outputs ? MOMU_OK : momui_fail_memory(error, "an evaluation network's predictions");
    if (status == MOMU_OK)
        status = momui_evaluation_train(dataset->memory, dataset->pool, &config, &training->data,
                                        &options, &network, error);
    if (status == MOMU_OK)
        status = momui_evaluation_predict(dataset->memory, dataset->pool, network, &test->data, 112,
                                          outputs, NULL, error);
    for (int64_t w = 0; status == MOMU_OK && w < test->data.count; w++) {
        int32_t side = test->label[w];
        items[test->item[w]].total[side] += 1;
        items[test->item[w]].found[side] += best_of(outputs + 2 * w, 2) == side;
    }
    momui_evaluation_network_free(network);
    momui_free(outputs);
    return status;
}

static momu_status try_fold(trial t, int64_t steps, size_t training_windows[2],
                            size_t test_windows[2], tally *items, momu_error *error) {
    pile training = {0}, test = {0};
    momu_status status = pile_sides(&t, &training, training_windows, error);
    t.testing = true;
    if (status == MOMU_OK)
        status = pile_sides(&t, &test, test_windows, error);
    if (status == MOMU_OK && training_windows[CORPUS] && training_windows[REAL] &&
        test.data.count > 0)
        status = run_trial(t.dataset, &training, &test, steps, items, error);
    pile_release(&training);
    pile_release(&test);
    return status;
}

/* The tallies of items that were test, moved together and summed up. */
static momu_status sum_up(const momui_dataset_report *dataset, tally *items, size_t count,
                          momui_interval out[3], momu_error *error) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i].total[0] + items[i].total[1] > 0)
            items[kept++] = items[i];
    return momui_intervals(dataset->memory, kept, balanced_figure, items, 3, dataset->seed, out,
                           error);
}

momu_status momui_dataset_report_real(const momui_dataset_report *dataset, momui_origin origin,
                                      int64_t steps, momui_real_report *report, momu_error *error) {
    size_t count = dataset->pair_count + dataset->take_count, unused[2][2];
    trial t = {.dataset = dataset, .origin = origin, .fold = -1};
    momui_interval metrics[3];
    *report = (momui_real_report){0};
    tally *items = momui_calloc(dataset->memory, count, 2 * sizeof *items);
    if (!items)
        return momui_fail_memory(error, "an evaluation network's samples");
    momu_status status = try_fold(t, steps, report->trained, report->test, items, error);
    if (status == MOMU_OK)
        status = sum_up(dataset, items, count, metrics, error);
    if (status == MOMU_OK) {
        report->held_out = metrics[0];
        report->corpus_found = metrics[1].value;
        report->real_found = metrics[2].value;
    }
    for (t.fold = 0; status == MOMU_OK && t.fold < FOLDS; t.fold++)
        status = try_fold(t, steps, unused[0], unused[1], items + count, error);
    if (status == MOMU_OK)
        status = sum_up(dataset, items + count, count, metrics, error);
    report->folds = metrics[0];
    momui_free(items);
    return status;
}
