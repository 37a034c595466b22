/* The three verbs: lengths, the info, noise, controls, limits, progress and cancelling. */
#include "fixture.h"

#include "base/extremes.h"
#include "dsp/beat_tracking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct shared {
    momu_context *context;
    momu_model *model;
    momu_motion *dance;
    momu_audio *song;
} shared;

static const double LATENT = 0.064; /* seconds */

static int open_shared(void **state) {
    static shared s;
    s.context = fixture_context(1, NULL);
    s.model = fixture_load(0);
    s.dance = fixture_dance(s.context, 3.21, 60);
    s.song = fixture_song(s.context, 3.21, 22050);
    *state = &s;
    return 0;
}

static int close_shared(void **state) {
    shared *s = *state;
    momu_audio_destroy(s->song);
    momu_motion_destroy(s->dance);
    momu_model_release(s->model);
    momu_context_destroy(s->context);
    fixture_remove();
    return 0;
}

static void assert_sound(const momu_audio *audio, double seconds, double rate) {
    assert_non_null(audio);
    assert_true(momu_audio_get_rate(audio) == rate);
    assert_int_equal(momu_audio_get_channels(audio), 1);
    assert_true(fabs(momu_audio_get_seconds(audio) - seconds) <= LATENT);
    const float *samples = momu_audio_get_samples(audio);
    float peak = 0;
    for (int64_t i = 0; i < momu_audio_get_frames(audio); i++) {
        assert_true(isfinite(samples[i]));
        peak = momui_maxf(peak, fabsf(samples[i]));
    }
    assert_true(peak > 1e-4F && peak <= 1);
}

static void assert_dance(const momu_motion *motion, double seconds, double fps) {
    assert_non_null(motion);
    assert_true(momu_motion_get_fps(motion) == fps);
    assert_int_equal(momu_motion_get_joints(motion), 22);
    assert_true(fabs(momu_motion_get_seconds(motion) - seconds) <= LATENT);
    const float *positions = momu_motion_get_positions(motion),
                *offsets = momu_motion_get_offsets(motion);
    for (int64_t t = 0; t < momu_motion_get_frames(motion); t++)
        for (int32_t j = 1; j < 22; j++) {
            const float *p = positions + (t * 22 + j) * 3;
            const float *q = positions + (t * 22 + momu_motion_get_joint_parent(motion, j)) * 3;
            const float *o = offsets + 3 * j;
            double bone = sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) + pow(p[2] - q[2], 2));
            double rest = sqrt((double)o[0] * o[0] + (double)o[1] * o[1] + (double)o[2] * o[2]);
            if (!(fabs(bone - rest) < 1e-3))
                fail_msg("frame %d joint %d: a bone of %g m, expected %g", (int)t, (int)j, bone,
                         rest);
        }
}

static void test_motion_to_music(void **state) {
    shared *s = *state;
    momu_generate_options o = fixture_options(3);
    momu_generate_info info = {.struct_size = sizeof info};
    momu_audio *audio = NULL;
    fixture_ok(s->context, momu_motion_to_music(s->context, s->model, s->dance, &o, &audio, &info));
    assert_sound(audio, momu_motion_get_seconds(s->dance), 16000);
    assert_int_equal(info.seed, 7);
    assert_int_equal(info.steps, 3);
    assert_int_equal(info.sampler, MOMU_SAMPLER_DPM_SOLVER_PP);
    assert_true(info.guidance_music == 3);
    assert_true(info.guidance_motion == 2);
    assert_int_equal(info.latent_frames, 51); /* ceil(floor(3.21667 x 62.5) / 4) */
    assert_true(info.peak > 0 && info.peak <= 1);
    assert_true(info.rms > 0 && info.rms <= info.peak);
    assert_true(info.flatness >= 0 && info.flatness <= 1);
    assert_true(info.beat_agreement >= 0 && info.beat_agreement <= 1);
    assert_int_equal(info.joints_filled, 0);
    momu_audio_destroy(audio);
}

