/* libfluidsynth as an orchestra without a hall: each part on a channel and an output of its own, no
 * reverb, no chorus; mix.c makes the sound. Its blocks are 64 frames, so a note begins at most 32
 * frames (0.7 ms at 44.1 kHz) off, and each sound's own delay is measured and taken off. */
#include "train/corpus/music/song.h"

#include "base/extremes.h"
#include "train/corpus/music/mix.h"
#include "train/corpus/music/score.h"
#include "train/corpus/music/soundfont.h"

#include <fluidsynth.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = MOMUI_MIX_BLOCK, PARTS = MOMUI_MIX_PARTS, VOICES = 96 };

struct momui_band {
    momui_memory *memory;
    fluid_settings_t *settings;
    fluid_synth_t *reader; /* read the soundfont, and reads its samples when they are wanted */
    fluid_sfont_t *font;   /* read once; lent to one synthesizer after another */
    fluid_synth_t *synth;  /* a new one for each song: nothing of the last is left in it */
    int font_id;
    double rate;
    char name[128];
    float *outputs[2 * PARTS]; /* left and right of each part, into `block` */
    float block[2 * PARTS][BLOCK];
};

/* libfluidsynth reports to the process's standard error unless it is configured not to, and there
 * is one such setting in a process: a host that wants its log sets its own functions after making a
 * band. */
static void silence(void) {
    for (int level = 0; level < LAST_LOG_LEVEL; level++)
        fluid_set_log_function(level, NULL, NULL);
}

static bool configure(fluid_settings_t *s, double rate) {
    return fluid_settings_setnum(s, "synth.sample-rate", rate) == FLUID_OK &&
           fluid_settings_setnum(s, "synth.gain", 1.0) == FLUID_OK &&
           fluid_settings_setint(s, "synth.polyphony", VOICES) == FLUID_OK &&
           fluid_settings_setint(s, "synth.cpu-cores", 1) == FLUID_OK &&
           fluid_settings_setint(s, "synth.midi-channels", PARTS) == FLUID_OK &&
           fluid_settings_setint(s, "synth.audio-channels", PARTS) == FLUID_OK &&
           fluid_settings_setint(s, "synth.audio-groups", PARTS) == FLUID_OK &&
           fluid_settings_setint(s, "synth.reverb.active", 0) == FLUID_OK &&
           fluid_settings_setint(s, "synth.chorus.active", 0) == FLUID_OK &&
           fluid_settings_setint(s, "synth.threadsafe-api", 0) == FLUID_OK &&
           fluid_settings_setint(s, "synth.lock-memory", 0) == FLUID_OK &&
           fluid_settings_setint(s, "synth.dynamic-sample-loading", 1) == FLUID_OK;
}

static momu_status new_synth(momui_band *band, momu_error *error) {
    band->synth = new_fluid_synth(band->settings);
    if (!band->synth)
        return momui_fail_memory(error, "the synthesizer");
    band->font_id = fluid_synth_add_sfont(band->synth, band->font);
    return band->font_id == FLUID_FAILED ? momui_fail_memory(error, "the synthesizer") : MOMU_OK;
}

static void end_synth(momui_band *band) {
    fluid_synth_remove_sfont(band->synth, band->font);
    delete_fluid_synth(band->synth);
    band->synth = NULL;
}

static momu_status read_font(momui_band *band, const char *path, momu_error *error) {
    silence();
    band->settings = new_fluid_settings();
    if (!band->settings)
        return momui_fail_memory(error, "the synthesizer's settings");
    if (!configure(band->settings, band->rate))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "libfluidsynth refuses its settings at %g frames a second", band->rate);
    band->reader = new_fluid_synth(band->settings);
    if (!band->reader)
        return momui_fail_memory(error, "the synthesizer");
    int id = fluid_synth_sfload(band->reader, path, 0);
    if (id != FLUID_FAILED)
        band->font = fluid_synth_get_sfont_by_id(band->reader, id);
    if (band->font) {
        /* What every new synthesizer begins with: else it would be decoded for each song. */
        fluid_synth_pin_preset(band->reader, id, 0, 0);
        fluid_synth_pin_preset(band->reader, id, 128, 0);
        fluid_synth_remove_sfont(band->reader, band->font);
    }
    return band->font ? MOMU_OK
                      : momui_fail(error, MOMU_ERROR_FORMAT,
                                   "%s: no soundfont that libfluidsynth can read", path);
}

