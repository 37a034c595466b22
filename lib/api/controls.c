/* Controls and known spans, on the latent's time grid. */
#include "api/generate.h"

#include <math.h>

/* Places in the 25 values of a latent frame (docs/MODEL.md section 6b). */
enum {
    ENERGY,
    ENERGY_KNOWN,
    BEAT_SIN,
    BEAT_COS,
    BAR_SIN,
    BAR_COS,
    BEATS_KNOWN,
    TEMPO,
    TEMPO_KNOWN,
    GENRE
};

/* Beats passed since beats[0], whole and part; before the first and behind the last beat the
 * nearest interval goes on. */
static double beat_at(const momu_generate_options *o, double time) {
    size_t i = 0;
    while (i + 2 < o->beat_count && time >= o->beats[i + 1])
        i++;
    return (double)i + (time - o->beats[i]) / (o->beats[i + 1] - o->beats[i]);
}

/* The energy curve at `part` (0..1) of the result. */
static double energy_at(const momu_generate_options *o, double part) {
    double place = part * (double)(o->energy_count - 1);
    size_t low = (size_t)place, high = low + 1 < o->energy_count ? low + 1 : low;
    return o->energy[low] + (place - (double)low) * (o->energy[high] - o->energy[low]);
}

static void fill_frame(const momu_generate_options *o, double time, double part, float *row) {
    if (o->energy) {
        row[ENERGY] = (float)energy_at(o, part);
        row[ENERGY_KNOWN] = 1;
    }
    if (o->beats) {
        double beat = beat_at(o, time);
        row[BEAT_SIN] = (float)sin(2 * MOMUI_PI * beat);
        row[BEAT_COS] = (float)cos(2 * MOMUI_PI * beat);
        row[BEATS_KNOWN] = 1;
        if (o->beats_per_bar > 0) {
            double bar = (beat - o->downbeat) / o->beats_per_bar;
            row[BAR_SIN] = (float)sin(2 * MOMUI_PI * bar);
            row[BAR_COS] = (float)cos(2 * MOMUI_PI * bar);
        }
    }
    if (o->tempo > 0) {
        row[TEMPO] = (float)log2(o->tempo / 120);
        row[TEMPO_KNOWN] = 1;
    }
    if (o->genre > 0)
        row[GENRE + o->genre - 1] = 1;
}

static double latent_seconds(const momui_job *job) {
    return (double)job->config->down * job->config->hop / job->config->sample_rate;
}

momu_status momui_job_draw_beats(momui_job *job, double **beats) {
    enum { BEAT_STREAM = 4 };
    static const double SLOWEST = 90, FASTEST = 150; /* the middle of what dances are made to */
    momu_generate_options *o = &job->options;
    *beats = NULL;
    if (o->beats || !(job->config->trained_controls & MOMU_CONTROL_BEATS))
        return MOMU_OK;
    momui_random random = {o->seed, BEAT_STREAM, 0};
    double drawn = SLOWEST * pow(FASTEST / SLOWEST, (double)momui_random_uniform(&random));
    double tempo = o->tempo > 0 ? o->tempo : drawn, gap = 60.0 / tempo;
    double first = gap * (double)momui_random_uniform(&random);
    size_t count = (size_t)(job->seconds / gap) + 3;
    *beats = momui_alloc(job->memory, count, sizeof **beats);
    if (!*beats)
        return momui_fail_memory(job->error, "a beat track");
    for (size_t i = 0; i < count; i++)
        (*beats)[i] = first + gap * (double)i;
    o->beats = *beats;
    o->beat_count = count;
    if (job->config->trained_controls & MOMU_CONTROL_TEMPO)
        o->tempo = tempo;
    return MOMU_OK;
}

momu_status momui_job_controls(momui_job *job, float **controls) {
    const momu_generate_options *o = &job->options;
    *controls = NULL;
    if (!o->energy && !o->beats && o->tempo == 0 && o->genre == 0)
        return MOMU_OK;
    *controls =
        momui_calloc(job->memory, (size_t)job->latents, MOMUI_CONTROL_FEATURES * sizeof **controls);
    if (!*controls)
        return momui_fail_memory(job->error, "the controls");
    double step = latent_seconds(job);
    for (int64_t k = 0; k < job->latents; k++)
        fill_frame(o, ((double)k + 0.5) * step, ((double)k + 0.5) / (double)job->latents,
                   *controls + k * MOMUI_CONTROL_FEATURES);
    return MOMU_OK;
}

void momui_job_given(const momui_job *job, const momu_span *spans, size_t count, uint8_t *given) {
    double step = latent_seconds(job);
    for (int64_t k = 0; k < job->latents; k++) {
        double start = (double)k * step, end = start + step;
        given[k] = 0;
        for (size_t i = 0; i < count; i++)
            if (spans[i].start <= start + 1e-9 && end <= spans[i].end + 1e-9)
                given[k] = 1;
    }
}
