/* No leak between a corpus's splits: no song, track or take is in two, and no two seconds of sound
 * or motion are nearly the same in two. Planted leaks, material with noise, another gain and
 * another beginning, check that the search finds them. */
#include "tests/support/support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/extremes.h"
#include "base/random.h"
#include "dsp/mel.h"
#include "io/json/json.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/layout.h"
#include "train/corpus/corpus.h"
#include "train/corpus/corpus_plan.h"

enum {
    WINDOW = 125, /* frames at 62.5/s: two seconds */
    POOL = 5,     /* frames that become one cell */
    CELLS = WINDOW / POOL,
    EXTENSION = 190, /* frames: a song's last chord and its decay are like any other's */
    GRID = 4,        /* frames from one window to the next in the searched split */
    STRIDE = 97,     /* and in the other split */
    BANDS = 80,
    JOINTS = 66 /* numbers of the joints' places in the heading frame */
};

/* Sounds are nearly the same from this correlation on, motions up to this distance (metres, root
 * mean square over joints). */
static const float SAME_SOUND = 0.95f, SAME_MOTION = 0.025f;

typedef struct dataset_clip {
    char stem[24];
    momui_split split;
    int64_t frames;
    float *mel, *joints; /* (frames, BANDS), (frames, JOINTS) */
} dataset_clip;

static dataset_clip clips[16];
static size_t clip_count;
static const char *folder;

/* ---- windows: features of two seconds, false where nothing happens in them ---- */

typedef bool (*look)(const dataset_clip *from, int64_t start, float *out);

/* Takes the mean out of `count` numbers that are `step` apart. */
static void centre(float *values, int count, int step) {
    float mean = 0;
    for (int i = 0; i < count; i++)
        mean += values[i * step] / (float)count;
    for (int i = 0; i < count; i++)
        values[i * step] -= mean;
}

/* The upper 40 dB, less each band's mean (the tone) and each moment's (the loudness): every song
 * fades to silence in the same way. Of unit length all together. */
static bool look_at_sound(const dataset_clip *from, int64_t start, float *out) {
    double power = 0;
    float loudest = -10;
    memset(out, 0, CELLS * BANDS * sizeof *out);
    for (int i = 0; i < WINDOW * BANDS; i++)
        loudest = momui_maxf(loudest, from->mel[start * BANDS + i]);
    for (int i = 0; i < WINDOW * BANDS; i++)
        out[i / BANDS / POOL * BANDS + i % BANDS] +=
            fmaxf(from->mel[start * BANDS + i], loudest - 2) / POOL;
    for (int b = 0; b < BANDS; b++)
        centre(out + b, CELLS, BANDS);
    for (int k = 0; k < CELLS; k++)
        centre(out + k * BANDS, BANDS, 1);
    for (int i = 0; i < CELLS * BANDS; i++)
        power += (double)out[i] * (double)out[i];
    for (int i = 0; i < CELLS * BANDS; i++)
        out[i] /= (float)sqrt(power + 1e-12);
    return power / (CELLS * BANDS) > 0.003;
}

/* The poses of every fifth frame. */
static bool look_at_motion(const dataset_clip *from, int64_t start, float *out) {
    double moved = 0;
    for (int k = 0; k < CELLS; k++)
        for (int j = 0; j < JOINTS; j++) {
            out[k * JOINTS + j] = from->joints[(start + k * POOL) * JOINTS + j];
            if (k > 0)
                moved += fabs((double)out[k * JOINTS + j] - (double)out[(k - 1) * JOINTS + j]);
        }
    return moved / (JOINTS * (CELLS - 1)) > 0.004; /* metres in a twelfth of a second */
}

static float correlation(const float *a, const float *b, float best) {
    (void)best;
    float sums[8] = {0};
    for (int i = 0; i < CELLS * BANDS; i += 8)
        for (int k = 0; k < 8; k++)
            sums[k] += a[i + k] * b[i + k];
    return sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7];
}

/* Less the root mean square distance of a joint; given up once it is worse than `best`. */
static float closeness(const float *a, const float *b, float best) {
    float sum = 0, most = best * best * (CELLS * JOINTS / 3);
    for (int k = 0; k < CELLS && sum < most; k++)
        for (int j = 0; j < JOINTS; j++) {
            float gap = a[k * JOINTS + j] - b[k * JOINTS + j];
            sum += gap * gap;
        }
    return -sqrtf(sum / (CELLS * JOINTS / 3));
}

