/* Beat scores: beat F1 (one to one), tempo, phase, BAS, and the paper's metrics. */
#include "train/evaluate/scores.h"

#include <math.h>

static const momui_evaluation_clip *partner(const momui_evaluation *v,
                                            const momui_evaluation_clip *e, momui_system system,
                                            momui_direction direction) {
    if (system == MOMUI_OTHER)
        return e->other < v->pairs.count ? &v->pairs.items[e->other] : NULL;
    size_t index = e->retrieved[direction];
    return index < v->candidates.count ? &v->candidates.items[index] : NULL;
}

const momui_audio_analysis *momui_audio_analysis_of(const momui_evaluation *v,
                                                    const momui_evaluation_clip *e,
                                                    momui_system system) {
    bool borrowed = system == MOMUI_OTHER || system == MOMUI_RETRIEVED;
    const momui_evaluation_clip *from = borrowed ? partner(v, e, system, MOMUI_TO_MUSIC) : e;
    if (!from)
        return NULL;
    const momui_audio_analysis *audio_analysis =
        &from->audio_analysis[borrowed ? MOMUI_TRUTH : system];
    return audio_analysis->there ? audio_analysis : NULL;
}

const momui_motion_analysis *momui_motion_analysis_of(const momui_evaluation *v,
                                                      const momui_evaluation_clip *e,
                                                      momui_system system) {
    bool borrowed = system == MOMUI_OTHER || system == MOMUI_RETRIEVED;
    const momui_evaluation_clip *from = borrowed ? partner(v, e, system, MOMUI_TO_MOTION) : e;
    if (!from)
        return NULL;
    const momui_motion_analysis *motion_analysis =
        &from->motion_analysis[borrowed ? MOMUI_TRUTH : system];
    return motion_analysis->there ? motion_analysis : NULL;
}

/* ---- one clip ---- */

/* Times up to `end`; the lists ascend. */
static size_t until(const double *times, size_t count, double end) {
    while (count > 0 && times[count - 1] >= end)
        count--;
    return count;
}

typedef struct clip_score {
    momui_beat_counts near, close, motion_capture, procedural;
    momui_paper_score paper, matches;
    double phase, phases, right, octave, tempos, alignment, alignments;
} clip_score;

typedef struct clip_view { /* a system's output and its reference */
    const double *beats;
    size_t count, references;
    double seconds, tempo;
} clip_view;

/* When a moment of the track falls if only phrases of this origin are kept; -1: it is in none.
 * *kept becomes the seconds kept in all. */
static double squeeze(const momui_evaluation_clip *e, bool motion_capture, double time,
                      double *kept) {
    const momui_annotations *f = &e->annotations;
    double found = -1;
    *kept = 0;
    for (size_t i = 0; i < f->phrase_count; i++) {
        const momui_phrase *p = &f->phrases[i];
        int64_t first = p->first_beat < 0 ? 0 : p->first_beat,
                last = (int64_t)p->first_beat + p->beats;
        if (p->mocap_lower != motion_capture || p->mocap_upper != motion_capture ||
            first >= (int64_t)f->beat_count)
            continue;
        double from = fmax(f->beats[first], e->start);
        double to = last < (int64_t)f->beat_count ? fmin(f->beats[last], e->start + e->seconds)
                                                  : e->start + e->seconds;
        if (to <= from)
            continue;
        if (e->start + time >= from && e->start + time < to)
            found = *kept + e->start + time - from;
        *kept += to - from;
    }
    return found;
}

static size_t squeeze_all(const momui_evaluation_clip *e, bool motion_capture, const double *times,
                          size_t count, double *out, double *kept) {
    size_t some = 0;
    for (size_t i = 0; i < count; i++) {
        double time = squeeze(e, motion_capture, times[i], kept);
        if (time >= 0)
            out[some++] = time;
    }
    return some;
}