static void test_music_to_motion(void **state) {
    shared *s = *state;
    momu_generate_options o = fixture_options(3);
    o.motion_fps = 30;
    momu_generate_info info = {.struct_size = sizeof info};
    momu_motion *motion = NULL;
    fixture_ok(s->context, momu_music_to_motion(s->context, s->model, s->song, &o, &motion, &info));
    assert_dance(motion, momu_audio_get_seconds(s->song), 30);
    assert_true(info.peak > 0.1);
    assert_true(isfinite(info.skate_before) && info.skate_before > 0);
    assert_true(isfinite(info.skate_after) && info.skate_after > 0);
    momu_motion_destroy(motion);
}

static void test_joint(void **state) {
    shared *s = *state;
    momu_generate_options o = fixture_options(4);
    o.seconds = 2;
    o.audio_rate = 48000;
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    fixture_ok(s->context, momu_joint_generate(s->context, s->model, &o, &audio, &motion, NULL));
    assert_sound(audio, 2, 48000);
    assert_dance(motion, 2, 60);
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    /* The default length. */
    o.steps = 1;
    o.seconds = 0;
    fixture_ok(s->context, momu_joint_generate(s->context, s->model, &o, &audio, &motion, NULL));
    assert_sound(audio, 12, 48000);
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
}

static bool same_sound(const momu_audio *a, const momu_audio *b) {
    return momu_audio_get_frames(a) == momu_audio_get_frames(b) &&
           memcmp(momu_audio_get_samples(a), momu_audio_get_samples(b),
                  (size_t)momu_audio_get_frames(a) * sizeof(float)) == 0;
}

static momu_audio *music(shared *s, const momu_generate_options *o) {
    momu_audio *audio = NULL;
    fixture_ok(s->context, momu_motion_to_music(s->context, s->model, s->dance, o, &audio, NULL));
    return audio;
}

static void test_what_matters(void **state) {
    shared *s = *state;
    momu_generate_options o = fixture_options(2);
    momu_audio *base = music(s, &o), *again = music(s, &o);
    assert_true(same_sound(base, again));
    momu_audio_destroy(again);
    momu_generate_options changed[6];
    for (int i = 0; i < 6; i++)
        changed[i] = o;
    changed[0].seed = 8;
    changed[1].steps = 3;
    changed[2].guidance_music = 1;
    changed[3].sampler = MOMU_SAMPLER_DDIM;
    changed[4].guidance_rescale = 0.7;
    changed[5].guidance_start_music = 0.6;
    for (int i = 0; i < 6; i++) {
        momu_audio *other = music(s, &changed[i]);
        if (same_sound(base, other))
            fail_msg("option %d made no difference", i);
        momu_audio_destroy(other);
    }
    momu_audio_destroy(base);
}

/* The dance is what the music is made for: another dance, other music. */
static void test_condition_matters(void **state) {
    shared *s = *state;
    momu_generate_options o = fixture_options(2);
    momu_motion *slow = fixture_dance(s->context, 3.21 * 2, 30);
    o.seconds = 3;
    momu_audio *a = music(s, &o), *b = NULL;
    fixture_ok(s->context, momu_motion_to_music(s->context, s->model, slow, &o, &b, NULL));
    assert_false(same_sound(a, b));
    momu_audio_destroy(a);
    momu_audio_destroy(b);
    momu_motion_destroy(slow);
}

