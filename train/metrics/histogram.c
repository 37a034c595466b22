#include "train/metrics/histogram.h"

#include <math.h>

static const double LEAST = -5, A_DECADE = 40; /* decades */

void momui_histogram_add(momui_histogram *histogram, double value) {
    if (isnan(value))
        return;
    double place = value > 0 ? (log10(value) - LEAST) * A_DECADE : 0;
    place = fmin(fmax(place, 0), MOMUI_HISTOGRAM_BINS - 1);
    histogram->bins[(int)place]++;
    histogram->count++;
}

void momui_histogram_merge(momui_histogram *into, const momui_histogram *from) {
    for (int i = 0; i < MOMUI_HISTOGRAM_BINS; i++)
        into->bins[i] += from->bins[i];
    into->count += from->count;
}

double momui_histogram_percentile(const momui_histogram *histogram, double share) {
    double wanted = share * (double)histogram->count, below = 0;
    for (int i = 0; i < MOMUI_HISTOGRAM_BINS && histogram->count > 0; i++) {
        double here = (double)histogram->bins[i];
        if (here > 0 && below + here >= wanted)
            return pow(10, LEAST + (i + (wanted - below) / here) / A_DECADE);
        below += here;
    }
    return 0;
}
