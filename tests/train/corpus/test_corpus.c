/* corpus/: the plan depends on seed and number alone, and the folder keeps to one corpus.
 * test_leak.c and tests/e2e/corpus.sh test a whole corpus. */
#include "tests/support/support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "train/corpus/corpus.h"
#include "train/corpus/corpus_folder.h"
#include "train/corpus/manifest.h"

/* ---- the plan ---- */

static void splits_share_hours_and_genres(void **state) {
    (void)state;
    enum { COUNT = 700 };
    double hours[MOMUI_SPLITS] = {0}, all = 0;
    int recorded[MOMUI_SPLITS] = {0}, pairs[MOMUI_SPLITS] = {0};
    int genres[MOMUI_SPLITS][MOMUI_COMPOSED_GENRES + 1] = {{0}};
    for (size_t i = 0; i < COUNT; i++) {
        momui_corpus_sample sample;
        momui_plan_sample(7, 0.2, i, &sample);
        assert_true(sample.seconds >= 60 && sample.seconds <= 150);
        hours[sample.split] += sample.seconds;
        all += sample.seconds;
        pairs[sample.split]++;
        recorded[sample.split] += sample.recorded;
        genres[sample.split][sample.recorded ? 0 : sample.genre]++;
    }
    assert_true(fabs(hours[MOMUI_TRAIN] / all - 0.8) < 0.02);
    assert_true(fabs(hours[MOMUI_VALIDATION] / all - 0.1) < 0.02);
    for (int s = 0; s < MOMUI_SPLITS; s++) {
        assert_true(abs(recorded[s] - pairs[s] / 5) <= 1);
        assert_int_equal(genres[s][0], recorded[s]);
        for (int g = 1; g <= MOMUI_COMPOSED_GENRES; g++) /* equally often, to a round of all */
            assert_true(abs(genres[s][g] - (pairs[s] - recorded[s]) / MOMUI_COMPOSED_GENRES) <= 1);
    }
}

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void every_pair_has_seeds_of_its_own(void **state) {
    (void)state;
    enum { COUNT = 2000 };
    static uint64_t seeds[2 * COUNT];
    momui_corpus_sample sample, again;
    memset(&sample, 0, sizeof sample);
    memset(&again, 0, sizeof again);
    for (size_t i = 0; i < COUNT; i++) {
        momui_plan_sample(1, 0.2, i, &sample);
        momui_plan_sample(1, 0.2, i, &again);
        assert_memory_equal(&sample, &again, sizeof sample);
        seeds[2 * i] = sample.music_seed;
        seeds[2 * i + 1] = sample.dance_seed;
    }
    qsort(seeds, 2 * COUNT, sizeof *seeds, by_value);
    for (size_t i = 1; i < 2 * COUNT; i++)
        assert_true(seeds[i] != seeds[i - 1]);
    momui_plan_sample(2, 0.2, 0, &again);
    momui_plan_sample(1, 0.2, 0, &sample);
    assert_true(sample.music_seed != again.music_seed);
}

static void more_hours_only_add_pairs(void **state) {
    (void)state;
    double one = 0, two = 0;
    size_t few = momui_plan_count(3, 0.2, 0.5, &one), more = momui_plan_count(3, 0.2, 2, &two);
    assert_true(few < more);
    assert_true(one >= 0.5 * 3600 && one < 0.5 * 3600 + 150);
    assert_true(two >= 2 * 3600 && two < 2 * 3600 + 150);
}

/* ---- the folder ---- */

static void marks_for(uint64_t seed, momui_corpus_mark marks[MOMUI_CORPUS_MARKS]) {
    momui_corpus_options options = {.seed = seed, .hours = 1.5, .recorded_share = 0.2};
    momui_synthesis_context synthesis = {.options = &options};
    momui_corpus_marks(&synthesis, "some.sf2", marks);
}

static momu_status open_folder(const char *name, uint64_t seed, momui_corpus_folder *folder,
                               momu_error *error) {
    static char kept[2048]; /* the folder keeps its name */
    momui_corpus_mark marks[MOMUI_CORPUS_MARKS];
    marks_for(seed, marks);
    snprintf(kept, sizeof kept, "%s", scratch_path(name));
    return momui_corpus_folder_open(kept, marks, folder, error);
}

static void write_text(const char *name, const char *text) {
    assert_int_equal(momui_write_file(scratch_path(name), text, strlen(text), NULL), MOMU_OK);
}

static bool there(const char *name) {
    return access(scratch_path(name), F_OK) == 0;
}

static void another_corpus_is_refused(void **state) {
    (void)state;
    momui_corpus_folder folder;
    momu_error error = {0};
    assert_int_equal(open_folder("one", 1, &folder, &error), MOMU_OK);
    assert_true(there("one/unfinished.json") && there("one/train") && there("one/test"));
    momui_corpus_folder_close(&folder);
    assert_int_equal(open_folder("one", 2, &folder, &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "seed is 1; requested is 2"));
    assert_int_equal(open_folder("one", 1, &folder, &error), MOMU_OK);
    momui_corpus_folder_close(&folder);
    assert_int_equal(mkdir(scratch_path("alien"), 0777), 0);
    write_text("alien/letter.txt", "dear");
    assert_int_equal(open_folder("alien", 1, &folder, &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "is not empty and holds no corpus"));
    write_text("file", "no folder");
    assert_int_equal(open_folder("file", 1, &folder, &error), MOMU_ERROR_IO);
    assert_non_null(strstr(error.message, "/file: "));
}

