/* dataset report: a dataset of known agreement is measured as such, its genres are classified, and
 * what is broken in it is named. */
#include "tests/support/support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/audio_buffer.h"
#include "base/random.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/kinematics.h"
#include "train/evaluate/dataset_report.h"

enum { SECONDS = 20, RATE = 16000, PAIRS = 12 };
static const char *folder;
static int broken;

/* Noise, high or low by genre, that begins anew on every beat. */
static void write_sound(const char *path, int genre, double period) {
    momui_audio *sound = momui_audio_new(NULL, SECONDS * RATE, 1, RATE);
    momui_fill_normal(sound->samples, SECONDS * RATE, (uint64_t)genre, 1);
    float before = 0;
    for (int i = 0; i < SECONDS * RATE; i++) {
        double since = fmod(i / (double)RATE, period);
        float noise = sound->samples[i], low = 0.9f * before + 0.1f * noise;
        sound->samples[i] = 0.2f * (float)exp(-6 * since) * (genre == 1 ? noise : low);
        before = low;
    }
    assert_int_equal(momui_sound_write_16(sound, path, NULL), MOMU_OK);
    momui_audio_free(sound);
}

/* Arms that go from place to place and stop on every beat. */
static void write_dance(const char *path, int genre, double period) {
    momui_motion *body = momui_body_new(NULL, (int64_t)(SECONDS * 62.5), 62.5);
    for (int64_t t = 0; t < body->frames; t++) {
        double beat = (double)t / 62.5 / period, part = beat - floor(beat);
        double way = momui_smoothstep(0.4, 1.0, part);
        double swing = (int)floor(beat) % 2 ? 1 - way : way;
        body->root[3 * t + 1] = 0.98f;
        for (int side = 0; side < 2; side++) {
            int joint = genre == 1 ? MOMUI_LEFT_SHOULDER + side : MOMUI_LEFT_ELBOW + side;
            momui_quat q = momui_quat_about(momui_vec3_of(0, 0, side ? -1 : 1), 1.4 * swing - 0.7);
            momui_quat_store(q, body->rotations + (t * MOMUI_BODY_JOINTS + joint) * 4);
        }
    }
    assert_int_equal(momui_motion_update(body, NULL), MOMU_OK);
    assert_int_equal(momui_motion_write(body, path, NULL, NULL), MOMU_OK);
    momui_motion_free(body);
}

static void write_annotations(const char *path, int genre, double period, bool mocap) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "{\"seconds\":%d,\"tempo\":%.3f,\"energy\":0.5,\"genre_number\":%d,\"beats\":[",
            SECONDS, 60 / period, genre);
    int beats = 0;
    for (double t = 0; t < SECONDS; t += period)
        fprintf(file, "%s%.4f", beats++ ? "," : "", t);
    const char *by = mocap ? "true" : "false";
    fprintf(file,
            "],\"dance\":{\"captured_share\":%d,\"half_time_share\":0.25,\"phrases\":[{"
            "\"first_beat\":0,\"beats\":%d,\"lower\":\"a\",\"captured_lower\":%s,\"upper\":\"b\","
            "\"captured_upper\":%s,\"half_time\":false}]}}",
            mocap, beats, by, by);
    fclose(file);
}

static void file_name(char path[1024], const char *split, int pair, const char *extension) {
    snprintf(path, 1024, "%s/%s/item%05d%s", folder, split, pair, extension);
}

static int open_folder(void **state) {
    (void)state;
    folder = scratch_folder();
    const char *const splits[] = {"train", "validation", "test"};
    char path[1024];
    for (int i = 0; i < 3; i++)
        mkdir(scratch_path(splits[i]), 0777);
    for (int p = 0; p < PAIRS; p++) {
        const char *split = splits[p % 3 == 2 ? 2 : 0];
        int genre = 1 + p % 2;
        double period = 0.45 + 0.011 * p;
        file_name(path, split, p, ".flac");
        write_sound(path, genre, period);
        file_name(path, split, p, ".npz");
        write_dance(path, genre, period);
        file_name(path, split, p, ".json");
        write_annotations(path, genre, period, p % 4 < 2);
    }
    return 0;
}

static void see_broken(void *user, const char *sentence) {
    (void)user;
    assert_non_null(strstr(sentence, "item"));
    broken++;
}

