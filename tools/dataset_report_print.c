/* A dataset report as tables and as JSON. */
#include "dataset_report_print.h"
#include "command.h"

static const char *const ORIGINS[] = {"all", "motion capture", "procedural"};

/* ---- tables ---- */

static const char *genre_of(int32_t genre) {
    return genre == 0 ? "all" : momu_genre_name(genre);
}

static void head(const momu_dataset_results *r, const char *title, const char *columns) {
    printf("\n%s%s\n", r->markdown ? "### " : "", title);
    if (!r->markdown) {
        printf("%s\n", columns);
        return;
    }
    int bars = 0;
    printf("\n%s\n", columns);
    for (const char *p = columns; *p; p++)
        bars += *p == '|';
    for (int i = 0; i + 1 < bars; i++)
        printf("|---");
    printf("|\n");
}

static void print_beats(const momu_dataset_results *r) {
    head(r, "Beat F1 (70 ms, one to one), 95 % intervals over pairs",
         "| genre | pairs | hours | F1 | at random offsets | ratio | other music | F1 at 50 ms | "
         "skate cm/s | motion capture | half time |");
    for (int g = 0; g <= MOMUI_GENRES; g++) {
        const momui_dataset_report_row *row = &r->rows[g];
        if (row->pairs == 0)
            continue;
        printf("| %-10s | %zu | %.2f | %.3f (%.3f..%.3f)%s | %.3f (%.3f..%.3f) | %.2f (%.2f..%.2f) "
               "| %.3f (%.3f..%.3f) | %.3f | %.2f | %.2f | %.2f |\n",
               genre_of(g), row->pairs, row->hours, row->near.f1.value, row->near.f1.low,
               row->near.f1.high,
               momui_beat_score_is_chance(&row->near) ? ", no better than chance" : "",
               row->near.chance.value, row->near.chance.low, row->near.chance.high,
               row->near.ratio.value, row->near.ratio.low, row->near.ratio.high,
               row->mismatched.f1.value, row->mismatched.f1.low, row->mismatched.f1.high,
               row->close.f1.value, row->skate, row->mocap_share, row->half_time_share);
    }
}

static void spread_row(const char *group, const char *what, const momui_histogram *ours,
                       const momui_histogram *theirs) {
    static const double POINTS[] = {0.1, 0.5, 0.9, 0.99};
    printf("| %-6s %-12s |", group, what);
    for (int i = 0; i < 4; i++)
        printf(" %.3g |", momui_histogram_percentile(ours, POINTS[i]));
    for (int i = 0; i < 4; i++)
        printf(" %.3g |", momui_histogram_percentile(theirs, POINTS[i]));
    printf("\n");
}

static void sanity_row(const char *name, const momui_motion_metrics *f) {
    int worst = momui_motion_worst_joint(f);
    printf("| %-6s | %.2f | %.2f | %.0f | %.3f | %.2f | %.2f | %.3f | %s |\n", name,
           f->seconds / 3600, momui_motion_skate(f), momui_motion_jitter(f), momui_motion_pfc(f),
           1000 * momui_motion_penetration(f),
           f->frames ? 100 * (double)f->penetrating_frames / (double)f->frames : 0,
           100 * momui_motion_beyond(f), worst < 0 ? "none" : momui_body_names[worst]);
}

static void print_motion(const momu_dataset_results *r) {
    head(r, "Motion: the dataset beside motion capture",
         "| | hours | skate cm/s | jitter m/s3 | PFC | below ground mm | frames 1 cm below % | "
         "joints beyond range % | mostly |");
    sanity_row("dataset", &r->ours);
    if (r->dataset.take_count > 0)
        sanity_row("capture", &r->theirs);
    head(r, "Speed (m/s), acceleration (m/s2): percentiles of the dataset, then of motion capture",
         "| joints | 10 % | 50 % | 90 % | 99 % | capture 10 % | 50 % | 90 % | 99 % |");
    for (int g = 0; g < MOMUI_BODY_GROUPS; g++) {
        const momui_motion_spread *ours = &r->ours.groups[g], *theirs = &r->theirs.groups[g];
        spread_row(momui_body_group_names[g], "speed", &ours->speed, &theirs->speed);
        spread_row(momui_body_group_names[g], "acceleration", &ours->acceleration,
                   &theirs->acceleration);
    }
}

static void print_genres(const momu_dataset_results *r) {
    head(r, "Genre from one side alone: trained on the training split, tested on the test split",
         "| side | training windows | test windows | pairs | accuracy | chance | ratio | by pair | "
         "balanced | tempo | octave | energy r |");
    for (int side = 0; side < 2; side++) {
        const momui_genre_report *g = &r->genre[side];
        if (g->windows == 0)
            continue;
        printf("| %s | %zu | %zu | %zu | %.3f (%.3f..%.3f) | %.3f | %.1f | %.3f | %.3f | %.3f | "
               "%.3f | %.2f |\n",
               side ? "motion" : "music", g->trained, g->windows, g->pairs, g->accuracy.value,
               g->accuracy.low, g->accuracy.high, g->chance,
               g->chance > 0 ? g->accuracy.value / g->chance : 0, g->pair_accuracy, g->balanced,
               g->tempo, g->octave, g->energy);
    }
}

