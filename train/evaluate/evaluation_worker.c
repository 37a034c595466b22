/* The tasks of an evaluation: one thread reads a clip, generates for it and analyses the results.
 */
#include "train/evaluate/evaluation_worker.h"

typedef struct work {
    momui_evaluation *v;
    momui_worker *workers;
    size_t total;
    atomic_size_t done;
} work;

/* Where the annotations have no beats, those tracked in the true music. */
static momu_status adopt_beats(momui_evaluation *v, momui_evaluation_clip *e, momu_error *error) {
    const momui_audio_analysis *truth = &e->audio_analysis[MOMUI_TRUTH];
    if (e->has_beats || !truth->there)
        return MOMU_OK;
    e->beats = momui_alloc(v->memory, truth->beat_count ? truth->beat_count : 1, sizeof *e->beats);
    if (!e->beats)
        return momui_fail_memory(error, "the beats");
    for (size_t i = 0; i < truth->beat_count; i++)
        if (truth->beats[i] < e->seconds)
            e->beats[e->beat_count++] = truth->beats[i];
    e->tempo = truth->tempo;
    return MOMU_OK;
}

static momu_status analyse_truth(momui_worker *w, momui_evaluation_clip *e,
                                 const momui_audio *sound, const momui_motion *dance,
                                 momu_error *error) {
    momui_evaluation *v = w->v;
    if (sound)
        MOMUI_TRY(momui_analyse_audio(v->memory, w->context, v->model, v->networks[0], v->vggish,
                                      sound, &e->audio_analysis[MOMUI_TRUTH], error));
    if (dance)
        MOMUI_TRY(momui_analyse_motion(v->memory, v->networks[1], dance,
                                       &e->motion_analysis[MOMUI_TRUTH], error));
    return MOMU_OK;
}

static momu_status analyse_metronome(momui_worker *w, momui_evaluation_clip *e, momu_error *error) {
    momui_evaluation *v = w->v;
    momui_audio *sound = NULL;
    momui_motion *dance = NULL;
    if (e->beat_count == 0 || !(e->tempo > 0))
        return MOMU_OK;
    momu_status status;
    MOMUI_TRY_GOTO(
        momui_metronome_sound(v->memory, e->seconds, e->beats[0], e->tempo, &sound, error), status,
        done);
    MOMUI_TRY_GOTO(
        momui_metronome_dance(v->memory, e->seconds, e->beats[0], e->tempo, &dance, error), status,
        done);
    MOMUI_TRY_GOTO(momui_analyse_audio(v->memory, w->context, v->model, v->networks[0], v->vggish,
                                       sound, &e->audio_analysis[MOMUI_METRONOME], error),
                   status, done);
    MOMUI_TRY_GOTO(momui_analyse_motion(v->memory, v->networks[1], dance,
                                        &e->motion_analysis[MOMUI_METRONOME], error),
                   status, done);
done:
    momui_audio_free(sound);
    momui_motion_free(dance);
    return status;
}

static momu_status analyse_files(momui_worker *w, momui_evaluation_clip *e, momu_error *error) {
    momui_evaluation *v = w->v;
    momui_audio *sound = NULL;
    momui_motion *dance = NULL;
    momu_status status = MOMU_OK;
    if (e->made_music[0] && !v->options.skip_music) {
        status =
            momui_evaluation_clip_sound(v->memory, e->made_music, 0, e->seconds, &sound, error);
        if (status == MOMU_OK)
            status = momui_analyse_audio(v->memory, w->context, v->model, v->networks[0], v->vggish,
                                         sound, &e->audio_analysis[MOMUI_MADE], error);
    }
    if (status == MOMU_OK && e->made_motion[0] && !v->options.skip_motion) {
        status =
            momui_evaluation_clip_dance(v->memory, e->made_motion, 0, e->seconds, &dance, error);
        if (status == MOMU_OK)
            status = momui_analyse_motion(v->memory, v->networks[1], dance,
                                          &e->motion_analysis[MOMUI_MADE], error);
    }
    momui_audio_free(sound);
    momui_motion_free(dance);
    return status;
}

