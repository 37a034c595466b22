/* Generation options: every field is checked, every default filled in. */
#include "generate/job.h"

#include <math.h>
#include <string.h>

static const double JOINT_SECONDS = 12, MOTION_FPS = 60, MAX_OUTPUT_RATE = 384000;

/* 0 becomes `fallback`; others must be within low..high. */
static momu_status resolve(const char *name, double *value, double low, double high,
                           double fallback, momu_error *error) {
    if (*value == 0) {
        *value = fallback;
        return MOMU_OK;
    }
    return momui_check_range(name, *value, low, high, error);
}

static momu_status resolve_integer(const char *name, int32_t *value, int32_t low, int32_t high,
                                   int32_t fallback, momu_error *error) {
    if (*value == 0)
        *value = fallback;
    else if (*value < low || *value > high)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "%s is %d, expected %d to %d", name,
                          (int)*value, (int)low, (int)high);
    return MOMU_OK;
}

static momu_status resolve_sampling(momui_job *job) {
    const momui_diffusion_config *diffusion = &job->config->diffusion;
    momu_generate_options *o = &job->options;
    momu_error *error = job->error;
    MOMUI_TRY(
        resolve_integer("steps", &o->steps, 1, diffusion->steps, diffusion->sampling_steps, error));
    MOMUI_TRY(
        resolve_integer("sampler", &o->sampler, 1, MOMUI_SAMPLERS, diffusion->sampler, error));
    MOMUI_TRY(
        resolve("guidance_music", &o->guidance_music, 1e-6, 50, diffusion->guidance_music, error));
    MOMUI_TRY(resolve("guidance_motion", &o->guidance_motion, 1e-6, 50, diffusion->guidance_motion,
                      error));
    MOMUI_TRY(resolve("guidance_rescale", &o->guidance_rescale, 0, 1, 0, error));
    MOMUI_TRY(resolve("guidance_start_music", &o->guidance_start_music, 1e-6, 1,
                      diffusion->guidance_start_music, error));
    MOMUI_TRY(resolve("guidance_start_motion", &o->guidance_start_motion, 1e-6, 1,
                      diffusion->guidance_start_motion, error));
    return resolve("joint_start", &o->joint_start, 1e-6, 1, diffusion->joint_start, error);
}

static momu_status resolve_result(momui_job *job) {
    momu_generate_options *o = &job->options;
    momu_error *error = job->error;
    MOMUI_TRY(resolve("audio_rate", &o->audio_rate, MOMU_MIN_RATE, MAX_OUTPUT_RATE,
                      job->config->sample_rate, error));
    MOMUI_TRY(resolve("motion_fps", &o->motion_fps, MOMU_MIN_FPS, MOMU_MAX_FPS, MOTION_FPS, error));
    MOMUI_TRY(resolve_integer("track_beats", &o->track_beats, MOMU_SWITCH_ON, MOMU_SWITCH_OFF,
                              MOMU_SWITCH_ON, error));
    return resolve_integer("foot_lock", &o->foot_lock, MOMU_SWITCH_ON, MOMU_SWITCH_OFF,
                           MOMU_SWITCH_ON, error);
}

static momu_status check_beats(const momu_generate_options *o, momu_error *error) {
    if (!o->beats) {
        if (o->beat_count > 0)
            return momui_fail(error, MOMU_ERROR_ARGUMENT, "beat_count is %zu, but beats is NULL",
                              o->beat_count);
        if (o->beats_per_bar != 0 || o->downbeat != 0)
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "beats_per_bar and downbeat speak of beats, but none were given");
        return MOMU_OK;
    }
    if (o->beat_count < 2)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "beat_count is %zu, expected 2 or more",
                          o->beat_count);
    for (size_t i = 0; i < o->beat_count; i++)
        if (!isfinite(o->beats[i]) || (i > 0 && o->beats[i] <= o->beats[i - 1]))
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "beat %zu is at %g s, expected finite and ascending times", i,
                              o->beats[i]);
    if (o->downbeat < 0 || (size_t)o->downbeat >= o->beat_count)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "downbeat is %d, expected 0 to %zu",
                          (int)o->downbeat, o->beat_count - 1);
    return MOMU_OK;
}

static momu_status check_trained(const momui_job *job, uint32_t control, bool asked,
                                 const char *name) {
    if (!asked || (job->config->trained_controls & control))
        return MOMU_OK;
    return momui_fail(job->error, MOMU_ERROR_UNSUPPORTED,
                      "this model (%s) was not trained for the control \"%s\"", job->config->preset,
                      name);
}

static momu_status check_energy(const momu_generate_options *o, momu_error *error) {
    if (!o->energy != !o->energy_count)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "energy: the curve and its count are given together or not at all");
    for (size_t i = 0; i < o->energy_count; i++)
        if (!(o->energy[i] >= 0 && o->energy[i] <= 1))
            return momui_fail(error, MOMU_ERROR_ARGUMENT, "energy: value %zu is %g, expected 0..1",
                              i, o->energy[i]);
    return MOMU_OK;
}

static momu_status check_controls(momui_job *job) {
    momu_generate_options *o = &job->options;
    momu_error *error = job->error;
    job->genre_refused = o->genre == MOMU_GENRE_NONE;
    if (job->genre_refused)
        o->genre = 0;
    MOMUI_TRY(resolve_integer("genre", &o->genre, 1, MOMUI_GENRES, 0, error));
    MOMUI_TRY(resolve("tempo", &o->tempo, 30, 300, 0, error));
    MOMUI_TRY(check_energy(o, error));
    MOMUI_TRY(check_beats(o, error));
    MOMUI_TRY(resolve_integer("beats_per_bar", &o->beats_per_bar, 1, 16, 0, error));
    MOMUI_TRY(check_trained(job, MOMU_CONTROL_GENRE, o->genre != 0, "genre"));
    MOMUI_TRY(check_trained(job, MOMU_CONTROL_TEMPO, o->tempo != 0, "tempo"));
    MOMUI_TRY(check_trained(job, MOMU_CONTROL_ENERGY, o->energy != NULL, "energy"));
    return check_trained(job, MOMU_CONTROL_BEATS, o->beats != NULL, "beats");
}

