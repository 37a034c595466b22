/* Keys, progressions in Roman numerals, and voices that move little. */
#include "train/corpus/music/arrangement.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_ITEM = 16, PROGRESSION_ITEM = 17 };

static uint32_t scale_of(char mode) {
    static const struct {
        char mode;
        const char *steps; /* where its tones are among twelve */
    } scales[] = {
        {'M', "x.x.xx.x.x.x"}, {'a', "x.xx.x.xx.x."}, {'d', "x.xx.x.x.xx."}, {'h', "x.xx.x.xx..x"},
        {'p', "x..x.x.x..x."}, {'b', "x..x.xxx..x."}, {'P', "x.x.x..x.x.."},
    };
    uint32_t set = 0;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        for (int tone = 0; tone < 12 && scales[i].mode == mode; tone++)
            if (scales[i].steps[tone] == 'x')
                set |= 1u << tone;
    return set;
}

static void set_tones(momui_chord *chord, const char *tones) {
    chord->count = 0;
    for (const char *p = tones; *p && chord->count < MOMUI_CHORD_TONES; p++)
        chord->tones[chord->count++] = (int8_t)(*p >= 'a' ? *p - 'a' + 10 : *p - '0');
}

/* Tones in semitones; a to l are ten and more. */
static void set_quality(momui_chord *chord, bool minor, const char *name, size_t length) {
    static const struct {
        const char *name, *major, *minor;
    } qualities[] = {
        {"", "047", "037"},       {"7", "047a", "037a"},    {"M7", "047b", "037b"},
        {"6", "0479", "0379"},    {"9", "047ae", "037ae"},  {"M9", "047be", "037be"},
        {"add9", "047e", "037e"}, {"sus4", "057", "057"},   {"7sus4", "057a", "057a"},
        {"sus2", "027", "027"},   {"5", "07", "07"},        {"o", "036", "036"},
        {"o7", "0369", "0369"},   {"7b5", "046a", "036a"},  {"13", "04al", "037ae"},
        {"7b9", "047ad", "037a"}, {"7#9", "047af", "037a"},
    };
    set_tones(chord, minor ? "037" : "047");
    for (size_t i = 0; i < sizeof qualities / sizeof *qualities; i++)
        if (strlen(qualities[i].name) == length && memcmp(qualities[i].name, name, length) == 0)
            set_tones(chord, minor ? qualities[i].minor : qualities[i].major);
}

/* "bVI7", "ii7", "V7sus4": the degree counts on the major scale. */
static const char *read_chord(const char *text, int32_t key, momui_chord *chord) {
    static const struct {
        const char *numeral;
        int8_t semitones;
    } degrees[] = {{"VII", 11}, {"III", 4}, {"VI", 9}, {"IV", 5}, {"II", 2}, {"V", 7}, {"I", 0}};
    int32_t root = key;
    for (; *text == 'b' || *text == '#'; text++)
        root += *text == 'b' ? -1 : 1;
    bool minor = *text == 'i' || *text == 'v';
    for (size_t i = 0; i < sizeof degrees / sizeof *degrees; i++) {
        size_t length = strlen(degrees[i].numeral), same = 0;
        while (same < length && text[same] == degrees[i].numeral[same] + (minor ? 'a' - 'A' : 0))
            same++;
        if (same < length)
            continue;
        root += degrees[i].semitones;
        text += length;
        break;
    }
    size_t length = strcspn(text, " |");
    set_quality(chord, minor, text, length);
    chord->root = (int8_t)((root % 12 + 12) % 12);
    return text + length;
}

/* Chords of one bar share it evenly. */
static int32_t bars_of(const char *progression) {
    int32_t bars = 1;
    for (const char *p = progression; *p; p++)
        bars += *p == '|';
    return bars;
}

static void chords_of_bar(const momui_arrangement *score, const char *progression, int32_t bar,
                          momui_chord *chords) {
    int32_t meter = score->genre->meter, count = 0;
    const char *p = progression;
    for (bar %= bars_of(progression); bar > 0; bar--)
        p = strchr(p, '|') + 1;
    momui_chord found[4];
    while (*p && *p != '|' && count < 4) {
        if (*p == ' ') {
            p++;
            continue;
        }
        p = read_chord(p, score->key, &found[count++]);
    }
    for (int32_t i = 0; i < meter; i++)
        chords[i] = found[i * count / meter];
}

