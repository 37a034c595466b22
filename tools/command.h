/* What the sub-commands of `momu` share. Each is a function (argc, argv) -> exit status, argv[0]
 * its own name. Exit status: 0 done, 2 bad input or usage, 1 anything else; then one sentence is on
 * standard error. */
#ifndef MOMU_TOOLS_COMMAND_H
#define MOMU_TOOLS_COMMAND_H

#include <momu/momu.h>

#include <stdbool.h>
#include <stdio.h>

enum { MOMU_EXIT_OK = 0, MOMU_EXIT_FAILURE = 1, MOMU_EXIT_BAD_INPUT = 2 };

int momu_cmd_motion_to_music(int argc, char **argv);
int momu_cmd_music_to_motion(int argc, char **argv);
int momu_cmd_joint(int argc, char **argv);
int momu_cmd_info(int argc, char **argv);
int momu_cmd_beats(int argc, char **argv);
int momu_cmd_convert(int argc, char **argv);
int momu_cmd_retarget(int argc, char **argv);
int momu_cmd_preview(int argc, char **argv);
int momu_cmd_render(int argc, char **argv);
int momu_cmd_model_new(int argc, char **argv);
int momu_cmd_train(int argc, char **argv);
int momu_cmd_check(int argc, char **argv);
int momu_cmd_eval(int argc, char **argv);
int momu_cmd_corpus(int argc, char **argv);
int momu_cmd_dataset_report(int argc, char **argv);

/* ---- report.c ---- */
/* Writes "momu COMMAND: SENTENCE" to standard error and returns MOMU_EXIT_BAD_INPUT. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int momu_usage_error(const char *command, const char *format, ...);
/* The same for a library's sentence; the exit status fits `status`. writing: it was an output that
 * failed. */
int momu_report(const char *command, momu_status status, const char *sentence, bool writing);
/* Fails when `path` could not be written: its ending is not in `endings` (".wav .flac"), or its
 * folder is not there. Called before the long work. */
int momu_check_output(const char *command, const char *path, const char *extensions);

/* One JSON object on one line. Fields are added in order; no number is written as NaN: it becomes
 * null. */
typedef struct momu_json {
    FILE *out;
    bool comma;
} momu_json;
void momu_json_open(momu_json *json, FILE *out);
void momu_json_text(momu_json *json, const char *key, const char *value);
void momu_json_number(momu_json *json, const char *key, double value);
void momu_json_integer(momu_json *json, const char *key, uint64_t value);
void momu_json_numbers(momu_json *json, const char *key, const double *values, size_t count);
void momu_json_close(momu_json *json);

/* ---- options.c ---- */
/* Everything that the generating sub-commands can be told. */
typedef struct momu_arguments {
    const char *command;
    const char *model, *output, *take;
    const char *input; /* the first plain argument, or NULL */
    const char *skeleton, *weights;
    const char *format; /* of a dance: ".bvh" ..., NULL where it was not said */
    int plain;          /* how many there were */
    int32_t threads;
    bool json, quiet, help;
    bool keypoints; /* the model makes 2-D keypoints: no BVH, and no feet to judge */
    double energy;  /* what generate.energy points to, when it was given */
    momu_generate_options generate;
    momu_motion_write_options write;
} momu_arguments;

/* Reads options; `allowed` lists the long names that this sub-command knows, each between spaces.
 * Returns MOMU_EXIT_OK or has said what is wrong. */
int momu_read_arguments(momu_arguments *arguments, int argc, char **argv, const char *allowed);
/* Number options by hand, for the other sub-commands. */
int momu_read_number(const char *command, const char *option, const char *text, double *value);
int momu_read_integer(const char *command, const char *option, const char *text, uint64_t high,
                      uint64_t *value);
/* Help lines of the options in `allowed`. */
void momu_print_options(const char *allowed);

/* ---- session.c: a context and a model, Ctrl-C and the progress bar ---- */
typedef struct momu_session {
    const char *command;
    momu_context *context;
    momu_model *model;
} momu_session;

/* model true: loads arguments->model as well, and says in arguments->keypoints what it makes. */
int momu_session_open(momu_session *session, momu_arguments *arguments, bool model);
/* For what works without a model, too: loads `path`, or the default model if one is found; else
 * session->model stays NULL. */
int momu_session_find_model(momu_session *session, const char *path);
void momu_session_close(momu_session *session);

/* ---- convert_model.c ---- */
bool momu_is_model(const char *path); /* by its ending */
/* Reads a model and writes it with its weights as f32, bf16 or int8. */
int momu_convert_model(const char *command, const char *input, const char *output,
                       const char *weights);

/* ---- progress.c ---- */
/* A bar with the time that remains, on a terminal; nothing elsewhere. */
typedef struct momu_bar {
    bool shown;
    const char *stage;
    double started;
    int last_width;
} momu_bar;
void momu_bar_open(momu_bar *bar, bool quiet);
int32_t momu_bar_progress(void *bar, const char *stage, uint64_t done, uint64_t total);
void momu_bar_close(momu_bar *bar);

/* ---- result.c ---- */
/* Says what was made: one object with --json, a few lines without. Either path may be NULL. */
void momu_print_result(const momu_arguments *arguments, const char *audio_path,
                       const char *motion_path, const momu_generate_info *info);

#endif
