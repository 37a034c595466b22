#include "train/corpus/music/mix.h"

#include "dsp/levels.h"
#include "train/corpus/music/room.h"

#include <math.h>
#include <string.h>

enum { STREAM = 0x4d49580000000001 >> 32 }; /* "MIX": apart from the composer's streams */

/* What productions of a genre are like: mean over time in dB below full scale, drive in dB, how
 * much room and how large, how deep the kick drum makes the others duck, in dB. */
typedef struct style {
    float level, drive, room, size, pump;
} style;

static const style STYLES[17] = {
    {-15, 2, 0.30f, 0.4f, 0},  /* not known */
    {-13, 3, 0.22f, 0.35f, 4}, /* house */
    {-12, 5, 0.22f, 0.45f, 4}, /* techno */
    {-13, 4, 0.15f, 0.25f, 1}, /* hip-hop */
    {-15, 3, 0.18f, 0.25f, 0}, /* funk */
    {-14, 3, 0.28f, 0.4f, 1},  /* pop */
    {-13, 5, 0.22f, 0.35f, 0}, /* rock */
    {-14, 3, 0.38f, 0.6f, 3},  /* synthwave */
    {-12, 5, 0.20f, 0.35f, 1}, /* drum and bass */
    {-13, 3, 0.18f, 0.3f, 2},  /* reggaeton */
    {-16, 1, 0.25f, 0.35f, 0}, /* cha-cha */
    {-18, 0, 0.32f, 0.5f, 0},  /* rumba */
    {-20, 0, 0.42f, 0.7f, 0},  /* waltz */
    {-17, 1, 0.25f, 0.35f, 0}, /* swing */
    {-18, 1, 0.42f, 0.65f, 0}, /* ballad */
    {-18, 1, 0.40f, 0.6f, 0},  /* modern */
    {-15, 2, 0.30f, 0.4f, 0},  /* other */
};

struct momui_mix {
    momui_memory *memory;
    const momui_song *song;
    momui_room *room;
    double rate;
    size_t parts;
    float left[MOMUI_MIX_PARTS], right[MOMUI_MIX_PARTS], send[MOMUI_MIX_PARTS];
    float duck[MOMUI_MIX_PARTS]; /* how much of the pump this part takes */
    float pump, pump_now;        /* depth; the reduction at this moment, 0..pump */
    float pump_release;          /* of each block */
    size_t next;                 /* note to look at for kick drums */
    float tilt_low, tilt_high, tilt_corner, tilt_state[2];
    double level, drive, ceiling; /* dB, dB, linear */
};

static double between(momui_random *random, double low, double high) {
    return low + (high - low) * (double)momui_random_uniform(random);
}

static float linear(double decibels) {
    return (float)pow(10, decibels / 20);
}

/* Balance: deviates a few dB from the song's gains, less for drums and bass. */
static void draw_parts(momui_mix *mix, double room, momui_random *random) {
    for (size_t i = 0; i < mix->parts; i++) {
        const momui_part *part = &mix->song->parts[i];
        bool drums = part->bank == 128, bass = strncmp(part->name, "bass", 4) == 0;
        double spread = drums || bass ? 1.0 : 1.8;
        double off = fmin(fmax(spread * (double)momui_random_normal(random), -4), 4);
        double pan = (double)part->pan + 0.08 * (double)momui_random_normal(random);
        double angle = (fmin(fmax(pan, -1), 1) + 1) * 0.78539816339744831;
        float gain = part->gain * linear(off);
        mix->left[i] = gain * 1.41421356f * (float)cos(angle);
        mix->right[i] = gain * 1.41421356f * (float)sin(angle);
        mix->send[i] = (float)(room * (double)part->room);
        mix->duck[i] = drums ? 0 : 1;
    }
}

static void draw(momui_mix *mix, double *size, double *bright, momui_random *random) {
    int32_t genre = mix->song->grid.genre;
    const style *m = &STYLES[genre >= 1 && genre <= 16 ? genre : 0];
    draw_parts(mix, 2 * (double)m->room * between(random, 0.4, 1.5), random);
    *size = fmin(fmax((double)m->size + 0.18 * (double)momui_random_normal(random), 0.05), 1);
    *bright = between(random, 0.1, 0.9);
    double tilt = fmin(fmax(1.3 * (double)momui_random_normal(random), -3), 3); /* dB each way */
    mix->tilt_low = linear(-tilt);
    mix->tilt_high = linear(tilt);
    mix->tilt_corner = (float)(1 - exp(-6.283185307 * between(random, 600, 1200) / mix->rate));
    mix->pump = 1 - linear(-(double)m->pump * between(random, 0.3, 1.5));
    mix->pump_release = (float)exp(-MOMUI_MIX_BLOCK / (mix->rate * between(random, 0.06, 0.12)));
    mix->level = fmin((double)m->level + 2.0 * (double)momui_random_normal(random), -9.5);
    mix->level = fmax(mix->level, -26);
    mix->drive = (double)m->drive * between(random, 0, 1.6);
    mix->ceiling = (double)linear(between(random, -1.5, -0.1));
}

