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
    if (argc != 3 || momu_context_create(NULL, &context, NULL) != MOMU_OK)
        return 2;
    momu_status status = momu_model_load(NULL, NULL, &model, NULL);
    if (status == MOMU_OK)
        status = momu_audio_read(context, argv[1], &song);
    if (status == MOMU_OK)
        status = momu_music_to_motion(context, model, song, NULL, &dance, NULL);
    if (status == MOMU_OK)
        status = momu_motion_write(context, dance, argv[2], NULL);
    if (status != MOMU_OK)
        fprintf(stderr, "%s: %s\n", momu_status_name(status), momu_context_error(context));
    momu_motion_destroy(dance);
    momu_audio_destroy(song);
    momu_model_release(model);
    momu_context_destroy(context);
    return status != MOMU_OK;
}
