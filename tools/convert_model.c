/* momu convert MODEL.safetensors --weights FORMAT -o MODEL.safetensors */
#include "command.h"

#include "models/models.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool momu_is_model(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot && strcasecmp(dot, ".safetensors") == 0;
}

static int read_format(const char *command, const char *text, momui_weight_format *format) {
    static const char *const NAMES[] = {"f32", "bf16", "int8"};
    for (int i = 0; text && i < 3; i++)
        if (strcmp(text, NAMES[i]) == 0) {
            *format = (momui_weight_format)i;
            return MOMU_EXIT_OK;
        }
    return momu_usage_error(command, "--weights is \"%s\", expected f32, bf16 or int8",
                            text ? text : "not given");
}

static double mebibytes(const char *path) {
    struct stat annotations;
    return stat(path, &annotations) == 0 ? (double)annotations.st_size / 1048576 : 0;
}

int momu_convert_model(const char *command, const char *input, const char *output,
                       const char *weights) {
    momui_weight_format format = MOMUI_WEIGHTS_F32;
    int status = read_format(command, weights, &format);
    if (status == MOMU_EXIT_OK)
        status = momu_check_output(command, output, ".safetensors");
    if (status != MOMU_EXIT_OK)
        return status;
    momu_error error = {0};
    momui_bytes bytes;
    momui_bundle *bundle = NULL;
    momu_status made = momui_bytes_from_path(NULL, input, true, UINT64_C(1) << 34, &bytes, &error);
    if (made != MOMU_OK)
        return momu_report(command, made, error.message, false);
    made = momui_bundle_load(NULL, &bytes, false, &bundle, &error);
    momui_bytes_release(&bytes);
    if (made != MOMU_OK)
        return momu_report(command, made, error.message, false);
    made = momui_bundle_save(bundle, output, format, false, &error);
    momui_bundle_free(bundle);
    if (made != MOMU_OK)
        return momu_report(command, made, error.message, true);
    printf("%s: %.1f MiB (%s: %.1f MiB)\n", output, mebibytes(output), input, mebibytes(input));
    return MOMU_EXIT_OK;
}