static momu_status count_origin(const momui_evaluation *v, const momui_evaluation_clip *e,
                                const clip_view *made, bool motion_capture,
                                momui_beat_counts *counts, momu_error *error) {
    double kept = 0;
    if (e->annotations.phrase_count == 0)
        return MOMU_OK;
    /* without estimated beats, those of the reference count as missed */
    double *times = momui_alloc(v->memory, made->count + made->references + 1, sizeof *times);
    if (!times)
        return momui_fail_memory(error, "beats");
    size_t estimates = squeeze_all(e, motion_capture, made->beats, made->count, times, &kept);
    size_t references =
        squeeze_all(e, motion_capture, e->beats, made->references, times + made->count, &kept);
    momu_status status = MOMU_OK;
    if (kept > 1)
        status = momui_beat_count(v->memory, times, estimates, times + made->count, references,
                                  MOMUI_BEAT_TOLERANCE, kept, v->options.seed, counts, error);
    momui_free(times);
    return status;
}

static momu_status score_times(const momui_evaluation *v, const momui_evaluation_clip *e,
                               const clip_view *made, clip_score *c, momu_error *error) {
    uint64_t seed = v->options.seed + (uint64_t)(e - v->pairs.items);
    MOMUI_TRY(momui_beat_count(v->memory, made->beats, made->count, e->beats, made->references,
                               MOMUI_BEAT_TOLERANCE, made->seconds, seed, &c->near, error));
    MOMUI_TRY(momui_beat_count(v->memory, made->beats, made->count, e->beats, made->references,
                               MOMUI_BEAT_TOLERANCE_CLOSE, made->seconds, seed, &c->close, error));
    MOMUI_TRY(count_origin(v, e, made, true, &c->motion_capture, error));
    MOMUI_TRY(count_origin(v, e, made, false, &c->procedural, error));
    momui_phase phase = momui_phase_of(made->beats, made->count, e->beats, made->references);
    c->phase = phase.concentration;
    c->phases = made->references >= 2;
    momui_tempo_match match = momui_tempo_compare(made->tempo, e->tempo);
    c->tempos = e->tempo > 0; /* a result without a tempo has not the right one */
    c->right = match == MOMUI_TEMPO_RIGHT;
    c->octave = match == MOMUI_TEMPO_OCTAVE;
    return MOMU_OK;
}

/* False: this system has nothing for the clip. */
static bool view_music(const momui_evaluation *v, const momui_evaluation_clip *e,
                       momui_system system, clip_view *view, clip_score *c) {
    const momui_audio_analysis *made = momui_audio_analysis_of(v, e, system),
                               *truth = &e->audio_analysis[MOMUI_TRUTH];
    if (!made)
        return false;
    double seconds = fmin(made->seconds, e->seconds);
    *view = (clip_view){made->beats, until(made->beats, made->beat_count, seconds),
                        until(e->beats, e->beat_count, seconds), seconds, made->tempo};
    c->paper =
        momui_paper_score_seconds(made->onsets, until(made->onsets, made->onset_count, seconds),
                                  seconds, truth->onsets, truth->onset_count);
    return true;
}

static bool view_dance(const momui_evaluation *v, const momui_evaluation_clip *e,
                       momui_system system, clip_view *view, clip_score *c) {
    const momui_motion_analysis *made = momui_motion_analysis_of(v, e, system);
    if (!made)
        return false;
    double seconds = fmin(made->seconds, e->seconds);
    *view = (clip_view){made->beats, until(made->beats, made->beat_count, seconds),
                        until(e->beats, e->beat_count, seconds), seconds, made->tempo};
    size_t rises = until(made->rises, made->rise_count, seconds);
    size_t minima = until(made->minima, made->minimum_count, seconds);
    c->paper = momui_paper_score_seconds(made->rises, rises, seconds, e->beats, e->beat_count);
    c->matches = momui_paper_score_matches(made->rises, rises, e->beats, view->references);
    c->alignment = momui_beat_alignment(made->minima, minima, e->beats, view->references);
    c->alignments = view->references > 0;
    return true;
}

/* ---- all clips ---- */

typedef struct columns { /* arrays over clips */
    clip_score *clips;
    size_t count;
} columns;

