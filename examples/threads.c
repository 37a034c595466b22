/* One model, as many contexts as threads: dances for one song with seeds 1 to N, side by side.
 * Shows that the same seed gives the same dance on every thread.
 *
 *     threads SONG PREFIX [N]
 *     cc threads.c $(pkg-config --cflags --libs momu) -pthread -o threads
 */
#include <momu/momu.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64 };

typedef struct job {
    const momu_model *model; /* shared: it never changes */
    const momu_audio *song;  /* shared as well */
    uint64_t seed;
    momu_motion *dance;
    momu_error error;
} job;

static void *work(void *pointer) {
    job *j = (job *)pointer;
    momu_context *context = NULL; /* one thread at a time may use a context: each has its own */
    momu_generate_options options;
    momu_generate_options_init(&options, sizeof options);
    options.seed = j->seed;
    if (momu_context_create(NULL, &context, &j->error) == MOMU_OK &&
        momu_music_to_motion(context, j->model, j->song, &options, &j->dance, NULL) != MOMU_OK)
        snprintf(j->error.message, sizeof j->error.message, "%s",
                 momu_context_get_message(context));
    momu_context_destroy(context); /* the dance outlives it */
    return NULL;
}

static int same(const momu_motion *a, const momu_motion *b) {
    int64_t frames = momu_motion_get_frames(a);
    size_t numbers = (size_t)frames * (size_t)momu_motion_get_joints(a) * 3;
    return frames == momu_motion_get_frames(b) &&
           memcmp(momu_motion_get_positions(a), momu_motion_get_positions(b),
                  numbers * sizeof(float)) == 0;
}

/* One thread more than seeds: the last repeats the first one's. */
static int run(momu_context *context, const momu_model *model, const momu_audio *song, int count,
               const char *prefix) {
    job jobs[MOST + 1];
    pthread_t threads[MOST + 1];
    int started = 0, failed = 0;
    memset(jobs, 0, sizeof jobs);
    for (int i = 0; i <= count; i++) {
        jobs[i].model = model;
        jobs[i].song = song;
        jobs[i].seed = i < count ? (uint64_t)i + 1 : 1;
        if (pthread_create(&threads[i], NULL, work, &jobs[i]) != 0)
            break;
        started++;
    }
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < started; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s-%d.bvh", prefix, i + 1);
        if (!jobs[i].dance) {
            fprintf(stderr, "seed %llu: %s\n", (unsigned long long)jobs[i].seed,
                    jobs[i].error.message);
            failed = 1;
        } else if (i < count && momu_motion_write(context, jobs[i].dance, path, NULL) != MOMU_OK) {
            fprintf(stderr, "%s\n", momu_context_get_message(context));
            failed = 1;
        }
    }
    if (!failed && started == count + 1)
        printf("%d dances; seed 1 twice gave %s\n", count,
               same(jobs[0].dance, jobs[count].dance) ? "the same bytes" : "DIFFERENT dances");
    failed |= started != count + 1 || !same(jobs[0].dance, jobs[count].dance);
    for (int i = 0; i < started; i++)
        momu_motion_destroy(jobs[i].dance);
    return failed;
}

int main(int argc, char **argv) {
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_audio *song = NULL;
    momu_error error = {0};
    int count = argc > 3 ? atoi(argv[3]) : 4, failed = 1;
    if (argc < 3 || count < 1 || count > MOST) {
        fprintf(stderr, "usage: threads SONG PREFIX [1..%d]\n", MOST);
        return 2;
    }
    if (momu_context_create(NULL, &context, &error) != MOMU_OK ||
        momu_model_load(NULL, NULL, &model, &error) != MOMU_OK)
        fprintf(stderr, "%s\n", error.message);
    else if (momu_audio_read(context, argv[1], &song) != MOMU_OK)
        fprintf(stderr, "%s\n", momu_context_get_message(context));
    else
        failed = run(context, model, song, count, argv[2]);
    momu_audio_destroy(song);
    momu_model_release(model);
    momu_context_destroy(context);
    return failed;
}
