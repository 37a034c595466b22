/* Made from include/momu by _headers.py: do not edit. */

/* momu/version.h */
#define MOMU_VERSION_MAJOR 0
#define MOMU_VERSION_MINOR 1
#define MOMU_VERSION_PATCH 0
#define MOMU_API_VERSION 0

/* momu/common.h */
#define MOMU_CONTINUE 256
#define MOMU_CANCEL 512
typedef enum momu_status {
    MOMU_OK = 0, MOMU_ERROR_ARGUMENT = 1, MOMU_ERROR_MEMORY = 2, MOMU_ERROR_IO = 3, MOMU_ERROR_FORMAT = 4, MOMU_ERROR_UNSUPPORTED = 5, MOMU_ERROR_LIMIT = 6, MOMU_ERROR_CANCELLED = 7, MOMU_ERROR_NUMERIC = 8, MOMU_ERROR_NOT_FOUND = 9, MOMU_ERROR_INTERNAL = 10
} momu_status;
typedef struct momu_error {
    int32_t status;
    int32_t reserved;
    char message[504];
} momu_error;
typedef struct momu_allocator {
    void *(*resize)(void *user, void *pointer, size_t old_size, size_t new_size);
    void *user;
} momu_allocator;
typedef struct momu_stream {
    size_t (*read)(void *user, void *buffer, size_t size);
    uint64_t (*size)(void *user);
    void (*close)(void *user);
    void *user;
} momu_stream;
typedef int32_t (*momu_progress_callback)(void *user, const char *stage, uint64_t done, uint64_t total);
typedef struct momu_context momu_context;
typedef struct momu_context_options {
    size_t struct_size;
    int32_t threads;
    int32_t reserved;
    uint64_t memory_limit;
    const momu_allocator *allocator;
} momu_context_options;
void momu_context_options_init(momu_context_options *options, size_t size);
momu_status momu_context_create(const momu_context_options *options, momu_context **context, momu_error *error);
void momu_context_destroy(momu_context *context);
const char *momu_context_error(const momu_context *context);
void momu_context_cancel(momu_context *context);
const char *momu_status_name(momu_status status);
const char *momu_version(void);
int32_t momu_api_version(void);
const char *momu_capability(const char *name);

/* momu/audio.h */
#define MOMU_MAX_CHANNELS 256
typedef struct momu_audio momu_audio;
momu_status momu_audio_create(momu_context *context, const float *samples, int64_t frames, int32_t channels, double rate, momu_audio **audio);
momu_status momu_audio_read(momu_context *context, const char *path, momu_audio **audio);
typedef struct momu_audio_write_options {
    size_t struct_size;
    double rate;
} momu_audio_write_options;
void momu_audio_write_options_init(momu_audio_write_options *options, size_t size);
momu_status momu_audio_write(momu_context *context, const momu_audio *audio, const char *path, const momu_audio_write_options *options);
int64_t momu_audio_frames(const momu_audio *audio);
int32_t momu_audio_channels(const momu_audio *audio);
double momu_audio_rate(const momu_audio *audio);
double momu_audio_seconds(const momu_audio *audio);
const float *momu_audio_samples(const momu_audio *audio);
void momu_audio_destroy(momu_audio *audio);
typedef struct momu_beats {
    const double *times;
    size_t count;
    double tempo;
    double confidence;
    const char *tracker;
} momu_beats;
momu_status momu_audio_beats(momu_context *context, const momu_model *model, const momu_audio *audio, momu_beats **beats);
void momu_beats_destroy(momu_beats *beats);

