/* Controls and the inpainting mask, on the latent's time grid. */
#include "generate/job.h"

#include "dsp/beat_tracking.h"

#include <math.h>

/* Places in the 25 values of a latent frame (docs/features.md, "Controls"). */
enum {
    ENERGY,
    ENERGY_SET,
    BEAT_SIN,
    BEAT_COS,
    BAR_SIN,
    BAR_COS,
    BEATS_SET,
    TEMPO,
    TEMPO_SET,
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
        row[ENERGY_SET] = 1;
    }
    if (o->beats) {
        double beat = beat_at(o, time);
        row[BEAT_SIN] = (float)sin(2 * MOMUI_PI * beat);
        row[BEAT_COS] = (float)cos(2 * MOMUI_PI * beat);
        row[BEATS_SET] = 1;
        if (o->beats_per_bar > 0) {
            double bar = (beat - o->downbeat) / o->beats_per_bar;
            row[BAR_SIN] = (float)sin(2 * MOMUI_PI * bar);
            row[BAR_COS] = (float)cos(2 * MOMUI_PI * bar);
        }
    }
    if (o->tempo > 0) {
        row[TEMPO] = (float)log2(o->tempo / 120);
        row[TEMPO_SET] = 1;
    }
    if (o->genre > 0)
        row[GENRE + o->genre - 1] = 1;
}

static double latent_seconds(const momui_job *job) {
    return (double)job->config->down * job->config->hop / job->config->sample_rate;
}

/* Whether the model takes beats and there are none yet. */
static bool beats_open(const momui_job *job) {
    return !job->options.beats && (job->config->trained_controls & MOMU_CONTROL_BEATS);
}

void momui_job_condition_on_beats(momui_job *job) {
    momu_generate_options *o = &job->options;
    o->beats = job->beats.times;
    o->beat_count = job->beats.count;
    if (job->beats.tempo > 0 && (job->config->trained_controls & MOMU_CONTROL_TEMPO))
        o->tempo = job->beats.tempo;
}

/* Conditions on a steady track of beats from `first` on, and on its tempo. */
static momu_status condition_on_steady_beats(momui_job *job, double tempo, double first) {
    double gap = 60.0 / tempo;
    momui_beats *beats = &job->beats;
    momui_beats_release(beats);
    beats->count = (size_t)(job->seconds / gap) + 3;
    beats->tempo = tempo;
    beats->times = momui_alloc(job->memory, beats->count, sizeof *beats->times);
    if (!beats->times)
        return momui_fail_memory(job->error, "a beat track");
    for (size_t i = 0; i < beats->count; i++)
        beats->times[i] = first + gap * (double)i;
    momui_job_condition_on_beats(job);
    return MOMU_OK;
}

void momui_job_note_tempo(momui_job *job) {
    const momu_generate_options *o = &job->options;
    job->info.tempo_used = o->tempo;
    if (o->beats)
        job->info.tempo_used =
            60.0 * (double)(o->beat_count - 1) / (o->beats[o->beat_count - 1] - o->beats[0]);
}

static momui_random beat_draw(const momui_job *job) {
    enum { BEAT_STREAM = 4 };
    return (momui_random){job->options.seed, BEAT_STREAM, 0};
}

momu_status momui_job_draw_beats(momui_job *job) {
    static const double SLOWEST = 90, FASTEST = 150; /* the middle of what dances are made to */
    if (!beats_open(job))
        return MOMU_OK;
    momui_random random = beat_draw(job);
    double drawn = SLOWEST * pow(FASTEST / SLOWEST, (double)momui_random_uniform(&random));
    double tempo = job->options.tempo > 0 ? job->options.tempo : drawn;
    double first = 60.0 / tempo * (double)momui_random_uniform(&random);
    return condition_on_steady_beats(job, tempo, first);
}

bool momui_job_fits_beats(const momui_job *job) {
    return beats_open(job) && job->options.tempo > 0;
}

size_t momui_job_within(const momui_job *job, const double *times, size_t count) {
    while (count > 0 && times[count - 1] >= job->seconds)
        count--;
    return count;
}

momu_status momui_job_fit_beats(momui_job *job, const double *times, size_t count) {
    count = momui_job_within(job, times, count);
    double tempo = job->options.tempo, first = momui_fit_steady_beats(times, count, &tempo);
    momui_random random = beat_draw(job);
    if (count == 0)
        first = 60.0 / tempo * (double)momui_random_uniform(&random);
    return condition_on_steady_beats(job, tempo, first);
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

void momui_job_inpainting_mask(const momui_job *job, const momu_span *spans, size_t count,
                               uint8_t *mask) {
    double step = latent_seconds(job);
    for (int64_t k = 0; k < job->latents; k++) {
        double start = (double)k * step, end = start + step;
        mask[k] = 0;
        for (size_t i = 0; i < count; i++)
            if (spans[i].start <= start + 1e-9 && end <= spans[i].end + 1e-9)
                mask[k] = 1;
    }
}
