/* Classifies two seconds of motion as the dataset's or as motion capture. */
#include "train/evaluate/dataset_report_windows.h"

enum { CORPUS, MOCAP, FOLDS = 5 };

/* Of one pair or take: its windows and those classified right, by class. */
typedef struct tally {
    double total[2], found[2];
} tally;

static void balanced_accuracy(const void *user, const size_t *tracks, size_t count, double *out) {
    const tally *tallies = user;
    tally sum = {{0, 0}, {0, 0}};
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < 2; k++) {
            sum.total[k] += tallies[tracks[i]].total[k];
            sum.found[k] += tallies[tracks[i]].found[k];
        }
    /* a resampling without one class: half of it */
    double first = sum.total[0] > 0 ? sum.found[0] / sum.total[0] : 0.5;
    double second = sum.total[1] > 0 ? sum.found[1] / sum.total[1] : 0.5;
    out[0] = 0.5 * (first + second);
    out[1] = first;
    out[2] = second;
}

/* The windows of a trial: of the dataset's pairs and of the takes, for training or testing. */
typedef struct trial {
    const momui_dataset_report *dataset;
    momui_origin origin;
    int fold; /* -1: the held-out takes */
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

static momu_status collect_classes(const trial *t, momui_report_windows *p, size_t classes[2],
                                   momu_error *error) {
    const momui_dataset_report *dataset = t->dataset;
    size_t count = 0;
    for (size_t i = 0; i < dataset->pair_count; i++)
        count += (size_t)dataset->pairs[i].moments.count;
    for (size_t i = 0; i < dataset->take_count; i++)
        count += (size_t)dataset->takes[i].moments.count;
    if (!momui_report_windows_open(p, dataset->memory, count))
        return momui_fail_memory(error, "windows");
    for (size_t i = 0; i < dataset->pair_count; i++) {
        const momui_windows *w = &dataset->pairs[i].moments;
        for (int32_t k = 0; pair_taken(t, i) && k < w->count; k++)
            if (t->origin == MOMUI_ORIGIN_MIXED || w->origin[k] == t->origin)
                momui_report_windows_add(p, w, k, CORPUS, i, NULL);
    }
    classes[CORPUS] = (size_t)p->data.count;
    for (size_t i = 0; i < dataset->take_count; i++) {
        const momui_windows *w = &dataset->takes[i].moments;
        for (int32_t k = 0; take_taken(t, i) && k < w->count; k++)
            momui_report_windows_add(p, w, k, MOCAP, dataset->pair_count + i, NULL);
    }
    classes[MOCAP] = (size_t)p->data.count - classes[CORPUS];
    return MOMU_OK;
}

/* Adds the predictions of one trial to the tallies. */
static momu_status run_trial(const momui_dataset_report *dataset,
                             const momui_report_windows *training, const momui_report_windows *test,
                             int64_t steps, tally *tallies, momu_error *error) {
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
        tallies[test->pair[w]].total[side] += 1;
        tallies[test->pair[w]].found[side] += momui_report_best(outputs + 2 * w, 2) == side;
    }
    momui_evaluation_network_free(network);
    momui_free(outputs);
    return status;
}

static momu_status try_fold(trial t, int64_t steps, size_t training_windows[2],
                            size_t test_windows[2], tally *tallies, momu_error *error) {
    momui_report_windows training = {0}, test = {0};
    momu_status status = collect_classes(&t, &training, training_windows, error);
    t.testing = true;
    if (status == MOMU_OK)
        status = collect_classes(&t, &test, test_windows, error);
    if (status == MOMU_OK && training_windows[CORPUS] && training_windows[MOCAP] &&
        test.data.count > 0)
        status = run_trial(t.dataset, &training, &test, steps, tallies, error);
    momui_report_windows_release(&training);
    momui_report_windows_release(&test);
    return status;
}

/* Sums the tallies of tested pairs and takes, which it moves to the front. */
static momu_status sum_up(const momui_dataset_report *dataset, tally *tallies, size_t count,
                          momui_interval out[3], momu_error *error) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (tallies[i].total[0] + tallies[i].total[1] > 0)
            tallies[kept++] = tallies[i];
    return momui_intervals(dataset->memory, kept, balanced_accuracy, tallies, 3, dataset->seed, out,
                           error);
}

momu_status momui_dataset_report_mocap(const momui_dataset_report *dataset, momui_origin origin,
                                       int64_t steps, momui_mocap_report *report,
                                       momu_error *error) {
    size_t count = dataset->pair_count + dataset->take_count, unused[2][2];
    trial t = {.dataset = dataset, .origin = origin, .fold = -1};
    momui_interval metrics[3];
    *report = (momui_mocap_report){0};
    tally *tallies = momui_calloc(dataset->memory, count, 2 * sizeof *tallies);
    if (!tallies)
        return momui_fail_memory(error, "an evaluation network's samples");
    momu_status status;
    MOMUI_TRY_GOTO(try_fold(t, steps, report->trained, report->test, tallies, error), status, done);
    MOMUI_TRY_GOTO(sum_up(dataset, tallies, count, metrics, error), status, done);
    report->held_out = metrics[0];
    report->corpus_found = metrics[1].value;
    report->mocap_found = metrics[2].value;
    for (t.fold = 0; t.fold < FOLDS; t.fold++)
        MOMUI_TRY_GOTO(try_fold(t, steps, unused[0], unused[1], tallies + count, error), status,
                       done);
    MOMUI_TRY_GOTO(sum_up(dataset, tallies + count, count, metrics, error), status, done);
    report->folds = metrics[0];
done:
    momui_free(tallies);
    return status;
}
