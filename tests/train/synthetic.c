#include "tests/support/support.h"
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/audio_buffer.h"
#include "base/random.h"
#include "base/stream.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/kinematics.h"
#include "synthetic.h"

void synthetic_see(void *watch, const momui_train_event *event) {
    synthetic_watch *w = watch;
    if (event->kind != MOMUI_TRAIN_VALIDATION)
        return;
    if (event->step == 1)
        w->first = event->validation;
    w->last = event->validation;
}

char *synthetic_folder(void) {
    static int made;
    char name[16];
    snprintf(name, sizeof name, "%d", made++);
    char *path = strdup(scratch_path(name));
    assert_non_null(path);
    assert_int_equal(mkdir(path, 0777), 0);
    return path;
}

void synthetic_remove(char *folder) {
    DIR *handle = opendir(folder);
    assert_non_null(handle);
    char path[1024];
    for (struct dirent *file; (file = readdir(handle));) {
        snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
        if (file->d_name[0] != '.')
            unlink(path);
    }
    closedir(handle);
    rmdir(folder);
    free(folder);
}

/* A decaying tone on every beat, the first of four higher, over faint noise. */
static void write_music(const char *path, double seconds, double period, uint64_t seed) {
    int64_t frames = (int64_t)(seconds * 16000);
    momui_audio *audio = momui_audio_new(NULL, frames, 1, 16000);
    assert_non_null(audio);
    momui_fill_normal(audio->samples, (size_t)frames, seed, 0);
    for (int64_t i = 0; i < frames; i++) {
        double beat = floor((double)i / 16000 / period), t = (double)i / 16000 - beat * period;
        double pitch = fmod(beat, 4) == 0 ? 880 : 440;
        audio->samples[i] = (float)(0.001 * (double)audio->samples[i] +
                                    0.5 * exp(-12 * t) * sin(6.2832 * pitch * t));
    }
    momu_error error = {0};
    if (momui_sound_write(audio, path, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    momui_audio_free(audio);
}

/* Both arms swing from one beat's pose to the next's and stand still for the last part of the way.
 */
static void write_motion(const char *path, double seconds, double period) {
    int64_t frames = (int64_t)(seconds * 60);
    momui_motion *body = momui_body_new(NULL, frames, 60);
    assert_non_null(body);
    for (int64_t t = 0; t < frames; t++) {
        double at = (double)t / 60 / period, beat = floor(at), part = (at - beat - 0.5) * 2;
        part = part < 0 ? 0 : part; /* move in the second half, stop on the beat */
        double side = fmod(beat, 2) == 0 ? 1 : -1;
        double angle = 0.7 * side * (2 * part - 1);
        float *arm[] = {body->rotations + (t * MOMUI_BODY_JOINTS + MOMUI_LEFT_SHOULDER) * 4,
                        body->rotations + (t * MOMUI_BODY_JOINTS + MOMUI_RIGHT_SHOULDER) * 4};
        for (int i = 0; i < 2; i++) {
            arm[i][0] = (float)cos(angle / 2);
            arm[i][3] = (float)sin(angle / 2);
        }
        body->root[t * 3 + 1] = 0.98f;
    }
    momu_error error = {0};
    if (momui_motion_update(body, &error) != MOMU_OK ||
        momui_motion_write(body, path, NULL, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    momui_motion_free(body);
}

void synthetic_pairs(const char *folder, int count, double seconds) {
    char path[1024], annotations[1024];
    for (int i = 0; i < count; i++) {
        double period = 0.42 + 0.05 * (i % 5);
        snprintf(path, sizeof path, "%s/pair%02d.wav", folder, i);
        write_music(path, seconds, period, (uint64_t)i);
        snprintf(path, sizeof path, "%s/pair%02d.npz", folder, i);
        write_motion(path, seconds, period);
        snprintf(path, sizeof path, "%s/pair%02d.json", folder, i);
        int length =
            snprintf(annotations, sizeof annotations,
                     "{\"tempo\":%.9f,\"genre_number\":%d,\"beats\":[0", 60 / period, 1 + i % 5);
        for (int k = 1; k * period < seconds && length + 16 < (int)sizeof annotations; k++)
            length += snprintf(annotations + length, sizeof annotations - (size_t)length, ",%.9f",
                               k * period);
        snprintf(annotations + length, sizeof annotations - (size_t)length, "]}");
        assert_int_equal(momui_write_file(path, annotations, strlen(annotations), NULL), MOMU_OK);
    }
}

momui_train_options synthetic_options(const char *pairs, const char *out, int64_t steps,
                                      synthetic_watch *watch) {
    return (momui_train_options){.data = pairs,
                                 .out = out,
                                 .preset = "tiny",
                                 .steps = steps,
                                 .batch = 8,
                                 .seconds = 4,
                                 .rate = 3e-3,
                                 .seed = 7,
                                 .threads = 1,
                                 .validate_every = 1000,
                                 .report = synthetic_see,
                                 .user = watch};
}

void synthetic_trained(const char *pairs, const char *out, momui_train_stage stage, int64_t steps,
                       synthetic_watch *watch) {
    momui_train_options o = synthetic_options(pairs, out, steps, watch);
    momu_error error = {0};
    if (momui_train_run(stage, &o, &error) != MOMU_OK)
        fail_msg("%s", error.message);
}

momu_model *synthetic_model(const char *out) {
    char path[1024];
    momu_model *model = NULL;
    momu_error error = {0};
    snprintf(path, sizeof path, "%s/model.safetensors", out);
    if (momu_model_load(path, NULL, &model, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return model;
}

bool synthetic_same(const momu_audio *a, const momu_audio *b) {
    return a->frames == b->frames &&
           memcmp(a->samples, b->samples, (size_t)a->frames * sizeof(float)) == 0;
}