static momu_status make(momui_worker *w, momui_evaluation_clip *e, const momui_audio *sound,
                        const momui_motion *dance, momu_error *error) {
    const momui_evaluate_options *o = &w->v->options;
    size_t index = (size_t)(e - w->v->pairs.items);
    int repeats = index < (size_t)(o->repeats > 0 ? o->repeats : 0) ? MOMUI_EVAL_REPEATS : 0;
    MOMUI_TRY(momui_through_autoencoder(w, o->skip_music ? NULL : sound,
                                        o->skip_motion ? NULL : dance, e, error));
    for (int r = -1; r < repeats; r++) {
        uint64_t seed = o->seed + index * 16 + (uint64_t)(r + 1);
        momui_audio_analysis *audio_analysis =
            r < 0 ? &e->audio_analysis[MOMUI_MADE] : &e->audio_repeats[r];
        momui_motion_analysis *motion_analysis =
            r < 0 ? &e->motion_analysis[MOMUI_MADE] : &e->motion_repeats[r];
        if (!o->skip_music)
            MOMUI_TRY(momui_make_music(w, e, dance, seed, audio_analysis, error));
        if (!o->skip_motion)
            MOMUI_TRY(momui_make_dance(w, e, sound, seed, motion_analysis, error));
    }
    return MOMU_OK;
}

static momu_status work_on(momui_worker *w, momui_evaluation_clip *e, bool pair,
                           momu_error *error) {
    momui_evaluation *v = w->v;
    momui_audio *sound = NULL;
    momui_motion *dance = NULL;
    bool files = pair && v->options.generated;
    MOMUI_TRY(momui_evaluation_clip_read(v->memory, e, files ? 0 : v->options.seconds,
                                         v->options.seed, &sound, &dance, error));
    momu_status status;
    MOMUI_TRY_GOTO(analyse_truth(w, e, sound, dance, error), status, done);
    MOMUI_TRY_GOTO(adopt_beats(v, e, error), status, done);
    if (pair)
        MOMUI_TRY_GOTO(analyse_metronome(w, e, error), status, done);
    if (files)
        MOMUI_TRY_GOTO(analyse_files(w, e, error), status, done);
    if (pair && !files)
        MOMUI_TRY_GOTO(make(w, e, sound, dance, error), status, done);
done:
    momui_audio_free(sound);
    momui_motion_free(dance);
    return status;
}

static void task(void *user, size_t index, int worker) {
    work *k = user;
    momui_evaluation *v = k->v;
    momui_worker *w = &k->workers[worker];
    momui_list *lists[] = {&v->pairs, &v->references, &v->candidates};
    bool stop = v->options.cancel && atomic_load(v->options.cancel);
    size_t at = index, l = 0;
    for (; l < 3 && at >= lists[l]->count; l++)
        at -= lists[l]->count;
    if (l < 3) {
        momui_evaluation_clip *e = &lists[l]->items[at];
        e->status = stop ? MOMU_ERROR_CANCELLED : work_on(w, e, l == 0, &e->error);
    } else {
        momui_joint_pair *j = &v->joint[at];
        j->status = stop ? MOMU_ERROR_CANCELLED : momui_make_joint_pair(w, j, &j->error);
    }
    size_t done = atomic_fetch_add(&k->done, 1) + 1;
    if (worker == 0 && v->options.progress)
        v->options.progress(v->options.user, done, k->total);
}

momu_status momui_evaluation_run(momui_evaluation *v, momu_error *error) {
    int threads = v->options.threads > 0 ? v->options.threads : 1;
    momui_pool *pool = NULL;
    work k = {.v = v};
    k.total = v->pairs.count + v->references.count + v->candidates.count + v->joint_count;
    k.workers = momui_calloc(v->memory, (size_t)threads, sizeof *k.workers);
    if (!k.workers)
        return momui_fail_memory(error, "the workers");
    momu_context_options options;
    momu_context_options_init(&options, sizeof options);
    options.threads = 1;
    momu_status status = MOMU_OK;
    for (int t = 0; status == MOMU_OK && t < threads; t++) {
        k.workers[t].v = v;
        status = momu_context_create(&options, &k.workers[t].context, error);
    }
    if (status == MOMU_OK)
        status = momui_pool_create(v->memory, threads, &pool, error);
    if (status == MOMU_OK) {
        momui_pool_run(pool, k.total, task, &k);
        if (v->options.progress)
            v->options.progress(v->options.user, k.total, k.total);
    }
    momui_pool_destroy(pool);
    for (int t = 0; t < threads; t++)
        momu_context_destroy(k.workers[t].context);
    momui_free(k.workers);
    return status;
}
