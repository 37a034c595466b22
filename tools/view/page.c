/* The page: the files of tools/view/page with the scene as JSON in their midst. Arrays are base64
 * of small integers; a song of more than eight million samples (three minutes in stereo) is carried
 * in one channel, a still longer one at half its rate: pages stay below 20 MB.
 *
 *   song    name, seconds, sound (FLAC), beats, tempo, wave: 100 pairs of bytes a second, mel:
 *           (frames, bands) bytes
 *   dances  name, fps, frames, joints, axes, places: (frames, joints, axes) int16 times scale,
 * lift: metres that dancers are raised by, head, bones, beats, hits, musicHits, feet: (frames)
 * bits, agreement
 */
#include "base/extremes.h"
#include "dsp/resample.h"
#include "io/json/json.h"
#include "io/sound/sound.h"
#include "motion/clock.h"
#include "tools/view/page_files.h"
#include "tools/view/scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WAVE_RATE = 100, SHOWN_FPS = 60, MOST_SAMPLES = 8000000 };

/* ---- values ---- */

static void put_base64(momui_writer *out, const unsigned char *data, size_t size) {
    static const char LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    momui_write(out, "\"", 1);
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t bits = (uint32_t)data[i] << 16 | (uint32_t)(left > 1 ? data[i + 1] : 0) << 8 |
                        (uint32_t)(left > 2 ? data[i + 2] : 0);
        char four[4] = {LETTERS[bits >> 18], LETTERS[bits >> 12 & 63],
                        left > 1 ? LETTERS[bits >> 6 & 63] : '=',
                        left > 2 ? LETTERS[bits & 63] : '='};
        momui_write(out, four, 4);
    }
    momui_write(out, "\"", 1);
}

/* JSON within a script element: no text may end that, whatever a file calls itself. */
static void put_text(momui_writer *out, const char *text) {
    size_t from = out->size;
    momui_json_write_string(out, text);
    size_t count = 0;
    for (size_t i = from; i < out->size; i++)
        count += out->data[i] == '<';
    if (count == 0 || out->failed)
        return;
    momui_writer safe;
    momui_writer_init(&safe, out->memory);
    for (size_t i = from; i < out->size; i++) {
        if (out->data[i] == '<')
            momui_write_text(&safe, "\\u003c");
        else
            momui_write(&safe, out->data + i, 1);
    }
    out->size = from;
    momui_write(out, safe.data, safe.size);
    out->failed |= safe.failed;
    momui_writer_release(&safe);
}

static void put_number(momui_writer *out, const char *key, double value) {
    momui_write_text(out, key);
    momui_write_fixed(out, isfinite(value) ? value : 0, 5);
}

static void put_numbers(momui_writer *out, const char *key, const double *values, size_t count) {
    momui_write_text(out, key);
    momui_write_text(out, "[");
    for (size_t i = 0; i < count; i++)
        put_number(out, i ? "," : "", values[i]);
    momui_write_text(out, "]");
}

static void put_flags(momui_writer *out, const char *key, const uint8_t *flags, size_t count) {
    momui_write_text(out, key);
    momui_write_text(out, "[");
    for (size_t i = 0; i < count; i++)
        momui_write_text(out, i ? (flags[i] ? ",1" : ",0") : (flags[i] ? "1" : "0"));
    momui_write_text(out, "]");
}

/* ---- the song ---- */

/* Least and greatest sample of each hundredth of a second, -127..127 plus 128. */
static momu_status put_wave(momui_memory *memory, const momui_scene *scene, momui_writer *out,
                            momu_error *error) {
    const momui_audio *song = scene->view->song;
    size_t count = (size_t)(scene->seconds * WAVE_RATE) + 1;
    uint8_t *wave = momui_alloc(memory, count, 2);
    if (!wave)
        return momui_fail_memory(error, "the song's wave");
    for (size_t i = 0; i < count; i++) {
        int64_t from = (int64_t)((double)i * song->rate / WAVE_RATE);
        int64_t to = (int64_t)((double)(i + 1) * song->rate / WAVE_RATE);
        float low = 0, high = 0;
        for (int64_t s = from; s < to && s < song->frames; s++) {
            low = momui_minf(low, scene->mono[s]);
            high = momui_maxf(high, scene->mono[s]);
        }
        wave[2 * i] = (uint8_t)(128 + 127 * fmaxf(low, -1));
        wave[2 * i + 1] = (uint8_t)(128 + 127 * fminf(high, 1));
    }
    put_number(out, ",\"waveRate\":", WAVE_RATE);
    momui_write_text(out, ",\"wave\":");
    put_base64(out, wave, 2 * count);
    momui_free(wave);
    return MOMU_OK;
}

