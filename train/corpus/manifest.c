/* Totals of the corpus, of its splits and its genres. */
#include "train/corpus/manifest.h"

#include "io/json/json.h"
#include "models/genres.h"
#include "train/datasets/annotations.h"

#include <momu/generate.h>
#include <stdio.h>
#include <string.h>

/* Sums over pairs. */
typedef struct total {
    size_t pairs, songs, segments;
    double seconds;
    double hits, kinematic, beats;  /* counts */
    double chance;                  /* weighed by beats */
    double mocap, half_time, skate; /* weighed by seconds */
} total;

/* A soundfont or a track. */
typedef struct source {
    char kind[16], name[192], licence[64];
    size_t pairs[MOMUI_SPLITS];
} source;

typedef struct totals {
    momui_memory *memory;
    total all, split[MOMUI_SPLITS], genre[MOMUI_GENRES + 1];
    source *sources;
    size_t source_count;
} totals;

static void add(total *sum, const total *pair) {
    sum->pairs += pair->pairs;
    sum->songs += pair->songs;
    sum->segments += pair->segments;
    sum->seconds += pair->seconds;
    sum->hits += pair->hits;
    sum->kinematic += pair->kinematic;
    sum->beats += pair->beats;
    sum->chance += pair->chance * pair->beats;
    sum->mocap += pair->mocap * pair->seconds;
    sum->half_time += pair->half_time * pair->seconds;
    sum->skate += pair->skate * pair->seconds;
}

static double f1_of(const total *sum) {
    return sum->kinematic + sum->beats > 0 ? 2 * sum->hits / (sum->kinematic + sum->beats) : 0;
}

static double per(double sum, double weight) {
    return weight > 0 ? sum / weight : 0;
}

/* The annotations that the dataset's own writer always writes. */
static momu_status check_whole(const momui_annotations *a, const char *path, momu_error *error) {
    const char *lacking = !a->music_whole              ? "music"
                          : !a->dance_whole            ? "dance"
                          : !a->measured_whole         ? "measured"
                          : a->seconds > 0 && a->beats ? NULL
                                                       : "seconds and beats";
    if (!lacking)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: \"%s\" is missing or lacks keys", path,
                      lacking);
}

/* A pair's annotations as numbers to add. */
static total pair_total(const momui_annotations *a, const momui_corpus_sample *sample) {
    return (total){.pairs = 1,
                   .songs = !sample->recorded,
                   .segments = sample->recorded,
                   .seconds = a->seconds,
                   .hits = a->hits,
                   .kinematic = a->kinematic_beats,
                   .beats = (double)a->beat_count,
                   .chance = a->chance,
                   .mocap = a->mocap_share,
                   .half_time = a->half_time_share,
                   .skate = a->skate};
}

/* Counts the pair under its music's source, which it adds to the list if it is new. */
static momu_status add_source(totals *sums, const momui_annotations *a, momui_split split,
                              momu_error *error) {
    for (size_t i = 0; i < sums->source_count; i++)
        if (strcmp(sums->sources[i].name, a->music_source) == 0) {
            sums->sources[i].pairs[split]++;
            return MOMU_OK;
        }
    source *grown =
        momui_realloc(sums->memory, sums->sources, sums->source_count + 1, sizeof *sums->sources);
    if (!grown)
        return momui_fail_memory(error, "the corpus's sources");
    sums->sources = grown;
    source *made = &grown[sums->source_count++];
    *made = (source){0};
    snprintf(made->kind, sizeof made->kind, "%s", a->music_kind);
    snprintf(made->name, sizeof made->name, "%s", a->music_source);
    snprintf(made->licence, sizeof made->licence, "%s", a->music_licence);
    made->pairs[split]++;
    return MOMU_OK;
}

static momu_status add_pair(const momui_synthesis_context *synthesis, size_t number, totals *sums,
                            momu_error *error) {
    momui_corpus_sample sample;
    char path[1024];
    momui_annotations annotations;
    momui_corpus_plan_sample(synthesis, number, &sample);
    momui_sample_path(synthesis->options, &sample, ".json", path);
    MOMUI_TRY(momui_annotations_read(synthesis->memory, path, &annotations, error));
    momu_status status = check_whole(&annotations, path, error);
    if (status == MOMU_OK)
        status = add_source(sums, &annotations, sample.split, error);
    if (status == MOMU_OK) {
        total pair = pair_total(&annotations, &sample);
        add(&sums->all, &pair);
        add(&sums->split[sample.split], &pair);
        add(&sums->genre[annotations.genre], &pair);
    }
    momui_annotations_release(&annotations);
    return status;
}

static void write_number(momui_writer *out, const char *name, double value, int decimals) {
    momui_write_text(out, ",\"");
    momui_write_text(out, name);
    momui_write_text(out, "\":");
    momui_write_fixed(out, value, decimals);
}

