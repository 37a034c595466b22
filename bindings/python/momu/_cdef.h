/* Made from include/momu by _headers.py: do not edit. */

/* momu/version.h */
#define MOMU_VERSION_MAJOR 0
#define MOMU_VERSION_MINOR 1
#define MOMU_VERSION_PATCH 0
#define MOMU_API_VERSION 0

/* momu/common.h */
#define MOMU_CONTINUE 256
#define MOMU_CANCEL 512
typedef int32_t momu_status;
enum {
    MOMU_OK = 0, MOMU_ERROR_ARGUMENT = 1, MOMU_ERROR_MEMORY = 2, MOMU_ERROR_IO = 3, MOMU_ERROR_FORMAT = 4, MOMU_ERROR_UNSUPPORTED = 5, MOMU_ERROR_LIMIT = 6, MOMU_ERROR_CANCELLED = 7, MOMU_ERROR_NUMERIC = 8, MOMU_ERROR_NOT_FOUND = 9, MOMU_ERROR_INTERNAL = 10
} ;
const char *momu_status_name(momu_status status);
typedef struct momu_error {
    momu_status status;
    int32_t reserved;
    char message[504];
} momu_error;
typedef int32_t momu_switch;
enum {MOMU_SWITCH_DEFAULT = 0, MOMU_SWITCH_ON = 1, MOMU_SWITCH_OFF = 2
} ;
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
typedef struct momu_buffer {
    const void *data;
    size_t size;
} momu_buffer;
void momu_buffer_destroy(momu_buffer *buffer);
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
momu_status momu_context_get_error(const momu_context *context, momu_error *error);
const char *momu_context_get_message(const momu_context *context);
void momu_context_cancel(momu_context *context);
const char *momu_version(void);
int32_t momu_version_number(void);
int32_t momu_api_version(void);
const char *momu_capability(const char *name);

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
    uint64_t parameters;
    uint64_t memory_bytes;
    const char *layout;
    const char *vocoder;
    double sample_rate;
    double frame_rate;
    double latent_rate;
    double window_seconds;
    double max_seconds;
    int32_t latent_channels;
    int32_t joints;
    uint32_t controls_trained;
    int32_t tracks_beats;
    int32_t classifies_genre;
    int32_t reads_keypoints;
    double guidance_music;
    double guidance_motion;
    double guidance_start_music;
    double guidance_start_motion;
    double joint_start;
    int32_t sampling_steps;
    int32_t sampler;
} momu_model_info;
void momu_model_info_init(momu_model_info *info, size_t size);
momu_status momu_model_get_info(const momu_model *model, momu_model_info *info);

