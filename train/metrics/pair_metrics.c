#include "train/metrics/pair_metrics.h"

#include "dsp/mel.h"
#include "dsp/resample.h"
#include "io/json/json.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motion/kinematics.h"
#include "motion/layout.h"

static const double LATEST = 7200; /* seconds */
enum { MOST_BEATS = 100000, MOST_GENRES = 64 };

/* ---- facts ---- */

static momu_status read_beats(momui_memory *memory, const momui_json *root,
                              momui_annotations *annotations, momu_error *error) {
    const momui_json *list;
    MOMUI_TRY(momui_json_array(root, "beats", 0, MOST_BEATS, &list, error));
    size_t count = momui_json_count(list);
    annotations->beats = momui_alloc(memory, count, sizeof *annotations->beats);
    if (!annotations->beats)
        return momui_fail_memory(error, "the beats");
    for (size_t i = 0; i < count; i++) {
        MOMUI_TRY(
            momui_json_as_double(momui_json_at(list, i), 0, LATEST, &annotations->beats[i], error));
        if (i > 0 && annotations->beats[i] <= annotations->beats[i - 1])
            return momui_json_fail(list, error, "number %zu does not come after the one before", i);
    }
    annotations->beat_count = count;
    return MOMU_OK;
}

static momu_status read_phrase(const momui_json *from, momui_phrase *phrase, momu_error *error) {
    MOMUI_TRY(momui_json_as_object(from, error));
    MOMUI_TRY(
        momui_json_i32(from, "first_beat", -MOST_BEATS, MOST_BEATS, &phrase->first_beat, error));
    MOMUI_TRY(momui_json_i32(from, "beats", 0, 2 * MOST_BEATS, &phrase->beats, error));
    MOMUI_TRY(momui_json_bool(from, "captured_lower", &phrase->captured_lower, error));
    MOMUI_TRY(momui_json_bool(from, "captured_upper", &phrase->captured_upper, error));
    return momui_json_bool(from, "half_time", &phrase->half_time, error);
}

static momu_status read_dance(momui_memory *memory, const momui_json *dance,
                              momui_annotations *annotations, momu_error *error) {
    const momui_json *list;
    MOMUI_TRY(momui_json_as_object(dance, error));
    MOMUI_TRY(
        momui_json_double(dance, "captured_share", 0, 1, &annotations->captured_share, error));
    MOMUI_TRY(
        momui_json_double(dance, "half_time_share", 0, 1, &annotations->half_time_share, error));
    MOMUI_TRY(momui_json_array(dance, "phrases", 0, MOST_BEATS, &list, error));
    size_t count = momui_json_count(list);
    annotations->phrases = momui_calloc(memory, count, sizeof *annotations->phrases);
    if (!annotations->phrases)
        return momui_fail_memory(error, "the phrases");
    for (size_t i = 0; i < count; i++)
        MOMUI_TRY(read_phrase(momui_json_at(list, i), &annotations->phrases[i], error));
    annotations->phrase_count = count;
    return MOMU_OK;
}

static momu_status read_root(momui_memory *memory, const momui_json *root,
                             momui_annotations *annotations, momu_error *error) {
    MOMUI_TRY(momui_json_as_object(root, error));
    if (momui_json_find(root, "seconds"))
        MOMUI_TRY(momui_json_double(root, "seconds", 0, LATEST, &annotations->seconds, error));
    if (momui_json_find(root, "tempo"))
        MOMUI_TRY(momui_json_double(root, "tempo", 0, 1000, &annotations->tempo, error));
    if (momui_json_find(root, "energy"))
        MOMUI_TRY(momui_json_double(root, "energy", 0, 1, &annotations->energy, error));
    if (momui_json_find(root, "genre_number"))
        MOMUI_TRY(momui_json_i32(root, "genre_number", 0, MOST_GENRES, &annotations->genre, error));
    if (momui_json_find(root, "beats"))
        MOMUI_TRY(read_beats(memory, root, annotations, error));
    const momui_json *dance = momui_json_find(root, "dance");
    return dance ? read_dance(memory, dance, annotations, error) : MOMU_OK;
}