static void print_networks(const momu_dataset_results *r) {
    if (!r->networks_ran)
        return;
    if (r->genre[0].windows + r->genre[1].windows > 0)
        print_genres(r);
    if (r->dataset.take_count == 0)
        return;
    head(r,
         "Dataset or motion capture, from two seconds of motion: balanced accuracy, chance is 0.5",
         "| dataset windows | training: dataset | capture | test: dataset | capture | held-out "
         "takes "
         "| dataset right | capture right | five folds over all takes |");
    for (int o = 0; o < 3; o++) {
        const momui_mocap_report *x = &r->mocap[o];
        if (x->test[0] == 0)
            continue;
        printf("| %s | %zu | %zu | %zu | %zu | %.3f (%.3f..%.3f) | %.3f | %.3f | %.3f "
               "(%.3f..%.3f) |\n",
               ORIGINS[o], x->trained[0], x->trained[1], x->test[0], x->test[1], x->held_out.value,
               x->held_out.low, x->held_out.high, x->corpus_found, x->mocap_found, x->folds.value,
               x->folds.low, x->folds.high);
    }
    printf("Windows of motion capture overlap by 1.5 s and come from few takes; intervals resample "
           "pairs and takes.\n");
}

void momu_dataset_report_print(const momu_dataset_results *r) {
    print_beats(r);
    print_motion(r);
    print_networks(r);
}

/* ---- JSON ---- */

static void put_interval(momu_json *json, const char *key, const momui_interval *i) {
    momu_json_numbers(json, key, (double[]){i->value, i->low, i->high}, 3);
}

static void put_named(momu_json *json, const char *name, const char *key, const momui_interval *i) {
    char text[96];
    snprintf(text, sizeof text, "%s_%s", name, key);
    put_interval(json, text, i);
}

static void put_row(momu_json *json, const momui_dataset_report_row *row) {
    char key[96];
    const char *name = genre_of(row->genre);
    snprintf(key, sizeof key, "%s_pairs", name);
    momu_json_integer(json, key, row->pairs);
    snprintf(key, sizeof key, "%s_hours", name);
    momu_json_number(json, key, row->hours);
    put_named(json, name, "f1", &row->near.f1);
    put_named(json, name, "chance", &row->near.chance);
    put_named(json, name, "ratio", &row->near.ratio);
    put_named(json, name, "mismatched", &row->mismatched.f1);
    put_named(json, name, "f1_50ms", &row->close.f1);
    snprintf(key, sizeof key, "%s_skate_capture_half_time", name);
    momu_json_numbers(json, key, (double[]){row->skate, row->mocap_share, row->half_time_share}, 3);
}

int momu_dataset_report_json(const momu_dataset_results *r, const char *path) {
    FILE *file = fopen(path, "w");
    if (!file)
        return momu_usage_error("dataset-report", "%s: could not be written", path);
    momu_json json;
    momu_json_open(&json, file);
    momu_json_text(&json, "corpus", r->folder);
    momu_json_integer(&json, "broken", r->dataset.broken);
    for (int g = 0; g <= MOMUI_GENRES; g++)
        if (r->rows[g].pairs > 0)
            put_row(&json, &r->rows[g]);
    const momui_motion_metrics *sides[] = {&r->ours, &r->theirs};
    for (int s = 0; s < 2; s++) {
        const momui_motion_metrics *f = sides[s];
        momu_json_numbers(&json, s ? "real_skate_jitter_pfc_beyond" : "skate_jitter_pfc_beyond",
                          (double[]){momui_motion_skate(f), momui_motion_jitter(f),
                                     momui_motion_pfc(f), momui_motion_beyond(f)},
                          4);
    }
    for (int s = 0; r->networks_ran && s < 2; s++) {
        const char *side = s ? "motion" : "music";
        put_named(&json, side, "genre_accuracy", &r->genre[s].accuracy);
    }
    if (r->networks_ran)
        momu_json_number(&json, "genre_chance", r->genre[0].chance);
    for (int o = 0; r->networks_ran && o < 3; o++) {
        put_named(&json, ORIGINS[o], "real_or_corpus", &r->mocap[o].held_out);
        put_named(&json, ORIGINS[o], "real_or_corpus_folds", &r->mocap[o].folds);
    }
    momu_json_close(&json);
    if (fclose(file) != 0)
        return momu_usage_error("dataset-report", "%s: could not be written", path);
    return MOMU_EXIT_OK;
}
