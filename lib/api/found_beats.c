/* The beats of what a result is made for, where the caller says none: found by a network that was
 * trained to (docs/MODEL.md section 6g) and told as if they had been said. Left to itself a
 * transformer hears them less well than a network that does nothing else, and where it mishears
 * them all that it makes is off the beat. */
#include "api/generate.h"

#include "dsp/beat_grid.h"

#include <math.h>
#include <string.h>

static const double LEAST_PROBABILITY = 0.3; /* below it the transformer stays free */
static const double LEAST_SECONDS = 5;
static const double SLOWEST = 60, FASTEST = 200; /* beats a minute */
static const double WINDOW_SECONDS = 24;         /* that the network sees at once */

/* How far a tempo that is told may be moved for the beats' sake, as momui_pulse_lay() does. */
static const double LEEWAY = 0.01;

/* logits (latents * down): the network on windows that overlap by half, of each its middle. */
static momu_status run_finder(momui_job *job, const momui_beat_finder *finder,
                              const float *condition, float *logits) {
    int64_t down = job->config->down, channels = job->config->latent, all = job->latents;
    double rate = (double)job->config->sample_rate / (double)(job->config->hop * down);
    int64_t width = (int64_t)(WINDOW_SECONDS * rate), hop = width / 2;
    width = width < all ? width : all;
    momui_arena *arena = job->context->arena;
    momui_arena_mark mark = momui_arena_position(arena);
    momu_status status = MOMU_OK;
    for (int64_t from = 0; status == MOMU_OK; from += hop) {
        int64_t start = from < all - width ? from : all - width;
        int64_t skip = from == 0 ? 0 : width / 4; /* the window before knows these better */
        momui_graph g;
        MOMUI_TRY(momui_graph_begin(&g, arena, job->context->pool, false, job->error));
        momui_tensor *z =
            momui_tensor_from(&g, 3, (int64_t[]){1, width, channels}, condition + start * channels);
        momui_tensor *found = momui_beat_finder_forward(&g, finder, z);
        if (found)
            memcpy(logits + (start + skip) * down, found->data + skip * down,
                   (size_t)((width - skip) * down) * sizeof *logits);
        status = g.status;
        momui_arena_reset(arena, mark);
        if (start + width >= all)
            break;
    }
    if (status == MOMU_OK)
        status = momui_check_finite("the finder of beats", logits, (size_t)(all * down),
                                    (size_t)down, "latent frame", job->error);
    return status;
}

bool momui_job_finds_beats(const momui_job *job) {
    const momu_generate_options *o = &job->options;
    bool known = job->makes_music ? o->known_audio != NULL : o->known_motion != NULL;
    return !o->beats && o->find_beats != MOMU_SWITCH_OFF && !known &&
           job->seconds >= LEAST_SECONDS && momui_bundle_finds_beats(job->bundle);
}

momu_status momui_job_find_beats(momui_job *job, const float *condition, double **beats) {
    momu_generate_options *o = &job->options;
    double rate = (double)job->config->sample_rate / job->config->hop;
    double slowest = o->tempo > 0 ? o->tempo * (1 - LEEWAY) : SLOWEST;
    double fastest = o->tempo > 0 ? o->tempo * (1 + LEEWAY) : FASTEST;
    const momui_beat_finder *finder =
        job->makes_music ? job->bundle->motion_beats : job->bundle->music_beats;
    int64_t frames = job->latents * job->config->down;
    momui_beats found = {0};
    float *logits = momui_alloc(job->memory, (size_t)frames, sizeof *logits);
    if (!logits)
        return momui_fail_memory(job->error, "the finder of beats");
    momu_status status = run_finder(job, finder, condition, logits);
    if (status == MOMU_OK)
        status = momui_beat_grid_track(job->memory, logits, job->frames, rate, slowest, fastest,
                                       &found, job->error);
    momui_free(logits);
    if (status != MOMU_OK)
        return status;
    if (found.count < 2 || found.confidence < LEAST_PROBABILITY) {
        momui_beats_release(&found);
        return MOMU_OK;
    }
    momui_job_tell_beats(job, &found);
    job->info.beats_probability = found.confidence;
    *beats = found.times;
    return MOMU_OK;
}
