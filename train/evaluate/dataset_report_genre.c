/* Classifies the genre of a dataset's pairs from one side alone. */
#include "train/evaluate/dataset_report_windows.h"

#include <math.h>
#include <string.h>

enum { GENRES = MOMUI_GENRES, GENRE_CROP = 156 }; /* 5 s */

static const momui_windows *side_of(const momui_reported_pair *pair, bool music) {
    return music ? &pair->sound : &pair->dance;
}

static momu_status collect_genres(const momui_dataset_report *dataset, bool music, int split,
                                  momui_report_windows *p, momu_error *error) {
    size_t count = 0;
    for (size_t i = 0; i < dataset->pair_count; i++)
        count += (size_t)side_of(&dataset->pairs[i], music)->count;
    if (!momui_report_windows_open(p, dataset->memory, count))
        return momui_fail_memory(error, "windows");
    for (size_t i = 0; i < dataset->pair_count; i++) {
        const momui_reported_pair *pair = &dataset->pairs[i];
        const momui_windows *w = side_of(pair, music);
        if (pair->split != split || pair->annotations.genre < 1 || pair->annotations.genre > GENRES)
            continue;
        for (int32_t k = 0; k < w->count; k++)
            momui_report_windows_add(p, w, k, pair->annotations.genre - 1, i, &pair->annotations);
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
static double pair_share(const momui_report_windows *test, const float *outputs, int32_t width) {
    size_t pairs = 0, found = 0;
    for (int64_t i = 0; i < test->data.count;) {
        float mean[GENRES] = {0};
        int64_t w = i;
        for (; w < test->data.count && test->pair[w] == test->pair[i]; w++)
            for (int32_t k = 0; k < GENRES; k++)
                mean[k] += outputs[w * width + k];
        pairs++;
        found += momui_report_best(mean, GENRES) == test->label[i];
        i = w;
    }
    return pairs ? (double)found / (double)pairs : 0;
}

static momu_status score_genres(const momui_dataset_report *dataset,
                                const momui_report_windows *test,
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
        bool right = momui_report_best(y, GENRES) == test->label[w];
        tracks += w == 0 || test->pair[w] != test->pair[w - 1];
        above[tracks - 1] += right;
        below[tracks - 1] += 1;
        total[test->label[w]] += 1;
        found[test->label[w]] += right;
        double octaves = log2(fmax((double)test->tempo[w], 1) / 30);
        int32_t place = (int32_t)((octaves - floor(octaves)) * MOMUI_EVALUATION_TEMPOS);
        int32_t apart =
            (momui_report_best(y + at.tempo, MOMUI_EVALUATION_TEMPOS) - place + 18) % 12 - 6;
        tempo += apart >= -1 && apart <= 1;
        octave +=
            momui_report_best(y + at.octave, MOMUI_EVALUATION_OCTAVES) == (int32_t)floor(octaves);
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
                                          int64_t steps, const char *save,
                                          const momui_report_windows *training,
                                          const momui_report_windows *test,
                                          momui_genre_report *report, momu_error *error) {
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
    momu_status status;
    MOMUI_TRY_GOTO(outputs ? MOMU_OK
                           : momui_fail_memory(error, "an evaluation network's predictions"),
                   status, done);
    MOMUI_TRY_GOTO(momui_evaluation_train(dataset->memory, dataset->pool, &config, &training->data,
                                          &options, &network, error),
                   status, done);
    MOMUI_TRY_GOTO(momui_evaluation_predict(dataset->memory, dataset->pool, network, &test->data,
                                            GENRE_CROP, outputs, NULL, error),
                   status, done);
    MOMUI_TRY_GOTO(score_genres(dataset, test, &config, outputs, report, error), status, done);
    if (save)
        MOMUI_TRY_GOTO(momui_evaluation_network_save(network, save, error), status, done);
done:
    momui_evaluation_network_free(network);
    momui_free(outputs);
    return status;
}

momu_status momui_dataset_report_genre(const momui_dataset_report *dataset, bool music,
                                       int64_t steps, const char *save, momui_genre_report *report,
                                       momu_error *error) {
    momui_report_windows training = {0}, test = {0};
    *report = (momui_genre_report){0};
    momu_status status = collect_genres(dataset, music, MOMUI_REPORT_TRAIN, &training, error);
    if (status == MOMU_OK)
        status = collect_genres(dataset, music, MOMUI_REPORT_TEST, &test, error);
    report->trained = (size_t)training.data.count;
    report->windows = (size_t)test.data.count;
    if (status == MOMU_OK && report->trained > 0 && report->windows > 0)
        status =
            train_genre_classifier(dataset, music, steps, save, &training, &test, report, error);
    momui_report_windows_release(&training);
    momui_report_windows_release(&test);
    return status;
}