momu_status momui_annotations_read(momui_memory *memory, const char *path,
                                   momui_annotations *annotations, momu_error *error) {
    momui_bytes bytes;
    *annotations = (momui_annotations){0};
    MOMUI_TRY(momui_bytes_from_path(memory, path, false, 1 << 24, &bytes, error));
    momui_json *root = NULL;
    momu_status status = momui_json_parse((const char *)bytes.data, bytes.size, path, &root, error);
    if (status == MOMU_OK)
        status = read_root(memory, root, annotations, error);
    momui_json_free(root);
    momui_bytes_release(&bytes);
    if (status != MOMU_OK)
        momui_annotations_release(annotations);
    return status;
}

void momui_annotations_release(momui_annotations *annotations) {
    momui_free(annotations->beats);
    momui_free(annotations->phrases);
    *annotations = (momui_annotations){0};
}

/* When beat `index` falls; those outside are before everything, or after it. */
static double beat_time(const momui_annotations *annotations, int64_t index) {
    if (index < 0)
        return -LATEST;
    return (size_t)index < annotations->beat_count ? annotations->beats[index] : LATEST;
}

momui_origin momui_annotations_origin(const momui_annotations *annotations, double start,
                                      double end) {
    double covered = 0;
    bool captured = true, written = true;
    for (size_t i = 0; i < annotations->phrase_count; i++) {
        const momui_phrase *p = &annotations->phrases[i];
        double from = beat_time(annotations, p->first_beat);
        double to = beat_time(annotations, (int64_t)p->first_beat + p->beats);
        from = from > start ? from : start;
        to = to < end ? to : end;
        if (to <= from)
            continue;
        covered += to - from;
        captured = captured && p->captured_lower && p->captured_upper;
        written = written && !p->captured_lower && !p->captured_upper;
    }
    if (covered < 0.99 * (end - start) || captured == written)
        return MOMUI_ORIGIN_MIXED;
    return captured ? MOMUI_ORIGIN_CAPTURED : MOMUI_ORIGIN_PROCEDURAL;
}

/* ---- dance and sound ---- */

static momu_status to_rate(momui_memory *memory, momui_motion **body, momu_error *error) {
    momui_motion *made = NULL;
    if ((*body)->fps == MOMUI_MOTION_RATE)
        return MOMU_OK;
    int64_t frames = momui_motion_frames_at(*body, MOMUI_MOTION_RATE);
    MOMUI_TRY(momui_motion_resample(memory, *body, MOMUI_MOTION_RATE, 0, frames, &made, error));
    momui_motion_free(*body);
    *body = made;
    return MOMU_OK;
}

momu_status momui_dance_read(momui_memory *memory, const char *path, momui_motion **body,
                             momu_error *error) {
    momui_motion *source = NULL;
    *body = NULL;
    MOMUI_TRY(momui_motion_read(memory, path, NULL, &source, error));
    momu_status status = MOMU_OK;
    if (momui_motion_is_body(source)) {
        *body = source;
        source = NULL;
    } else {
        status = momui_body_from_motion(memory, source, body, NULL, error);
    }
    if (status == MOMU_OK)
        status = to_rate(memory, body, error);
    momui_motion_free(source);
    if (status != MOMU_OK) {
        momui_motion_free(*body);
        *body = NULL;
    }
    return status;
}

momu_status momui_mel_read(momui_memory *memory, const char *path, float **mel, int64_t *frames,
                           momu_error *error) {
    momui_audio *sound = NULL;
    float *mono = NULL, *samples = NULL;
    int64_t count = 0;
    *mel = NULL;
    MOMUI_TRY(momui_sound_read(memory, path, &sound, error));
    momu_status status = MOMU_OK;
    if (!(mono = momui_audio_mono(sound, memory)))
        status = momui_fail_memory(error, "the mono sound");
    if (status == MOMU_OK)
        status = momui_resample(memory, mono, sound->frames, 1, sound->rate,
                                momui_mel_default.sample_rate, &samples, &count, error);
    if (status == MOMU_OK)
        status = momui_mel(memory, &momui_mel_default, samples, count, mel, frames, error);
    momui_free(samples);
    momui_free(mono);
    momui_audio_free(sound);
    return status;
}
