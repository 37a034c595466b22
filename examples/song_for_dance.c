/* Music for a dance.
 *
 *     song_for_dance DANCE.bvh MUSIC.wav
 *     cc song_for_dance.c $(pkg-config --cflags --libs momu) -o song_for_dance
 */
#include <momu/momu.h>

#include <stdio.h>

static int fail(const char *sentence) {
    fprintf(stderr, "%s\n", sentence);
    return 1;
}

int main(int argc, char **argv) {
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_motion *dance = NULL;
    momu_audio *music = NULL;
    momu_error error = {0};
    if (argc != 3)
        return fail("usage: song_for_dance DANCE MUSIC");
    if (momu_context_create(NULL, &context, &error) != MOMU_OK ||
        momu_model_load(NULL, NULL, &model, &error) != MOMU_OK) {
        momu_context_destroy(context);
        return fail(error.message);
    }
    int status = 0;
    if (momu_motion_read(context, argv[1], NULL, &dance) != MOMU_OK ||
        momu_motion_to_music(context, model, dance, NULL, &music, NULL) != MOMU_OK ||
        momu_audio_write(context, music, argv[2], NULL) != MOMU_OK)
        status = fail(momu_context_get_message(context));
    momu_audio_destroy(music);
    momu_motion_destroy(dance);
    momu_model_release(model);
    momu_context_destroy(context);
    return status;
}
