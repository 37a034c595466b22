#include "train/evaluate/evaluation_report.h"
#include "models/genres.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const MADE_WHAT[] = {"music for dances", "dances to music"};

/* ---- warnings ---- */

/* The values of the scored row and of the metronome's, column by column. */
typedef struct comparison {
    bool there[2]; /* scored, metronome */
    double scored[MOMUI_TABLE_COLUMNS], metronome[MOMUI_TABLE_COLUMNS];
    const char *name;
} comparison;

static void remember(comparison *d, momui_system system, const momui_table_row *row) {
    if (!row)
        return;
    double *to = NULL;
    if (system == MOMUI_METRONOME) {
        d->there[1] = true;
        to = d->metronome;
    } else if (system == MOMUI_MADE || (system == MOMUI_TRUTH && !d->there[0])) {
        d->there[0] = true;
        d->name = momui_system_names[system];
        to = d->scored;
    }
    for (int c = 0; to && c < MOMUI_TABLE_COLUMNS; c++)
        to[c] = row->cells[c].kind == MOMUI_CELL_NONE ? NAN : row->cells[c].value.value;
}

/* signs, one a column: '+' more is better, '-' less is better, anything else: neither. */
static void warn(momui_tables *tables, const comparison *d, const char *signs) {
    const momui_table *t = &tables->items[tables->count - 1];
    char list[200] = "";
    size_t length = 0;
    for (int c = 0; d->there[0] && d->there[1] && c < t->columns; c++) {
        double away = d->metronome[c] - d->scored[c];
        bool wins = (signs[c] == '+' && away >= 0) || (signs[c] == '-' && away <= 0);
        if (wins && length + strlen(t->heads[c]) + 3 < sizeof list)
            length += (size_t)snprintf(list + length, sizeof list - length, "%s%s",
                                       length ? ", " : "", t->heads[c]);
    }
    if (length > 0)
        momui_table_note(tables,
                         "Warning: the metronome is not worse than \"%s\" in %s: by itself none of "
                         "these says how good a result is.",
                         d->name, list);
}

/* ---- beats ---- */

/* Notes where agreement is no better than at random offsets. */
static momui_cell f1_cell(const momui_beat_score *score) {
    momui_cell cell = momui_cell_interval(score->f1, 1, 3);
    cell.chance = momui_beat_score_is_chance(score);
    return cell;
}

/* The methods that tracked the beats of the true and the generated sounds. */
static void note_trackers(const momui_evaluation *v, momui_tables *tables) {
    size_t all = 0, network = 0;
    for (size_t i = 0; i < v->pairs.count; i++)
        for (int s = 0; s < MOMUI_SYSTEMS; s++) {
            const momui_audio_analysis *sound = &v->pairs.items[i].audio_analysis[s];
            all += sound->there;
            network += sound->there && strcmp(sound->tracker, "network") == 0;
        }
    if (all > 0)
        momui_table_note(tables,
                         "Beats of %zu of %zu sounds by the model's beat tracker, of the others by "
                         "dynamic programming.",
                         network, all);
}

static momu_status beat_f1(const momui_evaluation *v, momui_direction direction,
                           momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {
        "clips",    "F1 70 ms", "at random offsets", "ratio",        "precision", "recall",
        "F1 50 ms", "phase",    "tempo %",           "octave off %", "BAS",       NULL};
    comparison d = {0};
    momui_table_begin(tables, direction == MOMUI_TO_MUSIC ? "beats-music" : "beats-motion", HEADS,
                      "Beat F1 (70 ms, one to one): %s", MADE_WHAT[direction]);
    for (int s = 0; s < MOMUI_SYSTEMS; s++) {
        momui_choice choice = {direction, (momui_system)s, 0};
        momui_beats_score b;
        MOMUI_TRY(momui_beats_score_of(v, &choice, &b, error));
        momui_table_row *row =
            b.clips ? momui_table_add(tables, "%s", momui_system_names[s]) : NULL;
        if (!row)
            continue;
        row->cells[0] = momui_cell_number((double)b.clips, 0);
        row->cells[1] = f1_cell(&b.near);
        row->cells[2] = momui_cell_interval(b.near.chance, 1, 3);
        row->cells[3] = momui_cell_interval(b.near.ratio, 1, 2);
        row->cells[4] = momui_cell_number(b.near.precision.value, 3);
        row->cells[5] = momui_cell_number(b.near.recall.value, 3);
        row->cells[6] = f1_cell(&b.close);
        row->cells[7] = momui_cell_interval(b.phase, 1, 3);
        row->cells[8] = momui_cell_interval(b.tempo, 100, 0);
        row->cells[9] = momui_cell_number(100 * b.octave.value, 0);
        if (direction == MOMUI_TO_MOTION)
            row->cells[10] = momui_cell_interval(b.alignment, 1, 3);
        remember(&d, (momui_system)s, row);
    }
    note_trackers(v, tables);
    warn(tables, &d, " +.++++++.+");
    return MOMU_OK;
}