typedef struct wanted {
    size_t above, below; /* offsets of doubles in clip_score */
} wanted;

static double field(const clip_score *c, size_t offset) {
    return *(const double *)(const void *)((const char *)c + offset);
}

static momu_status share(const momui_evaluation *v, const columns *all, wanted w,
                         momui_interval *out, momu_error *error) {
    double *values = momui_alloc(v->memory, all->count ? all->count : 1, 2 * sizeof *values);
    if (!values)
        return momui_fail_memory(error, "scores");
    for (size_t i = 0; i < all->count; i++) {
        double below = field(&all->clips[i], w.below);
        values[i] = below * field(&all->clips[i], w.above);
        values[all->count + i] = below;
    }
    momu_status status = momui_ratio_interval(v->memory, values, values + all->count, all->count,
                                              v->options.seed, out, error);
    momui_free(values);
    return status;
}

static momu_status pool_counts(const momui_evaluation *v, const columns *all, size_t offset,
                               momui_beat_score *out, momu_error *error) {
    momui_beat_counts *counts = momui_alloc(v->memory, all->count ? all->count : 1, sizeof *counts);
    if (!counts)
        return momui_fail_memory(error, "scores");
    for (size_t i = 0; i < all->count; i++)
        counts[i] =
            *(const momui_beat_counts *)(const void *)((const char *)&all->clips[i] + offset);
    momu_status status =
        momui_beat_score_of(v->memory, counts, all->count, v->options.seed, out, error);
    momui_free(counts);
    return status;
}

static momu_status pool_paper(const momui_evaluation *v, const columns *all, size_t offset,
                              momui_paper_scores *out, momu_error *error) {
    momui_paper_score *clips = momui_alloc(v->memory, all->count ? all->count : 1, sizeof *clips);
    if (!clips)
        return momui_fail_memory(error, "scores");
    for (size_t i = 0; i < all->count; i++)
        clips[i] =
            *(const momui_paper_score *)(const void *)((const char *)&all->clips[i] + offset);
    *out = momui_paper_scores_of(clips, all->count);
    momui_free(clips);
    return MOMU_OK;
}

#define AT(name) offsetof(clip_score, name)

static momu_status pool(const momui_evaluation *v, const columns *all, momui_beats_score *score,
                        momu_error *error) {
    score->clips = all->count;
    MOMUI_TRY(pool_counts(v, all, AT(near), &score->near, error));
    MOMUI_TRY(pool_counts(v, all, AT(close), &score->close, error));
    MOMUI_TRY(pool_counts(v, all, AT(motion_capture), &score->motion_capture, error));
    MOMUI_TRY(pool_counts(v, all, AT(procedural), &score->procedural, error));
    MOMUI_TRY(share(v, all, (wanted){AT(phase), AT(phases)}, &score->phase, error));
    MOMUI_TRY(share(v, all, (wanted){AT(right), AT(tempos)}, &score->tempo, error));
    MOMUI_TRY(share(v, all, (wanted){AT(octave), AT(tempos)}, &score->octave, error));
    MOMUI_TRY(share(v, all, (wanted){AT(alignment), AT(alignments)}, &score->alignment, error));
    MOMUI_TRY(pool_paper(v, all, AT(paper), &score->paper, error));
    return pool_paper(v, all, AT(matches), &score->matches, error);
}

momu_status momui_beats_score_of(const momui_evaluation *v, const momui_choice *choice,
                                 momui_beats_score *score, momu_error *error) {
    columns all = {momui_calloc(v->memory, v->pairs.count + 1, sizeof(clip_score)), 0};
    *score = (momui_beats_score){0};
    if (!all.clips)
        return momui_fail_memory(error, "scores");
    momu_status status = MOMU_OK;
    for (size_t i = 0; status == MOMU_OK && i < v->pairs.count; i++) {
        const momui_evaluation_clip *e = &v->pairs.items[i];
        clip_score *c = &all.clips[all.count];
        clip_view view;
        if (choice->genre > 0 && e->annotations.genre != choice->genre)
            continue;
        if (choice->direction == MOMUI_TO_MUSIC ? !view_music(v, e, choice->system, &view, c)
                                                : !view_dance(v, e, choice->system, &view, c))
            continue;
        all.count++;
        status = score_times(v, e, &view, c, error);
    }
    if (status == MOMU_OK)
        status = pool(v, &all, score, error);
    momui_free(all.clips);
    return status;
}