static momui_dataset_report opened(int threads, bool windows, const char *mocap) {
    momui_dataset_report dataset;
    momu_error error = {0};
    momui_dataset_report_options options = {.folder = folder,
                                            .mocap = mocap,
                                            .seed = 3,
                                            .threads = threads,
                                            .windows = windows,
                                            .broken = see_broken};
    if (momui_dataset_report_open(NULL, &options, &dataset, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return dataset;
}

static void beats_and_shares_are_pooled(void **state) {
    (void)state;
    momui_dataset_report dataset = opened(1, false, NULL);
    momui_dataset_report_row all, one, again;
    assert_int_equal(dataset.pair_count, PAIRS);
    assert_int_equal(momui_dataset_report_row_of(&dataset, 0, &all, NULL), MOMU_OK);
    assert_int_equal(momui_dataset_report_row_of(&dataset, 1, &one, NULL), MOMU_OK);
    assert_int_equal(all.pairs, PAIRS);
    assert_int_equal(one.pairs, PAIRS / 2);
    assert_true(fabs(all.hours - PAIRS * SECONDS / 3600.0) < 1e-3);
    assert_true(fabs(all.mocap_share - 0.5) < 1e-6);
    assert_true(fabs(all.half_time_share - 0.25) < 1e-6);
    assert_true(all.near.f1.value > 0.9 && all.near.ratio.low > 2.3);
    assert_true(all.near.f1.value >= all.close.f1.value);
    assert_true(all.mismatched.f1.value < 1.3 * all.near.chance.value);
    momui_dataset_report other = opened(3, false, NULL);
    assert_int_equal(momui_dataset_report_row_of(&other, 0, &again, NULL), MOMU_OK);
    assert_memory_equal(&all, &again, sizeof all);
    momui_dataset_report_close(&other);
    momui_dataset_report_close(&dataset);
}

static void genres_are_classified_from_either_side(void **state) {
    (void)state;
    momui_dataset_report dataset = opened(2, true, NULL);
    for (int side = 0; side < 2; side++) {
        momui_genre_report report;
        assert_int_equal(momui_dataset_report_genre(&dataset, side == 0, 14, NULL, &report, NULL),
                         MOMU_OK);
        assert_int_equal(report.genres, 2);
        assert_true(report.trained > 0 && report.windows == 6 * report.pairs);
        assert_true(report.accuracy.value > 0.9);
    }
    momui_dataset_report_close(&dataset);
}

/* Motion capture that is in the dataset cannot be separated; the report says so. */
static void a_corpus_like_motion_capture_is_not_classified(void **state) {
    (void)state;
    char mocap[96];
    snprintf(mocap, sizeof mocap, "%s/test", folder);
    momui_dataset_report dataset = opened(2, true, mocap);
    momui_mocap_report report;
    assert_int_equal(dataset.take_count, PAIRS / 3);
    for (size_t i = 0; i < dataset.take_count; i++)
        dataset.takes[i].held_out = i % 2 == 0;
    assert_int_equal(momui_dataset_report_mocap(&dataset, MOMUI_ORIGIN_MIXED, 4, &report, NULL),
                     MOMU_OK);
    assert_true(report.test[0] > 0 && report.test[1] > 0);
    assert_true(report.held_out.value < 0.8);
    assert_int_equal(momui_dataset_report_mocap(&dataset, MOMUI_ORIGIN_MOCAP, 1, &report, NULL),
                     MOMU_OK);
    size_t windows = report.trained[0];
    assert_int_equal(momui_dataset_report_mocap(&dataset, MOMUI_ORIGIN_MIXED, 1, &report, NULL),
                     MOMU_OK);
    assert_true(windows > 0 && windows < report.trained[0]);
    momui_dataset_report_close(&dataset);
}

static void broken_pairs_are_named_and_counted(void **state) {
    (void)state;
    char path[1024];
    file_name(path, "train", 0, ".npz");
    FILE *file = fopen(path, "w");
    fputs("no motion", file);
    fclose(file);
    file_name(path, "train", 1, ".flac");
    remove(path); /* without its sound it is no pair */
    broken = 0;
    momui_dataset_report dataset = opened(2, false, NULL);
    assert_int_equal(dataset.pair_count, PAIRS - 2);
    assert_int_equal(dataset.broken, 1);
    assert_int_equal(broken, 1);
    momui_dataset_report_close(&dataset);
    momui_dataset_report_options options = {.folder = "/nonexistent"};
    momu_error error;
    assert_int_equal(momui_dataset_report_open(NULL, &options, &dataset, &error),
                     MOMU_ERROR_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beats_and_shares_are_pooled),
        cmocka_unit_test(genres_are_classified_from_either_side),
        cmocka_unit_test(a_corpus_like_motion_capture_is_not_classified),
        cmocka_unit_test(broken_pairs_are_named_and_counted)};
    return cmocka_run_group_tests(tests, open_folder, NULL);
}
