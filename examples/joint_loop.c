/* A song and a dance from noise, in sections, each of which continues the one before. Writes
 * PREFIX-1.wav, PREFIX-1.bvh, PREFIX-2.wav ...; the last two seconds of a section are the first two
 * of the next. A model that was trained for genre and beats makes house at 120 beats a minute.
 *
 *     joint_loop SECTIONS PREFIX [SEED]
 *     cc joint_loop.c $(pkg-config --cflags --libs momu) -lm -o joint_loop
 */
#include <momu/momu.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 8, SHARED = 2, BEATS = 16 };

typedef struct section {
    momu_audio *song;
    momu_motion *dance;
} section;

static void release(section *p) {
    momu_audio_destroy(p->song);
    momu_motion_destroy(p->dance);
    p->song = NULL;
    p->dance = NULL;
}

/* The last SHARED seconds of a section, as a section of their own. */
static momu_status tail_of(momu_context *context, const section *from, section *tail) {
    int64_t frames = momu_audio_get_frames(from->song);
    int64_t kept = (int64_t)(SHARED * momu_audio_get_rate(from->song));
    int32_t channels = momu_audio_get_channels(from->song);
    momu_status status =
        momu_audio_create(context, momu_audio_get_samples(from->song) + (frames - kept) * channels,
                          kept, channels, momu_audio_get_rate(from->song), &tail->song);
    if (status != MOMU_OK)
        return status;

    int32_t joints = momu_motion_get_joints(from->dance);
    int64_t first = momu_motion_get_frames(from->dance);
    const char *names[MOMU_MAX_JOINTS];
    int32_t parents[MOMU_MAX_JOINTS];
    for (int32_t j = 0; j < joints; j++) {
        names[j] = momu_motion_get_joint_name(from->dance, j);
        parents[j] = momu_motion_get_joint_parent(from->dance, j);
    }
    momu_motion_description d;
    momu_motion_description_init(&d, sizeof d);
    d.kind = MOMU_MOTION_JOINTS;
    d.joints = joints;
    d.fps = momu_motion_get_fps(from->dance);
    d.frames = (int64_t)(SHARED * d.fps);
    first -= d.frames;
    d.names = names;
    d.parents = parents;
    d.offsets = momu_motion_get_offsets(from->dance);
    d.rotations = momu_motion_get_rotations(from->dance) + first * joints * 4;
    d.root = momu_motion_get_root(from->dance) + first * 3;
    return momu_motion_create(context, &d, &tail->dance);
}

/* Whether the model was trained for genres and beats; one that was not would refuse them. */
static int takes_beats(const momu_model *model) {
    momu_model_info info;
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    return momu_model_get_info(model, &info) == MOMU_OK &&
           (info.controls_trained & MOMU_CONTROL_GENRE) &&
           (info.controls_trained & MOMU_CONTROL_BEATS);
}

static momu_status next_track(momu_context *context, const momu_model *model, uint64_t seed,
                              const section *tail, section *made, momu_generate_info *info) {
    momu_span given = {0, SHARED};
    double beats[BEATS];
    momu_generate_options options;
    momu_generate_options_init(&options, sizeof options);
    options.seed = seed;
    options.seconds = SECONDS;
    if (takes_beats(model)) { /* the beats go on from section to section */
        for (int i = 0; i < BEATS; i++)
            beats[i] = 0.5 * i;
        options.genre = 1; /* house */
        options.beats = beats;
        options.beat_count = BEATS;
        options.beats_per_bar = 4;
    }
    if (tail->song) {
        options.inpainting_audio = tail->song;
        options.inpainting_audio_spans = &given;
        options.inpainting_audio_span_count = 1;
        options.inpainting_motion = tail->dance;
        options.inpainting_motion_spans = &given;
        options.inpainting_motion_span_count = 1;
    }
    return momu_joint_generate(context, model, &options, &made->song, &made->dance, info);
}

static momu_status write_track(momu_context *context, const section *p, const char *prefix,
                               int number) {
    char path[4096];
    snprintf(path, sizeof path, "%s-%d.wav", prefix, number);
    momu_status status = momu_audio_write(context, p->song, path, NULL);
    if (status != MOMU_OK)
        return status;
    snprintf(path, sizeof path, "%s-%d.bvh", prefix, number);
    return momu_motion_write(context, p->dance, path, NULL);
}

static momu_status play(momu_context *context, const momu_model *model, int sections,
                        const char *prefix, uint64_t seed) {
    section tail = {NULL, NULL};
    momu_status status = MOMU_OK;
    for (int i = 1; status == MOMU_OK && i <= sections; i++) {
        section now = {NULL, NULL};
        momu_generate_info info;
        memset(&info, 0, sizeof info);
        info.struct_size = sizeof info;
        status = next_track(context, model, seed + (uint64_t)i, &tail, &now, &info);
        if (status == MOMU_OK)
            status = write_track(context, &now, prefix, i);
        release(&tail);
        if (status == MOMU_OK) {
            printf("section %d: %.1f s, %.0f beats a minute, beats agree with F1 %.2f (%.2f by "
                   "chance)\n",
                   i, info.seconds, info.tempo, info.beat_agreement, info.beat_agreement_chance);
            status = tail_of(context, &now, &tail);
        }
        release(&now);
    }
    release(&tail);
    return status;
}

int main(int argc, char **argv) {
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_error error = {0};
    if (argc < 3) {
        fprintf(stderr, "usage: joint_loop SECTIONS PREFIX [SEED]\n");
        return 2;
    }
    momu_status status = momu_context_create(NULL, &context, &error);
    if (status == MOMU_OK)
        status = momu_model_load(NULL, NULL, &model, &error);
    if (status != MOMU_OK) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        status = play(context, model, atoi(argv[1]), argv[2],
                      argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
        if (status != MOMU_OK)
            fprintf(stderr, "%s\n", momu_context_get_message(context));
    }
    momu_model_release(model);
    momu_context_destroy(context);
    return status != MOMU_OK;
}