/* momu/audio.h */
#define MOMU_MAX_CHANNELS 256
typedef struct momu_audio momu_audio;
momu_status momu_audio_create(momu_context *context, const float *samples, int64_t frames, int32_t channels, double rate, momu_audio **audio);
momu_status momu_audio_read(momu_context *context, const char *path, momu_audio **audio);
momu_status momu_audio_read_memory(momu_context *context, const void *data, size_t size, momu_audio **audio);
momu_status momu_audio_read_stream(momu_context *context, const momu_stream *stream, momu_audio **audio);
typedef struct momu_audio_write_options {
    size_t struct_size;
    double rate;
} momu_audio_write_options;
void momu_audio_write_options_init(momu_audio_write_options *options, size_t size);
momu_status momu_audio_write(momu_context *context, const momu_audio *audio, const char *path, const momu_audio_write_options *options);
momu_status momu_audio_write_memory(momu_context *context, const momu_audio *audio, const char *format, const momu_audio_write_options *options, momu_buffer **buffer);
int64_t momu_audio_get_frames(const momu_audio *audio);
int32_t momu_audio_get_channels(const momu_audio *audio);
double momu_audio_get_rate(const momu_audio *audio);
double momu_audio_get_seconds(const momu_audio *audio);
const float *momu_audio_get_samples(const momu_audio *audio);
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
#define MOMU_JOINT_COUNT 22
typedef struct momu_motion momu_motion;
typedef int32_t momu_motion_kind;
enum {
    MOMU_MOTION_JOINTS = 0, MOMU_MOTION_POSITIONS = 1, MOMU_MOTION_KEYPOINTS = 2
} ;
typedef int32_t momu_joint;
enum {
    MOMU_JOINT_PELVIS = 0, MOMU_JOINT_LEFT_HIP = 1, MOMU_JOINT_RIGHT_HIP = 2, MOMU_JOINT_SPINE1 = 3, MOMU_JOINT_LEFT_KNEE = 4, MOMU_JOINT_RIGHT_KNEE = 5, MOMU_JOINT_SPINE2 = 6, MOMU_JOINT_LEFT_ANKLE = 7, MOMU_JOINT_RIGHT_ANKLE = 8, MOMU_JOINT_SPINE3 = 9, MOMU_JOINT_LEFT_FOOT = 10, MOMU_JOINT_RIGHT_FOOT = 11, MOMU_JOINT_NECK = 12, MOMU_JOINT_LEFT_COLLAR = 13, MOMU_JOINT_RIGHT_COLLAR = 14, MOMU_JOINT_HEAD = 15, MOMU_JOINT_LEFT_SHOULDER = 16, MOMU_JOINT_RIGHT_SHOULDER = 17, MOMU_JOINT_LEFT_ELBOW = 18, MOMU_JOINT_RIGHT_ELBOW = 19, MOMU_JOINT_LEFT_WRIST = 20, MOMU_JOINT_RIGHT_WRIST = 21
} ;
typedef struct momu_motion_description {
    size_t struct_size;
    momu_motion_kind kind;
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
momu_status momu_motion_read_memory(momu_context *context, const void *data, size_t size, const char *take, momu_motion **motion);
momu_status momu_motion_read_stream(momu_context *context, const momu_stream *stream, const char *take, momu_motion **motion);
typedef struct momu_takes {
    const char *const *names;
    size_t count;
} momu_takes;
momu_status momu_motion_takes(momu_context *context, const char *path, momu_takes **takes);
momu_status momu_motion_takes_memory(momu_context *context, const void *data, size_t size, momu_takes **takes);
void momu_takes_destroy(momu_takes *takes);
typedef int32_t momu_target;
enum {
    MOMU_TARGET_NONE = 0, MOMU_TARGET_BLENDER = 1, MOMU_TARGET_UNREAL = 2, MOMU_TARGET_UNITY = 3, MOMU_TARGET_MAYA = 4, MOMU_TARGET_SMPL = 5, MOMU_TARGET_KEYPOINTS = 6
} ;
typedef int32_t momu_root_motion;
enum {
    MOMU_ROOT_WORLD = 0, MOMU_ROOT_IN_PLACE = 1, MOMU_ROOT_EXTRACTED = 2
} ;
typedef struct momu_motion_write_options {
    size_t struct_size;
    double fps;
    momu_target target;
    momu_root_motion root;
} momu_motion_write_options;
void momu_motion_write_options_init(momu_motion_write_options *options, size_t size);
momu_status momu_motion_write(momu_context *context, const momu_motion *motion, const char *path, const momu_motion_write_options *options);
momu_status momu_motion_write_memory(momu_context *context, const momu_motion *motion, const char *format, const momu_motion_write_options *options, momu_buffer **buffer);
momu_status momu_motion_retarget(momu_context *context, const momu_motion *motion, const momu_motion *character, momu_motion **retargeted);
momu_motion_kind momu_motion_get_kind(const momu_motion *motion);
int64_t momu_motion_get_frames(const momu_motion *motion);
double momu_motion_get_fps(const momu_motion *motion);
double momu_motion_get_seconds(const momu_motion *motion);
int32_t momu_motion_get_joints(const momu_motion *motion);
const char *momu_motion_get_joint_name(const momu_motion *motion, int32_t joint);
int32_t momu_motion_get_joint_parent(const momu_motion *motion, int32_t joint);
const float *momu_motion_get_offsets(const momu_motion *motion);
const float *momu_motion_get_positions(const momu_motion *motion);
const float *momu_motion_get_rotations(const momu_motion *motion);
const float *momu_motion_get_root(const momu_motion *motion);
const float *momu_motion_get_confidence(const momu_motion *motion);
void momu_motion_destroy(momu_motion *motion);
momu_status momu_motion_beats(momu_context *context, const momu_model *model, const momu_motion *motion, momu_beats **beats);

/* momu/generate.h */
typedef int32_t momu_sampler;
enum {
    MOMU_SAMPLER_DEFAULT = 0, MOMU_SAMPLER_DPM_SOLVER_PP = 1, MOMU_SAMPLER_DDIM = 2
} ;
typedef int32_t momu_genre;
enum {
    MOMU_GENRE_NONE = -1, MOMU_GENRE_DEFAULT = 0, MOMU_GENRE_HOUSE = 1, MOMU_GENRE_TECHNO = 2, MOMU_GENRE_HIP_HOP = 3, MOMU_GENRE_FUNK = 4, MOMU_GENRE_POP = 5, MOMU_GENRE_ROCK = 6, MOMU_GENRE_SYNTHWAVE = 7, MOMU_GENRE_DRUM_AND_BASS = 8, MOMU_GENRE_REGGAETON = 9, MOMU_GENRE_CHA_CHA = 10, MOMU_GENRE_RUMBA = 11, MOMU_GENRE_WALTZ = 12, MOMU_GENRE_SWING = 13, MOMU_GENRE_BALLAD = 14, MOMU_GENRE_MODERN = 15, MOMU_GENRE_OTHER = 16
} ;
const char *momu_genre_name(momu_genre genre);
typedef struct momu_span {
    double start;
    double end;
} momu_span;
typedef struct momu_generate_options {
    size_t struct_size;
    uint64_t seed;
    int32_t steps;
    momu_sampler sampler;
    double guidance_music;
    double guidance_motion;
    double guidance_start_music;
    double guidance_start_motion;
    double guidance_rescale;
    double joint_start;
    double seconds;
    double audio_rate;
    double motion_fps;
    momu_switch foot_lock;
    momu_genre genre;
    double tempo;
    const double *energy;
    size_t energy_count;
    const double *beats;
    size_t beat_count;
    int32_t beats_per_bar;
    int32_t downbeat;
    momu_switch track_beats;
    int32_t reserved;
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
} momu_generate_options;
void momu_generate_options_init(momu_generate_options *options, size_t size);
const char *momu_sampler_name(momu_sampler sampler);
typedef struct momu_generate_info {
    size_t struct_size;
    uint64_t seed;
    int32_t steps;
    momu_sampler sampler;
    double guidance_music;
    double guidance_motion;
    double guidance_start_music;
    double guidance_start_motion;
    double guidance_rescale;
    double joint_start;
    double seconds;
    int64_t latent_frames;
    momu_genre genre;
    uint32_t joints_filled;
    double genre_confidence;
    double tempo_used;
    double beats_confidence;
    double peak;
    double rms;
    double flatness;
    double tempo;
    double tempo_confidence;
    double motion_tempo;
    double motion_tempo_confidence;
    double skate_before;
    double skate_after;
    double beat_agreement;
    double beat_agreement_chance;
} momu_generate_info;
void momu_generate_info_init(momu_generate_info *info, size_t size);
momu_status momu_motion_to_music( momu_context *context, const momu_model *model, const momu_motion *motion, const momu_generate_options *options, momu_audio **audio, momu_generate_info *info);
momu_status momu_music_to_motion( momu_context *context, const momu_model *model, const momu_audio *audio, const momu_generate_options *options, momu_motion **motion, momu_generate_info *info);
momu_status momu_joint_generate(momu_context *context, const momu_model *model, const momu_generate_options *options, momu_audio **audio, momu_motion **motion, momu_generate_info *info);

/* momu/experimental.h */
momu_status momu_model_create(const char *preset, uint64_t seed, const char *path, momu_error *error);
momu_status momu_data_path(const char *name, char *path, size_t size, momu_error *error);
momu_status momu_audio_reconstruct(momu_context *context, const momu_model *model, const momu_audio *audio, momu_audio **reconstructed);
momu_status momu_motion_reconstruct(momu_context *context, const momu_model *model, const momu_motion *motion, momu_motion **reconstructed);
