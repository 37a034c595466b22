/* Progress and cancelling: from the callback, and from elsewhere. Shows that a context is fit for
 * use after both.
 *
 *     progress_cancel SONG DANCE.bvh
 *     cc progress_cancel.c $(pkg-config --cflags --libs momu) -o progress_cancel
 */
#include <momu/momu.h>

#include <signal.h>
#include <stdio.h>

/* A signal handler reaches only what is global; momu_context_cancel() may be called from one. */
static momu_context *volatile running;

static void interrupted(int number) {
    (void)number;
    momu_context_cancel(running);
}

typedef struct watcher {
    uint64_t stop_at; /* a step of sampling, 0: never */
} watcher;

static int32_t show_progress(void *user, const char *stage, uint64_t done, uint64_t total) {
    const watcher *w = (const watcher *)user;
    fprintf(stderr, "\r%-9s %3llu of %llu", stage, (unsigned long long)done,
            (unsigned long long)total);
    return w->stop_at > 0 && done >= w->stop_at ? MOMU_CANCEL : MOMU_CONTINUE;
}

static momu_status dance(momu_context *context, const momu_model *model, const momu_audio *song,
                         uint64_t stop_at, momu_motion **made) {
    watcher w;
    momu_generate_options options;
    w.stop_at = stop_at;
    momu_generate_options_init(&options, sizeof options);
    options.progress = show_progress;
    options.progress_user = &w;
    momu_status status = momu_music_to_motion(context, model, song, &options, made, NULL);
    fprintf(stderr, "\n");
    return status;
}

static momu_status show(momu_context *context, const momu_model *model, char **argv) {
    momu_audio *song = NULL;
    momu_motion *made = NULL;
    momu_status status = momu_audio_read(context, argv[1], &song);
    if (status == MOMU_OK) {
        status = dance(context, model, song, 3, &made);
        printf("stopped by the callback: %s\n", momu_status_name(status));
        /* a request that comes before a call stops that call at once */
        momu_context_cancel(context);
        status = dance(context, model, song, 0, &made);
        printf("stopped from elsewhere: %s\n", momu_status_name(status));
        signal(SIGINT, interrupted); /* now Ctrl-C does the same */
        status = dance(context, model, song, 0, &made);
    }
    if (status == MOMU_OK)
        status = momu_motion_write(context, made, argv[2], NULL);
    if (status == MOMU_OK)
        printf("and then done: %s\n", argv[2]);
    momu_motion_destroy(made);
    momu_audio_destroy(song);
    return status;
}

int main(int argc, char **argv) {
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_error error = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: progress_cancel SONG DANCE.bvh\n");
        return 2;
    }
    momu_status status = momu_context_create(NULL, &context, &error);
    if (status == MOMU_OK)
        status = momu_model_load(NULL, NULL, &model, &error);
    if (status != MOMU_OK) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        running = context;
        status = show(context, model, argv);
        if (status != MOMU_OK)
            fprintf(stderr, "%s\n", momu_context_get_message(context));
    }
    signal(SIGINT, SIG_DFL);
    momu_model_release(model);
    momu_context_destroy(context);
    return status != MOMU_OK;
}