static void test_noise(void **state) {
    shared *s = *state;
    momu_generate_options o = fixture_options(2);
    float noise[51 * 8];
    for (int i = 0; i < 51 * 8; i++)
        noise[i] = sinf((float)(i * i));
    o.music_noise = noise;
    o.music_noise_count = 51 * 8;
    momu_audio *a = music(s, &o), *b = music(s, &o);
    assert_true(same_sound(a, b));
    momu_audio_destroy(b);
    o.music_noise = NULL;
    o.music_noise_count = 0;
    b = music(s, &o);
    assert_false(same_sound(a, b));
    momu_audio_destroy(a);
    momu_audio_destroy(b);
    momu_audio *audio = NULL;
    o.music_noise = noise;
    o.music_noise_count = 51 * 8 - 1;
    fixture_refused(s->context,
                    momu_motion_to_music(s->context, s->model, s->dance, &o, &audio, NULL),
                    MOMU_ERROR_ARGUMENT, "51 latent frames x 8 channels = 408");
    noise[17] = NAN;
    o.music_noise_count = 51 * 8;
    fixture_refused(s->context,
                    momu_motion_to_music(s->context, s->model, s->dance, &o, &audio, NULL),
                    MOMU_ERROR_NUMERIC, "value 1 of latent frame 2 is NaN");
    assert_null(audio);
}

static momu_status try_joint(shared *s, const momu_generate_options *o) {
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_status status = momu_joint_generate(s->context, s->model, o, &audio, &motion, NULL);
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    return status;
}

static void test_ranges(void **state) {
    shared *s = *state;
    static const struct {
        size_t offset;
        double value;
        const char *word;
    } numbers[] = {
        {offsetof(momu_generate_options, seconds), -1, "seconds"},
        {offsetof(momu_generate_options, seconds), NAN, "seconds"},
        {offsetof(momu_generate_options, seconds), INFINITY, "seconds"},
        {offsetof(momu_generate_options, seconds), 0.01, "seconds"},
        {offsetof(momu_generate_options, guidance_music), -1, "guidance_music"},
        {offsetof(momu_generate_options, guidance_motion), 51, "guidance_motion"},
        {offsetof(momu_generate_options, guidance_rescale), 1.5, "guidance_rescale"},
        {offsetof(momu_generate_options, joint_start), 1.5, "joint_start"},
        {offsetof(momu_generate_options, guidance_start_music), 1.5, "guidance_start_music"},
        {offsetof(momu_generate_options, guidance_start_motion), -1, "guidance_start_motion"},
        {offsetof(momu_generate_options, audio_rate), 10, "audio_rate"},
        {offsetof(momu_generate_options, audio_rate), NAN, "audio_rate"},
        {offsetof(momu_generate_options, motion_fps), 0.5, "motion_fps"},
        {offsetof(momu_generate_options, tempo), 10, "tempo"},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        momu_generate_options o = fixture_options(1);
        memcpy((char *)&o + numbers[i].offset, &numbers[i].value, sizeof(double));
        fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, numbers[i].word);
    }
    static const struct {
        size_t offset;
        int32_t value;
        const char *word;
    } integers[] = {
        {offsetof(momu_generate_options, steps), -1, "steps"},
        {offsetof(momu_generate_options, steps), 1001, "steps"},
        {offsetof(momu_generate_options, sampler), 3, "sampler"},
        {offsetof(momu_generate_options, foot_lock), 7, "foot_lock"},
        {offsetof(momu_generate_options, genre), 17, "genre"},
        {offsetof(momu_generate_options, genre), -2, "genre"},
        {offsetof(momu_generate_options, downbeat), 1, "beats"},
    };
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        momu_generate_options o = fixture_options(1);
        memcpy((char *)&o + integers[i].offset, &integers[i].value, sizeof(int32_t));
        fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, integers[i].word);
    }
    momu_generate_options o = fixture_options(1);
    o.seconds = 10800;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_LIMIT, "600");
    o = fixture_options(1);
    o.struct_size = 2;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, "struct_size");
}

