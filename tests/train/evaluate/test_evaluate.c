/* Scores of constructed clips with known results, the metronome, and tables. */
#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"
#include "train/evaluate/evaluation_report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CLIPS = 4, BEATS = 20 };

/* ---- scores ---- */

/* Clip i has a beat every 0.5 s from 0.1 i on; a dance with every deceleration peak on it but with
 * a quarter of a second's delay in phrases of procedural moves; music `off` seconds late. */
typedef struct scene {
    momui_evaluation_clip clips[CLIPS];
    double beats[CLIPS][BEATS], late[CLIPS][BEATS], danced[CLIPS][BEATS];
    momui_phrase phrases[2];
    momui_evaluation v;
} scene;

static void set_scene(scene *s, double off) {
    memset(s, 0, sizeof *s);
    s->phrases[0] = (momui_phrase){0, 10, true, true, false};
    s->phrases[1] = (momui_phrase){10, 10, false, false, false};
    for (int i = 0; i < CLIPS; i++) {
        momui_evaluation_clip *e = &s->clips[i];
        for (int b = 0; b < BEATS; b++) {
            s->beats[i][b] = 0.1 * i + 0.5 * b;
            s->late[i][b] = s->beats[i][b] + off;
            s->danced[i][b] = s->beats[i][b] + (b < 10 ? 0.01 : 0.25);
        }
        e->seconds = 10.5;
        e->beats = s->beats[i];
        e->beat_count = BEATS;
        e->tempo = 120;
        e->annotations = (momui_annotations){.genre = 1 + i % 2,
                                             .beats = s->beats[i],
                                             .beat_count = BEATS,
                                             .phrases = s->phrases,
                                             .phrase_count = 2};
        e->other = (size_t)(i + 1) % CLIPS;
        e->retrieved[0] = e->retrieved[1] = SIZE_MAX;
        e->audio_analysis[MOMUI_TRUTH] = (momui_audio_analysis){.there = true,
                                                                .seconds = 10.5,
                                                                .tempo = 120,
                                                                .beats = s->beats[i],
                                                                .beat_count = BEATS,
                                                                .onsets = s->beats[i],
                                                                .onset_count = BEATS};
        e->audio_analysis[MOMUI_MADE] = e->audio_analysis[MOMUI_TRUTH];
        e->audio_analysis[MOMUI_MADE].beats = s->late[i];
        e->audio_analysis[MOMUI_MADE].tempo = i == 0 ? 60 : i == 1 ? 100 : 121;
        e->motion_analysis[MOMUI_TRUTH] = (momui_motion_analysis){.there = true,
                                                                  .seconds = 10.5,
                                                                  .tempo = 120,
                                                                  .beats = s->danced[i],
                                                                  .beat_count = BEATS,
                                                                  .rises = s->danced[i],
                                                                  .rise_count = BEATS};
    }
    s->v.pairs = (momui_list){s->clips, CLIPS};
    s->v.options.seconds = 10.5;
}

static momui_beats_score score(const scene *s, momui_direction direction, momui_system system,
                               int32_t genre) {
    momui_choice choice = {direction, system, genre};
    momui_beats_score out;
    momu_error error = {0};
    assert_int_equal(momui_beats_score_of(&s->v, &choice, &out, &error), MOMU_OK);
    return out;
}

static void beat_f1_scores(void **state) {
    (void)state;
    scene *s = malloc(sizeof *s);
    assert_non_null(s);
    set_scene(s, 0.06);
    momui_beats_score b = score(s, MOMUI_TO_MUSIC, MOMUI_MADE, 0);
    assert_int_equal(b.clips, CLIPS);
    assert_true(b.near.f1.value == 1 && b.close.f1.value == 0);
    assert_true(b.near.chance.value < 0.6);
    assert_true(fabs(b.tempo.value - 0.5) < 1e-9 && fabs(b.octave.value - 0.25) < 1e-9);
    assert_true(b.phase.value > 0.999);
    assert_true(b.paper.f1 == 100); /* its onsets are those of the truth */
    b = score(s, MOMUI_TO_MUSIC, MOMUI_TRUTH, 0);
    assert_true(b.near.f1.value == 1 && b.close.f1.value == 1);
    assert_int_equal(score(s, MOMUI_TO_MUSIC, MOMUI_TRUTH, 2).clips, CLIPS / 2);
    assert_int_equal(score(s, MOMUI_TO_MUSIC, MOMUI_RETRIEVED, 0).clips, 0);
    free(s);
}