/* The greatest likeness of a window of `asked` to one of `searched`. */
static float nearest(const dataset_clip *asked, const dataset_clip *searched, bool sound) {
    size_t size = sound ? CELLS * BANDS : CELLS * JOINTS, count = 0;
    look at = sound ? look_at_sound : look_at_motion;
    size_t room = (size_t)(asked->frames / STRIDE + 1);
    float *windows = malloc(room * size * sizeof *windows), window[CELLS * BANDS];
    assert_non_null(windows);
    int64_t extension = sound ? EXTENSION : 0;
    for (int64_t t = 0; t + WINDOW <= asked->frames - extension; t += STRIDE)
        count += at(asked, t, windows + count * size);
    float best = sound ? -1 : -10;
    for (int64_t s = 0; s + WINDOW <= searched->frames - extension; s += GRID) {
        if (!at(searched, s, window))
            continue;
        for (size_t i = 0; i < count; i++) {
            const float *other = windows + i * size;
            best = momui_maxf(best, sound ? correlation(other, window, best)
                                          : closeness(other, window, best));
        }
    }
    free(windows);
    return best;
}

/* ---- a corpus in memory ---- */

static void analyse(const momui_audio *audio, dataset_clip *out) {
    assert_int_equal(momui_mel(NULL, &momui_mel_default, audio->samples, audio->frames, &out->mel,
                               &out->frames, NULL),
                     MOMU_OK);
}

static void copy_joints(const momui_motion *body, dataset_clip *out) {
    float *features = NULL;
    assert_int_equal(momui_body3d_encode(NULL, body, &features, NULL, NULL), MOMU_OK);
    out->joints = malloc((size_t)body->frames * JOINTS * sizeof *out->joints);
    assert_non_null(out->joints);
    for (int64_t t = 0; t < body->frames; t++)
        memcpy(out->joints + t * JOINTS, features + t * MOMUI_BODY3D_FEATURES + 4,
               JOINTS * sizeof *features);
    if (body->frames < out->frames || !out->mel)
        out->frames = body->frames;
    momui_free(features);
}

static void path_of(const dataset_clip *one, const char *extension, char path[1024]) {
    snprintf(path, 1024, "%s/%s/%s%s", folder, momui_split_names[one->split], one->stem, extension);
}

static void load(const momui_corpus_sample *plan, dataset_clip *out) {
    char path[1024];
    *out = (dataset_clip){.split = plan->split};
    snprintf(out->stem, sizeof out->stem, "%s", plan->stem);
    momui_audio *audio = NULL;
    momui_motion *body = NULL;
    path_of(out, ".flac", path);
    assert_int_equal(momui_sound_read(NULL, path, &audio, NULL), MOMU_OK);
    path_of(out, ".npz", path);
    assert_int_equal(momui_motion_read(NULL, path, NULL, &body, NULL), MOMU_OK);
    analyse(audio, out);
    copy_joints(body, out);
    momui_audio_free(audio);
    momui_motion_free(body);
}

static const char *data_folder(void) {
    const char *data = getenv("MOMU_TEST_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/loops", data ? data : "/nowhere");
    return data && access(path, R_OK) == 0 ? data : NULL;
}

static const double HOURS = 0.14;
static const uint64_t SEED = 11;

