/* How a genre is danced, and a dancer's own way of it. Internal. */
#ifndef MOMUI_TRAIN_CORPUS_DANCE_DANCE_STYLES_H
#define MOMUI_TRAIN_CORPUS_DANCE_DANCE_STYLES_H

#include "train/corpus/moves/steps.h"

typedef struct momui_style {
    double captured_both, mocap_upper, mocap_lower; /* odds of a phrase's material */
    double half_time;                               /* odds of a phrase at half speed */
    double arrival, weight, looseness, size;        /* the style's means */
    double travel;                                  /* odds that figures may leave their place */
} momui_style;

/* genre 1..16; `other` and `modern` dance a style that suits the tempo. */
momui_style momui_style_of(int32_t genre, double tempo, momui_random *random);

/* One dancer's values, drawn around the style's means. */
momui_dancer_style momui_draw_dancer_style(const momui_style *style, double swing,
                                           momui_random *random);

/* A figure of a table that suits genre, metre and energy. `of` and `count` say which table;
 * `flowing` false leaves out those without deceleration peaks. */
size_t momui_style_draw(const momui_dance_figure *(*of)(size_t), size_t count, int32_t genre,
                        int32_t meter, double energy, bool travels, bool flowing,
                        momui_random *random);

double momui_style_uniform(momui_random *random, double low, double high);
bool momui_style_chance(momui_random *random, double probability);

#endif