static void test_missing(void **state) {
    shared *s = *state;
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_generate_info info = {0};
    fixture_refused(s->context,
                    momu_motion_to_music(s->context, NULL, s->dance, NULL, &audio, NULL),
                    MOMU_ERROR_ARGUMENT, "model");
    fixture_refused(s->context,
                    momu_motion_to_music(s->context, s->model, NULL, NULL, &audio, NULL),
                    MOMU_ERROR_ARGUMENT, "motion");
    fixture_refused(s->context,
                    momu_music_to_motion(s->context, s->model, s->song, NULL, NULL, NULL),
                    MOMU_ERROR_ARGUMENT, "place");
    fixture_refused(s->context,
                    momu_joint_generate(s->context, s->model, NULL, &audio, &motion, &info),
                    MOMU_ERROR_ARGUMENT, "struct_size");
    assert_int_equal(momu_joint_generate(NULL, s->model, NULL, &audio, &motion, NULL),
                     MOMU_ERROR_ARGUMENT);
    momu_generate_options o = fixture_options(1);
    o.seconds = 4;
    fixture_refused(s->context,
                    momu_music_to_motion(s->context, s->model, s->song, &o, &motion, NULL),
                    MOMU_ERROR_ARGUMENT, "3.210");
    momu_audio *nothing = NULL;
    fixture_ok(s->context, momu_audio_create(s->context, NULL, 0, 1, 16000, &nothing));
    fixture_refused(s->context,
                    momu_music_to_motion(s->context, s->model, nothing, NULL, &motion, NULL),
                    MOMU_ERROR_ARGUMENT, "0.000 seconds");
    momu_audio_destroy(nothing);
    assert_null(motion);
}

static void test_untrained(void **state) {
    shared *s = *state;
    const double beats[] = {0.5, 1, 1.5};
    const momu_span span = {0, 1};
    momu_generate_options o = fixture_options(1);
    o.genre = 1;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_UNSUPPORTED, "genre");
    o = fixture_options(1);
    o.tempo = 120;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_UNSUPPORTED, "tempo");
    o = fixture_options(1);
    const double energy[2] = {0.5, 1.0}, loud[2] = {0.5, 2.0};
    o.energy = energy;
    o.energy_count = 2;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_UNSUPPORTED, "energy");
    o.energy = loud;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, "energy");
    o.energy_count = 0;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, "energy");
    o = fixture_options(1);
    o.beats = beats;
    o.beat_count = 3;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_UNSUPPORTED, "beats");
    o = fixture_options(1);
    o.inpainting_audio = s->song;
    o.inpainting_audio_spans = &span;
    o.inpainting_audio_span_count = 1;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_UNSUPPORTED, "inpainting");
}

static double greatest_difference(const momu_audio *a, const momu_audio *b) {
    const float *x = momu_audio_get_samples(a), *y = momu_audio_get_samples(b);
    double most = 0;
    for (int64_t i = 0; i < momu_audio_get_frames(a); i++)
        most = momui_max(most, fabs((double)x[i] - (double)y[i]));
    return most;
}

/* Guidance moves away from the prediction without condition and controls: where its scale is next
 * to nothing, a genre has no effect. */
static void test_guidance_enlarges_controls(void **state) {
    shared *s = *state;
    momu_model *plain = s->model;
    s->model = fixture_load(0x1F);
    double audio_found[2];
    for (int i = 0; i < 2; i++) {
        momu_generate_options o = fixture_options(2);
        o.seconds = 2;
        o.guidance_music = i == 0 ? 1e-6 : 1;
        momu_audio *base = music(s, &o);
        o.genre = 3;
        momu_audio *conditioned = music(s, &o);
        audio_found[i] = greatest_difference(base, conditioned);
        momu_audio_destroy(base);
        momu_audio_destroy(conditioned);
    }
    if (!(audio_found[0] < 0.01 * audio_found[1]))
        fail_msg("a genre changes the sound by %g without guidance's share, %g with",
                 audio_found[0], audio_found[1]);
    momu_model_release(s->model);
    s->model = plain;
}

/* Options of a steady track at about `tempo` on the beats tracked; `track` has room for 16. */
static momu_generate_options fitted_by_hand(const momu_beats *audio_found, double tempo,
                                            double *track) {
    momu_generate_options o = fixture_options(2);
    assert_true(audio_found->count >= 4);
    size_t count = audio_found->count;
    while (count > 0 && audio_found->times[count - 1] >= 2.5)
        count--;
    o.seconds = 2.5;
    double first = momui_fit_steady_beats(audio_found->times, count, &tempo);
    for (int i = 0; i < 16; i++)
        track[i] = first + 60 / tempo * i;
    o.beats = track;
    o.beat_count = 16;
    o.tempo = tempo;
    return o;
}