static int make(void **state) {
    (void)state;
    double seconds = 0;
    momu_error error = {0};
    momui_corpus_summary summary;
    folder = scratch_folder();
    momui_corpus_options o = {
        .folder = folder, .moves = data_folder(), .hours = HOURS, .seed = SEED, .threads = 2};
    if (momui_corpus_make(NULL, &o, &summary, &error) != MOMU_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    clip_count = momui_plan_count(SEED, 0, HOURS, &seconds);
    assert_true(clip_count <= sizeof clips / sizeof *clips);
    for (size_t i = 0; i < clip_count; i++) {
        momui_corpus_sample plan;
        momui_plan_sample(SEED, 0, i, &plan);
        load(&plan, &clips[i]);
    }
    return 0;
}

static int discard(void **state) {
    (void)state;
    for (size_t i = 0; i < clip_count; i++) {
        momui_free(clips[i].mel);
        free(clips[i].joints);
    }
    return 0;
}

/* ---- songs and takes ---- */

static momui_json *annotations_of(const dataset_clip *one) {
    char path[1024];
    momui_bytes bytes;
    path_of(one, ".json", path);
    assert_int_equal(momui_bytes_from_path(NULL, path, false, 1 << 24, &bytes, NULL), MOMU_OK);
    momui_json *root = NULL;
    assert_int_equal(momui_json_parse((const char *)bytes.data, bytes.size, path, &root, NULL),
                     MOMU_OK);
    momui_bytes_release(&bytes);
    return root;
}

static const char *text_in(const momui_json *root, const char *object, const char *key) {
    const char *text = NULL;
    assert_int_equal(momui_json_string(momui_json_find(root, object), key, &text, NULL), MOMU_OK);
    return text;
}

static bool takes_shared(const momui_json *a, const momui_json *b) {
    const momui_json *x = momui_json_find(momui_json_find(a, "dance"), "takes");
    const momui_json *y = momui_json_find(momui_json_find(b, "dance"), "takes");
    for (size_t i = 0; i < momui_json_count(x); i++)
        for (size_t k = 0; k < momui_json_count(y); k++) {
            const char *left = NULL, *right = NULL;
            assert_int_equal(momui_json_string(momui_json_at(x, i), "name", &left, NULL), MOMU_OK);
            assert_int_equal(momui_json_string(momui_json_at(y, k), "name", &right, NULL), MOMU_OK);
            if (strcmp(left, right) == 0)
                return true;
        }
    return false;
}

static void no_song_and_no_take_is_in_two_splits(void **state) {
    (void)state;
    size_t splits[MOMUI_SPLITS] = {0};
    for (size_t i = 0; i < clip_count; i++) {
        splits[clips[i].split]++;
        momui_json *a = annotations_of(&clips[i]);
        for (size_t k = 0; k < i; k++) {
            momui_json *b = annotations_of(&clips[k]);
            assert_string_not_equal(text_in(a, "music", "seed"), text_in(b, "music", "seed"));
            assert_string_not_equal(text_in(a, "dance", "seed"), text_in(b, "dance", "seed"));
            assert_false(clips[i].split != clips[k].split && takes_shared(a, b));
            momui_json_free(b);
        }
        momui_json_free(a);
    }
    assert_true(splits[MOMUI_TRAIN] > 0 && splits[MOMUI_VALIDATION] > 0 && splits[MOMUI_TEST] > 0);
}

/* ---- windows across splits ---- */

static void no_window_is_in_two_splits(void **state) {
    (void)state;
    float sound = -1, motion = -10;
    for (size_t i = 0; i < clip_count; i++)
        for (size_t k = 0; k < clip_count; k++) {
            if (clips[i].split <= clips[k].split) /* each pair once, from the smaller split */
                continue;
            sound = momui_maxf(sound, nearest(&clips[i], &clips[k], true));
            motion = momui_maxf(motion, nearest(&clips[i], &clips[k], false));
        }
    printf("nearest across splits: sound %.3f, motion %.1f cm\n", (double)sound,
           -100 * (double)motion);
    assert_true(sound < SAME_SOUND);
    assert_true(-motion > SAME_MOTION);
}

static void a_planted_sound_is_found(void **state) {
    (void)state;
    char path[1024];
    momui_audio *audio = NULL;
    path_of(&clips[0], ".flac", path);
    assert_int_equal(momui_sound_read(NULL, path, &audio, NULL), MOMU_OK);
    static const int64_t SHIFTS[] = {0, 333, 512, 5001, 16123}; /* samples; 512: half the grid */
    for (int i = 0; i < 5; i++) {
        momui_audio cut = *audio;
        cut.frames -= SHIFTS[i];
        cut.samples = malloc((size_t)cut.frames * sizeof(float));
        assert_non_null(cut.samples);
        momui_fill_normal(cut.samples, (size_t)cut.frames, 5, (uint64_t)i);
        for (int64_t t = 0; t < cut.frames; t++) /* half as loud, noise 40 dB below full scale */
            cut.samples[t] = 0.5f * audio->samples[t + SHIFTS[i]] + 0.01f * 0.5f * cut.samples[t];
        dataset_clip planted = {0};
        analyse(&cut, &planted);
        float found = nearest(&planted, &clips[0], true);
        printf("planted sound, shifted by %lld samples: %.3f\n", (long long)SHIFTS[i],
               (double)found);
        assert_true(found > SAME_SOUND);
        momui_free(planted.mel);
        free(cut.samples);
    }
    momui_audio_free(audio);
}

static void a_planted_motion_is_found(void **state) {
    (void)state;
    static const int64_t SHIFTS[] = {0, 2, 31, 101}; /* frames; 2: half the grid */
    for (int i = 0; i < 4; i++) {
        dataset_clip planted = {.frames = clips[0].frames - SHIFTS[i]};
        size_t count = (size_t)planted.frames * JOINTS;
        planted.joints = malloc(count * sizeof(float));
        assert_non_null(planted.joints);
        momui_fill_normal(planted.joints, count, 6, (uint64_t)i);
        for (size_t k = 0; k < count; k++) /* 5 mm of noise on each number */
            planted.joints[k] =
                0.005f * planted.joints[k] + clips[0].joints[k + (size_t)SHIFTS[i] * JOINTS];
        float found = nearest(&planted, &clips[0], false);
        printf("planted motion, shifted by %lld frames: %.1f cm\n", (long long)SHIFTS[i],
               -100 * (double)found);
        assert_true(-found < SAME_MOTION);
        free(planted.joints);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planted_sound_is_found),
        cmocka_unit_test(a_planted_motion_is_found),
        cmocka_unit_test(no_song_and_no_take_is_in_two_splits),
        cmocka_unit_test(no_window_is_in_two_splits),
    };
    if (access("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3", R_OK) != 0)
        return 77; /* no soundfont, no songs */
    return cmocka_run_group_tests(tests, make, discard);
}
