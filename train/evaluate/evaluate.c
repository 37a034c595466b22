/* The work of an evaluation: every excerpt on one thread, read and generated once. */
#include "train/evaluate/evaluation_worker.h"

#include "io/safetensors/safetensors.h"

#include <math.h>
#include <momu/experimental.h>
#include <stdio.h>
#include <string.h>

const char *const momui_system_names[MOMUI_SYSTEMS] = {
    "ground truth", "through the autoencoder", "made", "retrieved", "metronome", "other piece"};

enum { PAIRS = 50, CANDIDATES = 200, REFERENCES = 100, MOST = 100000 };
static const double SECONDS = 25;
static const double LENGTHS[MOMUI_JOINT_LENGTHS] = {10, 15, 20, 25, 30};

/* ---- what is there ---- */

static bool folder_has(momui_memory *memory, const char *folder) {
    momui_list list;
    momu_error ignored = {0};
    bool has = momui_clips_list(memory, folder, NULL, 1, 0, &list, &ignored) == MOMU_OK;
    momui_clips_release(&list);
    return has;
}

static momu_status list_all(momui_evaluation *v, momu_error *error) {
    const momui_evaluate_options *o = &v->options;
    char asked[1100], against[1100], taught[1100];
    snprintf(asked, sizeof asked, "%.1000s/%s", o->folder, o->validation ? "validation" : "test");
    snprintf(against, sizeof against, "%.1000s/%s", o->folder,
             o->validation ? "test" : "validation");
    snprintf(taught, sizeof taught, "%.1000s/train", o->folder);
    bool corpus = folder_has(v->memory, asked);
    size_t most = o->pairs > 0 ? (size_t)o->pairs : o->generated ? MOST : PAIRS;
    MOMUI_TRY(momui_clips_list(v->memory, corpus ? asked : o->folder, o->generated, most, o->seed,
                               &v->pairs, error));
    const char *reference = o->against ? o->against : corpus ? against : NULL;
    if (reference && (o->against || folder_has(v->memory, reference)))
        MOMUI_TRY(momui_clips_list(v->memory, reference, NULL, REFERENCES, o->seed, &v->references,
                                   error));
    if (corpus && o->candidates >= 0 && folder_has(v->memory, taught))
        MOMUI_TRY(momui_clips_list(v->memory, taught, NULL,
                                   o->candidates ? (size_t)o->candidates : CANDIDATES, o->seed,
                                   &v->candidates, error));
    return MOMU_OK;
}

static void note(const momui_evaluation *v, const char *sentence) {
    if (v->options.note)
        v->options.note(v->options.user, sentence);
}

static momu_status load_evaluation_network(momui_evaluation *v, int side, momu_error *error) {
    static const char *const NAMES[] = {"evaluation-mel.safetensors",
                                        "evaluation-motion.safetensors"};
    char path[1200];
    momui_bytes bytes;
    if (v->options.networks) {
        snprintf(path, sizeof path, "%.1000s/%s", v->options.networks, NAMES[side]);
    } else if (momu_data_path(NAMES[side], path, sizeof path, error) != MOMU_OK) {
        char text[1400];
        snprintf(text, sizeof text, "%s; distances, genres and retrieval are left out (--networks)",
                 error->message);
        note(v, text);
        return MOMU_OK;
    }
    MOMUI_TRY(momui_bytes_from_path(v->memory, path, true, 1 << 28, &bytes, error));
    momu_status status =
        momui_evaluation_network_load(v->memory, &bytes, &v->networks[side], error);
    momui_bytes_release(&bytes);
    return status;
}

static momu_status load_vggish(momui_evaluation *v, momu_error *error) {
    momui_bytes bytes;
    if (!v->options.vggish)
        return MOMU_OK;
    MOMUI_TRY(momui_bytes_from_path(v->memory, v->options.vggish, true, UINT64_C(1) << 30, &bytes,
                                    error));
    momu_status status = momui_vggish_load(v->memory, &bytes, &v->vggish, error);
    momui_bytes_release(&bytes);
    return status;
}

static momu_status plan_joint(momui_evaluation *v, momu_error *error) {
    const momui_evaluate_options *o = &v->options;
    size_t each = o->joint > 0 ? (size_t)o->joint : 0;
    if (each == 0 || o->generated)
        return MOMU_OK;
    size_t variants = o->sweep ? 1 + MOMUI_JOINT_STARTS + MOMUI_JOINT_LENGTHS : 1;
    v->joint = momui_calloc(v->memory, each * variants, sizeof *v->joint);
    if (!v->joint)
        return momui_fail_memory(error, "the joint pairs");
    for (size_t variant = 0; variant < variants; variant++)
        for (size_t i = 0; i < each; i++) {
            momui_jointly *j = &v->joint[v->joint_count++];
            j->seed = o->seed + i;
            j->seconds = o->seconds;
            if (variant > MOMUI_JOINT_STARTS)
                j->seconds = LENGTHS[variant - 1 - MOMUI_JOINT_STARTS];
            else if (variant > 0)
                j->joint_start = 0.1 * (double)variant;
        }
    return MOMU_OK;
}

