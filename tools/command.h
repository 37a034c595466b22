/* What the sub-commands of `momu` share. Each is a function (argc, argv) -> exit status, argv[0]
 * its own name. Exit status: 0 done, 2 bad input or usage, 1 anything else; then one sentence is on
 * standard error. */
#ifndef MOMU_TOOLS_COMMAND_H
#define MOMU_TOOLS_COMMAND_H

#include <momu/momu.h>

#include <stdbool.h>
#include <stdio.h>

enum { MOMU_EXIT_OK = 0, MOMU_EXIT_FAILURE = 1, MOMU_EXIT_BAD_INPUT = 2 };

/* ---- the sub-commands, each in its cmd_*.c; main.c lists them ---- */

/* One option of a sub-command: what reads it, help, the man page and shell completions are made
 * from. */
typedef struct momu_option {
    const char *name;                     /* the long name */
    const char *value;                    /* what follows it: FILE, DIR, N ...; NULL: nothing */
    const char *help;                     /* what it does, with unit and default; one paragraph */
    int id;                               /* for the reader; a letter is a short name as well */
    const char *(*choice)(int32_t index); /* what may follow, NULL beyond the last; or NULL */
} momu_option;

typedef struct momu_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;        /* for the list of `momu --help` */
    const char *usage;          /* what follows "momu NAME", a line each */
    const char *text;           /* what it does, a paragraph a line */
    const momu_option *options; /* its own, ended by one without a name; or NULL */
    const char *shared; /* names of shared options (options.c), each between spaces; or NULL */
    const char *const *words; /* what its first argument may be, ended by NULL; or NULL: files */
} momu_command;

extern const momu_command momu_command_motion_to_music, momu_command_music_to_motion,
    momu_command_joint, momu_command_beats, momu_command_convert, momu_command_retarget,
    momu_command_preview, momu_command_render, momu_command_info, momu_command_model_new,
    momu_command_train, momu_command_check, momu_command_eval, momu_command_corpus,
    momu_command_dataset_report, momu_command_completions;

/* The sub-command at this place of the list; NULL beyond the last. */
const momu_command *momu_command_at(size_t index);

/* ---- parser.c ---- */
/* Takes the value (NULL where none follows) of one option; returns MOMU_EXIT_OK or has said what is
 * wrong. */
typedef int momu_option_reader(void *user, const momu_option *option, const char *text);

enum { MOMU_GO_ON = -1 };

/* Reads the options of argv with `read`; optind is then the first plain argument. --help and
 * --version are printed here. Returns MOMU_GO_ON, or the exit status with which the sub-command
 * ends. */
int momu_parse(const momu_command *command, int argc, char **argv, momu_option_reader *read,
               void *user);
/* The option at this place, the shared ones before the command's own, --help and --version last;
 * NULL beyond. */
const momu_option *momu_option_at(const momu_command *command, size_t index);

/* ---- help.c ---- */
void momu_print_help(const momu_command *command);
/* Prints text so that lines end before column 80; the first line begins at `column`, the others at
 * `indent`. */
void momu_print_wrapped(const char *text, int column, int indent);

/* ---- report.c ---- */
/* Writes "momu COMMAND: SENTENCE" to standard error and returns MOMU_EXIT_BAD_INPUT. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int momu_usage_error(const char *command, const char *format, ...);
/* The same for a library's sentence; the exit status fits `status`. writing: it was an output that
 * failed. */
int momu_report(const char *command, momu_status status, const char *sentence, bool writing);
/* Fails when `path` could not be written: its extension is not in `extensions` (".wav .flac"), or its
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

/* ---- numbers.c: values of options ---- */
int momu_read_number(const char *command, const char *option, const char *text, double *value);
/* More than 0, since 0 would mean the default. */
int momu_read_positive(const char *command, const char *option, const char *text, double *value);
int momu_read_integer(const char *command, const char *option, const char *text, uint64_t high,
                      uint64_t *value);
/* 1 to high. */
int momu_read_count(const char *command, const char *option, const char *text, uint64_t high,
                    int32_t *value);
/* The index of the text among the option's choices, letter case aside. */
int momu_read_choice(const char *command, const momu_option *option, const char *text,
                     int32_t *index);