momu_status momui_band_create(momui_memory *memory, const char *path, double rate, momui_band **out,
                              momu_error *error) {
    *out = NULL;
    if (!path)
        path = MOMUI_SOUNDFONT;
    if (!(rate >= 8000 && rate <= 96000))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the band's rate: found %g; expected 8000 to 96000", rate);
    MOMUI_TRY(momui_soundfont_check(memory, path, error));
    momui_band *band = momui_calloc(memory, 1, sizeof *band);
    if (!band)
        return momui_fail_memory(error, "the band");
    band->memory = memory;
    band->rate = rate;
    const char *slash = strrchr(path, '/');
    snprintf(band->name, sizeof band->name, "%.120s", slash ? slash + 1 : path);
    for (int i = 0; i < 2 * PARTS; i++)
        band->outputs[i] = band->block[i];
    momu_status status = read_font(band, path, error);
    if (status != MOMU_OK) {
        momui_band_destroy(band);
        return status;
    }
    *out = band;
    return MOMU_OK;
}

void momui_band_destroy(momui_band *band) {
    if (!band)
        return;
    /* A soundfont ends with a synthesizer that has it. */
    if (band->font)
        fluid_synth_add_sfont(band->reader, band->font);
    if (band->reader)
        delete_fluid_synth(band->reader);
    if (band->settings)
        delete_fluid_settings(band->settings);
    momui_free(band);
}

const char *momui_band_name(const momui_band *band) {
    return band->name;
}

static bool render(momui_band *band) {
    memset(band->block, 0, sizeof band->block);
    return fluid_synth_process(band->synth, BLOCK, 0, NULL, 2 * PARTS, band->outputs) == FLUID_OK;
}

/* The part's instrument, or one like it: another kit, another bank. Kept loaded for later songs. */
static momu_status seat(momui_band *band, const momui_part *part, int channel, momu_error *error) {
    int program = part->program, banks[2] = {part->bank, part->bank == 128 ? 128 : 0};
    for (int i = 0; i < 2; i++) {
        int use = i == 1 && part->bank == 128 ? 0 : program;
        fluid_synth_pin_preset(band->synth, band->font_id, banks[i], use);
        if (fluid_synth_program_select(band->synth, channel, band->font_id, banks[i], use) ==
            FLUID_OK)
            return MOMU_OK;
    }
    return momui_fail(error, MOMU_ERROR_NOT_FOUND, "%s: no instrument bank %d program %d for %s",
                      band->name, (int)part->bank, program, part->name);
}

static momu_status seat_all(momui_band *band, const momui_song *song, momu_error *error) {
    if (song->part_count > PARTS)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %zu parts; at most %d", song->title,
                          song->part_count, PARTS);
    for (int i = 0; i < (int)song->part_count; i++)
        MOMUI_TRY(seat(band, &song->parts[i], i, error));
    return MOMU_OK;
}

static void quiet(momui_band *band) {
    fluid_synth_all_sounds_off(band->synth, -1);
    for (int i = 0; i < 64 && fluid_synth_get_active_voice_count(band->synth) > 0; i++)
        render(band);
    render(band);
}

/* Frames from a note to its attack: a fifth of its first peak. Slow sounds begin when they
 * begin. */
static double measure_delay(momui_band *band, int channel, int key) {
    enum { LOOK = 12 }; /* blocks: 17 ms */
    static const double MOST = 0.006, SHARE = 0.2;
    float sound[LOOK * BLOCK];
    float peak = 0;
    fluid_synth_noteon(band->synth, channel, key, 100);
    for (int b = 0; b < LOOK; b++) {
        render(band);
        for (int i = 0; i < BLOCK; i++) {
            float value =
                fabsf(band->outputs[2 * channel][i]) + fabsf(band->outputs[2 * channel + 1][i]);
            sound[b * BLOCK + i] = value;
            peak = momui_maxf(peak, value);
        }
    }
    quiet(band);
    int at = 0;
    while (at < LOOK * BLOCK - 1 && sound[at] < (float)SHARE * peak)
        at++;
    return fmin(at / band->rate, MOST);
}

