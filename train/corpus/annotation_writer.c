/* The annotations of a pair: STEM.json. */
#include "train/corpus/sample_writer.h"

#include "io/json/json.h"
#include "models/genres.h"

#include <momu/generate.h>
#include <stdio.h>
#include <string.h>

/* The members and elements of nested values, commas between them. */
typedef struct note {
    momui_writer out;
    bool comma;
} note;

static void open_with(note *n, const char *key, const char *bracket) {
    if (n->comma)
        momui_write_text(&n->out, ",");
    if (key) {
        momui_json_write_string(&n->out, key);
        momui_write_text(&n->out, ":");
    }
    momui_write_text(&n->out, bracket);
    n->comma = bracket[0] == '\0';
}

static void close_with(note *n, const char *bracket) {
    momui_write_text(&n->out, bracket);
    n->comma = true;
}

/* `key` NULL: an element of a list. */
static void put_text(note *n, const char *key, const char *text) {
    open_with(n, key, "");
    momui_json_write_string(&n->out, text);
}

static void put_number(note *n, const char *key, double value, int decimals) {
    open_with(n, key, "");
    momui_write_fixed(&n->out, value, decimals);
}

static void put_bool(note *n, const char *key, bool value) {
    open_with(n, key, "");
    momui_write_text(&n->out, value ? "true" : "false");
}

static void put_seed(note *n, const char *key, uint64_t seed) {
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)seed);
    put_text(n, key, text);
}

static void put_beats(note *n, const momui_grid *grid) {
    const momui_grid_beat *beats = grid->beats;
    open_with(n, "beats", "[");
    for (size_t i = 0; i < grid->beat_count; i++)
        put_number(n, NULL, beats[i].time, 5);
    close_with(n, "]");
    open_with(n, "downbeats", "[");
    for (size_t i = 0; i < grid->beat_count; i++)
        if (beats[i].count == 0)
            put_number(n, NULL, beats[i].time, 5);
    close_with(n, "]");
    open_with(n, "beat_energy", "[");
    for (size_t i = 0; i < grid->beat_count; i++)
        put_number(n, NULL, (double)beats[i].energy, 3);
    close_with(n, "]");
    open_with(n, "beat_accent", "[");
    for (size_t i = 0; i < grid->beat_count; i++)
        put_number(n, NULL, (double)beats[i].accent, 3);
    close_with(n, "]");
    open_with(n, "rests", "["); /* which beats */
    for (size_t i = 0; i < grid->beat_count; i++)
        if (beats[i].rest)
            put_number(n, NULL, (double)i, 0);
    close_with(n, "]");
}

static double beat_time(const momui_grid *grid, int64_t beat) {
    if (beat < 0)
        return 0;
    return (size_t)beat < grid->beat_count ? grid->beats[beat].time : grid->seconds;
}

static void put_sections(note *n, const momui_grid *grid) {
    open_with(n, "sections", "[");
    for (size_t i = 0; i < grid->section_count; i++) {
        const momui_grid_section *section = &grid->sections[i];
        int64_t end = (int64_t)section->first_beat + section->beats;
        open_with(n, NULL, "{");
        put_text(n, "name", section->name);
        put_number(n, "start", beat_time(grid, section->first_beat), 5);
        put_number(n, "end", beat_time(grid, end), 5);
        put_number(n, "first_beat", section->first_beat, 0);
        put_number(n, "beats", section->beats, 0);
        put_number(n, "energy", (double)section->energy, 3);
        put_number(n, "like", section->like, 0);
        close_with(n, "}");
    }
    close_with(n, "]");
}

static double mean_energy(const momui_grid *grid) {
    double sum = 0;
    for (size_t i = 0; i < grid->beat_count; i++)
        sum += (double)grid->beats[i].energy;
    return sum / (double)grid->beat_count;
}

static void put_grid(note *n, const momui_grid *grid) {
    put_number(n, "seconds", grid->seconds, 5);
    put_number(n, "tempo", grid->tempo, 3);
    if (grid->meter > 0)
        put_number(n, "meter", grid->meter, 0);
    if (grid->genre > 0) {
        put_text(n, "genre", momui_genre_name(grid->genre));
        put_number(n, "genre_number", grid->genre, 0);
    }
    put_number(n, "swing", grid->swing, 3);
    put_number(n, "energy", mean_energy(grid), 3);
    put_beats(n, grid);
    put_sections(n, grid);
}