/* A tempo alone is a condition on the steady beats that fit the input best: the result is that
 * of the track. */
static void test_tempo_lays_beats(void **state) {
    shared *s = *state;
    momu_model *plain = s->model;
    s->model = fixture_load(MOMU_CONTROL_TEMPO | MOMU_CONTROL_BEATS);
    double track[16];
    momu_beats *audio_found = NULL;
    momu_generate_options o = fixture_options(2), by_hand;
    o.tempo = 117;
    o.seconds = 2.5; /* beats tracked beyond do not count */
    fixture_ok(s->context, momu_motion_beats(s->context, NULL, s->dance, &audio_found));
    assert_true(audio_found->times[audio_found->count - 1] >= o.seconds);
    by_hand = fitted_by_hand(audio_found, o.tempo, track);
    momu_audio *fitted = music(s, &o), *given = music(s, &by_hand);
    assert_true(same_sound(fitted, given));
    momu_beats_destroy(audio_found);
    momu_audio *used = NULL; /* the tracker analyses no more than that */
    fixture_ok(s->context, momu_audio_create(s->context, momu_audio_get_samples(s->song),
                                             (int64_t)(2.5 * 22050),
                                             momu_audio_get_channels(s->song), 22050, &used));
    fixture_ok(s->context, momu_audio_beats(s->context, NULL, used, &audio_found));
    by_hand = fitted_by_hand(audio_found, o.tempo, track);
    momu_audio_destroy(used);
    momu_motion *dance = NULL, *same = NULL;
    fixture_ok(s->context, momu_music_to_motion(s->context, s->model, s->song, &o, &dance, NULL));
    fixture_ok(s->context,
               momu_music_to_motion(s->context, s->model, s->song, &by_hand, &same, NULL));
    assert_memory_equal(momu_motion_get_root(dance), momu_motion_get_root(same),
                        (size_t)momu_motion_get_frames(dance) * 3 * sizeof(float));
    momu_motion_destroy(dance);
    momu_motion_destroy(same);
    momu_audio_destroy(fitted);
    momu_audio_destroy(given);
    momu_beats_destroy(audio_found);
    momu_model_release(s->model);
    s->model = plain;
}

/* A model that says it was trained for them takes them all, and they reach the network. */
static void test_controls(void **state) {
    shared *s = *state;
    momu_model *plain = s->model;
    momu_generate_options o = fixture_options(2);
    o.seconds = 2;
    s->model = fixture_load(0x1F);
    momu_audio *base = music(s, &o);
    const double beats[] = {0.5, 1, 1.5};
    const momu_span span = {0, 1};
    momu_generate_options changed[5];
    for (int i = 0; i < 5; i++)
        changed[i] = o;
    changed[0].genre = 3;
    changed[1].tempo = 140;
    const double energy[3] = {0.9, 0.2, 0.5};
    changed[2].energy = energy;
    changed[2].energy_count = 3;
    changed[3].beats = beats;
    changed[3].beat_count = 3;
    changed[3].downbeat = 1;
    changed[4].inpainting_audio = s->song;
    changed[4].inpainting_audio_spans = &span;
    changed[4].inpainting_audio_span_count = 1;
    for (int i = 0; i < 5; i++) {
        momu_audio *other = music(s, &changed[i]);
        if (same_sound(base, other))
            fail_msg("control %d made no difference", i);
        momu_audio_destroy(other);
    }
    o = changed[3];
    o.downbeat = 3;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, "downbeat is 3");
    const double backwards[] = {1, 0.5};
    o.beats = backwards;
    o.beat_count = 2;
    o.downbeat = 0;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, "beat 1");
    const momu_span late = {1, 4}, empty = {1, 1};
    o = changed[4];
    o.inpainting_audio_spans = &late;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, "3.210");
    o.inpainting_audio_spans = &empty;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, "start < end");
    o.inpainting_audio = NULL;
    fixture_refused(s->context, try_joint(s, &o), MOMU_ERROR_ARGUMENT, "together");
    momu_audio_destroy(base);
    momu_model_release(s->model);
    s->model = plain;
}