static void write_section(momui_arrangement *score, int32_t s) {
    const momui_song_section *section = &score->sections[s];
    const momui_genre *genre = score->genre;
    const char *const *list = score->minor ? genre->minor_progressions : genre->major;
    /* Intro and outro stand on the verse's chords, a break on the chorus's. */
    momui_section_kind kind = section->kind;
    kind = kind == MOMUI_INTRO || kind == MOMUI_OUTRO ? MOMUI_VERSE : kind;
    kind = kind == MOMUI_BREAK ? MOMUI_CHORUS : kind;
    int32_t count = 0;
    while (count < MOMUI_GENRE_PATTERNS && list[count])
        count++;
    momui_random random = momui_whole(score, PROGRESSION_ITEM);
    int32_t first = (int32_t)momui_random_below(&random, (uint32_t)count);
    int32_t step = 1 + (int32_t)momui_random_below(&random, 3);
    static const int32_t place[MOMUI_SECTION_KINDS] = {0, 0, 1, 2, 1, 0};
    const char *progression = list[(first + place[kind] * step) % count];
    for (int32_t bar = 0; bar < section->bars; bar++)
        chords_of_bar(score, progression, bar, &score->chords[momui_bar_beat(score, section, bar)]);
}

momu_status momui_write_harmony(momui_arrangement *score, momu_error *error) {
    momui_random random = momui_whole(score, KEY_ITEM);
    const momui_genre *genre = score->genre;
    score->key = (int32_t)momui_random_below(&random, 12);
    score->minor = momui_chance(&random, genre->minor);
    uint32_t modes = (uint32_t)strlen(genre->modes);
    char mode = genre->modes[momui_random_below(&random, modes)];
    score->scale = scale_of(score->minor ? mode : momui_chance(&random, 0.3f) ? 'P' : 'M');
    score->chords = momui_calloc(score->memory, (size_t)score->beat_count, sizeof *score->chords);
    if (!score->chords)
        return momui_fail_memory(error, "the harmony of a song");
    for (int32_t s = 0; s < score->section_count; s++)
        write_section(score, s);
    if (!genre->loops) { /* home at the end */
        int32_t last = score->beat_count - genre->meter;
        for (int32_t i = last; i < score->beat_count; i++)
            read_chord(score->minor ? "i" : "I", score->key, &score->chords[i]);
    }
    return MOMU_OK;
}

bool momui_same_chord(const momui_chord *a, const momui_chord *b) {
    return a->root == b->root && a->count == b->count &&
           memcmp(a->tones, b->tones, (size_t)a->count) == 0;
}

bool momui_chord_begins(const momui_arrangement *score, const momui_song_section *section,
                        int32_t beat) {
    return beat == section->first_beat ||
           !momui_same_chord(&score->chords[beat], &score->chords[beat - 1]);
}

int32_t momui_closest_key(int32_t pitch, int32_t near) {
    int32_t up = ((pitch - near) % 12 + 12) % 12;
    return near + (up > 6 ? up - 12 : up);
}

static int32_t movement(const momui_voicing *a, const momui_voicing *b, int32_t centre) {
    int32_t cost = 0;
    for (int32_t i = 0; i < a->count; i++) {
        int32_t nearest = 24;
        for (int32_t j = 0; j < b->count; j++)
            nearest =
                abs(a->keys[i] - b->keys[j]) < nearest ? abs(a->keys[i] - b->keys[j]) : nearest;
        cost += 2 * (b->count ? nearest : 0) + abs(a->keys[i] - centre) / 2;
    }
    return cost;
}

void momui_voice(const momui_chord *chord, int32_t centre, momui_voicing *voicing) {
    momui_voicing best = {0};
    int32_t lowest = INT32_MAX, count = chord->count < MOMUI_VOICES ? chord->count : MOMUI_VOICES;
    /* Five tones: the root is left to the bass. */
    int32_t skip = chord->count - count;
    for (int32_t inversion = 0; inversion < count; inversion++)
        for (int32_t octave = -1; octave <= 1; octave++) {
            momui_voicing v = {.count = count};
            int32_t at = centre - 5 + 12 * octave;
            for (int32_t i = 0; i < count; i++) {
                int32_t pitch = chord->root + chord->tones[skip + (inversion + i) % count];
                at += ((pitch - at) % 12 + 12) % 12;
                v.keys[i] = at++;
            }
            int32_t cost = movement(&v, voicing, centre);
            if (cost < lowest) {
                lowest = cost;
                best = v;
            }
        }
    *voicing = best;
}