static void scores_by_origin(void **state) {
    (void)state;
    scene *s = malloc(sizeof *s);
    assert_non_null(s);
    set_scene(s, 0);
    momui_beats_score b = score(s, MOMUI_TO_MOTION, MOMUI_TRUTH, 0);
    assert_true(b.motion_capture.f1.value > 0.99);
    assert_true(b.procedural.f1.value == 0);
    assert_true(fabs(b.near.f1.value - 0.5) < 0.03);
    /* without estimated beats, all references are missed */
    for (int i = 0; i < CLIPS / 2; i++)
        s->clips[i].audio_analysis[MOMUI_MADE].beat_count = 0;
    b = score(s, MOMUI_TO_MUSIC, MOMUI_MADE, 0);
    assert_true(fabs(b.motion_capture.f1.value - 2.0 / 3) < 1e-9);
    assert_true(fabs(b.procedural.f1.value - 2.0 / 3) < 1e-9);
    /* another track's beats are 0.1 s off, a quarter's phase is not */
    b = score(s, MOMUI_TO_MUSIC, MOMUI_OTHER, 0);
    assert_true(b.near.f1.value < 0.5);
    free(s);
}

static void joint_scores(void **state) {
    (void)state;
    scene *s = malloc(sizeof *s);
    assert_non_null(s);
    set_scene(s, 0);
    momui_joint_pair joint[CLIPS];
    for (int i = 0; i < CLIPS; i++)
        joint[i] = (momui_joint_pair){.seconds = 10.5,
                                      .seed = (uint64_t)i,
                                      .audio_analysis = s->clips[i].audio_analysis[MOMUI_TRUTH],
                                      .motion_analysis = s->clips[i].motion_analysis[MOMUI_TRUTH]};
    for (int i = 0; i < CLIPS; i++) { /* a dance on each beat of its own music */
        joint[i].motion_analysis.beats = s->beats[i];
        joint[i].audio_analysis.beats = s->beats[i];
    }
    s->v.joint = joint;
    s->v.joint_count = CLIPS;
    momui_beat_score out;
    momu_error error = {0};
    assert_int_equal(momui_joint_score_of(&s->v, MOMUI_HALVES_JOINT, 0, 10.5, &out, &error), 0);
    assert_true(out.pairs == CLIPS && out.f1.value == 1);
    assert_int_equal(momui_joint_score_of(&s->v, MOMUI_HALVES_INDEPENDENT, 0, 10.5, &out, &error),
                     0);
    assert_true(out.pairs == CLIPS && out.f1.value < 0.3);
    assert_int_equal(momui_joint_score_of(&s->v, MOMUI_HALVES_JOINT, 0.5, 10.5, &out, &error), 0);
    assert_int_equal(out.pairs, 0);
    assert_int_equal(momui_joint_score_of(&s->v, MOMUI_HALVES_TRUTH, 0, 10.5, &out, &error), 0);
    assert_int_equal(out.pairs, CLIPS);
    free(s);
}

/* ---- Frechet distances and genres of classified clips ---- */

static void quality_scores(void **state) {
    (void)state;
    scene *s = malloc(sizeof *s);
    float *rows = calloc(2 * CLIPS * 2 * MOMUI_EVALUATION_EMBEDDING, sizeof *rows);
    momui_evaluation_clip *references = calloc(CLIPS, sizeof *references);
    assert_true(s && rows && references);
    set_scene(s, 0);
    for (int i = 0; i < 2 * CLIPS; i++) { /* the same two rows a clip, here and there */
        momui_evaluation_clip *e = i < CLIPS ? &s->clips[i] : &references[i - CLIPS];
        float *at = rows + i * 2 * MOMUI_EVALUATION_EMBEDDING;
        at[i % CLIPS] = 1;
        at[MOMUI_EVALUATION_EMBEDDING + 5] = (float)(i % CLIPS);
        momui_audio_analysis *truth = &e->audio_analysis[MOMUI_TRUTH];
        truth->there = true;
        truth->predicted = (momui_clip_embeddings){.windows = 2, .embeddings = at};
        truth->predicted.genres[i % 2] = 1;
        e->audio_analysis[MOMUI_MADE] = *truth;
        e->audio_analysis[MOMUI_MADE].predicted.genres[0] = 0.5;
        e->audio_analysis[MOMUI_MADE].predicted.genres[1] = 0.5 - 1e-3;
    }
    s->v.references = (momui_list){references, CLIPS};
    momui_choice choice = {MOMUI_TO_MUSIC, MOMUI_TRUTH, 0};
    momui_quality_score q;
    momu_error error = {0};
    assert_int_equal(momui_quality_score_of(&s->v, &choice, false, &q, &error), MOMU_OK);
    assert_true(q.has_frechet && q.frechet.value < 1e-6);
    assert_true(q.frechet.low <= q.frechet.value && q.frechet.value <= q.frechet.high);
    assert_true(q.genre.value == 1 && fabs(q.divergence.value) < 1e-6);
    choice.system = MOMUI_MADE;
    assert_int_equal(momui_quality_score_of(&s->v, &choice, false, &q, &error), MOMU_OK);
    assert_true(fabs(q.genre.value - 0.5) < 1e-9);
    assert_true(fabs(q.divergence.value - log(2)) < 0.01);
    choice.system = MOMUI_RETRIEVED;
    assert_int_equal(momui_quality_score_of(&s->v, &choice, false, &q, &error), MOMU_OK);
    assert_true(q.clips == 0 && !q.has_frechet);
    free(references);
    free(rows);
    free(s);
}

