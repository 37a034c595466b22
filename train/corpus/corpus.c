/* Makes a corpus: reads its sources once, then makes its pairs in parallel. */
#include "train/corpus/corpus.h"

#include "base/pool.h"
#include "train/corpus/manifest.h"
#include "train/corpus/moves/move_library.h"

#include <pthread.h>

static momu_status check_options(const momui_corpus_options *o, momu_error *error) {
    if (!o->folder || !o->folder[0])
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "a corpus needs a folder to be written to");
    if (!(o->hours > 0 && o->hours <= 1000))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "hours: found %g; expected more than 0 and at most 1000", o->hours);
    if (!(o->recorded_share >= 0 && o->recorded_share <= 1))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the share of recorded music: found %g; expected 0 to 1",
                          o->recorded_share);
    if (o->original_rate != 0 && o->original_rate != MOMUI_CORPUS_RATE)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the original rate: found %g; expected 44100, or 0 for none",
                          o->original_rate);
    if (o->threads < 0 || o->threads > 256)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "threads: found %d; expected 1 to 256",
                          (int)o->threads);
    if (o->material == MOMUI_MATERIAL_MOCAP && !o->moves)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "material \"captured\" needs a folder of motion capture (--moves)");
    return MOMU_OK;
}

typedef struct run {
    const momui_synthesis_context *synthesis;
    momui_band **bands; /* one for each thread */
    size_t count;
    momu_status *statuses; /* of each pair */
    momu_error *errors;    /* of each thread: of its first failure */
    atomic_bool failed;
    pthread_mutex_t progress_lock;
    momui_corpus_progress progress;
} run;

static bool cancelled(const run *r) {
    const atomic_int *cancel = r->synthesis->options->cancel;
    return cancel && atomic_load((atomic_int *)cancel) != 0;
}

static void show_progress(run *r, const momui_corpus_sample *sample, bool made) {
    const momui_corpus_options *o = r->synthesis->options;
    pthread_mutex_lock(&r->progress_lock);
    r->progress.pairs++;
    r->progress.seconds += sample->expected;
    r->progress.made_seconds += made ? sample->expected : 0;
    if (o->progress)
        o->progress(o->user, &r->progress);
    pthread_mutex_unlock(&r->progress_lock);
}

static void make_sample(void *user, size_t task, int worker) {
    run *r = user;
    const momui_corpus_options *o = r->synthesis->options;
    momui_corpus_sample sample;
    if (atomic_load(&r->failed) || cancelled(r))
        return;
    momui_corpus_plan_sample(r->synthesis, task, &sample);
    bool there = momui_sample_exists(o, &sample);
    momu_error error = {0};
    if (!there)
        r->statuses[task] = momui_sample_write(r->synthesis, r->bands[worker], &sample, &error);
    if (r->statuses[task] == MOMU_OK) {
        show_progress(r, &sample, !there);
    } else {
        if (!r->errors[worker].message[0])
            r->errors[worker] = error;
        atomic_store(&r->failed, true);
    }
}

/* Reports the message of the failed pair. */
static momu_status first_failure(const run *r, int threads, momu_error *error) {
    momu_status status = MOMU_OK;
    for (size_t i = 0; status == MOMU_OK && i < r->count; i++)
        status = r->statuses[i];
    for (int w = 0; status != MOMU_OK && w < threads; w++)
        if (r->errors[w].message[0])
            return momui_fail(error, status, "%s", r->errors[w].message);
    return status;
}

static momu_status make_samples(run *r, int threads, momu_error *error) {
    momui_pool *pool = NULL;
    MOMUI_TRY(momui_pool_create(r->synthesis->memory, threads, &pool, error));
    momu_status status = MOMU_OK;
    if (pthread_mutex_init(&r->progress_lock, NULL) != 0)
        status = momui_fail_memory(error, "a lock");
    if (status == MOMU_OK) {
        momui_pool_run(pool, r->count, make_sample, r);
        pthread_mutex_destroy(&r->progress_lock);
        status = first_failure(r, threads, error);
    }
    momui_pool_destroy(pool);
    if (status == MOMU_OK && r->progress.pairs < r->count)
        status = momui_fail(error, MOMU_ERROR_CANCELLED,
                            "stopped after %zu of %zu pairs; the same command continues from there",
                            r->progress.pairs, r->count);
    return status;
}