/* ---- joint generation ---- */

static momu_status count_halves(const momui_evaluation *v, const momui_motion_analysis *dance,
                                const momui_audio_analysis *music, size_t index,
                                momui_beat_counts *counts, momu_error *error) {
    double seconds = fmin(dance->seconds, music->seconds);
    return momui_beat_count(v->memory, dance->beats,
                            until(dance->beats, dance->beat_count, seconds), music->beats,
                            until(music->beats, music->beat_count, seconds), MOMUI_BEAT_TOLERANCE,
                            seconds, v->options.seed + index, counts, error);
}

static bool joint_is(const momui_joint_pair *j, double joint_start, double seconds) {
    return j->status == MOMU_OK && fabs(j->joint_start - joint_start) < 1e-6 &&
           fabs(j->seconds - seconds) < 1e-6;
}

/* The next one of the same kind, round the end; SIZE_MAX where it is alone. */
static size_t next_joint(const momui_evaluation *v, size_t index) {
    const momui_joint_pair *me = &v->joint[index];
    for (size_t k = 1; k < v->joint_count; k++) {
        size_t other = (index + k) % v->joint_count;
        if (v->joint[other].seed != me->seed &&
            joint_is(&v->joint[other], me->joint_start, me->seconds))
            return other;
    }
    return SIZE_MAX;
}

static momu_status count_joint(const momui_evaluation *v, bool independent, double joint_start,
                               double seconds, momui_beat_counts *counts, size_t *count,
                               momu_error *error) {
    for (size_t i = 0; i < v->joint_count; i++) {
        size_t music = independent ? next_joint(v, i) : i;
        /* the sweep repeats the model's own settings; they count once */
        bool again = *count > 0 && v->joint[i].seed == v->options.seed;
        if (again && joint_is(&v->joint[i], joint_start, seconds))
            break;
        if (!joint_is(&v->joint[i], joint_start, seconds) || music == SIZE_MAX)
            continue;
        MOMUI_TRY(count_halves(v, &v->joint[i].motion_analysis, &v->joint[music].audio_analysis, i,
                               &counts[*count], error));
        ++*count;
    }
    return MOMU_OK;
}

static momu_status count_truth(const momui_evaluation *v, momui_beat_counts *counts, size_t *count,
                               momu_error *error) {
    for (size_t i = 0; i < v->pairs.count; i++) {
        const momui_evaluation_clip *e = &v->pairs.items[i];
        if (!e->motion_analysis[MOMUI_TRUTH].there || !e->audio_analysis[MOMUI_TRUTH].there)
            continue;
        MOMUI_TRY(count_halves(v, &e->motion_analysis[MOMUI_TRUTH], &e->audio_analysis[MOMUI_TRUTH],
                               i, &counts[*count], error));
        ++*count;
    }
    return MOMU_OK;
}

momu_status momui_joint_score_of(const momui_evaluation *v, momui_halves halves, double joint_start,
                                 double seconds, momui_beat_score *score, momu_error *error) {
    size_t count = 0;
    momui_beat_counts *counts =
        momui_calloc(v->memory, v->joint_count + v->pairs.count + 1, sizeof *counts);
    if (!counts)
        return momui_fail_memory(error, "scores");
    momu_status status = halves == MOMUI_HALVES_TRUTH
                             ? count_truth(v, counts, &count, error)
                             : count_joint(v, halves == MOMUI_HALVES_INDEPENDENT, joint_start,
                                           seconds, counts, &count, error);
    if (status == MOMU_OK)
        status = momui_beat_score_of(v->memory, counts, count, v->options.seed, score, error);
    momui_free(counts);
    return status;
}