static momu_status by_origin(const momui_evaluation *v, momui_direction direction,
                             momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {"motion capture: F1",
                                        "at random offsets",
                                        "ratio",
                                        "procedural: F1",
                                        "at random offsets",
                                        "ratio",
                                        NULL};
    bool any = false;
    for (size_t i = 0; i < v->pairs.count; i++)
        any = any || v->pairs.items[i].annotations.phrase_count > 0;
    if (!any)
        return MOMU_OK;
    momui_table_begin(tables, direction == MOMUI_TO_MUSIC ? "origin-music" : "origin-motion", HEADS,
                      "Beats within 70 ms by the origin of the pair's dance: %s",
                      MADE_WHAT[direction]);
    for (int s = 0; s < MOMUI_SYSTEMS; s++) {
        momui_choice choice = {direction, (momui_system)s, 0};
        momui_beats_score b;
        MOMUI_TRY(momui_beats_score_of(v, &choice, &b, error));
        momui_table_row *row =
            b.clips ? momui_table_add(tables, "%s", momui_system_names[s]) : NULL;
        const momui_beat_score *sides[] = {&b.motion_capture, &b.procedural};
        for (int k = 0; row && k < 2; k++) {
            row->cells[3 * k] = f1_cell(sides[k]);
            row->cells[3 * k + 1] = momui_cell_number(sides[k]->chance.value, 3);
            row->cells[3 * k + 2] = momui_cell_interval(sides[k]->ratio, 1, 2);
        }
    }
    momui_table_note(tables,
                     "Phrases of motion capture alone, and of procedural moves alone, each joined "
                     "to one clip; mixed phrases are left out.");
    return MOMU_OK;
}

static momu_status by_genre(const momui_evaluation *v, momui_direction direction,
                            momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {
        "clips", "truth: F1", "made: F1", "at random offsets", "made: tempo %", NULL};
    bool begun = false;
    for (int32_t g = 1; g <= MOMUI_EVAL_GENRES; g++) {
        momui_choice truth = {direction, MOMUI_TRUTH, g}, made = {direction, MOMUI_MADE, g};
        momui_beats_score t, m;
        MOMUI_TRY(momui_beats_score_of(v, &truth, &t, error));
        MOMUI_TRY(momui_beats_score_of(v, &made, &m, error));
        if (m.clips == 0)
            continue;
        if (!begun)
            momui_table_begin(tables, direction == MOMUI_TO_MUSIC ? "genre-music" : "genre-motion",
                              HEADS, "Beats within 70 ms by genre: %s", MADE_WHAT[direction]);
        begun = true;
        momui_table_row *row = momui_table_add(tables, "%s", momui_genre_name(g));
        if (!row)
            continue;
        row->cells[0] = momui_cell_number((double)m.clips, 0);
        if (t.clips)
            row->cells[1] = momui_cell_number(t.near.f1.value, 3);
        row->cells[2] = f1_cell(&m.near);
        row->cells[3] = momui_cell_number(m.near.chance.value, 3);
        row->cells[4] = momui_cell_number(100 * m.tempo.value, 0);
    }
    return MOMU_OK;
}

static void put_paper(momui_table_row *row, int at, const momui_paper_scores *p) {
    const double values[] = {p->bcs, p->csd, p->bhs, p->hsd, p->f1};
    for (int k = 0; row && k < 5; k++)
        row->cells[at + k] = momui_cell_number(values[k], 1);
}

