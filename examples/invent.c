/* A song and a dance from nothing, with progress: invent SEED PREFIX
 *
 *     cc invent.c $(pkg-config --cflags --libs momu) -o invent
 */
#include <momu/momu.h>

#include <stdio.h>
#include <stdlib.h>

static int32_t tell(void *user, const char *stage, uint64_t done, uint64_t total) {
    (void)user;
    fprintf(stderr, "\r%s %llu/%llu   ", stage, (unsigned long long)done,
            (unsigned long long)total);
    return MOMU_CONTINUE; /* MOMU_CANCEL would stop it */
}

int main(int argc, char **argv) {
    momu_context_options threads;
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_error error = {0};
    if (argc != 3)
        return 2;
    momu_context_options_init(&threads, sizeof threads);
    threads.threads = 2;
    if (momu_context_create(&threads, &context, &error) != MOMU_OK ||
        momu_model_load(NULL, NULL, &model, &error) != MOMU_OK) {
        fprintf(stderr, "%s\n", error.message);
        momu_context_destroy(context);
        return 1;
    }

    momu_generate_options options;
    momu_generate_options_init(&options, sizeof options);
    options.seed = strtoull(argv[1], NULL, 10);
    options.seconds = 8;
    options.progress = tell;

    momu_generate_info info = {0};
    info.struct_size = sizeof info;
    momu_audio *song = NULL;
    momu_motion *dance = NULL;
    momu_status status = momu_joint_generate(context, model, &options, &song, &dance, &info);
    char path[4096];
    if (status == MOMU_OK) {
        snprintf(path, sizeof path, "%s.wav", argv[2]);
        status = momu_audio_write(context, song, path, NULL);
    }
    if (status == MOMU_OK) {
        snprintf(path, sizeof path, "%s.bvh", argv[2]);
        status = momu_motion_write(context, dance, path, NULL);
    }
    if (status == MOMU_OK)
        fprintf(stderr, "\ntempo %.1f, beats agree with F1 %.2f (%.2f by chance)\n", info.tempo,
                info.beat_agreement, info.beat_agreement_chance);
    else
        fprintf(stderr, "\n%s\n", momu_context_error(context));
    momu_audio_destroy(song);
    momu_motion_destroy(dance);
    momu_model_release(model);
    momu_context_destroy(context);
    return status == MOMU_OK ? 0 : 1;
}
