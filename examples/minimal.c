/* The least there is: a dance to a song.
 *
 *     minimal SONG DANCE.bvh
 *     cc minimal.c $(pkg-config --cflags --libs momu) -o minimal
 */
#include <momu/momu.h>

#include <stdio.h>

int main(int argc, char **argv) {
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_audio *song = NULL;
    momu_motion *dance = NULL;
    momu_error error = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: minimal SONG DANCE.bvh\n");
        return 2;
    }
    momu_status status = momu_context_create(NULL, &context, &error);
    if (status == MOMU_OK)
        status = momu_model_load(NULL, NULL, &model, &error);
    if (status == MOMU_OK)
        status = momu_audio_read(context, argv[1], &song);
    if (status == MOMU_OK)
        status = momu_music_to_motion(context, model, song, NULL, &dance, NULL);
    if (status == MOMU_OK)
        status = momu_motion_write(context, dance, argv[2], NULL);
    if (status != MOMU_OK) {
        momu_context_get_error(context, &error); /* whichever of the two it was */
        fprintf(stderr, "%s: %s\n", momu_status_name(status), error.message);
    }
    momu_motion_destroy(dance);
    momu_audio_destroy(song);
    momu_model_release(model);
    momu_context_destroy(context);
    return status != MOMU_OK;
}
