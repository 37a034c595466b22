/* The files that sub-commands read and write; a file named - is standard input or output. */
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { FIRST_ROOM = 1 << 16 };

bool momu_is_standard(const char *path) {
    return path && strcmp(path, "-") == 0;
}

const char *momu_sound_format(int32_t i) {
    static const char *const NAMES[] = {"wav", "flac", "ogg"};
    return i < 3 ? NAMES[i] : NULL;
}

const char *momu_motion_format(int32_t i) {
    static const char *const NAMES[] = {"bvh", "glb", "npz"};
    return i < 3 ? NAMES[i] : NULL;
}

/* ---- standard input ---- */

int momu_read_standard_input(const char *command, momu_input *input) {
    size_t room = 0;
    *input = (momu_input){0};
    if (isatty(STDIN_FILENO))
        return momu_usage_error(command, "standard input is a terminal, expected a file");
    for (;;) {
        if (input->size == room) {
            room = room ? 2 * room : FIRST_ROOM;
            char *more = room > input->size ? realloc(input->data, room) : NULL;
            if (!more) {
                momu_input_release(input);
                return momu_report(command, MOMU_ERROR_MEMORY, "standard input: out of memory",
                                   false);
            }
            input->data = more;
        }
        size_t got = fread(input->data + input->size, 1, room - input->size, stdin);
        input->size += got;
        if (got == 0)
            break;
    }
    if (ferror(stdin)) {
        int reason = errno;
        momu_input_release(input);
        return momu_usage_error(command, "standard input: %s", strerror(reason));
    }
    if (input->size == 0) {
        momu_input_release(input);
        return momu_usage_error(command, "standard input is empty");
    }
    return MOMU_EXIT_OK;
}

void momu_input_release(momu_input *input) {
    free(input->data);
    *input = (momu_input){0};
}

bool momu_input_is_sound(const momu_input *input) {
    static const char *const BEGINNINGS[] = {"RIFF", "RF64", "fLaC", "OggS", "ID3", "FORM", ".snd"};
    const unsigned char *bytes = (const unsigned char *)input->data;
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof *BEGINNINGS; i++)
        if (input->size >= 4 && strncmp(input->data, BEGINNINGS[i], strlen(BEGINNINGS[i])) == 0)
            return true;
    return input->size > 1 && bytes[0] == 0xff && (bytes[1] & 0xe0) == 0xe0; /* MPEG audio */
}

static int reported(const char *command, momu_context *context, momu_status status, bool writing) {
    return status == MOMU_OK
               ? MOMU_EXIT_OK
               : momu_report(command, status, momu_context_get_message(context), writing);
}

int momu_input_sound(const char *command, momu_context *context, const char *path,
                     momu_audio **sound) {
    if (!momu_is_standard(path))
        return reported(command, context, momu_audio_read(context, path, sound), false);
    momu_input input;
    int status = momu_read_standard_input(command, &input);
    if (status == MOMU_EXIT_OK)
        status = reported(command, context,
                          momu_audio_read_memory(context, input.data, input.size, sound), false);
    momu_input_release(&input);
    return status;
}

int momu_input_motion(const char *command, momu_context *context, const char *path,
                      const char *take, momu_motion **motion) {
    if (!momu_is_standard(path))
        return reported(command, context, momu_motion_read(context, path, take, motion), false);
    momu_input input;
    int status = momu_read_standard_input(command, &input);
    if (status == MOMU_EXIT_OK)
        status =
            reported(command, context,
                     momu_motion_read_memory(context, input.data, input.size, take, motion), false);
    momu_input_release(&input);
    return status;
}

/* ---- outputs ---- */

int momu_check_standard_output(const char *command) {
    if (isatty(STDOUT_FILENO))
        return momu_usage_error(command,
                                "standard output is a terminal, which cannot show the result; "
                                "expected a pipe, or a file for -o");
    return MOMU_EXIT_OK;
}

int momu_check_format(const momu_arguments *a, const char *(*formats)(int32_t)) {
    char extensions[64] = "";
    size_t used = 0;
    if (momu_is_standard(a->output))
        return momu_check_standard_output(a->command);
    for (int32_t i = 0; formats(i); i++)
        used += (size_t)snprintf(extensions + used, sizeof extensions - used, "%s.%s", i ? " " : "",
                                 formats(i));
    int status = momu_check_output(a->command, a->output, extensions);
    const char *dot = strrchr(a->output, '.');
    if (status == MOMU_EXIT_OK && a->format && dot && strcasecmp(dot + 1, a->format) != 0)
        status = momu_usage_error(a->command, "--format %s contradicts the extension of %s",
                                  a->format, a->output);
    return status;
}

int momu_write_standard_output(const char *command, const void *data, size_t size) {
    errno = 0;
    if (fwrite(data, 1, size, stdout) == size && fflush(stdout) == 0)
        return MOMU_EXIT_OK;
    int reason = errno;
    fprintf(stderr, "momu %s: standard output: %s\n", command,
            reason ? strerror(reason) : "could not be written");
    return MOMU_EXIT_FAILURE;
}

static int put_buffer(const char *command, momu_context *context, momu_status status,
                      momu_buffer *buffer) {
    int code = reported(command, context, status, true);
    if (code == MOMU_EXIT_OK)
        code = momu_write_standard_output(command, buffer->data, buffer->size);
    momu_buffer_destroy(buffer);
    return code;
}

int momu_output_sound(momu_context *context, const momu_audio *sound, const momu_arguments *a) {
    momu_buffer *buffer = NULL;
    if (!momu_is_standard(a->output))
        return reported(a->command, context, momu_audio_write(context, sound, a->output, NULL),
                        true);
    momu_status status =
        momu_audio_write_memory(context, sound, a->format ? a->format : "wav", NULL, &buffer);
    return put_buffer(a->command, context, status, buffer);
}

/* Keypoints alone have one format that holds them. */
static const char *motion_format(const momu_arguments *a) {
    bool points = a->keypoints || a->write.target == MOMU_TARGET_SMPL ||
                  a->write.target == MOMU_TARGET_KEYPOINTS;
    return a->format ? a->format : points ? "npz" : "bvh";
}

int momu_output_motion(momu_context *context, const momu_motion *motion, const momu_arguments *a) {
    momu_buffer *buffer = NULL;
    if (!momu_is_standard(a->output))
        return reported(a->command, context,
                        momu_motion_write(context, motion, a->output, &a->write), true);
    momu_status status =
        momu_motion_write_memory(context, motion, motion_format(a), &a->write, &buffer);
    return put_buffer(a->command, context, status, buffer);
}

FILE *momu_text_output(const char *output) {
    return momu_is_standard(output) ? stderr : stdout;
}