static momu_status prepare(momui_evaluation *v, momu_error *error) {
    MOMUI_TRY(list_all(v, error));
    for (int side = 0; side < 2; side++)
        MOMUI_TRY(load_evaluation_network(v, side, error));
    MOMUI_TRY(load_vggish(v, error));
    if (v->options.generated) {
        memcpy(v->model_name, "files", sizeof "files");
        return MOMU_OK;
    }
    MOMUI_TRY(momu_model_load(v->options.model, NULL, &v->model, error));
    momu_model_info info = {.struct_size = sizeof info};
    MOMUI_TRY(momu_model_get_info(v->model, &info));
    snprintf(v->model_name, sizeof v->model_name, "%s", info.preset);
    return plan_joint(v, error);
}

/* ---- one task ---- */

typedef struct work {
    momui_evaluation *v;
    momui_worker *workers;
    size_t total;
    atomic_size_t done;
} work;

/* Where the annotations say no beats, those that are tracked in the truth. */
static momu_status adopt_beats(momui_evaluation *v, momui_evaluation_clip *e, momu_error *error) {
    const momui_audio_analysis *truth = &e->audio_found[MOMUI_TRUTH];
    if (e->beats_known || !truth->there)
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

static momu_status observe_truth(momui_worker *w, momui_evaluation_clip *e,
                                 const momui_audio *sound, const momui_motion *dance,
                                 momu_error *error) {
    momui_evaluation *v = w->v;
    if (sound)
        MOMUI_TRY(momui_analyse_audio(v->memory, w->context, v->model, v->networks[0], v->vggish,
                                      sound, &e->audio_found[MOMUI_TRUTH], error));
    if (dance)
        MOMUI_TRY(momui_analyse_motion(v->memory, v->networks[1], dance,
                                       &e->motion_found[MOMUI_TRUTH], error));
    return MOMU_OK;
}

static momu_status observe_metronome(momui_worker *w, momui_evaluation_clip *e, momu_error *error) {
    momui_evaluation *v = w->v;
    momui_audio *sound = NULL;
    momui_motion *dance = NULL;
    if (e->beat_count == 0 || !(e->tempo > 0))
        return MOMU_OK;
    momu_status status =
        momui_metronome_sound(v->memory, e->seconds, e->beats[0], e->tempo, &sound, error);
    if (status == MOMU_OK)
        status = momui_metronome_dance(v->memory, e->seconds, e->beats[0], e->tempo, &dance, error);
    if (status == MOMU_OK)
        status = momui_analyse_audio(v->memory, w->context, v->model, v->networks[0], v->vggish,
                                     sound, &e->audio_found[MOMUI_METRONOME], error);
    if (status == MOMU_OK)
        status = momui_analyse_motion(v->memory, v->networks[1], dance,
                                      &e->motion_found[MOMUI_METRONOME], error);
    momui_audio_free(sound);
    momui_motion_free(dance);
    return status;
}

static momu_status observe_files(momui_worker *w, momui_evaluation_clip *e, momu_error *error) {
    momui_evaluation *v = w->v;
    momui_audio *sound = NULL;
    momui_motion *dance = NULL;
    momu_status status = MOMU_OK;
    if (e->made_music[0] && !v->options.skip_music) {
        status =
            momui_evaluation_clip_sound(v->memory, e->made_music, 0, e->seconds, &sound, error);
        if (status == MOMU_OK)
            status = momui_analyse_audio(v->memory, w->context, v->model, v->networks[0], v->vggish,
                                         sound, &e->audio_found[MOMUI_MADE], error);
    }
    if (status == MOMU_OK && e->made_motion[0] && !v->options.skip_motion) {
        status =
            momui_evaluation_clip_dance(v->memory, e->made_motion, 0, e->seconds, &dance, error);
        if (status == MOMU_OK)
            status = momui_analyse_motion(v->memory, v->networks[1], dance,
                                          &e->motion_found[MOMUI_MADE], error);
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
        momui_audio_analysis *audio_found =
            r < 0 ? &e->audio_found[MOMUI_MADE] : &e->audio_repeats[r];
        momui_motion_analysis *motion_found =
            r < 0 ? &e->motion_found[MOMUI_MADE] : &e->motion_repeats[r];
        if (!o->skip_music)
            MOMUI_TRY(momui_make_music(w, e, dance, seed, audio_found, error));
        if (!o->skip_motion)
            MOMUI_TRY(momui_make_dance(w, e, sound, seed, motion_found, error));
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
    momu_status status = observe_truth(w, e, sound, dance, error);
    if (status == MOMU_OK)
        status = adopt_beats(v, e, error);
    if (status == MOMU_OK && pair)
        status = observe_metronome(w, e, error);
    if (status == MOMU_OK && files)
        status = observe_files(w, e, error);
    if (status == MOMU_OK && pair && !files)
        status = make(w, e, sound, dance, error);
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
        momui_jointly *j = &v->joint[at];
        j->status = stop ? MOMU_ERROR_CANCELLED : momui_make_both(w, j, &j->error);
    }
    size_t done = atomic_fetch_add(&k->done, 1) + 1;
    if (worker == 0 && v->options.progress)
        v->options.progress(v->options.user, done, k->total);
}

/* ---- all of it ---- */

static momu_status run_tasks(momui_evaluation *v, momu_error *error) {
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

static bool drop_failed(momui_evaluation *v, momui_list *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        momui_evaluation_clip *e = &list->items[i];
        if (e->status == MOMU_OK) {
            list->items[kept++] = *e;
            continue;
        }
        char text[1300];
        v->failed++;
        snprintf(text, sizeof text, "%s: %.1000s", e->stem, e->error.message);
        if (e->status != MOMU_ERROR_CANCELLED)
            note(v, text);
        momui_evaluation_clip_release(e);
    }
    list->count = kept;
    return kept > 0;
}

static double apart(const momui_clip_embeddings *a, const momui_clip_embeddings *b) {
    double sum = 0;
    for (int c = 0; c < MOMUI_EVALUATION_EMBEDDING; c++) {
        double x = 0, y = 0;
        for (int32_t w = 0; w < a->windows; w++)
            x += (double)a->embeddings[w * MOMUI_EVALUATION_EMBEDDING + c] / a->windows;
        for (int32_t w = 0; w < b->windows; w++)
            y += (double)b->embeddings[w * MOMUI_EVALUATION_EMBEDDING + c] / b->windows;
        sum += (x - y) * (x - y);
    }
    return sum;
}

static const momui_clip_embeddings *condition_side(const momui_evaluation_clip *e, int direction) {
    return direction == MOMUI_TO_MUSIC ? &e->motion_found[MOMUI_TRUTH].predicted
                                       : &e->audio_found[MOMUI_TRUTH].predicted;
}

/* Each pair's other piece, and the training piece whose given side is nearest. */
static void find_partners(momui_evaluation *v) {
    for (size_t i = 0; i < v->pairs.count; i++) {
        momui_evaluation_clip *e = &v->pairs.items[i];
        if (v->pairs.count > 1)
            e->other = (i + 1 + v->options.seed % (v->pairs.count - 1)) % v->pairs.count;
        for (int d = 0; d < MOMUI_DIRECTION_COUNT; d++) {
            double nearest = INFINITY;
            for (size_t c = 0; c < v->candidates.count; c++) {
                const momui_evaluation_clip *candidate = &v->candidates.items[c];
                if (condition_side(e, d)->windows == 0 ||
                    condition_side(candidate, d)->windows == 0)
                    continue;
                double distance = apart(condition_side(e, d), condition_side(candidate, d));
                if (distance < nearest) {
                    nearest = distance;
                    e->retrieved[d] = c;
                }
            }
        }
    }
}

static void note_joint(momui_evaluation *v) {
    for (size_t i = 0; i < v->joint_count; i++) {
        char text[1200];
        const momui_jointly *j = &v->joint[i];
        if (j->status == MOMU_OK)
            continue;
        v->failed++;
        snprintf(text, sizeof text, "joint, seed %llu, %.0f s: %.1000s",
                 (unsigned long long)j->seed, j->seconds, j->error.message);
        if (j->status != MOMU_ERROR_CANCELLED)
            note(v, text);
    }
}

momu_status momui_evaluate(momui_memory *memory, const momui_evaluate_options *options,
                           momui_evaluation *v, momu_error *error) {
    *v = (momui_evaluation){.memory = memory, .options = *options};
    if (!(v->options.seconds > 0))
        v->options.seconds = SECONDS;
    momu_status status = prepare(v, error);
    if (status == MOMU_OK)
        status = run_tasks(v, error);
    if (status == MOMU_OK && v->options.cancel && atomic_load(v->options.cancel))
        status = momui_fail(error, MOMU_ERROR_CANCELLED, "cancelled");
    if (status == MOMU_OK) {
        bool any = drop_failed(v, &v->pairs);
        drop_failed(v, &v->references);
        drop_failed(v, &v->candidates);
        note_joint(v);
        find_partners(v);
        if (!any)
            status =
                momui_fail(error, MOMU_ERROR_FORMAT, "%s: every pair failed", v->options.folder);
    }
    if (status != MOMU_OK)
        momui_evaluation_release(v);
    return status;
}

void momui_evaluation_release(momui_evaluation *v) {
    momui_clips_release(&v->pairs);
    momui_clips_release(&v->candidates);
    momui_clips_release(&v->references);
    for (size_t i = 0; i < v->joint_count; i++) {
        momui_audio_analysis_release(&v->joint[i].audio_found);
        momui_motion_analysis_release(&v->joint[i].motion_found);
    }
    momui_free(v->joint);
    for (int side = 0; side < 2; side++)
        momui_evaluation_network_free(v->networks[side]);
    momui_vggish_free(v->vggish);
    momu_model_release(v->model);
    *v = (momui_evaluation){0};
}
