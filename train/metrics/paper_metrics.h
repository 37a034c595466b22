/* The paper's beat scores (LORIS; docs/evaluation.md), for comparison with published results only:
 * one bit a second, in which any music with a beat a second is nearly perfect. */
#ifndef MOMUI_TRAIN_METRICS_PAPER_METRICS_H
#define MOMUI_TRAIN_METRICS_PAPER_METRICS_H

#include "train/metrics/interval.h"

/* Of one clip. */
typedef struct momui_paper_score {
    size_t made, truth, hits; /* seconds with a beat; seconds with both */
    double bcs, bhs;          /* hits / made, hits / truth; 0 where there is none */
} momui_paper_score;

/* Times in seconds; what is at or beyond ceil(made_seconds) of the truth is cut off. */
momui_paper_score momui_paper_score_seconds(const double *made, size_t made_count,
                                            double made_seconds, const double *truth,
                                            size_t truth_count);
/* For dances: one-to-one matches within 0.1 s in place of seconds. */
momui_paper_score momui_paper_score_matches(const double *kinematic, size_t kinematic_count,
                                            const double *music, size_t music_count);

/* Over clips, in per cent: means of BCS and BHS, their sample deviations CSD and HSD (0 for one
 * clip), F1 of the means. */
typedef struct momui_paper_scores {
    size_t clips;
    double bcs, csd, bhs, hsd, f1;
} momui_paper_scores;
momui_paper_scores momui_paper_scores_of(const momui_paper_score *clips, size_t count);

#endif
