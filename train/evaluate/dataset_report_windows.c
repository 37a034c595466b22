/* Collects windows of many pairs, with their labels. */
#include "train/evaluate/dataset_report_windows.h"

void momui_report_windows_release(momui_report_windows *p) {
    momui_free(p->windows);
    momui_free(p->label);
    momui_free(p->tempo);
    momui_free(p->energy);
    momui_free(p->pair);
}

bool momui_report_windows_open(momui_report_windows *p, momui_memory *memory, size_t capacity) {
    *p = (momui_report_windows){.memory = memory, .capacity = capacity};
    p->windows = momui_alloc(memory, capacity, sizeof *p->windows);
    p->label = momui_alloc(memory, capacity, sizeof *p->label);
    p->tempo = momui_calloc(memory, capacity, sizeof *p->tempo);
    p->energy = momui_calloc(memory, capacity, sizeof *p->energy);
    p->pair = momui_alloc(memory, capacity, sizeof *p->pair);
    if (p->windows && p->label && p->tempo && p->energy && p->pair)
        return true;
    momui_report_windows_release(p);
    return false;
}

void momui_report_windows_add(momui_report_windows *p, const momui_windows *w, int32_t index,
                              int32_t label, size_t pair, const momui_annotations *annotations) {
    int64_t at = p->data.count;
    if ((size_t)at >= p->capacity)
        return;
    p->windows[at] = w->values + index * w->frames * w->channels;
    p->label[at] = label;
    p->pair[at] = pair;
    p->tempo[at] = annotations ? (float)annotations->tempo : 0;
    p->energy[at] = annotations ? (float)annotations->energy : 0;
    p->data = (momui_labelled_windows){at + 1,   w->frames, w->channels, p->windows,
                                       p->label, p->tempo,  p->energy};
}

int32_t momui_report_best(const float *values, int32_t count) {
    int32_t best = 0;
    for (int32_t i = 1; i < count; i++)
        if (values[i] > values[best])
            best = i;
    return best;
}