static void two_runs_do_not_share_a_folder(void **state) {
    (void)state;
    momui_corpus_folder first, second;
    momu_error error = {0};
    assert_int_equal(open_folder("busy", 1, &first, &error), MOMU_OK);
    assert_int_equal(open_folder("busy", 1, &second, &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "another run"));
    momui_corpus_folder_close(&first);
    assert_int_equal(open_folder("busy", 1, &second, &error), MOMU_OK);
    momui_corpus_folder_close(&second);
}

static void leftovers_go_and_pairs_stay(void **state) {
    (void)state;
    momui_corpus_folder folder;
    momu_error error = {0};
    assert_int_equal(open_folder("left", 1, &folder, &error), MOMU_OK);
    momui_corpus_folder_close(&folder);
    write_text("left/train/item00003.npz.part-123", "half");
    write_text("left/corpus.json.part-9", "half");
    write_text("left/train/item00002.npz", "whole");
    write_text("left/train/notes.part-time", "not ours");
    assert_int_equal(open_folder("left", 1, &folder, &error), MOMU_OK);
    momui_corpus_folder_close(&folder);
    assert_false(there("left/train/item00003.npz.part-123"));
    assert_false(there("left/corpus.json.part-9"));
    assert_true(there("left/train/item00002.npz") && there("left/train/notes.part-time"));
}

/* ---- the manifest ---- */

static void write_pair(size_t number, const char *genre, int hits, int kinematic) {
    char text[400], name[64];
    momui_corpus_sample sample;
    momui_plan_sample(1, 0, number, &sample);
    snprintf(text, sizeof text,
             "{\"seconds\":100,\"genre_number\":%s,\"beats\":[1,2,3,4],\"music\":{\"kind\":"
             "\"composed\",\"source\":\"x.sf2\",\"licence\":\"MIT\"},\"dance\":{\"captured_share\":"
             "0.5,\"half_time_share\":0.25},\"measured\":{\"hits\":%d,\"kinematic_beats\":%d,"
             "\"chance\":0.2,\"skate\":0.4}}",
             genre, hits, kinematic);
    snprintf(name, sizeof name, "sums/%s/%s.json", momui_split_names[sample.split], sample.stem);
    write_text(name, text);
}

static void totals_come_from_the_pairs(void **state) {
    (void)state;
    momui_corpus_folder folder;
    momu_error error = {0};
    assert_int_equal(open_folder("sums", 1, &folder, &error), MOMU_OK);
    momui_corpus_options options = {.folder = folder.path, .seed = 1, .hours = 0.1};
    momui_synthesis_context synthesis = {.options = &options};
    momui_corpus_mark marks[MOMUI_CORPUS_MARKS];
    momui_corpus_summary summary;
    marks_for(1, marks);
    write_pair(0, "1", 4, 4);
    write_pair(1, "2", 2, 4);
    assert_int_equal(momui_manifest_write(&synthesis, marks, 3, &summary, &error),
                     MOMU_ERROR_NOT_FOUND);
    assert_false(there("sums/corpus.json"));
    write_pair(2, "1", 0, 8);
    assert_int_equal(momui_manifest_write(&synthesis, marks, 3, &summary, &error), MOMU_OK);
    assert_int_equal(summary.pairs, 3);
    assert_true(fabs(summary.f1 - 2.0 * 6 / (16 + 12)) < 1e-9); /* pooled over beats */
    assert_true(fabs(summary.chance - 0.2) < 1e-9 && fabs(summary.skate - 0.4) < 1e-9);
    assert_true(fabs(summary.mocap_share - 0.5) < 1e-9);
    assert_true(fabs(summary.hours - 300.0 / 3600) < 1e-9);
    assert_true(there("sums/corpus.json"));
    assert_int_equal(momui_corpus_folder_finish(&folder, &error), MOMU_OK);
    assert_false(there("sums/unfinished.json"));
    momui_corpus_folder_close(&folder);
    assert_int_equal(open_folder("sums", 1, &folder, &error), MOMU_OK);
    momui_corpus_folder_close(&folder);
    assert_int_equal(open_folder("sums", 2, &folder, &error), MOMU_ERROR_ARGUMENT);
}

/* ---- options ---- */

static void options_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const momui_corpus_options BAD[] = {
        {.hours = 1},
        {.folder = "x", .hours = -1},
        {.folder = "x", .hours = NAN},
        {.folder = "x", .hours = 1, .recorded_share = 2},
        {.folder = "x", .hours = 1, .original_rate = 48000},
        {.folder = "x", .hours = 1, .threads = -3},
        {.folder = "x", .hours = 1, .material = MOMUI_MATERIAL_MOCAP},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        momu_error error = {0};
        momui_corpus_summary summary;
        assert_int_equal(momui_corpus_make(NULL, &BAD[i], &summary, &error), MOMU_ERROR_ARGUMENT);
        assert_true(strlen(error.message) > 10);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_share_hours_and_genres),
        cmocka_unit_test(every_pair_has_seeds_of_its_own),
        cmocka_unit_test(more_hours_only_add_pairs),
        cmocka_unit_test(another_corpus_is_refused),
        cmocka_unit_test(two_runs_do_not_share_a_folder),
        cmocka_unit_test(leftovers_go_and_pairs_stay),
        cmocka_unit_test(totals_come_from_the_pairs),
        cmocka_unit_test(options_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
