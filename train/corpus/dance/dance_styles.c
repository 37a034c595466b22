#include "train/corpus/dance/dance_styles.h"

#include <math.h>

/* odds of motion capture: both, upper, lower; half time; arrival, weight, looseness, size; travel
 */
static const momui_style STYLES[16] = {
    {.18, .26, .08, .12, .36, .55, .50, 0.95, .25}, /* house */
    {.15, .24, .06, .12, .31, .60, .30, 0.95, .20}, /* techno */
    {.20, .24, .08, .12, .36, .75, .65, 0.90, .25}, /* hip-hop */
    {.18, .26, .08, .10, .36, .55, .60, 0.95, .30}, /* funk */
    {.20, .26, .08, .12, .39, .45, .50, 1.00, .35}, /* pop */
    {.18, .28, .08, .14, .36, .55, .45, 1.05, .30}, /* rock */
    {.22, .26, .08, .12, .39, .40, .45, 0.95, .30}, /* synthwave */
    {.20, .26, .08, .45, .36, .60, .50, 1.00, .30}, /* drum and bass */
    {.15, .24, .06, .10, .36, .75, .60, 0.90, .25}, /* reggaeton */
    {.12, .26, .05, .05, .36, .35, .45, 0.90, .40}, /* cha-cha */
    {.18, .28, .06, .06, .42, .40, .60, 0.90, .40}, /* rumba */
    {.20, .28, .08, .06, .42, .30, .45, 0.95, .55}, /* waltz */
    {.15, .24, .06, .30, .36, .50, .65, 0.95, .35}, /* swing */
    {.38, .28, .10, .04, .45, .35, .55, 0.95, .45}, /* ballad */
    {.55, .22, .12, .12, .42, .40, .55, 1.05, .55}, /* modern */
    {.25, .26, .08, .14, .38, .50, .50, 0.95, .30}, /* other */
};

double momui_style_uniform(momui_random *random, double low, double high) {
    return low + (high - low) * (double)momui_random_uniform(random);
}

bool momui_style_chance(momui_random *random, double probability) {
    return (double)momui_random_uniform(random) < probability;
}

momui_style momui_style_of(int32_t genre, double tempo, momui_random *random) {
    momui_style style = STYLES[genre >= 1 && genre <= 16 ? genre - 1 : 15];
    if (tempo > 150 && genre != 8)
        style.half_time = fmax(style.half_time, 0.25);
    if (tempo < 90)
        style.half_time = 0.02;
    double more = momui_style_uniform(random, 0.8, 1.2);
    style.captured_both *= more;
    style.mocap_upper *= 2.0 - more;
    return style;
}

momui_dancer_style momui_draw_dancer_style(const momui_style *style, double swing,
                                           momui_random *random) {
    momui_dancer_style m;
    m.size = style->size * momui_style_uniform(random, 0.88, 1.14);
    m.arrival = fmin(0.5, fmax(0.3, style->arrival + momui_style_uniform(random, -0.05, 0.05)));
    m.weight = fmin(1, fmax(0, style->weight + momui_style_uniform(random, -0.2, 0.2)));
    m.looseness = fmin(1, fmax(0, style->looseness + momui_style_uniform(random, -0.2, 0.2)));
    m.noise = momui_style_uniform(random, 0.45, 1.0);
    m.swing = swing;
    return m;
}

size_t momui_style_draw(const momui_dance_figure *(*of)(size_t), size_t count, int32_t genre,
                        int32_t meter, double energy, bool travels, bool flowing,
                        momui_random *random) {
    /* first those of the genre; where the draw finds none, any that the metre allows */
    for (int beat_f1 = 1; beat_f1 >= 0; beat_f1--) {
        double total = 0, weights[96];
        size_t n = count < 96 ? count : 96;
        for (size_t i = 0; i < n; i++) {
            const momui_dance_figure *f = of(i);
            bool suits = !f->genres || (f->genres >> (genre - 1) & 1);
            bool fits =
                (f->meter == 0 || f->meter == meter) &&
                (!beat_f1 || (energy >= (double)f->low - 0.1 && energy <= (double)f->high + 0.1));
            bool allowed = (travels || !f->travels) && (flowing || !f->flows);
            /* a figure of the genre's own is likelier than one that suits all */
            weights[i] =
                fits && allowed && (suits || !beat_f1) ? (f->genres && suits ? 2.5 : 1.0) : 0;
            total += weights[i];
        }
        double pick = total * (double)momui_random_uniform(random);
        for (size_t i = 0; total > 0 && i < n; i++) {
            pick -= weights[i];
            if (pick < 0 && weights[i] > 0)
                return i;
        }
    }
    return 0;
}