static void put_music(note *n, const momui_corpus_sample *sample, const momui_track *track) {
    open_with(n, "music", "{");
    put_text(n, "kind", track->kind);
    put_text(n, "title", track->title);
    put_text(n, "source", track->source);
    put_text(n, "licence", track->licence);
    put_seed(n, "seed", sample->music_seed);
    if (sample->recorded) {
        put_number(n, "from", track->from, 3);
        put_number(n, "speed", track->speed, 4);
        put_number(n, "semitones", track->pitch, 3);
    }
    close_with(n, "}");
}

/* Whether a phrase's name is of this take: behind it comes nothing, or how it was changed. */
static bool names_take(const char *phrase, const char *take) {
    size_t length = strlen(take);
    const char *end = phrase + length;
    return strncmp(phrase, take, length) == 0 &&
           (*end == '\0' || *end == ',' || strcmp(end, " mirrored") == 0 ||
            strncmp(end, " mirrored", 9) == 0);
}

static bool danced(const momui_dance *dance, const char *take) {
    for (size_t i = 0; i < dance->phrase_count; i++) {
        const momui_danced *phrase = &dance->phrases[i];
        if ((phrase->mocap_lower && names_take(phrase->lower, take)) ||
            (phrase->mocap_upper && names_take(phrase->upper, take)))
            return true;
    }
    return false;
}

static void put_takes(note *n, const momui_units *units, const momui_dance *dance) {
    open_with(n, "takes", "[");
    for (size_t i = 0; units && i < units->take_count; i++)
        if (danced(dance, units->takes[i].name)) {
            open_with(n, NULL, "{");
            put_text(n, "name", units->takes[i].name);
            put_text(n, "licence", units->takes[i].licence);
            close_with(n, "}");
        }
    close_with(n, "]");
}

static void put_dance(note *n, const momui_synthesis_context *synthesis,
                      const momui_corpus_sample *sample, const momui_dance *dance) {
    open_with(n, "dance", "{");
    put_seed(n, "seed", sample->dance_seed);
    put_number(n, "captured_share", dance->mocap_share, 4);
    put_number(n, "half_time_share", dance->half_time_share, 4);
    put_takes(n, synthesis->units, dance);
    open_with(n, "phrases", "[");
    for (size_t i = 0; i < dance->phrase_count; i++) {
        const momui_danced *phrase = &dance->phrases[i];
        open_with(n, NULL, "{");
        put_number(n, "first_beat", phrase->first_beat, 0);
        put_number(n, "beats", phrase->beats, 0);
        put_text(n, "lower", phrase->lower);
        put_bool(n, "captured_lower", phrase->mocap_lower);
        put_text(n, "upper", phrase->upper);
        put_bool(n, "captured_upper", phrase->mocap_upper);
        put_bool(n, "half_time", phrase->half_time);
        close_with(n, "}");
    }
    close_with(n, "]");
    close_with(n, "}");
}

static void put_agreement(note *n, const momui_agreement *agreement, double skate) {
    open_with(n, "measured", "{");
    put_number(n, "f1", agreement->f1, 4);
    put_number(n, "chance", agreement->chance, 4);
    put_number(n, "hits", (double)agreement->hits, 0);
    put_number(n, "kinematic_beats", (double)agreement->kinematic, 0);
    put_number(n, "skate", skate, 3);
    close_with(n, "}");
}

momu_status momui_annotations_write(const momui_synthesis_context *synthesis,
                                    const momui_corpus_sample *sample, const momui_track *track,
                                    const momui_dance *dance, const momui_agreement *agreement,
                                    const char *path, momu_error *error) {
    note n = {0};
    momui_writer_init(&n.out, synthesis->memory);
    open_with(&n, NULL, "{");
    put_number(&n, "corpus", MOMUI_CORPUS_VERSION, 0);
    put_number(&n, "item", (double)sample->number, 0);
    put_text(&n, "split", momui_split_names[sample->split]);
    put_grid(&n, &track->grid);
    put_music(&n, sample, track);
    put_dance(&n, synthesis, sample, dance);
    put_agreement(&n, agreement, dance->skate);
    close_with(&n, "}");
    momui_write_text(&n.out, "\n");
    momu_status status = n.out.failed ? momui_fail_memory(error, "a pair's annotations")
                                      : momui_write_file(path, n.out.data, n.out.size, error);
    momui_writer_release(&n.out);
    return status;
}