/* Keys ("stretches", "captured_share") are bytes of existing corpora: they stay. */
static void write_total(momui_writer *out, const total *sum) {
    momui_write_text(out, "{\"pairs\":");
    momui_write_fixed(out, (double)sum->pairs, 0);
    write_number(out, "songs", (double)sum->songs, 0);
    write_number(out, "stretches", (double)sum->segments, 0);
    write_number(out, "hours", sum->seconds / 3600, 4);
    write_number(out, "f1", f1_of(sum), 4);
    write_number(out, "chance", per(sum->chance, sum->beats), 4);
    write_number(out, "captured_share", per(sum->mocap, sum->seconds), 4);
    write_number(out, "half_time_share", per(sum->half_time, sum->seconds), 4);
    write_number(out, "skate", per(sum->skate, sum->seconds), 3);
    momui_write_text(out, "}");
}

static void write_totals(momui_writer *out, const totals *sums) {
    momui_write_text(out, ",\n\"total\":");
    write_total(out, &sums->all);
    momui_write_text(out, ",\n\"splits\":{");
    for (int i = 0; i < MOMUI_SPLITS; i++) {
        momui_write_text(out, i > 0 ? ",\n" : "\n");
        momui_json_write_string(out, momui_split_names[i]);
        momui_write_text(out, ":");
        write_total(out, &sums->split[i]);
    }
    momui_write_text(out, "},\n\"genres\":{");
    bool first = true;
    for (int i = 0; i <= MOMUI_GENRES; i++) {
        if (sums->genre[i].pairs == 0)
            continue;
        momui_write_text(out, first ? "\n" : ",\n");
        momui_json_write_string(out, i > 0 ? momui_genre_name(i) : "unknown");
        momui_write_text(out, ":");
        write_total(out, &sums->genre[i]);
        first = false;
    }
    momui_write_text(out, "}");
}

static void write_text(momui_writer *out, const char *name, const char *text) {
    momui_write_text(out, name);
    momui_json_write_string(out, text);
}

static void write_sources(momui_writer *out, const totals *sums) {
    momui_write_text(out, ",\n\"music\":[");
    for (size_t i = 0; i < sums->source_count; i++) {
        const source *from = &sums->sources[i];
        write_text(out, i > 0 ? ",\n{\"source\":" : "\n{\"source\":", from->name);
        write_text(out, ",\"kind\":", from->kind);
        write_text(out, ",\"licence\":", from->licence);
        for (int k = 0; k < MOMUI_SPLITS; k++)
            write_number(out, momui_split_names[k], (double)from->pairs[k], 0);
        momui_write_text(out, "}");
    }
    momui_write_text(out, "]");
}

static void write_takes(momui_writer *out, const momui_units *units) {
    momui_write_text(out, ",\n\"takes\":[");
    for (size_t i = 0; units && i < units->take_count; i++) {
        const momui_take *take = &units->takes[i];
        write_text(out, i > 0 ? ",\n{\"name\":" : "\n{\"name\":", take->name);
        write_text(out, ",\"split\":", momui_split_names[take->split]);
        write_text(out, ",\"licence\":", take->licence);
        momui_write_text(out, "}");
    }
    momui_write_text(out, "]");
}

static momu_status write_manifest(const momui_synthesis_context *synthesis,
                                  const momui_corpus_mark *marks, const totals *sums,
                                  momu_error *error) {
    char path[1024];
    momui_writer out;
    momui_writer_init(&out, synthesis->memory);
    momui_write_text(&out, "{\"made_with\":");
    momui_corpus_marks_write(marks, &out);
    write_totals(&out, sums);
    write_sources(&out, sums);
    write_takes(&out, synthesis->units);
    momui_write_text(&out, "}\n");
    snprintf(path, sizeof path, "%s/corpus.json", synthesis->options->folder);
    momu_status status = out.failed ? momui_fail_memory(error, "the corpus's manifest")
                                    : momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}

momu_status momui_manifest_write(const momui_synthesis_context *synthesis,
                                 const momui_corpus_mark marks[MOMUI_CORPUS_MARKS], size_t count,
                                 momui_corpus_summary *summary, momu_error *error) {
    totals sums = {.memory = synthesis->memory};
    momu_status status = MOMU_OK;
    for (size_t i = 0; status == MOMU_OK && i < count; i++)
        status = add_pair(synthesis, i, &sums, error);
    const total *all = &sums.all;
    *summary = (momui_corpus_summary){.pairs = all->pairs,
                                      .songs = all->songs,
                                      .segments = all->segments,
                                      .hours = all->seconds / 3600,
                                      .f1 = f1_of(all),
                                      .chance = per(all->chance, all->beats),
                                      .mocap_share = per(all->mocap, all->seconds),
                                      .half_time_share = per(all->half_time, all->seconds),
                                      .skate = per(all->skate, all->seconds)};
    if (status == MOMU_OK)
        status = write_manifest(synthesis, marks, &sums, error);
    momui_free(sums.sources);
    return status;
}
