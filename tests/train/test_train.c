/* train/: losses fall, a killed run continues to the same bytes, and bad input is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/extremes.h"
#include "base/numbers.h"
#include "synthetic.h"
#include "train/stages/trainer.h"

static char *pairs; /* the folder that most tests read */

typedef struct watch { /* what was reported */
    int64_t kill_at;   /* step at which the process ends itself; 0: never */
    int skipped, checkpoints;
    char last_skipped[640];
    double first, last;
} watch;

static void receive(void *user, const momui_train_event *event) {
    watch *w = user;
    if (event->kind == MOMUI_TRAIN_CHECKPOINT)
        w->checkpoints++;
    if (event->kind == MOMUI_TRAIN_NOTE && strncmp(event->text, "skipped", 7) == 0) {
        w->skipped++;
        snprintf(w->last_skipped, sizeof w->last_skipped, "%s", event->text);
    }
    if (event->kind == MOMUI_TRAIN_VALIDATION) {
        if (event->step == 1)
            w->first = event->validation;
        w->last = event->validation;
    }
    if (event->kind == MOMUI_TRAIN_STEP && w->kill_at > 0 && event->step == w->kill_at)
        kill(getpid(), SIGKILL);
}

static momui_train_options options_for(const char *out, watch *w, int64_t steps) {
    return (momui_train_options){.data = pairs,
                                 .out = out,
                                 .preset = "tiny",
                                 .steps = steps,
                                 .batch = 4,
                                 .seconds = 2,
                                 .seed = 7,
                                 .threads = 1,
                                 .validate_every = 1000,
                                 .report = receive,
                                 .user = w};
}

static void run(momui_train_stage stage, const momui_train_options *o) {
    momu_error error = {0};
    if (momui_train_run(stage, o, &error) != MOMU_OK)
        fail_msg("%s", error.message);
}

static void expect_failure(momui_train_stage stage, const momui_train_options *o,
                           momu_status status, const char *part) {
    momu_error error = {0};
    assert_int_equal(momui_train_run(stage, o, &error), status);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" lacks \"%s\"", error.message, part);
}

/* How far a part of the loss fell from the first row of the log to the last. */
static double fall(const char *out, const momui_network_task *task, int term) {
    momui_log log;
    assert_int_equal(momui_log_open(&log, NULL, out, task, INT64_MAX, NULL), MOMU_OK);
    assert_true(log.count > 10);
    double ratio = log.rows[log.count - 1].terms[term] / log.rows[0].terms[term];
    print_message("%s: %s %g -> %g; rows %zu\n", task->name, task->terms[term],
                  log.rows[0].terms[term], log.rows[log.count - 1].terms[term], log.count);
    momui_log_release(&log);
    return ratio;
}

static void each_stage_learns(void **state) {
    (void)state;
    char *out = synthetic_folder();
    watch w = {0};
    momui_train_options o = options_for(out, &w, 200);
    o.rate = 3e-3;
    run(MOMUI_TRAIN_MUSIC, &o);
    assert_true(w.last < 0.75 * w.first); /* on validation pairs */
    assert_true(w.checkpoints >= 1);
    assert_true(fall(out, &momui_task_music, 0) < 0.65);
    run(MOMUI_TRAIN_MOTION, &o);
    assert_true(fall(out, &momui_task_motion, 0) < 0.5);
    assert_true(fall(out, &momui_task_motion, 4) < 0.9); /* InfoNCE */
    o.seconds = 6;
    run(MOMUI_TRAIN_TO_MUSIC, &o);
    assert_true(w.last < 0.8 * w.first);
    run(MOMUI_TRAIN_TO_MOTION, &o);
    assert_true(w.last < 0.8 * w.first);
    static const char *const FILES[] = {"model.safetensors",       "checkpoint.safetensors",
                                        "log-music.csv",           "log-motion.csv",
                                        "log-motion_to_music.csv", "loss-music_to_motion.svg"};
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char path[1024];
        struct stat info;
        snprintf(path, sizeof path, "%s/%s", out, FILES[i]);
        assert_int_equal(stat(path, &info), 0);
        assert_true(info.st_size > 200);
    }
    synthetic_remove(out);
}

/* The bytes of OUT/model.safetensors. */
static momui_bytes model_of(const char *out) {
    char path[1024];
    snprintf(path, sizeof path, "%s/model.safetensors", out);
    momui_bytes bytes;
    assert_int_equal(momui_bytes_from_path(NULL, path, false, 1 << 28, &bytes, NULL), MOMU_OK);
    return bytes;
}

/* Runs in a process of its own that kills itself at a step, again and again, then to the end. */
static void run_broken(momui_train_stage stage, momui_train_options o, const int64_t *kills,
                       int count) {
    for (int i = 0; i < count; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            watch w = {.kill_at = kills[i]};
            o.user = &w;
            momui_train_run(stage, &o, NULL);
            _exit(1); /* not reached: the run ends itself */
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        o.resume = true;
    }
    run(stage, &o);
}

