/* The paper's tables, with its published rows. */
#include "train/evaluate/evaluation_report.h"

#include <math.h>

typedef struct published {
    const char *name;
    double values[5];
} published;

static const published AIST_MUSIC[] = {
    {"Foley", {96.4, 6.9, 41.0, 15.0, 57.5}},   {"CMT", {97.1, 6.4, 46.2, 18.6, 62.6}},
    {"D2M-GAN", {95.6, 9.4, 88.7, 19.0, 93.1}}, {"CDCD", {96.5, 9.1, 89.3, 18.1, 92.7}},
    {"LORIS", {98.6, 6.1, 90.8, 13.9, 94.5}},   {"MoMu-Diffusion", {97.5, 5.2, 98.6, 2.8, 98.1}}};
static const published FLOOR_25[] = {{"Foley", {36.0, 36.2, 32.3, 30.7, 34.1}},
                                     {"CMT", {46.4, 30.1, 57.4, 29.8, 51.3}},
                                     {"D2M-GAN", {45.3, 27.7, 58.7, 30.1, 51.1}},
                                     {"CDCD", {49.0, 21.1, 61.0, 27.0, 54.3}},
                                     {"LORIS", {58.8, 19.4, 67.1, 21.1, 62.7}},
                                     {"MoMu-Diffusion", {66.6, 14.3, 76.9, 19.1, 71.4}}};
static const published FLOOR_50[] = {{"Foley", {32.6, 38.0, 28.4, 32.5, 30.4}},
                                     {"CMT", {42.3, 32.0, 53.8, 31.7, 47.4}},
                                     {"D2M-GAN", {41.9, 29.2, 54.7, 32.7, 47.5}},
                                     {"CDCD", {45.9, 23.8, 57.5, 29.3, 51.0}},
                                     {"LORIS", {54.7, 21.6, 63.8, 24.5, 58.9}},
                                     {"MoMu-Diffusion", {62.7, 24.0, 68.1, 20.2, 65.3}}};
static const published AIST_MOTION[] = {
    {"AIST++: D2M", {23.7, 13.8, 42.8, 23.6, 30.5}},
    {"AIST++: DiffGesture", {28.5, 16.7, 40.4, 25.7, 33.4}},
    {"AIST++: MoMu-Diffusion", {39.2, 10.2, 56.3, 12.0, 46.2}},
    {"BHS Dance: D2M", {35.1, 15.9, 57.5, 35.0, 43.6}},
    {"BHS Dance: DiffGesture", {42.8, 21.3, 61.1, 23.9, 50.3}},
    {"BHS Dance: MoMu-Diffusion", {47.9, 8.4, 78.5, 12.1, 59.5}}};
static const published QUALITY[] = {
    {"AIST++: D2M", {17.3, 46.2, 14.5}},           {"AIST++: DiffGesture", {18.6, 37.1, 12.6}},
    {"AIST++: MoMu-Diffusion", {7.3, 52.7, 4.9}},  {"BHS Dance: D2M", {11.6, 55.9, 7.4}},
    {"BHS Dance: DiffGesture", {13.8, 38.9, 7.0}}, {"BHS Dance: MoMu-Diffusion", {6.5, 67.4, 4.2}}};
static const published ABLATIONS[] = {
    {"#1", {10.9, 91.4, 14.7, 38.0}}, {"#2", {12.8, 95.6, 9.5, 41.6}},
    {"#3", {8.5, 93.1, 8.1, 37.9}},   {"#4", {11.0, 95.8, 11.6, 41.4}},
    {"#5", {8.1, 96.5, 8.8, 45.4}},   {"#6", {9.1, 97.6, 8.5, 49.6}},
    {"#7", {8.9, 98.1, 7.3, 46.2}}};

static const char *const BEAT_HEADS[] = {"BCS", "CSD", "BHS", "HSD", "F1", NULL};

static void put_published(momui_tables *tables, const published *rows, size_t count, int columns) {
    for (size_t i = 0; i < count; i++) {
        momui_table_row *row = momui_table_add(tables, "%s (published)", rows[i].name);
        for (int c = 0; row && c < columns; c++)
            row->cells[c] = momui_cell_number(rows[i].values[c], 1);
    }
    momui_table_note(tables,
                     "Published rows are the paper's, measured on its own data with its own "
                     "extractors; they are quoted, not comparable.");
}

static const momui_system MEASURED[] = {MOMUI_TRUTH, MOMUI_RECONSTRUCTED, MOMUI_METRONOME,
                                        MOMUI_OTHER, MOMUI_RETRIEVED,     MOMUI_MADE};

static const char *name_of(const momui_evaluation *v, momui_system system) {
    return system == MOMUI_MADE ? v->model_name : momui_system_names[system];
}

static momu_status beats(const momui_evaluation *v, momui_direction direction, momui_tables *tables,
                         momu_error *error) {
    for (size_t s = 0; s < sizeof MEASURED / sizeof *MEASURED; s++) {
        momui_choice choice = {direction, MEASURED[s], 0};
        momui_beats_score b;
        MOMUI_TRY(momui_beats_score_of(v, &choice, &b, error));
        const momui_paper_scores *p = direction == MOMUI_TO_MUSIC ? &b.paper : &b.matches;
        momui_table_row *row =
            b.clips ? momui_table_add(tables, "%s (measured)", name_of(v, MEASURED[s])) : NULL;
        const double values[] = {p->bcs, p->csd, p->bhs, p->hsd, p->f1};
        for (int c = 0; row && c < 5; c++)
            row->cells[c] = momui_cell_number(values[c], 1);
    }
    return MOMU_OK;
}