/* ---- the metronome ---- */

static void metronome(void **state) {
    (void)state;
    momu_error error = {0};
    momui_audio *sound = NULL;
    momui_motion *dance = NULL;
    momui_audio_analysis audio_analysis = {0};
    momui_motion_analysis motion_analysis = {0};
    double beats[64];
    size_t count = 0;
    for (double t = 0.3; t < 20; t += 60.0 / 110)
        beats[count++] = t;
    assert_int_equal(momui_metronome_sound(NULL, 20, 0.3, 110, &sound, &error), MOMU_OK);
    assert_int_equal(momui_metronome_dance(NULL, 20, 0.3, 110, &dance, &error), MOMU_OK);
    momu_context *context = NULL;
    assert_int_equal(momu_context_create(NULL, &context, &error), MOMU_OK);
    assert_int_equal(
        momui_analyse_audio(NULL, context, NULL, NULL, NULL, sound, &audio_analysis, &error),
        MOMU_OK);
    momu_context_destroy(context);
    assert_string_equal(audio_analysis.tracker, "dynamic programming");
    assert_int_equal(momui_analyse_motion(NULL, NULL, dance, &motion_analysis, &error), MOMU_OK);
    assert_true(fabs(audio_analysis.tempo - 110) < 2);
    assert_true(fabs(motion_analysis.tempo - 110) < 2);
    assert_true(
        momui_beats_match(audio_analysis.beats, audio_analysis.beat_count, beats, count, 0.07).f1 >
        0.95);
    assert_true(
        momui_beats_match(motion_analysis.beats, motion_analysis.beat_count, beats, count, 0.07)
            .f1 > 0.95);
    assert_int_equal(audio_analysis.predicted.windows, 0);
    momui_audio_analysis_release(&audio_analysis);
    momui_motion_analysis_release(&motion_analysis);
    momui_audio_free(sound);
    momui_motion_free(dance);
}

/* ---- tables ---- */

static void tables(void **state) {
    (void)state;
    static const char *const HEADS[] = {"a, b", "c", "d", NULL};
    momui_tables t = {0};
    momui_writer out;
    momui_table_begin(&t, "key", HEADS, "Title of %d", 7);
    momui_table_row *row = momui_table_add(&t, "say \"%s\"", "x");
    row->cells[0] = momui_cell_number(1.25, 2);
    row->cells[1] = momui_cell_interval((momui_interval){0.5, 0.25, 0.75}, 100, 0);
    row->cells[2] = momui_cell_number(NAN, 2);
    momui_table_note(&t, "Note %d.", 3);
    assert_false(t.failed);
    momui_writer_init(&out, NULL);
    momui_tables_markdown(&t, &out);
    momui_write(&out, "", 1);
    assert_string_equal((const char *)out.data,
                        "### Title of 7\n\n| | a, b | c | d |\n|---|---|---|---|\n"
                        "| say \"x\" | 1.25 | 50 (25..75) | - |\n\nNote 3.\n\n");
    momui_writer_release(&out);
    momui_writer_init(&out, NULL);
    momui_tables_csv(&t, &out);
    momui_write(&out, "", 1);
    assert_string_equal(
        (const char *)out.data,
        "table,row,column,value,low,high\n\"key\",\"say \"\"x\"\"\",\"a, b\",1.25,,\n"
        "\"key\",\"say \"\"x\"\"\",\"c\",50,25,75\n");
    momui_writer_release(&out);
    momui_writer_init(&out, NULL);
    momui_tables_json(&t, &out);
    momui_write(&out, "", 1);
    assert_string_equal(
        (const char *)out.data,
        "{\"tables\":[\n{\"key\":\"key\",\"title\":\"Title of 7\",\"columns\":[\"a, "
        "b\",\"c\",\"d\"],\"rows\":[\n {\"name\":\"say \\\"x\\\"\",\"values\":[[1.25],"
        "[50,25,75],null]}],\"notes\":[\"Note 3.\"]}]}\n");
    momui_writer_release(&out);
    momui_tables_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beat_f1_scores), cmocka_unit_test(scores_by_origin),
        cmocka_unit_test(joint_scores),   cmocka_unit_test(quality_scores),
        cmocka_unit_test(metronome),      cmocka_unit_test(tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
