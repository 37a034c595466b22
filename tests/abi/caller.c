/* A caller of then: built against the frozen headers of v0/, run with today's library. It uses what
 * a program would: options of its own size, info structs, both kinds of errors, files in memory.
 *
 *     caller MODEL      where MODEL is a path it may write a tiny model to
 */
#include <momu/experimental.h>
#include <momu/momu.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: %s does not hold: %s\n", __LINE__, #condition,               \
                    momu_context_get_message(context));                                            \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static momu_context *context;

/* An info struct with guard bytes behind what this caller knows of it. */
typedef struct guarded_info {
    momu_generate_info info;
    unsigned char guard[64];
} guarded_info;

static void check_guard(const guarded_info *place) {
    for (size_t i = 0; i < sizeof place->guard; i++)
        CHECK(place->guard[i] == 0xA5);
}

static momu_audio *make_sound(void) {
    enum { FRAMES = 32000 };
    float *samples = malloc(FRAMES * sizeof *samples);
    momu_audio *audio = NULL;
    CHECK(samples != NULL);
    for (int i = 0; i < FRAMES; i++)
        samples[i] = 0.25F * (float)sin(i * 0.05) * (float)(i % 8000 < 2000);
    CHECK(momu_audio_create(context, samples, FRAMES, 1, 16000, &audio) == MOMU_OK);
    free(samples);
    CHECK(momu_audio_get_frames(audio) == FRAMES && momu_audio_get_channels(audio) == 1);
    CHECK(momu_audio_get_rate(audio) == 16000 && momu_audio_get_seconds(audio) == 2);
    return audio;
}

static void check_model(const momu_model *model) {
    momu_model_info info;
    momu_model_info_init(&info, sizeof info);
    CHECK(momu_model_get_info(model, &info) == MOMU_OK);
    CHECK(info.struct_size == sizeof info && strcmp(info.preset, "tiny") == 0);
    CHECK(info.sample_rate == 16000 && info.joints == MOMU_JOINT_COUNT && info.parameters > 0);
    CHECK(info.sampler == MOMU_SAMPLER_DPM_SOLVER_PP);
}

static void check_motion(const momu_motion *motion) {
    CHECK(momu_motion_get_kind(motion) == MOMU_MOTION_JOINTS);
    CHECK(momu_motion_get_joints(motion) == MOMU_JOINT_COUNT);
    CHECK(strcmp(momu_motion_get_joint_name(motion, MOMU_JOINT_LEFT_WRIST), "left_wrist") == 0);
    CHECK(momu_motion_get_joint_parent(motion, MOMU_JOINT_PELVIS) == -1);
    CHECK(momu_motion_get_fps(motion) == 30 && momu_motion_get_frames(motion) > 30);
    CHECK(momu_motion_get_rotations(motion) && momu_motion_get_root(motion));
    CHECK(momu_motion_get_positions(motion) && momu_motion_get_offsets(motion));
    CHECK(momu_motion_get_confidence(motion) == NULL);
}

static void generate(const momu_model *model) {
    momu_audio *song = make_sound(), *music = NULL;
    momu_motion *dance = NULL;
    guarded_info place;
    momu_generate_options options;
    memset(&place, 0xA5, sizeof place);
    momu_generate_info_init(&place.info, sizeof place.info);
    momu_generate_options_init(&options, sizeof options);
    options.seed = 9;
    options.steps = 2;
    options.sampler = MOMU_SAMPLER_DDIM;
    options.motion_fps = 30;
    CHECK(momu_music_to_motion(context, model, song, &options, &dance, &place.info) == MOMU_OK);
    check_guard(&place);
    CHECK(place.info.seed == 9 && place.info.steps == 2);
    CHECK(place.info.sampler == MOMU_SAMPLER_DDIM && place.info.latent_frames > 0);
    check_motion(dance);
    CHECK(momu_motion_to_music(context, model, dance, &options, &music, NULL) == MOMU_OK);
    CHECK(momu_audio_get_frames(music) > 16000 && momu_audio_get_samples(music));
    momu_audio_destroy(music);
    momu_audio_destroy(song);
    momu_motion_destroy(dance);
}

/* What failed, by either way. */
static void fail(void) {
    momu_error error = {0};
    momu_model *model = NULL;
    momu_audio *audio = NULL;
    CHECK(momu_model_load("gone.safetensors", NULL, &model, &error) == MOMU_ERROR_NOT_FOUND);
    CHECK(model == NULL && error.status == MOMU_ERROR_NOT_FOUND && strstr(error.message, "gone."));
    CHECK(momu_audio_read(context, "gone.wav", &audio) == MOMU_ERROR_NOT_FOUND);
    CHECK(momu_context_get_error(context, &error) == MOMU_ERROR_NOT_FOUND);
    CHECK(audio == NULL && strstr(error.message, "gone.wav"));
    momu_context_cancel(context);
    CHECK(momu_audio_create(context, NULL, 0, 1, 16000, &audio) == MOMU_ERROR_CANCELLED);
    CHECK(strcmp(momu_status_name(MOMU_ERROR_MEMORY), "out of memory") == 0);
}

int main(int count, char **arguments) {
    momu_context_options options;
    momu_model *model = NULL;
    momu_error error = {0};
    if (count != 2)
        return 2;
    momu_context_options_init(&options, sizeof options);
    options.threads = 2;
    if (momu_context_create(&options, &context, &error) != MOMU_OK ||
        momu_model_create("tiny", 1, arguments[1], &error) != MOMU_OK ||
        momu_model_load(arguments[1], NULL, &model, &error) != MOMU_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    CHECK(momu_api_version() == MOMU_API_VERSION);
    CHECK(momu_version_number() >= MOMU_VERSION_NUMBER);
    CHECK(strcmp(momu_genre_name(MOMU_GENRE_HOUSE), "house") == 0);
    check_model(model);
    generate(model);
    fail();
    momu_model_release(model);
    momu_context_destroy(context);
    remove(arguments[1]);
    return 0;
}
