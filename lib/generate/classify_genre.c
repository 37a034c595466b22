/* The genre of a dance, where the caller says none: motion_to_music is conditioned on it as if the
 * caller had said it (docs/networks.md, "Genre classifier"). Unconditioned the transformer draws a
 * genre from those that the dance allows, and is right as often as that draw; conditioned on the
 * likeliest one it is right as often as the likeliest is. The tempo counts, too. */
#include "generate/job.h"

#include <math.h>

/* Below it the transformer stays unconditioned. */
static const double MIN_CONFIDENCE = 0.2;

/* Where the tempo is known, the dance's logits are divided by it: the classifier is as confident of
 * takes that it was not trained on as of others, which would leave the tempo no weight. */
static const float TEMPERATURE = 4;

/* The likeliest of the logits, and its softmax. */
static int32_t likeliest(const float *logits, double *probability) {
    int32_t best = 0;
    double sum = 0;
    for (int32_t i = 1; i < MOMUI_GENRES; i++)
        if (logits[i] > logits[best])
            best = i;
    for (int32_t i = 0; i < MOMUI_GENRES; i++)
        sum += exp((double)logits[i] - (double)logits[best]);
    *probability = 1 / sum;
    return best;
}

momu_status momui_job_classify_genre(momui_job *job, const float *condition) {
    momu_generate_options *o = &job->options;
    bool classifies = momui_bundle_classifies_genre(job->bundle);
    bool enough =
        job->seconds >= MOMUI_MIN_ANALYSIS_SECONDS && job->latents >= MOMUI_CLASSIFIER_FRAMES;
    /* music to inpaint has a genre already, which may be another */
    if (o->genre != 0 || job->genre_refused || o->inpainting_audio || !classifies || !enough)
        return MOMU_OK;
    /* Where no beats could be tracked, the dance is like none that either network was trained on.
     */
    if (momui_job_tracks_beats(job) && job->info.tempo_used == 0)
        return MOMU_OK;
    momui_arena_mark mark = momui_arena_position(job->context->arena);
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, job->context->arena, job->context->pool, false, job->error));
    int64_t shape[3] = {1, job->latents, job->config->latent};
    momui_tensor *logits = momui_classifier_forward(
        &g, job->bundle->genre, momui_tensor_from(&g, 3, shape, condition), NULL);
    double tempo = job->info.tempo_used;
    if (momui_tempo_genre_covers(job->bundle->tempo_genre, tempo))
        logits = momui_op_add(&g, momui_op_scale(&g, logits, 1 / TEMPERATURE),
                              momui_tempo_genre_forward(&g, job->bundle->tempo_genre, &tempo, 1));
    momu_status status = g.status;
    if (logits)
        status = momui_check_finite("the genre classifier", logits->data, MOMUI_GENRES,
                                    MOMUI_GENRES, "dance", job->error);
    if (logits && status == MOMU_OK) {
        double probability;
        int32_t found = likeliest(logits->data, &probability);
        if (probability >= MIN_CONFIDENCE) {
            o->genre = found + 1;
            job->info.genre_confidence = probability;
        }
    }
    momui_arena_reset(job->context->arena, mark);
    return status;
}