static void killed_runs_continue_to_the_same_bytes(void **state) {
    (void)state;
    char *whole = synthetic_folder(), *broken = synthetic_folder();
    static const momui_train_stage STAGES[] = {MOMUI_TRAIN_MUSIC, MOMUI_TRAIN_MOTION,
                                               MOMUI_TRAIN_TO_MOTION};
    /* before the first checkpoint, between two, right after one */
    static const int64_t KILLS[] = {2, 8, 20};
    for (int i = 0; i < 3; i++) {
        watch w = {0};
        momui_train_options o = options_for(whole, &w, 30);
        o.checkpoint_steps = 5;
        run(STAGES[i], &o);
        o.out = broken;
        run_broken(STAGES[i], o, KILLS, 3);
        momui_bytes a = model_of(whole), b = model_of(broken);
        assert_int_equal(a.size, b.size);
        assert_memory_equal(a.data, b.data, a.size);
        momui_bytes_release(&a);
        momui_bytes_release(&b);
    }
    synthetic_remove(whole);
    synthetic_remove(broken);
}

static void threads_do_not_change_weights(void **state) {
    (void)state;
    char *one = synthetic_folder(), *two = synthetic_folder();
    watch w = {0};
    momui_train_options o = options_for(one, &w, 10);
    run(MOMUI_TRAIN_MUSIC, &o);
    o.out = two;
    o.threads = 2;
    run(MOMUI_TRAIN_MUSIC, &o);
    momui_bytes a = model_of(one), b = model_of(two);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    momui_bytes_release(&a);
    momui_bytes_release(&b);
    synthetic_remove(one);
    synthetic_remove(two);
}

static void broken_pairs_are_reported(void **state) {
    (void)state;
    char *folder = synthetic_folder(), *out = synthetic_folder(), path[1024];
    synthetic_pairs(folder, 2, 4);
    snprintf(path, sizeof path, "%s/pair01.wav", folder);
    assert_int_equal(momui_write_file(path, "no sound", 8, NULL), MOMU_OK);
    watch w = {0};
    momui_train_options o = options_for(out, &w, 2);
    o.data = folder;
    run(MOMUI_TRAIN_MUSIC, &o);
    assert_int_equal(w.skipped, 1);
    assert_non_null(strstr(w.last_skipped, "pair01.wav"));
    snprintf(path, sizeof path, "%s/pair00.json", folder);
    assert_int_equal(momui_write_file(path, "{\"tempo\":\"fast\"}", 16, NULL), MOMU_OK);
    o.resume = true;
    w.skipped = 0;
    expect_failure(MOMUI_TRAIN_MUSIC, &o, MOMU_ERROR_ARGUMENT, "no usable pair (2 broken)");
    assert_int_equal(w.skipped, 2);
    synthetic_remove(folder);
    synthetic_remove(out);
}

static void stages_need_those_before(void **state) {
    (void)state;
    char *out = synthetic_folder(), *empty = synthetic_folder();
    watch w = {0};
    momui_train_options o = options_for(out, &w, 2);
    expect_failure(MOMUI_TRAIN_MOTION, &o, MOMU_ERROR_ARGUMENT, "trained music autoencoder");
    expect_failure(MOMUI_TRAIN_DIFFUSION, &o, MOMU_ERROR_ARGUMENT, "trained autoencoders");
    expect_failure(MOMUI_TRAIN_GENRE, &o, MOMU_ERROR_ARGUMENT, "trained motion autoencoder");
    o.preset = NULL;
    expect_failure(MOMUI_TRAIN_MUSIC, &o, MOMU_ERROR_ARGUMENT, "--preset");
    o.preset = "huge";
    expect_failure(MOMUI_TRAIN_MUSIC, &o, MOMU_ERROR_ARGUMENT, "huge");
    o.preset = "tiny";
    o.data = empty;
    expect_failure(MOMUI_TRAIN_MUSIC, &o, MOMU_ERROR_ARGUMENT, "no usable pair");
    o.data = "/nonexistent/pairs";
    expect_failure(MOMUI_TRAIN_MUSIC, &o, MOMU_ERROR_NOT_FOUND, "/nonexistent/pairs");
    o.data = pairs;
    run(MOMUI_TRAIN_MUSIC, &o);
    expect_failure(MOMUI_TRAIN_MUSIC, &o, MOMU_ERROR_ARGUMENT, "exists already");
    o.preset = "base";
    expect_failure(MOMUI_TRAIN_MOTION, &o, MOMU_ERROR_ARGUMENT, "is of preset tiny");
    synthetic_remove(out);
    synthetic_remove(empty);
}