momu_status momui_mix_open(momui_memory *memory, const momui_song *song, double rate,
                           momui_mix **out, momu_error *error) {
    *out = NULL;
    momui_mix *mix = momui_calloc(memory, 1, sizeof *mix);
    if (!mix)
        return momui_fail_memory(error, "the mix");
    *mix = (momui_mix){.memory = memory, .song = song, .rate = rate};
    mix->parts = song->part_count < MOMUI_MIX_PARTS ? song->part_count : MOMUI_MIX_PARTS;
    momui_random random = {song->seed, STREAM, 0};
    double size, bright;
    draw(mix, &size, &bright, &random);
    momu_status status = momui_room_open(memory, rate, size, bright, &random, &mix->room, error);
    if (status != MOMU_OK) {
        momui_mix_close(mix);
        return status;
    }
    *out = mix;
    return MOMU_OK;
}

void momui_mix_close(momui_mix *mix) {
    if (!mix)
        return;
    momui_room_close(mix->room);
    momui_free(mix);
}

/* The kick drum presses the others down; they come back within a tenth of a second. */
static void follow_kick(momui_mix *mix, double time) {
    const momui_song *song = mix->song;
    double end = time + MOMUI_MIX_BLOCK / mix->rate;
    mix->pump_now *= mix->pump_release;
    for (; mix->next < song->note_count && song->notes[mix->next].time < end; mix->next++) {
        const momui_note *note = &song->notes[mix->next];
        bool kick = note->part >= 0 && (size_t)note->part < mix->parts &&
                    song->parts[note->part].bank == 128 && (note->key == 35 || note->key == 36);
        if (kick)
            mix->pump_now = fmaxf(mix->pump_now, mix->pump * note->velocity);
    }
}

void momui_mix_block(momui_mix *mix, float *const *parts, double time, float *out) {
    float send[2 * MOMUI_MIX_BLOCK] = {0};
    memset(out, 0, sizeof send);
    follow_kick(mix, time);
    for (size_t p = 0; p < mix->parts; p++) {
        const float *left = parts[2 * p], *right = parts[2 * p + 1];
        float level = 1 - mix->duck[p] * mix->pump_now;
        float l = mix->left[p] * level, r = mix->right[p] * level, s = mix->send[p];
        for (int i = 0; i < MOMUI_MIX_BLOCK; i++) {
            out[2 * i] += l * left[i];
            out[2 * i + 1] += r * right[i];
            send[2 * i] += s * l * left[i];
            send[2 * i + 1] += s * r * right[i];
        }
    }
    momui_room_process(mix->room, send, out, MOMUI_MIX_BLOCK);
    for (int i = 0; i < 2 * MOMUI_MIX_BLOCK; i++) {
        float *low = &mix->tilt_state[i & 1];
        *low += mix->tilt_corner * (out[i] - *low) + 1e-20f;
        out[i] = mix->tilt_low * *low + mix->tilt_high * (out[i] - *low);
    }
}

/* Mean power of what is not silence. */
static double audio_rms(const momui_audio *audio) {
    static const double QUIET = 1e-8;
    enum { TRACK = 4096 };
    double sum = 0;
    int64_t sounding = 0;
    for (int64_t start = 0; start < 2 * audio->frames; start += TRACK) {
        int64_t end = start + TRACK < 2 * audio->frames ? start + TRACK : 2 * audio->frames;
        double power = 0;
        for (int64_t i = start; i < end; i++)
            power += (double)audio->samples[i] * (double)audio->samples[i];
        if (power > QUIET * (double)(end - start)) {
            sum += power;
            sounding += end - start;
        }
    }
    return sounding > 0 ? sqrt(sum / (double)sounding) : 0;
}

/* Soft saturation: straight when small, +-1 at most. */
static float saturate(float x) {
    x = fminf(fmaxf(x, -3), 3);
    return x * (27 + x * x) / (27 + 9 * x * x);
}

/* One gain for both sides, in steps of a few frames: the limiter follows the peaks of each. */
static momu_status limit(momui_mix *mix, momui_audio *audio, momu_error *error) {
    enum { STEP = 4 };
    int64_t steps = audio->frames / STEP + 1;
    float *peaks = momui_calloc(mix->memory, (size_t)steps, 2 * sizeof *peaks);
    if (!peaks)
        return momui_fail_memory(error, "the limiter");
    float *held = peaks + steps;
    for (int64_t i = 0; i < 2 * audio->frames; i++)
        peaks[i / (2 * STEP)] = fmaxf(peaks[i / (2 * STEP)], fabsf(audio->samples[i]));
    memcpy(held, peaks, (size_t)steps * sizeof *held);
    float ceiling = (float)mix->ceiling;
    momui_limit(held, steps, ceiling);
    for (int64_t i = 0; i < 2 * audio->frames; i++) {
        int64_t k = i / (2 * STEP);
        if (held[k] < peaks[k])
            audio->samples[i] =
                fminf(fmaxf(audio->samples[i] * (held[k] / peaks[k]), -ceiling), ceiling);
    }
    momui_free(peaks);
    return MOMU_OK;
}

momu_status momui_mix_finish(momui_mix *mix, momui_audio *audio, momu_error *error) {
    double rms = audio_rms(audio);
    if (!(rms > 0))
        return MOMU_OK;
    /* Driven at a level where peaks are bent, and brought back. */
    float into = (float)(pow(10, (-14 + mix->drive) / 20) / rms);
    for (int64_t i = 0; mix->drive > 0.05 && i < 2 * audio->frames; i++)
        audio->samples[i] = saturate(into * audio->samples[i]);
    if (mix->drive > 0.05)
        rms = audio_rms(audio);
    float gain = (float)(pow(10, mix->level / 20) / rms);
    for (int64_t i = 0; i < 2 * audio->frames; i++)
        audio->samples[i] *= gain;
    return limit(mix, audio, error);
}