/* ---- options.c ---- */
/* The options that several sub-commands share, and what they set. */
typedef struct momu_arguments {
    const char *command;
    const char *model, *output, *take;
    const char *input; /* the first plain argument, or NULL */
    const char *skeleton;
    const char *format; /* of the output: "bvh", "wav" ...; NULL where --format was not used */
    int32_t weights;    /* of a model: a momui_weight_format; -1: --weights was not used */
    int plain;          /* how many plain arguments there were */
    int32_t threads;
    bool json, quiet;
    bool keypoints; /* the model makes 2-D keypoints: no BVH, and no feet to measure */
    double energy;  /* what generate.energy points to, where --energy was used */
    momu_generate_options generate;
    momu_motion_write_options write;
} momu_arguments;

/* Ids of shared options that sub-commands list with other words or choices. */
enum { MOMU_OPTION_OUTPUT = 'o', MOMU_OPTION_QUIET = 'q', MOMU_OPTION_FORMAT = 256 };

extern const momu_option momu_shared_options[]; /* ended by one without a name */

/* momu_parse() for the shared options; as it returns. */
int momu_read_arguments(momu_arguments *arguments, const momu_command *command, int argc,
                        char **argv);

/* ---- processors.c ---- */
/* Default of --threads, 1 to 256: the processors that the scheduler's affinity and the control
 * groups leave to this process. */
int32_t momu_processors(void);
/* Processors that the quotas of control groups leave, infinite without any. groups: a file as
 * /proc/self/cgroup; mount: a folder as /sys/fs/cgroup. */
double momu_cgroup_quota(const char *groups, const char *mount);

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

/* ---- files.c: sounds and motions of the command line ---- */
/* Choices of --format: "wav" ... and "bvh" ... */
const char *momu_sound_format(int32_t index);
const char *momu_motion_format(int32_t index);
/* Fails when the output cannot be written: its extension is none of these formats or contradicts
 * --format, or its folder is not there. */
int momu_check_format(const momu_arguments *arguments, const char *(*formats)(int32_t index));
bool momu_is_standard(const char *path); /* it is "-" */

/* The whole of standard input. */
typedef struct momu_input {
    char *data;
    size_t size;
} momu_input;
int momu_read_standard_input(const char *command, momu_input *input);
void momu_input_release(momu_input *input);
/* By its first bytes; else it may be a motion. */
bool momu_input_is_sound(const momu_input *input);

/* These report what failed, and return the exit status. */
int momu_input_sound(const char *command, momu_context *context, const char *path,
                     momu_audio **sound);
int momu_input_motion(const char *command, momu_context *context, const char *path,
                      const char *take, momu_motion **motion);
int momu_output_sound(momu_context *context, const momu_audio *sound,
                      const momu_arguments *arguments);
int momu_output_motion(momu_context *context, const momu_motion *motion,
                       const momu_arguments *arguments);
/* Fails where standard output is a terminal. */
int momu_check_standard_output(const char *command);
int momu_write_standard_output(const char *command, const void *data, size_t size);
/* Where words about the output go: standard output, or standard error where the output itself goes
 * to standard output. */
FILE *momu_text_output(const char *output);

/* ---- convert_model.c ---- */
bool momu_is_model(const char *path); /* by its extension */
/* Reads a model and writes it with its weights as f32, bf16 or int8; --weights names which. */
int momu_convert_model(const momu_arguments *arguments);

/* ---- progress.c ---- */
/* One bar a job with the time that remains, on a terminal; nothing elsewhere. */
typedef struct momu_bar {
    bool shown;
    const char *stage;
    uint64_t done;     /* of the stage's units, at the last call */
    double started;    /* seconds of a monotonic clock */
    double share;      /* of the job that is done, 0..1 */
    double begin, end; /* the share of the stage that runs */
    int last_width;
} momu_bar;
void momu_bar_open(momu_bar *bar, bool quiet);
/* Opens the bar and makes it the progress callback of the generation. */
void momu_bar_attach(momu_bar *bar, momu_arguments *arguments);
int32_t momu_bar_progress(void *bar, const char *stage, uint64_t done, uint64_t total);
/* The share of the job that is done; it never falls. */
double momu_bar_share(momu_bar *bar, const char *stage, uint64_t done, uint64_t total);
void momu_bar_close(momu_bar *bar);

/* ---- result.c ---- */
/* Prints what was made: one object with --json, else a few lines. Either path may be NULL. */
void momu_print_result(const momu_arguments *arguments, const char *audio_path,
                       const char *motion_path, const momu_generate_info *info);

#endif