static void cancelling_leaves_a_checkpoint(void **state) {
    (void)state;
    char *out = synthetic_folder(), path[1024];
    watch w = {0};
    atomic_int cancel = 1;
    momui_train_options o = options_for(out, &w, 50);
    o.cancel = &cancel;
    expect_failure(MOMUI_TRAIN_MUSIC, &o, MOMU_ERROR_CANCELLED, "step 1 of music");
    snprintf(path, sizeof path, "%s/checkpoint.safetensors", out);
    momui_checkpoint checkpoint;
    assert_int_equal(momui_checkpoint_open(NULL, path, &checkpoint, NULL), MOMU_OK);
    assert_string_equal(checkpoint.task, "music");
    assert_int_equal(checkpoint.settings.step, 1);
    assert_int_equal(checkpoint.settings.steps, 50);
    momui_checkpoint_close(&checkpoint);
    assert_int_equal(momui_write_file(path, "cut", 3, NULL), MOMU_OK);
    o.resume = true;
    expect_failure(MOMUI_TRAIN_MUSIC, &o, MOMU_ERROR_FORMAT, "checkpoint.safetensors");
    synthetic_remove(out);
}

static void pairs_are_on_the_common_clock(void **state) {
    (void)state;
    momui_config config;
    momu_error error = {0};
    assert_int_equal(momui_config_preset("tiny", &config, &error), MOMU_OK);
    momui_dataset data;
    assert_int_equal(
        momui_dataset_load(NULL, NULL, pairs, &config, false, NULL, NULL, &data, &error), MOMU_OK);
    assert_int_equal(data.count, 6);
    assert_int_equal(data.skipped, 0);
    size_t held = 0;
    for (size_t i = 0; i < data.count; i++) {
        const momui_pair *pair = &data.items[i];
        held += pair->validation;
        assert_int_equal(pair->frames, 500);           /* 8 s at 62.5/s */
        double period = 0.42 + 0.05 * (double)(i % 5); /* synthetic.c */
        assert_true(fabs(pair->tempo - 60 / period) < 1e-8);
        assert_int_equal(pair->beat_count, ceil(8 / period));
        assert_true(fabs(pair->beats[3] - 3 * period) < 1e-8);
        double most = 0;
        for (int64_t t = 0; t < pair->frames; t++)
            most = momui_max(most, (double)pair->acceleration[t]);
        assert_true(most == 1.0);
    }
    assert_true(held >= 1 && held < 6);
    float controls[4 * MOMUI_CONTROL_FEATURES]; /* latent frames of 64 ms from 0.5 s on */
    momui_pair_controls(&data.items[0], &config, 8, 4, 2 | 8, controls);
    double phase = 2 * 3.14159265358979 * (8.5 * 0.064 / 0.42); /* beats from 0 on, 0.42 s apart */
    assert_true(fabs((double)controls[2] - sin(phase)) < 1e-5);
    assert_true(fabs((double)controls[3] - cos(phase)) < 1e-5);
    assert_true(controls[6] == 1 && controls[8] == 1 && controls[1] == 0);
    assert_true(fabs((double)controls[7] - log2(60 / 0.42 / 120)) < 1e-6);
    momui_dataset_release(&data);
}

/* A corpus of synthetic pairs: six in train/, two in validation/, one in test/. */
static char *corpus_of_pairs(void) {
    static const char *const SPLITS[] = {"train", "validation", "test"};
    static const int COUNTS[] = {6, 2, 1};
    char *folder = synthetic_folder(), path[1024];
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, SPLITS[i]);
        assert_int_equal(mkdir(path, 0777), 0);
        synthetic_pairs(path, COUNTS[i], 4);
    }
    return folder;
}

static void remove_corpus(char *folder) {
    static const char *const SPLITS[] = {"train", "validation", "test"};
    char path[1024];
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, SPLITS[i]);
        synthetic_remove(strdup(path));
    }
    synthetic_remove(folder);
}

static void write_text(const char *folder, const char *name, const char *text) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(momui_write_file(path, text, strlen(text), NULL), MOMU_OK);
}

static void a_corpus_keeps_its_splits(void **state) {
    (void)state;
    char *folder = corpus_of_pairs();
    momui_config config;
    momu_error error = {0};
    assert_int_equal(momui_config_preset("tiny", &config, &error), MOMU_OK);
    momui_dataset data;
    write_text(folder, "unfinished.json", "{}");
    assert_int_equal(
        momui_dataset_load(NULL, NULL, folder, &config, false, NULL, NULL, &data, &error),
        MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "not finished"));
    write_text(folder, "corpus.json", "{}");
    write_text(folder, "train/pair00.original.flac", "not to be read");
    assert_int_equal(
        momui_dataset_load(NULL, NULL, folder, &config, false, NULL, NULL, &data, &error), MOMU_OK);
    assert_int_equal(data.count, 8);
    assert_int_equal(data.skipped, 0);
    for (size_t i = 0; i < data.count; i++)
        assert_int_equal(data.items[i].validation, i >= 6);
    momui_dataset_release(&data);
    remove_corpus(folder);
}

