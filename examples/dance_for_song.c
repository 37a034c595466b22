/* A dance to a song, ready for a game engine, with what was measured of it.
 *
 *     dance_for_song SONG DANCE.glb [SEED]
 *     cc dance_for_song.c $(pkg-config --cflags --libs momu) -o dance_for_song
 */
#include <momu/momu.h>

#include <stdio.h>
#include <stdlib.h>

static int dance(momu_context *context, const momu_model *model, char **argv, uint64_t seed) {
    momu_audio *song = NULL;
    momu_motion *made = NULL;
    momu_generate_info info = {0};
    info.struct_size = sizeof info;

    momu_generate_options options;
    momu_generate_options_init(&options, sizeof options);
    options.seed = seed;
    options.motion_fps = 30;

    momu_motion_write_options form; /* Unity's joint names, travel in a joint of its own */
    momu_motion_write_options_init(&form, sizeof form);
    form.target = MOMU_TARGET_UNITY;
    form.root = MOMU_ROOT_EXTRACTED;

    momu_status status = momu_audio_read(context, argv[1], &song);
    if (status == MOMU_OK)
        status = momu_music_to_motion(context, model, song, &options, &made, &info);
    if (status == MOMU_OK)
        status = momu_motion_write(context, made, argv[2], &form);
    if (status == MOMU_OK)
        printf("%s: %.1f s, seed %llu, beats agree with F1 %.2f (%.2f by chance), feet slide at "
               "%.2f cm/s\n",
               argv[2], info.seconds, (unsigned long long)info.seed, info.beat_agreement,
               info.beat_agreement_chance, info.skate_after);
    else
        fprintf(stderr, "%s\n", momu_context_get_message(context));
    momu_motion_destroy(made);
    momu_audio_destroy(song);
    return status != MOMU_OK;
}

int main(int argc, char **argv) {
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_error error = {0};
    int failed = 1;
    if (argc < 3) {
        fprintf(stderr, "usage: dance_for_song SONG DANCE.glb [SEED]\n");
        return 2;
    }
    if (momu_context_create(NULL, &context, &error) == MOMU_OK &&
        momu_model_load(NULL, NULL, &model, &error) == MOMU_OK)
        failed = dance(context, model, argv, argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
    else
        fprintf(stderr, "%s\n", error.message);
    momu_model_release(model);
    momu_context_destroy(context);
    return failed;
}