static momu_status put_mel(momui_memory *memory, const momui_scene *scene, momui_writer *out,
                           momu_error *error) {
    enum { BANDS = 80 };
    static const float DARK = -4.5f, BRIGHT = 1.0f; /* log10, as in draw/pictures.c */
    size_t count = (size_t)scene->mel_frames * BANDS;
    uint8_t *bytes = momui_alloc(memory, count + 1, 1);
    if (!bytes)
        return momui_fail_memory(error, "the song's spectrogram");
    for (size_t i = 0; i < count; i++) {
        float share = (scene->mel[i] - DARK) / (BRIGHT - DARK);
        bytes[i] = (uint8_t)(255 * fminf(1, fmaxf(0, share)));
    }
    put_number(out, ",\"melFrames\":", (double)scene->mel_frames);
    put_number(out, ",\"melBands\":", BANDS);
    put_number(out, ",\"melRate\":", 62.5);
    momui_write_text(out, ",\"mel\":");
    put_base64(out, bytes, count);
    momui_free(bytes);
    return MOMU_OK;
}

/* One channel, at a rate that keeps most samples: half of it and half again, down to 16 kHz. */
static momu_status smaller(momui_memory *memory, const momui_scene *scene, momui_audio *out,
                           momu_error *error) {
    enum { LEAST_RATE = 16000 };
    const momui_audio *song = scene->view->song;
    double seconds = (double)song->frames / song->rate, rate = round(song->rate);
    while (rate >= 2 * LEAST_RATE && seconds * rate > MOST_SAMPLES)
        rate = round(rate / 2);
    *out = (momui_audio){.channels = 1, .rate = rate};
    return momui_resample(memory, scene->mono, song->frames, 1, song->rate, rate, &out->samples,
                          &out->frames, error);
}

static momu_status put_sound(momui_memory *memory, const momui_scene *scene, momui_writer *out,
                             momu_error *error) {
    const momui_audio *song = scene->view->song;
    momui_audio less = {0};
    if (song->frames > MOST_SAMPLES / song->channels || song->channels > 2 ||
        song->rate != floor(song->rate)) {
        MOMUI_TRY(smaller(memory, scene, &less, error));
        song = &less;
    }
    momui_writer flac;
    momui_writer_init(&flac, memory);
    momu_status status = momui_sound_flac(song, &flac, error);
    if (status == MOMU_OK) {
        momui_write_text(out, ",\"type\":\"audio/flac\",\"sound\":");
        put_base64(out, flac.data, flac.size);
    }
    momui_writer_release(&flac);
    momui_free(less.samples);
    return status;
}

static momu_status put_song(momui_memory *memory, const momui_scene *scene, momui_writer *out,
                            momu_error *error) {
    const momui_audio *song = scene->view->song;
    momui_write_text(out, ",\"song\":{\"name\":");
    put_text(out, scene->view->song_name ? scene->view->song_name : "");
    put_number(out, ",\"seconds\":", (double)song->frames / song->rate);
    put_number(out, ",\"tempo\":", scene->music.tempo);
    momui_write_text(out, ",\"tracker\":");
    put_text(out, scene->music.tracker ? scene->music.tracker : "");
    put_numbers(out, ",\"beats\":", scene->music.times, scene->music.count);
    MOMUI_TRY(put_sound(memory, scene, out, error));
    MOMUI_TRY(put_wave(memory, scene, out, error));
    MOMUI_TRY(put_mel(memory, scene, out, error));
    momui_write_text(out, "}");
    return MOMU_OK;
}

/* ---- a dance ---- */

/* (frames, joints, axes) as int16; the scale is such that the farthest coordinate is 32767. */
static momu_status put_places(momui_memory *memory, const momui_motion *motion, momui_writer *out,
                              momu_error *error) {
    size_t axes = motion->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
    size_t count = (size_t)motion->frames * (size_t)motion->skeleton.joints * axes;
    unsigned char *bytes = momui_alloc(memory, count, 2);
    float most = 1e-9f;
    if (!bytes)
        return momui_fail_memory(error, "a dance's places");
    for (size_t i = 0; i < count; i++)
        most = momui_maxf(most, fabsf(motion->positions[i]));
    for (size_t i = 0; i < count; i++) {
        uint16_t code = (uint16_t)(int16_t)lrintf(motion->positions[i] / most * 32767);
        bytes[2 * i] = (unsigned char)(code & 255);
        bytes[2 * i + 1] = (unsigned char)(code >> 8);
    }
    char scale[40];
    snprintf(scale, sizeof scale, "%ld", lround((double)most * 1e9 / 32767));
    momui_write_text(out, ",\"scale\":"); /* in billionths: no locale's comma */
    momui_write_text(out, scale);
    momui_write_text(out, ",\"places\":");
    put_base64(out, bytes, 2 * count);
    momui_free(bytes);
    return MOMU_OK;
}

static void put_bones(const momui_scene_dance *dance, momui_writer *out) {
    put_number(out, ",\"head\":", dance->bones.head);
    momui_write_text(out, ",\"bones\":[");
    for (int32_t i = 0; i < dance->bones.count; i++) {
        char text[64];
        const momui_bone *b = &dance->bones.items[i];
        snprintf(text, sizeof text, "%s[%d,%d,%d]", i ? "," : "", (int)b->from, (int)b->to,
                 (int)b->side);
        momui_write_text(out, text);
    }
    momui_write_text(out, "]");
}