static momu_status paper(const momui_evaluation *v, momui_direction direction, momui_tables *tables,
                         momu_error *error) {
    static const char *const MUSIC[] = {"BCS", "CSD", "BHS", "HSD", "F1", NULL};
    static const char *const MOTION[] = {"BCS",      "CSD",      "BHS",      "HSD",
                                         "F1",       "BCS, 1 s", "CSD, 1 s", "BHS, 1 s",
                                         "HSD, 1 s", "F1, 1 s",  NULL};
    bool music = direction == MOMUI_TO_MUSIC;
    comparison d = {0};
    momui_table_begin(tables, music ? "paper-music" : "paper-motion", music ? MUSIC : MOTION,
                      music ? "The paper's beat scores (one bit a second): %s"
                            : "The paper's beat scores (within 0.1 s; one bit a second): %s",
                      MADE_WHAT[direction]);
    for (int s = 0; s < MOMUI_SYSTEMS; s++) {
        momui_choice choice = {direction, (momui_system)s, 0};
        momui_beats_score b;
        MOMUI_TRY(momui_beats_score_of(v, &choice, &b, error));
        momui_table_row *row =
            b.clips ? momui_table_add(tables, "%s", momui_system_names[s]) : NULL;
        if (!row)
            continue;
        put_paper(row, 0, music ? &b.paper : &b.matches);
        if (!music)
            put_paper(row, 5, &b.paper);
        remember(&d, (momui_system)s, row);
    }
    warn(tables, &d, "+.+.++.+.+");
    return MOMU_OK;
}

/* ---- quality and physical plausibility ---- */

static momu_status quality(const momui_evaluation *v, momui_direction direction,
                           momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {
        "clips",    "windows",       "Frechet", "diversity between", "diversity within",
        "mean KLD", "genre found %", NULL};
    comparison d = {0};
    if (!v->networks[direction])
        return MOMU_OK;
    momui_table_begin(tables, direction == MOMUI_TO_MUSIC ? "quality-music" : "quality-motion",
                      HEADS, "Quality by libmomu's own %s network: %s",
                      direction == MOMUI_TO_MUSIC ? "mel" : "motion", MADE_WHAT[direction]);
    for (int s = 0; s < MOMUI_SYSTEMS; s++) {
        momui_choice choice = {direction, (momui_system)s, 0};
        momui_quality_score q;
        MOMUI_TRY(momui_quality_score_of(v, &choice, false, &q, error));
        momui_table_row *row =
            q.clips ? momui_table_add(tables, "%s", momui_system_names[s]) : NULL;
        if (!row)
            continue;
        row->cells[0] = momui_cell_number((double)q.clips, 0);
        row->cells[1] = momui_cell_number((double)q.windows, 0);
        if (q.has_frechet)
            row->cells[2] = momui_cell_interval(q.frechet, 1, 2);
        row->cells[3] = momui_cell_number(q.between, 2);
        if (q.within > 0)
            row->cells[4] = momui_cell_number(q.within, 2);
        if (s != MOMUI_TRUTH)
            row->cells[5] = momui_cell_interval(q.divergence, 1, 2);
        if (q.genre_clips > 0)
            row->cells[6] = momui_cell_interval(q.genre, 100, 0);
        remember(&d, (momui_system)s, row);
    }
    warn(tables, &d, "..-+.-+");
    if (v->references.count == 0)
        momui_table_note(tables, "No Frechet distances: there are no pairs to compare with "
                                 "(a corpus has them, or --against).");
    else
        momui_table_note(tables,
                         "Frechet distances to %zu clips of other tracks; the values are this "
                         "network's own and cannot be compared with those of others.",
                         v->references.count);
    return MOMU_OK;
}

/* The paper's extractor, where the user has it. */
static momu_status by_vggish(const momui_evaluation *v, momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {"clips", "patches", "Frechet (VGGish)",
                                        "diversity between (VGGish)", NULL};
    comparison d = {0};
    momui_table_begin(tables, "quality-vggish", HEADS, "Quality by VGGish: music for dances");
    for (int s = 0; s < MOMUI_SYSTEMS; s++) {
        momui_choice choice = {MOMUI_TO_MUSIC, (momui_system)s, 0};
        momui_quality_score q;
        MOMUI_TRY(momui_quality_score_of(v, &choice, true, &q, error));
        momui_table_row *row =
            q.clips ? momui_table_add(tables, "%s", momui_system_names[s]) : NULL;
        if (!row)
            continue;
        row->cells[0] = momui_cell_number((double)q.clips, 0);
        row->cells[1] = momui_cell_number((double)q.windows, 0);
        if (q.has_frechet)
            row->cells[2] = momui_cell_interval(q.frechet, 1, 2);
        row->cells[3] = momui_cell_number(q.between, 2);
        remember(&d, (momui_system)s, row);
    }
    warn(tables, &d, "..-+");
    return MOMU_OK;
}