static void measure_delays(momui_band *band, const momui_song *song, momui_delays *delays) {
    memset(delays, 0, sizeof *delays);
    for (size_t i = 0; i < song->note_count; i++) {
        const momui_note *note = &song->notes[i];
        if (note->part < 0 || (size_t)note->part >= song->part_count || note->key < 0 ||
            note->key > 127)
            continue;
        bool drums = song->parts[note->part].bank == 128;
        /* Of other instruments: that of the first key, an octave at a time. */
        int slot = drums ? note->key : note->key / 12 * 12;
        if (delays->measured[note->part][slot])
            continue;
        delays->measured[note->part][slot] = true;
        delays->seconds[note->part][slot] =
            measure_delay(band, note->part, drums ? slot : slot + 6);
    }
}

static void perform(momui_band *band, const momui_event *event) {
    if (event->velocity > 0)
        fluid_synth_noteon(band->synth, event->part, event->key, event->velocity);
    else
        fluid_synth_noteoff(band->synth, event->part, event->key);
}

/* Fades the last frames: a song ends with its form, whatever still sounds. */
static void fade_end(momui_audio *audio) {
    int64_t length = (int64_t)(0.03 * audio->rate);
    for (int64_t i = 0; i < length && i < audio->frames; i++)
        for (int c = 0; c < 2; c++)
            audio->samples[2 * (audio->frames - 1 - i) + c] *= (float)i / (float)length;
}

static momu_status perform_all(momui_band *band, const momui_score *score, momui_mix *mix,
                               momui_audio *audio, momu_error *error) {
    float mixed[2 * BLOCK];
    size_t next = 0;
    for (int64_t block = -MOMUI_SCORE_LEAD; block * BLOCK < audio->frames; block++) {
        for (; next < score->count && score->events[next].block <= block; next++)
            perform(band, &score->events[next]);
        if (!render(band))
            return momui_fail(error, MOMU_ERROR_INTERNAL, "libfluidsynth stopped playing");
        if (block < 0)
            continue;
        momui_mix_block(mix, band->outputs, (double)(block * BLOCK) / band->rate, mixed);
        int64_t left = audio->frames - block * BLOCK;
        memcpy(audio->samples + 2 * block * BLOCK, mixed,
               (size_t)(left < BLOCK ? left : BLOCK) * 2 * sizeof *mixed);
    }
    return MOMU_OK;
}

static momu_status play(momui_band *band, const momui_song *song, momui_audio *audio,
                        momu_error *error) {
    momui_delays *delays = momui_calloc(band->memory, 1, sizeof *delays);
    momui_score score = {0};
    momui_mix *mix = NULL;
    momu_status status;
    MOMUI_TRY_GOTO(delays ? MOMU_OK : momui_fail_memory(error, "the song's score"), status, done);
    measure_delays(band, song, delays);
    MOMUI_TRY_GOTO(momui_score_open(band->memory, song, delays, band->rate, &score, error), status,
                   done);
    MOMUI_TRY_GOTO(momui_mix_open(band->memory, song, band->rate, &mix, error), status, done);
    MOMUI_TRY_GOTO(perform_all(band, &score, mix, audio, error), status, done);
    fade_end(audio);
    MOMUI_TRY_GOTO(momui_mix_finish(mix, audio, error), status, done);
done:
    momui_mix_close(mix);
    momui_score_close(&score);
    momui_free(delays);
    return status;
}

momu_status momui_band_play(momui_band *band, const momui_song *song, momui_audio **audio,
                            momu_error *error) {
    *audio = NULL;
    if (!(song->grid.seconds > 0 && song->grid.seconds <= 3600))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: lasts %g s; expected more than 0 and at most 3600", song->title,
                          song->grid.seconds);
    int64_t frames = (int64_t)llround(song->grid.seconds * band->rate);
    momui_audio *made = momui_audio_new(band->memory, frames, 2, band->rate);
    if (!made)
        return momui_fail_memory(error, "the song's sound");
    momu_status status = new_synth(band, error);
    if (status == MOMU_OK)
        status = seat_all(band, song, error);
    if (status == MOMU_OK)
        status = play(band, song, made, error);
    if (band->synth)
        end_synth(band);
    if (status == MOMU_OK)
        *audio = made;
    else
        momui_audio_free(made);
    return status;
}