static momu_status open_bands(run *r, int threads, momu_error *error) {
    const momui_corpus_options *o = r->synthesis->options;
    for (int i = 0; i < threads; i++)
        MOMUI_TRY(momui_band_create(r->synthesis->memory, o->soundfont, MOMUI_CORPUS_RATE,
                                    &r->bands[i], error));
    return MOMU_OK;
}

static momu_status fill_folder(run *r, int threads, momui_corpus_summary *summary,
                               momu_error *error) {
    const momui_corpus_options *o = r->synthesis->options;
    momui_corpus_mark marks[MOMUI_CORPUS_MARKS];
    momui_corpus_folder folder;
    momui_corpus_marks(r->synthesis, momui_band_name(r->bands[0]), marks);
    MOMUI_TRY(momui_corpus_folder_open(o->folder, marks, &folder, error));
    momu_status status = make_samples(r, threads, error);
    if (status == MOMU_OK)
        status = momui_manifest_write(r->synthesis, marks, r->count, summary, error);
    if (status == MOMU_OK)
        status = momui_corpus_folder_finish(&folder, error);
    momui_corpus_folder_close(&folder);
    return status;
}

static momu_status run_all(const momui_synthesis_context *synthesis, momui_corpus_summary *summary,
                           momu_error *error) {
    const momui_corpus_options *o = synthesis->options;
    run r = {.synthesis = synthesis};
    r.count = momui_plan_count(o->seed, o->recorded_share, o->hours, &r.progress.all_seconds);
    r.progress.all_pairs = r.count;
    int threads = o->threads > 0 ? o->threads : 1;
    threads = (size_t)threads > r.count ? (int)r.count : threads;
    r.bands = momui_calloc(synthesis->memory, (size_t)threads, sizeof(momui_band *));
    r.statuses = momui_calloc(synthesis->memory, r.count, sizeof *r.statuses);
    r.errors = momui_calloc(synthesis->memory, (size_t)threads, sizeof *r.errors);
    momu_status status = r.bands && r.statuses && r.errors
                             ? open_bands(&r, threads, error)
                             : momui_fail_memory(error, "the corpus's plan");
    if (status == MOMU_OK)
        status = fill_folder(&r, threads, summary, error);
    for (int i = 0; r.bands && i < threads; i++)
        momui_band_destroy(r.bands[i]);
    momui_free(r.bands);
    momui_free(r.statuses);
    momui_free(r.errors);
    return status;
}

momu_status momui_corpus_make(momui_memory *memory, const momui_corpus_options *options,
                              momui_corpus_summary *summary, momu_error *error) {
    *summary = (momui_corpus_summary){0};
    MOMUI_TRY(check_options(options, error));
    momui_corpus_options o = *options;
    momui_units units = {0};
    momui_recorded_library library = {0};
    momui_synthesis_context synthesis = {.memory = memory, .options = &o};
    if (!o.music)
        o.recorded_share = 0;
    momu_status status = MOMU_OK;
    if (o.moves && o.material != MOMUI_MATERIAL_PROCEDURAL) {
        status = momui_units_load(memory, o.moves, o.report, o.user, &units, error);
        synthesis.units = &units;
    }
    if (status == MOMU_OK && o.music && o.recorded_share > 0) {
        status = momui_recorded_find(memory, o.music, o.report, o.user, &library, error);
        synthesis.library = &library;
    }
    if (status == MOMU_OK)
        status = run_all(&synthesis, summary, error);
    momui_recorded_release(&library);
    momui_units_release(&units);
    return status;
}
