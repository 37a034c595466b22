/* The files that sub-commands read and write. */
#include "command.h"

#include <string.h>
#include <strings.h>

const char *momu_sound_format(int32_t i) {
    static const char *const NAMES[] = {"wav", "flac", "ogg"};
    return i < 3 ? NAMES[i] : NULL;
}

const char *momu_motion_format(int32_t i) {
    static const char *const NAMES[] = {"bvh", "glb", "npz"};
    return i < 3 ? NAMES[i] : NULL;
}

momu_status momu_input_sound(momu_context *context, const char *path, momu_audio **sound) {
    return momu_audio_read(context, path, sound);
}

momu_status momu_input_motion(momu_context *context, const char *path, const char *take,
                              momu_motion **motion) {
    return momu_motion_read(context, path, take, motion);
}

momu_status momu_output_sound(momu_context *context, const momu_audio *sound,
                              const momu_arguments *a) {
    return momu_audio_write(context, sound, a->output, NULL);
}

momu_status momu_output_motion(momu_context *context, const momu_motion *motion,
                               const momu_arguments *a) {
    return momu_motion_write(context, motion, a->output, &a->write);
}

int momu_check_format(const momu_arguments *a, const char *(*formats)(int32_t)) {
    char extensions[64] = "";
    size_t used = 0;
    for (int32_t i = 0; formats(i); i++)
        used += (size_t)snprintf(extensions + used, sizeof extensions - used, "%s.%s", i ? " " : "",
                                 formats(i));
    int status = momu_check_output(a->command, a->output, extensions);
    const char *dot = strrchr(a->output, '.');
    if (status == MOMU_EXIT_OK && a->format && dot && strcasecmp(dot + 1, a->format) != 0)
        status = momu_usage_error(a->command, "--format %s contradicts the ending of %s", a->format,
                                  a->output);
    return status;
}

FILE *momu_text_output(const char *output) {
    return strcmp(output, "-") == 0 ? stderr : stdout;
}