/* `seconds`: how long the recording is; negative: there is none. */
static momu_status check_spans(const momui_job *job, const char *name, double seconds,
                               const momu_span *spans, size_t count, bool made) {
    momu_error *error = job->error;
    bool recording = seconds >= 0;
    if (!recording && count == 0)
        return MOMU_OK;
    if (!recording || !spans || count == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: a recording and its spans are given together or not at all", name);
    if (!made)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "%s: this verb does not make that side",
                          name);
    for (size_t i = 0; i < count; i++)
        if (!(spans[i].start >= 0) || !(spans[i].end > spans[i].start) || !isfinite(spans[i].end))
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "%s: span %zu is %g..%g s, expected 0 <= start < end", name, i,
                              spans[i].start, spans[i].end);
    for (size_t i = 0; i < count; i++)
        if (spans[i].end > seconds + 1e-3)
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "%s: span %zu ends at %g s, but the recording at %.3f s", name, i,
                              spans[i].end, seconds);
    return check_trained(job, MOMU_CONTROL_INPAINTING, true, "inpainting");
}

momu_status momui_job_begin(momui_job *job, momu_context *context, const momui_bundle *bundle,
                            const momu_generate_options *options, bool makes_music,
                            bool makes_motion) {
    memset(job, 0, sizeof *job);
    job->context = context;
    job->memory = context->memory;
    job->error = &context->error;
    job->makes_music = makes_music;
    job->makes_motion = makes_motion;
    if (!bundle)
        return momui_fail(job->error, MOMU_ERROR_ARGUMENT, "no model was given");
    job->bundle = bundle;
    job->config = &bundle->config;
    momu_generate_options *o = &job->options;
    if (options && !momui_copy_struct(o, sizeof *o, options, options->struct_size))
        return momui_fail(
            job->error, MOMU_ERROR_ARGUMENT,
            "generation options: struct_size is %zu; call momu_generate_options_init()",
            options->struct_size);
    MOMUI_TRY(momui_call_check(context));
    MOMUI_TRY(resolve_sampling(job));
    MOMUI_TRY(resolve_result(job));
    MOMUI_TRY(check_controls(job));
    MOMUI_TRY(check_spans(job, "inpainting_audio",
                          o->inpainting_audio ? momui_audio_seconds(o->inpainting_audio) : -1,
                          o->inpainting_audio_spans, o->inpainting_audio_span_count, makes_music));
    return check_spans(job, "inpainting_motion",
                       o->inpainting_motion ? momui_motion_seconds(o->inpainting_motion) : -1,
                       o->inpainting_motion_spans, o->inpainting_motion_span_count, makes_motion);
}

static momu_status check_noise(const momui_job *job, const char *name, const float *noise,
                               size_t count) {
    if (!noise && count == 0)
        return MOMU_OK;
    size_t need = (size_t)job->latents * (size_t)job->config->latent;
    if (!noise || count != need)
        return momui_fail(job->error, MOMU_ERROR_ARGUMENT,
                          "%s holds %zu floats, expected %lld latent frames x %d channels = %zu",
                          name, noise ? count : 0, (long long)job->latents,
                          (int)job->config->latent, need);
    return momui_check_finite(name, noise, count, (size_t)job->config->latent, "latent frame",
                              job->error);
}

momu_status momui_job_length(momui_job *job, const char *input, double input_seconds) {
    const momui_config *config = job->config;
    momu_generate_options *o = &job->options;
    momu_error *error = job->error;
    bool has_input = input_seconds >= 0;
    double rate = (double)config->sample_rate / config->hop, shortest = config->down / rate;
    if (!isfinite(o->seconds) || o->seconds < 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "seconds is %g, expected %g to %g",
                          o->seconds, shortest, config->max_seconds);
    if (has_input && o->seconds > input_seconds + 1 / rate)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "seconds is %g, but the %s has %.3f seconds",
                          o->seconds, input, input_seconds);
    job->seconds = o->seconds > 0 ? o->seconds : has_input ? input_seconds : JOINT_SECONDS;
    if (has_input && job->seconds > input_seconds)
        job->seconds = input_seconds;
    if (job->seconds > config->max_seconds)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "%.3f seconds are longer than this model's limit of %g seconds",
                          job->seconds, config->max_seconds);
    /* A clock of 62.5 is exact in binary, a length in seconds is not: 0.064 s are four frames. */
    job->frames = (int64_t)floor(job->seconds * rate + 1e-6);
    if (job->frames < config->down)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "%s has %.3f seconds, expected at least %.3f",
                          has_input ? input : "the result", job->seconds, shortest);
    job->latents = (job->frames + config->down - 1) / config->down;
    MOMUI_TRY(check_noise(job, "music_noise", o->music_noise, o->music_noise_count));
    return check_noise(job, "motion_noise", o->motion_noise, o->motion_noise_count);
}

momu_status momui_job_close(momui_job *job, momu_status status) {
    momui_job_forget_dance(job);
    momui_beats_release(&job->beats);
    if (job->progress_broken)
        return momui_fail(job->error, MOMU_ERROR_ARGUMENT,
                          "the progress callback returned neither MOMU_CONTINUE nor MOMU_CANCEL");
    if (status == MOMU_ERROR_CANCELLED)
        atomic_store(&job->context->cancel, 0);
    return status;
}
