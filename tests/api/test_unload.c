/* Plug-in hosts load a library, use it and unload it, again and again: that must not eat memory.
 * Ten rounds of dlopen, generate, dlclose; behind the third the heap grows by less than 8 KB a
 * round. The first three are left out: the C library and those that libmomu needs settle then. */
#include <momu/experimental.h>
#include <momu/momu.h>

#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33) && !defined(__SANITIZE_ADDRESS__)

enum { ROUNDS = 10, SETTLED = 3, BOUND = 8 * 1024 };

/* POSIX has dlsym() give functions as data pointers. */
#define FUNCTION(name)                                                                             \
    __typeof__(name) *name##_;                                                                     \
    void *name##_address = dlsym(library, #name);                                                  \
    memcpy(&name##_, &name##_address, sizeof name##_);                                             \
    if (!name##_)                                                                                  \
    return "no " #name

/* NULL, or what went wrong. */
static const char *generate(void *library, const char *model_path) {
    FUNCTION(momu_model_create);
    FUNCTION(momu_model_load);
    FUNCTION(momu_model_release);
    FUNCTION(momu_context_create);
    FUNCTION(momu_context_destroy);
    FUNCTION(momu_generate_options_init);
    FUNCTION(momu_joint_generate);
    FUNCTION(momu_audio_destroy);
    FUNCTION(momu_motion_destroy);
    static momu_error error;
    momu_context *context = NULL;
    momu_model *model = NULL;
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    momu_context_options threads = {.struct_size = sizeof threads, .threads = 2};
    momu_generate_options options;
    momu_generate_options_init_(&options, sizeof options);
    options.steps = 2;
    options.seconds = 2;
    momu_status status = momu_model_create_("tiny", 1, model_path, &error);
    if (status == MOMU_OK)
        status = momu_model_load_(model_path, NULL, &model, &error);
    if (status == MOMU_OK)
        status = momu_context_create_(&threads, &context, &error);
    if (status == MOMU_OK)
        status = momu_joint_generate_(context, model, &options, &audio, &motion, NULL);
    momu_audio_destroy_(audio);
    momu_motion_destroy_(motion);
    momu_model_release_(model);
    momu_context_destroy_(context);
    unlink(model_path);
    return status == MOMU_OK ? NULL : "the generation failed";
}

int main(int count, char **arguments) {
    char path[64];
    size_t settled = 0, held = 0;
    snprintf(path, sizeof path, "unload-%ld.safetensors", (long)getpid());
    for (int round = 0; count == 2 && round < ROUNDS; round++) {
        void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
        const char *failed = library ? generate(library, path) : dlerror();
        if (failed || dlclose(library) != 0) {
            fprintf(stderr, "round %d: %s\n", round, failed ? failed : dlerror());
            return 1;
        }
        struct mallinfo2 heap = mallinfo2();
        held = heap.uordblks + heap.hblkhd;
        if (round == SETTLED - 1)
            settled = held;
    }
    size_t grown = held > settled ? held - settled : 0;
    printf("%zu bytes more after %d rounds\n", grown, ROUNDS - SETTLED);
    return settled == 0 || grown > (size_t)(ROUNDS - SETTLED) * BOUND;
}

#else

int main(void) {
    return 77; /* no way to ask how much the heap holds */
}

#endif
