/* How long a generation takes: bench_generate [MODEL [SECONDS [THREADS]]]. Without a model: fresh
 * weights of `base`. Prints seconds of work for each stage, and how many times faster than real
 * time the whole is. */
#define _POSIX_C_SOURCE 200809L
#include <momu/experimental.h>
#include <momu/momu.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

typedef struct stages {
    const char *names[8];
    double spent[8];
    int count;
    double since;
} stages;

static int32_t note(void *user, const char *stage, uint64_t done, uint64_t total) {
    stages *s = user;
    (void)done;
    (void)total;
    double time = now();
    if (s->count > 0)
        s->spent[s->count - 1] += time - s->since;
    if (s->count == 0 || strcmp(s->names[s->count - 1], stage) != 0)
        if (s->count < 8)
            s->names[s->count++] = stage;
    s->since = time;
    return MOMU_CONTINUE;
}

static int run(momu_context *context, const momu_model *model, double seconds) {
    momu_generate_options options;
    momu_generate_options_init(&options, sizeof options);
    stages s = {.since = now()};
    options.seconds = seconds;
    options.progress = note;
    options.progress_user = &s;
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    double start = now();
    if (momu_joint_generate(context, model, &options, &audio, &motion, NULL) != MOMU_OK) {
        fprintf(stderr, "%s\n", momu_context_get_message(context));
        return 1;
    }
    double total = now() - start;
    note(&s, "end", 0, 0);
    for (int i = 0; i + 1 < s.count; i++)
        printf("%-10s %8.3f s\n", s.names[i], s.spent[i]);
    printf("%-10s %8.3f s for %g s: %.1f times real time\n", "joint", total, seconds,
           seconds / total);
    momu_audio_destroy(audio);
    momu_motion_destroy(motion);
    return 0;
}

int main(int argc, char **argv) {
    const char *path = argc > 1 ? argv[1] : "bench_base.safetensors";
    momu_error error = {0};
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_context_options options;
    momu_context_options_init(&options, sizeof options);
    options.threads = argc > 3 ? atoi(argv[3]) : 1;
    if ((argc < 2 && momu_model_create("base", 1, path, &error) != MOMU_OK) ||
        momu_context_create(&options, &context, &error) != MOMU_OK ||
        momu_model_load(path, NULL, &model, &error) != MOMU_OK) {
        fprintf(stderr, "%s\n", error.message);
        momu_context_destroy(context);
        return 1;
    }
    int status = run(context, model, argc > 2 ? atof(argv[2]) : 25);
    momu_model_release(model);
    momu_context_destroy(context);
    if (argc < 2)
        unlink(path);
    return status;
}