/* Within a known span the result is the recording as the autoencoder has it, whatever the noise. */
static void test_known(void **state) {
    shared *s = *state;
    momu_model *model = fixture_load(0x1F);
    const momu_span span = {0.5, 2.5};
    momu_motion *results[2] = {NULL, NULL};
    for (uint64_t i = 0; i < 2; i++) {
        momu_generate_options o = fixture_options(2);
        o.seed = i;
        o.motion_fps = 62.5;
        o.foot_lock = MOMU_SWITCH_OFF;
        o.inpainting_motion = s->dance;
        o.inpainting_motion_spans = &span;
        o.inpainting_motion_span_count = 1;
        fixture_ok(s->context,
                   momu_music_to_motion(s->context, model, s->song, &o, &results[i], NULL));
    }
    /* The pelvis' height comes straight out of the features: the same far inside the span, not
     * outside. */
    double inside = 0, outside = 0;
    for (int64_t t = 0; t < momu_motion_get_frames(results[0]); t++) {
        double difference = fabs((double)momu_motion_get_root(results[0])[3 * t + 1] -
                                 (double)momu_motion_get_root(results[1])[3 * t + 1]);
        double time = (double)t / 62.5;
        if (time > 1.3 && time < 1.7)
            inside = momui_max(inside, difference);
        if (time < 0.3)
            outside = momui_max(outside, difference);
    }
    if (!(inside < 1e-4 && outside > 1e-3))
        fail_msg("known spans: %g m apart inside, %g outside", inside, outside);
    momu_motion_destroy(results[0]);
    momu_motion_destroy(results[1]);
    momu_model_release(model);
}

/* An older caller's options end early: what follows them is not looked at. */
static void test_old_caller(void **state) {
    shared *s = *state;
    momu_generate_options o;
    memset(&o, 0xFF, sizeof o);
    size_t old = offsetof(momu_generate_options, audio_rate);
    momu_generate_options_init(&o, old);
    assert_int_equal(o.struct_size, old);
    o.seed = 7;
    o.steps = 1;
    o.seconds = 1;
    fixture_ok(s->context, try_joint(s, &o));
    /* A newer caller's are longer: the library reads its own part. */
    struct {
        momu_generate_options known;
        unsigned char more[64];
    } newer;
    memset(&newer, 0, sizeof newer);
    momu_generate_options_init(&newer.known, sizeof newer);
    newer.known.steps = 1;
    newer.known.seconds = 1;
    fixture_ok(s->context, try_joint(s, &newer.known));
}

/* Several windows' length: 60 s with windows of 25 s. */
static void test_long(void **state) {
    shared *s = *state;
    momu_generate_options o = fixture_options(1);
    momu_motion *dance = fixture_dance(s->context, 60, 30);
    momu_audio *audio = NULL;
    fixture_ok(s->context, momu_motion_to_music(s->context, s->model, dance, &o, &audio, NULL));
    assert_sound(audio, 60, 16000);
    momu_audio_destroy(audio);
    momu_motion_destroy(dance);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_motion_to_music),
        cmocka_unit_test(test_music_to_motion),
        cmocka_unit_test(test_joint),
        cmocka_unit_test(test_what_matters),
        cmocka_unit_test(test_condition_matters),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_untrained),
        cmocka_unit_test(test_guidance_enlarges_controls),
        cmocka_unit_test(test_tempo_lays_beats),
        cmocka_unit_test(test_controls),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_old_caller),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, open_shared, close_shared);
}