/* momu/motion.h */
#define MOMU_MAX_JOINTS 512
#define MOMU_MAX_MOTION_FRAMES 4194304
typedef struct momu_motion momu_motion;
typedef enum momu_motion_kind {
    MOMU_MOTION_JOINTS = 0, MOMU_MOTION_POSITIONS = 1, MOMU_MOTION_KEYPOINTS = 2
} momu_motion_kind;
typedef struct momu_motion_description {
    size_t struct_size;
    int32_t kind;
    int32_t joints;
    int64_t frames;
    double fps;
    const char *const *names;
    const int32_t *parents;
    const float *offsets;
    const float *rotations;
    const float *root;
    const float *positions;
    const float *confidence;
} momu_motion_description;
void momu_motion_description_init(momu_motion_description *description, size_t size);
momu_status momu_motion_create(momu_context *context, const momu_motion_description *description, momu_motion **motion);
momu_status momu_motion_read(momu_context *context, const char *path, const char *take, momu_motion **motion);
typedef struct momu_takes {
    const char *const *names;
    size_t count;
} momu_takes;
momu_status momu_motion_takes(momu_context *context, const char *path, momu_takes **takes);
void momu_takes_destroy(momu_takes *takes);
typedef enum momu_target {
    MOMU_TARGET_NONE = 0, MOMU_TARGET_BLENDER = 1, MOMU_TARGET_UNREAL = 2, MOMU_TARGET_UNITY = 3, MOMU_TARGET_MAYA = 4, MOMU_TARGET_SMPL = 5, MOMU_TARGET_KEYPOINTS = 6
} momu_target;
typedef enum momu_root_motion {
    MOMU_ROOT_WORLD = 0, MOMU_ROOT_IN_PLACE = 1, MOMU_ROOT_EXTRACTED = 2
} momu_root_motion;
typedef struct momu_motion_write_options {
    size_t struct_size;
    double fps;
    int32_t target;
    int32_t root;
} momu_motion_write_options;
void momu_motion_write_options_init(momu_motion_write_options *options, size_t size);
momu_status momu_motion_write(momu_context *context, const momu_motion *motion, const char *path, const momu_motion_write_options *options);
momu_status momu_motion_retarget(momu_context *context, const momu_motion *motion, const momu_motion *figure, momu_motion **retargeted);
int32_t momu_motion_get_kind(const momu_motion *motion);
int64_t momu_motion_frames(const momu_motion *motion);
double momu_motion_fps(const momu_motion *motion);
double momu_motion_seconds(const momu_motion *motion);
int32_t momu_motion_joints(const momu_motion *motion);
const char *momu_motion_joint_name(const momu_motion *motion, int32_t joint);
int32_t momu_motion_joint_parent(const momu_motion *motion, int32_t joint);
const float *momu_motion_offsets(const momu_motion *motion);
const float *momu_motion_positions(const momu_motion *motion);
const float *momu_motion_rotations(const momu_motion *motion);
const float *momu_motion_root(const momu_motion *motion);
const float *momu_motion_confidence(const momu_motion *motion);
void momu_motion_destroy(momu_motion *motion);
momu_status momu_motion_beats(momu_context *context, const momu_model *model, const momu_motion *motion, momu_beats **beats);

/* momu/model.h */
#define MOMU_CONTROL_GENRE 1
#define MOMU_CONTROL_TEMPO 2
#define MOMU_CONTROL_ENERGY 4
#define MOMU_CONTROL_BEATS 8
#define MOMU_CONTROL_INPAINTING 16
typedef struct momu_model momu_model;
typedef struct momu_model_options {
    size_t struct_size;
    const momu_allocator *allocator;
    uint64_t memory_limit;
} momu_model_options;
void momu_model_options_init(momu_model_options *options, size_t size);
momu_status momu_model_load(const char *path, const momu_model_options *options, momu_model **model, momu_error *error);
momu_status momu_model_load_memory(const void *data, size_t size, const momu_model_options *options, momu_model **model, momu_error *error);
momu_status momu_model_load_stream(const momu_stream *stream, const momu_model_options *options, momu_model **model, momu_error *error);
momu_model *momu_model_retain(momu_model *model);
void momu_model_release(momu_model *model);
typedef struct momu_model_info {
    size_t struct_size;
    const char *preset;
    const char *license;
    const char *training_data;
    const char *trained_by;
    const char *layout;
    const char *vocoder;
    double sample_rate;
    double frame_rate;
    double latent_rate;
    double window_seconds;
    double max_seconds;
    double guidance_music;
    double guidance_motion;
    double joint_start;
    int32_t latent_channels;
    int32_t sampling_steps;
    uint64_t parameters;
    uint64_t memory_bytes;
    uint32_t controls_trained;
    int32_t joints;
    double guidance_start_music;
    double guidance_start_motion;
    int32_t classifies_genre;
    int32_t reads_keypoints;
    int32_t tracks_beats;
    int32_t reserved;
} momu_model_info;
momu_status momu_model_get_info(const momu_model *model, momu_model_info *info);