static void energy_and_bars_are_curves(void **state) {
    (void)state;
    char *folder = synthetic_folder(), path[1024];
    synthetic_pairs(folder, 1, 4);
    write_text(folder, "pair00.json",
               "{\"beats\":[0.5,1,1.5,2,2.5,3],\"downbeats\":[1,2.5],\"genre_number\":3,"
               "\"beat_energy\":[0.1,0.3,0.5,0.5,0.9,0.2]}");
    momui_config config;
    momui_pair pair;
    assert_int_equal(momui_config_preset("tiny", &config, NULL), MOMU_OK);
    snprintf(path, sizeof path, "%s/pair00.json", folder);
    assert_int_equal(momui_pair_load(NULL, &config, NULL, NULL, path, false, &pair, NULL), MOMU_OK);
    assert_int_equal(momui_pair_available_controls(&pair), 1 | 4 | 8);
    float rows[60][MOMUI_CONTROL_FEATURES]; /* latent frames of 64 ms */
    momui_pair_controls(&pair, &config, 0, 60, 1 | 4 | 8, rows[0]);
    for (int k = 0; k < 60; k++) {
        double time = (k + 0.5) * 0.064, bar = (time - 1) / 1.5;
        assert_true(fabs((double)rows[k][4] - sin(2 * 3.14159265358979 * bar)) < 1e-4);
        assert_true(fabs((double)rows[k][5] - cos(2 * 3.14159265358979 * bar)) < 1e-4);
        assert_true(rows[k][1] == 1 && rows[k][6] == 1 && rows[k][8 + 3] == 1);
    }
    assert_true(fabs((double)rows[0][0] - 0.1) < 1e-6); /* before the first beat */
    assert_true(fabs((double)rows[59][0] - 0.2) < 1e-6);
    assert_true(fabs((double)rows[11][0] - (0.1 + 0.2 * (11.5 * 0.064 - 0.5) / 0.5)) < 1e-5);
    momui_pair_controls(&pair, &config, 0, 60, 8 | MOMUI_WITHOUT_BARS, rows[0]);
    assert_true(rows[20][4] == 0 && rows[20][5] == 0 && rows[20][6] == 1 && rows[20][1] == 0);
    momui_pair_release(&pair);
    write_text(folder, "pair00.json", "{\"beats\":[0.5,1],\"beat_energy\":[0.5]}");
    assert_int_equal(momui_pair_load(NULL, &config, NULL, NULL, path, false, &pair, NULL),
                     MOMU_ERROR_FORMAT);
    momui_pair_release(&pair);
    synthetic_remove(folder);
}

static void packed_rows_are_fine_enough(void **state) {
    (void)state;
    float values[3 * 200], row[3];
    for (int t = 0; t < 200; t++) {
        values[3 * t] = 1.5f + 0.001f * sinf((float)t);
        values[3 * t + 1] = -5 + 0.05f * (float)t;
        values[3 * t + 2] = 0.25f;
    }
    momui_rows rows;
    assert_int_equal(momui_rows_pack(NULL, values, 200, 3, &rows, NULL), MOMU_OK);
    for (int t = 0; t < 200; t++) {
        momui_rows_get(&rows, t, row);
        assert_true(fabsf(row[0] - values[3 * t]) < 2e-7f);
        assert_true(fabsf(row[1] - values[3 * t + 1]) < 1e-4f);
        assert_true(row[2] == 0.25f);
    }
    momui_rows_release(&rows);
}

static int make_pairs(void **state) {
    (void)state;
    pairs = synthetic_folder();
    synthetic_pairs(pairs, 6, 8);
    return 0;
}

static int remove_pairs(void **state) {
    (void)state;
    synthetic_remove(pairs);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_on_the_common_clock),
        cmocka_unit_test(a_corpus_keeps_its_splits),
        cmocka_unit_test(energy_and_bars_are_curves),
        cmocka_unit_test(packed_rows_are_fine_enough),
        cmocka_unit_test(each_stage_learns),
        cmocka_unit_test(killed_runs_continue_to_the_same_bytes),
        cmocka_unit_test(threads_do_not_change_weights),
        cmocka_unit_test(broken_pairs_are_reported),
        cmocka_unit_test(stages_need_those_before),
        cmocka_unit_test(cancelling_leaves_a_checkpoint),
    };
    return cmocka_run_group_tests(tests, make_pairs, remove_pairs);
}