static momu_status put_motion(momui_memory *memory, const momui_motion *motion, momui_writer *out,
                              momu_error *error) {
    momui_motion *slower = NULL;
    if (motion->fps > SHOWN_FPS)
        MOMUI_TRY(momui_motion_resample(memory, motion, SHOWN_FPS, 0,
                                        momui_motion_frames_at(motion, SHOWN_FPS), &slower, error));
    const momui_motion *shown = slower ? slower : motion;
    put_number(out, ",\"fps\":", shown->fps);
    put_number(out, ",\"frames\":", (double)shown->frames);
    put_number(out, ",\"joints\":", shown->skeleton.joints);
    put_number(out, ",\"lift\":", momui_ground_lift(shown));
    put_number(out, ",\"axes\":", shown->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3);
    momu_status status = put_places(memory, shown, out, error);
    momui_motion_free(slower);
    return status;
}

static momu_status put_dance(momui_memory *memory, const momui_scene *scene,
                             const momui_scene_dance *dance, momui_writer *out, momu_error *error) {
    momui_write_text(out, "{\"name\":");
    put_text(out, dance->name ? dance->name : "");
    put_number(out, ",\"seconds\":", dance->seconds);
    MOMUI_TRY(put_motion(memory, dance->motion, out, error));
    put_bones(dance, out);
    put_numbers(out, ",\"beats\":", dance->beats, dance->beat_count);
    put_flags(out, ",\"hits\":", dance->hits, dance->beat_count);
    put_flags(out, ",\"musicHits\":", dance->music_hits, scene->music.count);
    if (dance->feet) {
        put_number(out, ",\"feetRate\":", dance->motion->fps);
        momui_write_text(out, ",\"feet\":");
        put_base64(out, dance->feet, (size_t)dance->motion->frames);
    }
    put_number(out, ",\"f1\":", dance->match.f1);
    put_number(out, ",\"precision\":", dance->match.precision);
    put_number(out, ",\"recall\":", dance->match.recall);
    put_number(out, ",\"chance\":", dance->chance);
    momui_write_text(out, "}");
    return MOMU_OK;
}

/* ---- the page ---- */

static momu_status put_data(momui_memory *memory, const momui_scene *scene, momui_writer *out,
                            momu_error *error) {
    const momui_view *view = scene->view;
    momui_write_text(out, "{\"title\":");
    put_text(out, view->title ? view->title : "");
    put_number(out, ",\"seconds\":", scene->seconds);
    put_number(out, ",\"tolerance\":", MOMUI_VIEW_TOLERANCE);
    momui_write_text(out, ",\"dances\":[");
    for (int i = 0; i < view->dance_count; i++) {
        momui_write_text(out, i ? "," : "");
        MOMUI_TRY(put_dance(memory, scene, &scene->dances[i], out, error));
    }
    momui_write_text(out, "]");
    if (view->song)
        MOMUI_TRY(put_song(memory, scene, out, error));
    momui_write_text(out, "}");
    return MOMU_OK;
}

/* page.html has a word for each part: @STYLE@, @DATA@ and @SCRIPT@. */
static momu_status put_page(momui_memory *memory, const momui_scene *scene, momui_writer *out,
                            momu_error *error) {
    const char *at = (const char *)momui_page_html, *end = at + momui_page_html_size;
    while (at < end) {
        const char *mark = memchr(at, '@', (size_t)(end - at));
        size_t left = (size_t)(end - (mark ? mark : end));
        momui_write(out, at, (size_t)((mark ? mark : end) - at));
        if (!mark)
            break;
        if (left > 7 && memcmp(mark, "@STYLE@", 7) == 0) {
            momui_write(out, momui_page_css, momui_page_css_size);
            at = mark + 7;
        } else if (left > 6 && memcmp(mark, "@DATA@", 6) == 0) {
            MOMUI_TRY(put_data(memory, scene, out, error));
            at = mark + 6;
        } else if (left > 8 && memcmp(mark, "@SCRIPT@", 8) == 0) {
            momui_write(out, momui_dancer_js, momui_dancer_js_size);
            momui_write(out, momui_tracks_js, momui_tracks_js_size);
            momui_write(out, momui_keys_js, momui_keys_js_size);
            momui_write(out, momui_player_js, momui_player_js_size);
            at = mark + 8;
        } else {
            momui_write(out, mark, 1);
            at = mark + 1;
        }
    }
    return out->failed ? momui_fail_memory(error, "the page") : MOMU_OK;
}

momu_status momui_page_make(momui_memory *memory, const momui_view *view, momui_writer *out,
                            momu_error *error) {
    momui_scene scene;
    MOMUI_TRY(momui_scene_open(memory, view, &scene, error));
    momu_status status = put_page(memory, &scene, out, error);
    momui_scene_close(&scene);
    return status;
}

momu_status momui_page_write(momui_memory *memory, const momui_view *view, const char *path,
                             momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, memory);
    momu_status status = momui_page_make(memory, view, &out, error);
    if (status == MOMU_OK)
        status = momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}
