/* A dancer in a game: a frame loop shows the dance of the seconds that are playing while a thread
 * makes the next ones. The loop never waits: what it does for the dance in a frame is one look at
 * an atomic pointer and a copy of 22 rotations. Each section is made with the last second of the
 * one before as given, so that it goes on from there.
 *
 *     game_loop SONG [SECONDS [FRAMES_A_SECOND]]
 *     cc -std=c11 game_loop.c $(pkg-config --cflags --libs momu) -pthread -lm -o game_loop
 *
 * The song's seconds pass as fast as the loop runs; FRAMES_A_SECOND 60 (the default) is real time.
 * Ends with status 1 when any frame spent more than 2 ms of processor time on the dance.
 */
#define _POSIX_C_SOURCE 200809L
#include <momu/momu.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FPS = 60, SECTION = 6, OVERLAP = 1, ADVANCE = SECTION - OVERLAP, JOINTS = 22 };

/* The maker writes `next` and waits until the loop has taken it; the loop only exchanges pointers.
 */
typedef struct stage {
    const momu_model *model;
    momu_audio *song;
    double seconds;
    _Atomic(momu_motion *) next;
    atomic_bool stop, failed;
    char sentence[512]; /* written before `failed` is set */
} stage;

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void pause_for(double seconds) {
    struct timespec rest;
    rest.tv_sec = (time_t)seconds;
    rest.tv_nsec = (long)((seconds - (double)rest.tv_sec) * 1e9);
    if (seconds > 0)
        nanosleep(&rest, NULL);
}

/* ---- the maker's thread ---- */

/* The song from `start`, at most SECTION seconds. */
static momu_status cut(momu_context *context, const momu_audio *song, double start,
                       momu_audio **part) {
    double rate = momu_audio_get_rate(song);
    int64_t first = (int64_t)(start * rate), frames = (int64_t)(SECTION * rate);
    int64_t left = momu_audio_get_frames(song) - first;
    int32_t channels = momu_audio_get_channels(song);
    return momu_audio_create(context, momu_audio_get_samples(song) + first * channels,
                             left < frames ? left : frames, channels, rate, part);
}

/* The last OVERLAP seconds of a section. */
static momu_status end_of(momu_context *context, const momu_motion *section, momu_motion **end) {
    momu_motion_description d;
    const char *names[JOINTS];
    int32_t parents[JOINTS];
    for (int32_t j = 0; j < JOINTS; j++) {
        names[j] = momu_motion_get_joint_name(section, j);
        parents[j] = momu_motion_get_joint_parent(section, j);
    }
    int64_t kept = (int64_t)(OVERLAP * FPS), first = momu_motion_get_frames(section) - kept;
    momu_motion_description_init(&d, sizeof d);
    d.kind = MOMU_MOTION_JOINTS;
    d.joints = JOINTS;
    d.frames = kept;
    d.fps = FPS;
    d.names = names;
    d.parents = parents;
    d.offsets = momu_motion_get_offsets(section);
    d.rotations = momu_motion_get_rotations(section) + first * JOINTS * 4;
    d.root = momu_motion_get_root(section) + first * 3;
    return momu_motion_create(context, &d, end);
}

static momu_status make(momu_context *context, const stage *s, double start,
                        const momu_motion *before, momu_motion **made) {
    momu_audio *part = NULL;
    momu_motion *end = NULL;
    momu_span given = {0, OVERLAP};
    momu_generate_options options;
    momu_generate_options_init(&options, sizeof options);
    options.motion_fps = FPS;
    momu_status status = cut(context, s->song, start, &part);
    if (status == MOMU_OK && before)
        status = end_of(context, before, &end);
    if (status == MOMU_OK && before) {
        options.inpainting_motion = end;
        options.inpainting_motion_spans = &given;
        options.inpainting_motion_span_count = 1;
    }
    if (status == MOMU_OK)
        status = momu_music_to_motion(context, s->model, part, &options, made, NULL);
    momu_motion_destroy(end);
    momu_audio_destroy(part);
    return status;
}