static momu_status sanity(const momui_evaluation *v, momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {"clips",           "skate cm/s",   "PFC",
                                        "jitter m/s3",     "bones off cm", "beyond range %",
                                        "below ground cm", "deepest cm",   NULL};
    comparison d = {0};
    momui_table_begin(tables, "sanity", HEADS, "Physical plausibility");
    for (int s = 0; s < MOMUI_SYSTEMS; s++) {
        momui_sanity_score x;
        MOMUI_TRY(momui_sanity_score_of(v, (momui_system)s, &x, error));
        momui_table_row *row =
            x.clips ? momui_table_add(tables, "%s", momui_system_names[s]) : NULL;
        if (!row)
            continue;
        row->cells[0] = momui_cell_number((double)x.clips, 0);
        row->cells[1] = momui_cell_interval(x.skate, 1, 2);
        row->cells[2] = momui_cell_interval(x.pfc, 1, 3);
        row->cells[3] = momui_cell_interval(x.jitter, 1, 0);
        row->cells[4] = momui_cell_number(x.bone, 3);
        row->cells[5] = momui_cell_interval(x.beyond, 100, 2);
        row->cells[6] = momui_cell_interval(x.penetration, 1, 3);
        row->cells[7] = momui_cell_number(x.deepest, 2);
        remember(&d, (momui_system)s, row);
    }
    warn(tables, &d, ".--.....");
    return MOMU_OK;
}

/* ---- joint ---- */

static void joint_row(momui_tables *tables, const char *name, const momui_beat_score *score) {
    momui_table_row *row = score->pairs ? momui_table_add(tables, "%s", name) : NULL;
    if (!row)
        return;
    row->cells[0] = momui_cell_number((double)score->pairs, 0);
    row->cells[1] = f1_cell(score);
    row->cells[2] = momui_cell_interval(score->chance, 1, 3);
    row->cells[3] = momui_cell_interval(score->ratio, 1, 2);
}

static momu_status joint(const momui_evaluation *v, momui_tables *tables, momu_error *error) {
    static const char *const HEADS[] = {"pairs", "F1 70 ms", "at random offsets", "ratio", NULL};
    static const char *const NAMES[] = {"joint", "independent halves", "ground truth"};
    if (v->joint_count == 0)
        return MOMU_OK;
    momui_table_begin(tables, "joint", HEADS,
                      "Joint generation: the dance's beats against those tracked in its own music");
    for (int h = 0; h < 3; h++) {
        momui_beat_score score;
        MOMUI_TRY(momui_joint_score_of(v, (momui_halves)h, 0, v->options.seconds, &score, error));
        joint_row(tables, NAMES[h], &score);
    }
    return MOMU_OK;
}

momu_status momui_report_tables(const momui_evaluation *v, momui_tables *tables,
                                momu_error *error) {
    for (int d = 0; d < MOMUI_DIRECTION_COUNT; d++) {
        if (d == MOMUI_TO_MUSIC ? v->options.skip_music : v->options.skip_motion)
            continue;
        MOMUI_TRY(beat_f1(v, (momui_direction)d, tables, error));
        MOMUI_TRY(by_origin(v, (momui_direction)d, tables, error));
        MOMUI_TRY(by_genre(v, (momui_direction)d, tables, error));
        MOMUI_TRY(paper(v, (momui_direction)d, tables, error));
        MOMUI_TRY(quality(v, (momui_direction)d, tables, error));
        if (d == MOMUI_TO_MUSIC && v->vggish)
            MOMUI_TRY(by_vggish(v, tables, error));
    }
    if (!v->options.skip_motion)
        MOMUI_TRY(sanity(v, tables, error));
    MOMUI_TRY(joint(v, tables, error));
    return tables->failed ? momui_fail_memory(error, "tables") : MOMU_OK;
}