/* momu/generate.h */
#define MOMU_GENRE_NONE -1
typedef enum momu_sampler {
    MOMU_SAMPLER_DEFAULT = 0, MOMU_SAMPLER_DPM_SOLVER_PP = 1, MOMU_SAMPLER_DDIM = 2
} momu_sampler;
typedef enum momu_switch {
    MOMU_SWITCH_DEFAULT = 0, MOMU_SWITCH_ON = 1, MOMU_SWITCH_OFF = 2
} momu_switch;
typedef struct momu_span {
    double start;
    double end;
} momu_span;
typedef struct momu_generate_options {
    size_t struct_size;
    uint64_t seed;
    int32_t steps;
    int32_t sampler;
    double guidance_music;
    double guidance_motion;
    double guidance_rescale;
    double joint_start;
    double seconds;
    double audio_rate;
    double motion_fps;
    int32_t foot_lock;
    int32_t genre;
    double tempo;
    const double *energy;
    size_t energy_count;
    const double *beats;
    size_t beat_count;
    int32_t beats_per_bar;
    int32_t downbeat;
    const momu_audio *inpainting_audio;
    const momu_span *inpainting_audio_spans;
    size_t inpainting_audio_span_count;
    const momu_motion *inpainting_motion;
    const momu_span *inpainting_motion_spans;
    size_t inpainting_motion_span_count;
    const float *music_noise;
    size_t music_noise_count;
    const float *motion_noise;
    size_t motion_noise_count;
    momu_progress_callback progress;
    void *progress_user;
    double guidance_start_music;
    double guidance_start_motion;
    int32_t track_beats;
    int32_t reserved;
} momu_generate_options;
void momu_generate_options_init(momu_generate_options *options, size_t size);
const char *momu_genre_name(int32_t genre);
typedef struct momu_generate_info {
    size_t struct_size;
    uint64_t seed;
    int32_t steps;
    int32_t sampler;
    double guidance_music;
    double guidance_motion;
    double guidance_rescale;
    double joint_start;
    double seconds;
    int64_t latent_frames;
    double peak;
    double rms;
    double flatness;
    double skate_before;
    double skate_after;
    double beat_agreement;
    double beat_agreement_chance;
    double tempo;
    double tempo_confidence;
    double motion_tempo;
    double motion_tempo_confidence;
    uint32_t joints_filled;
    int32_t genre;
    double guidance_start_music;
    double guidance_start_motion;
    double genre_confidence;
    double tempo_used;
    double beats_confidence;
} momu_generate_info;
momu_status momu_motion_to_music(momu_context *context, const momu_model *model, const momu_motion *motion, const momu_generate_options *options, momu_audio **audio, momu_generate_info *info);
momu_status momu_music_to_motion(momu_context *context, const momu_model *model, const momu_audio *audio, const momu_generate_options *options, momu_motion **motion, momu_generate_info *info);
momu_status momu_joint_generate(momu_context *context, const momu_model *model, const momu_generate_options *options, momu_audio **audio, momu_motion **motion, momu_generate_info *info);

/* momu/experimental.h */
momu_status momu_model_create(const char *preset, uint64_t seed, const char *path, momu_error *error);
momu_status momu_data_path(const char *name, char *path, size_t size, momu_error *error);
momu_status momu_audio_reconstruct(momu_context *context, const momu_model *model, const momu_audio *audio, momu_audio **made);
momu_status momu_motion_reconstruct(momu_context *context, const momu_model *model, const momu_motion *motion, momu_motion **made);