static void *maker(void *pointer) {
    stage *s = (stage *)pointer;
    momu_context *context = NULL;
    momu_motion *before = NULL, *end = NULL;
    momu_status status = momu_context_create(NULL, &context, NULL);
    for (double start = 0; status == MOMU_OK && start + SECTION <= s->seconds; start += ADVANCE) {
        momu_motion *made = NULL;
        status = make(context, s, start, before, &made);
        if (status != MOMU_OK)
            break;
        momu_motion_destroy(end);
        end = NULL;
        before = NULL;
        /* what the next section goes on from: the loop will destroy `made` when it has danced it */
        status = end_of(context, made, &end);
        before = end;
        while (atomic_load(&s->next) && !atomic_load(&s->stop))
            pause_for(0.002); /* this thread may wait, the loop may not */
        if (atomic_load(&s->stop))
            momu_motion_destroy(made);
        else
            atomic_store(&s->next, made);
        if (atomic_load(&s->stop))
            break;
    }
    if (status != MOMU_OK) {
        snprintf(s->sentence, sizeof s->sentence, "%s", momu_context_get_message(context));
        atomic_store(&s->failed, 1);
    }
    momu_motion_destroy(end);
    momu_context_destroy(context);
    return NULL;
}

/* ---- the frame loop ---- */

typedef struct dancer {
    momu_motion *now;
    int64_t frame; /* of `now` */
    float pose[JOINTS][4];
    int64_t danced, waited; /* frames with a new pose, and without */
} dancer;

/* What a frame does. Returns the section that is over, to be destroyed outside of the frame. */
static momu_motion *update(dancer *d, stage *s, int first) {
    momu_motion *over = NULL;
    if (!d->now || d->frame >= momu_motion_get_frames(d->now)) {
        momu_motion *next = atomic_exchange(&s->next, NULL);
        if (next) {
            over = d->now;
            d->now = next;
            d->frame = first ? 0 : OVERLAP * FPS; /* its first second has been danced */
        }
    }
    if (d->now && d->frame < momu_motion_get_frames(d->now)) {
        memcpy(d->pose, momu_motion_get_rotations(d->now) + d->frame * JOINTS * 4, sizeof d->pose);
        d->frame++;
        d->danced++;
    } else {
        d->waited++; /* the pose is held: a game would blend to an idle */
    }
    return over;
}

static int dance(stage *s, double rate) {
    dancer d;
    double worst = 0;
    int64_t frames = (int64_t)((s->seconds - SECTION) * FPS);
    memset(&d, 0, sizeof d);
    while (!atomic_load(&s->next) && !atomic_load(&s->failed))
        pause_for(0.005); /* the loading screen */
    for (int64_t i = 0; i < frames && !atomic_load(&s->failed); i++) {
        double begun = seconds_of(CLOCK_THREAD_CPUTIME_ID);
        momu_motion *over = update(&d, s, d.danced == 0);
        double spent = seconds_of(CLOCK_THREAD_CPUTIME_ID) - begun;
        worst = spent > worst ? spent : worst;
        momu_motion_destroy(over);
        pause_for(1 / rate); /* a game draws here */
    }
    momu_motion_destroy(d.now);
    if (atomic_load(&s->failed)) {
        fprintf(stderr, "%s\n", s->sentence);
        return 1;
    }
    printf("%lld frames danced, %lld held, at worst %.3f ms of processor time in a frame\n",
           (long long)d.danced, (long long)d.waited, 1e3 * worst);
    return worst > 0.002 || d.danced == 0;
}

int main(int argc, char **argv) {
    stage s;
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_error error = {0};
    pthread_t thread;
    int failed = 1;
    memset(&s, 0, sizeof s);
    if (argc < 2) {
        fprintf(stderr, "usage: game_loop SONG [SECONDS [FRAMES_A_SECOND]]\n");
        return 2;
    }
    if (momu_context_create(NULL, &context, &error) != MOMU_OK ||
        momu_model_load(NULL, NULL, &model, &error) != MOMU_OK) {
        fprintf(stderr, "%s\n", error.message);
    } else if (momu_audio_read(context, argv[1], &s.song) != MOMU_OK) {
        fprintf(stderr, "%s\n", momu_context_get_message(context));
    } else {
        s.model = model;
        s.seconds = momu_audio_get_seconds(s.song);
        if (argc > 2 && atof(argv[2]) < s.seconds)
            s.seconds = atof(argv[2]);
        if (s.seconds < 2 * SECTION)
            fprintf(stderr, "the song must have %d seconds or more\n", 2 * SECTION);
        else if (pthread_create(&thread, NULL, maker, &s) == 0) {
            failed = dance(&s, argc > 3 ? atof(argv[3]) : FPS);
            atomic_store(&s.stop, 1);
            pthread_join(thread, NULL);
            momu_motion_destroy(atomic_load(&s.next));
        }
    }
    momu_audio_destroy(s.song);
    momu_model_release(model);
    momu_context_destroy(context);
    return failed;
}
