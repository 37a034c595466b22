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

static double mebibytes(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 ? (double)info.st_size / 1048576 : 0;
}

int momu_convert_model(const momu_arguments *a) {
    const char *command = a->command, *input = a->input, *output = a->output;
    if (a->weights < 0)
        return momu_usage_error(command, "a model needs --weights f32, bf16 or int8");
    int status = momu_check_output(command, output, ".safetensors");
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
    made = momui_bundle_save(bundle, output, (momui_weight_format)a->weights, false, &error);
    momui_bundle_free(bundle);
    if (made != MOMU_OK)
        return momu_report(command, made, error.message, true);
    if (!a->quiet)
        printf("%s: %.1f MiB (%s: %.1f MiB)\n", output, mebibytes(output), input, mebibytes(input));
    return MOMU_EXIT_OK;
}
