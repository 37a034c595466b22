/* probe audio FILE       "frames rate peak"
 * probe motion FILE      "frames fps joints"
 * probe json KEY < text  the value of a JSON object's key; fails when the text is no JSON object
 * What the end-to-end scripts look at results with. */
#include <momu/momu.h>

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static int fail(const char *sentence) {
    fprintf(stderr, "probe: %s\n", sentence);
    return 1;
}

static int probe_audio(momu_context *context, const char *path) {
    momu_audio *audio = NULL;
    if (momu_audio_read(context, path, &audio) != MOMU_OK)
        return fail(momu_context_get_message(context));
    int64_t count = momu_audio_get_frames(audio) * momu_audio_get_channels(audio);
    float peak = 0;
    for (int64_t i = 0; i < count; i++)
        peak = fmaxf(peak, fabsf(momu_audio_get_samples(audio)[i]));
    printf("%lld %.0f %.6f\n", (long long)momu_audio_get_frames(audio), momu_audio_get_rate(audio),
           (double)peak);
    momu_audio_destroy(audio);
    return 0;
}

static int probe_motion(momu_context *context, const char *path) {
    momu_motion *motion = NULL;
    if (momu_motion_read(context, path, NULL, &motion) != MOMU_OK)
        return fail(momu_context_get_message(context));
    printf("%lld %.3f %d\n", (long long)momu_motion_get_frames(motion), momu_motion_get_fps(motion),
           (int)momu_motion_get_joints(motion));
    momu_motion_destroy(motion);
    return 0;
}

static int probe_json(const char *key) {
    static char text[1 << 20];
    size_t size = fread(text, 1, sizeof text - 1, stdin);
    text[size] = '\0';
    cJSON *object = cJSON_ParseWithOpts(text, NULL, 1);
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsObject(object) || !value) {
        cJSON_Delete(object);
        return fail("no such key, or no JSON object");
    }
    char *printed = cJSON_IsString(value) ? NULL : cJSON_PrintUnformatted(value);
    puts(printed ? printed : value->valuestring);
    cJSON_free(printed);
    cJSON_Delete(object);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "json") == 0)
        return probe_json(argv[2]);
    momu_context *context = NULL;
    if (argc != 3 || momu_context_create(NULL, &context, NULL) != MOMU_OK)
        return fail("expected audio FILE, motion FILE or json KEY");
    int status = argv[1][0] == 'a' ? probe_audio(context, argv[2]) : probe_motion(context, argv[2]);
    momu_context_destroy(context);
    return status;
}