static momu_status quality(const momui_evaluation *v, momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {"Frechet", "diversity", "mean KLD", NULL};
    momui_table_begin(tables, "table6", HEADS, "Table 6: quality of dances to music");
    for (size_t s = 0; s < sizeof MEASURED / sizeof *MEASURED; s++) {
        momui_choice choice = {MOMUI_TO_MOTION, MEASURED[s], 0};
        momui_quality_score q;
        MOMUI_TRY(momui_quality_score_of(v, &choice, false, &q, error));
        momui_table_row *row =
            q.clips ? momui_table_add(tables, "%s (measured)", name_of(v, MEASURED[s])) : NULL;
        if (!row)
            continue;
        if (q.has_frechet)
            row->cells[0] = momui_cell_number(q.frechet.value, 1);
        row->cells[1] = momui_cell_number(q.between, 1);
        row->cells[2] = momui_cell_number(q.divergence.value, 1);
    }
    put_published(tables, QUALITY, sizeof QUALITY / sizeof *QUALITY, 3);
    return MOMU_OK;
}

static momu_status ablations(const momui_evaluation *v, momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {"music Frechet", "music F1", "motion Frechet", "motion F1",
                                        NULL};
    momui_table_begin(tables, "table7", HEADS, "Table 7: ablations");
    momui_table_row *row = momui_table_add(tables, "%s (measured)", v->model_name);
    for (int d = 0; row && d < MOMUI_DIRECTION_COUNT; d++) {
        momui_choice choice = {(momui_direction)d, MOMUI_MADE, 0};
        momui_quality_score q;
        momui_beats_score b;
        MOMUI_TRY(momui_quality_score_of(v, &choice, false, &q, error));
        MOMUI_TRY(momui_beats_score_of(v, &choice, &b, error));
        if (q.has_frechet)
            row->cells[2 * d] = momui_cell_number(q.frechet.value, 1);
        if (b.clips)
            row->cells[2 * d + 1] =
                momui_cell_number(d == MOMUI_TO_MUSIC ? b.paper.f1 : b.matches.f1, 1);
    }
    put_published(tables, ABLATIONS, sizeof ABLATIONS / sizeof *ABLATIONS, 4);
    momui_table_note(tables, "One model a run: evaluate each ablation's model for its row.");
    return MOMU_OK;
}

static momu_status sweep_rows(const momui_evaluation *v, bool lengths, momui_tables *tables,
                              momu_error *error) {
    int settings = lengths ? MOMUI_JOINT_LENGTHS : MOMUI_JOINT_STARTS;
    for (int i = 0; i < settings; i++) {
        double start = lengths ? 0 : 0.1 * (i + 1),
               seconds = lengths ? 10 + 5 * i : v->options.seconds;
        momui_beat_score score;
        MOMUI_TRY(momui_joint_score_of(v, MOMUI_HALVES_JOINT, start, seconds, &score, error));
        momui_table_row *row = NULL;
        if (score.pairs > 0)
            row = lengths ? momui_table_add(tables, "%.0f s", seconds)
                          : momui_table_add(tables, "%.1f T", start);
        if (!row)
            continue;
        row->cells[0] = momui_cell_number((double)score.pairs, 0);
        row->cells[1] = momui_cell_interval(score.f1, 1, 3);
        row->cells[2] = momui_cell_interval(score.chance, 1, 3);
    }
    return MOMU_OK;
}

static momu_status sweeps(const momui_evaluation *v, momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {"pairs", "F1 70 ms", "at random offsets", NULL};
    if (!v->options.sweep || v->joint_count == 0)
        return MOMU_OK;
    momui_table_begin(tables, "joint-start", HEADS,
                      "Table 10: joint generation, by the timestep from which the two are "
                      "conditioned on each other");
    MOMUI_TRY(sweep_rows(v, false, tables, error));
    momui_table_begin(tables, "joint-length", HEADS, "Joint generation, by length");
    return sweep_rows(v, true, tables, error);
}

momu_status momui_paper_tables(const momui_evaluation *v, momui_tables *tables, momu_error *error) {
    static const struct {
        const char *key, *title;
        const published *rows;
    } MUSIC[] = {{"table2", "Table 2: music for dances, AIST++", AIST_MUSIC},
                 {"table3", "Table 3: music for floor exercises, 25 s", FLOOR_25},
                 {"table4", "Table 4: music for floor exercises, 50 s", FLOOR_50}};
    for (size_t t = 0; t < sizeof MUSIC / sizeof *MUSIC; t++) {
        momui_table_begin(tables, MUSIC[t].key, BEAT_HEADS, "%s", MUSIC[t].title);
        MOMUI_TRY(beats(v, MOMUI_TO_MUSIC, tables, error));
        put_published(tables, MUSIC[t].rows, 6, 5);
        momui_table_note(tables, "Measured rows: %zu clips of up to %.0f s of the evaluated pairs.",
                         v->pairs.count, v->options.seconds);
    }
    momui_table_begin(tables, "table5", BEAT_HEADS, "Table 5: dances to music");
    MOMUI_TRY(beats(v, MOMUI_TO_MOTION, tables, error));
    put_published(tables, AIST_MOTION, sizeof AIST_MOTION / sizeof *AIST_MOTION, 5);
    MOMUI_TRY(quality(v, tables, error));
    MOMUI_TRY(ablations(v, tables, error));
    MOMUI_TRY(sweeps(v, tables, error));
    return tables->failed ? momui_fail_memory(error, "tables") : MOMU_OK;
}
