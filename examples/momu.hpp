// momu.hpp - libmomu for C++17, in one header: handles that release themselves, failures as exceptions.
//
// Nothing here is needed: the C headers are C++ as they are. Copy it and change it.
#ifndef MOMU_HPP
#define MOMU_HPP

#include <momu/momu.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace momu {

struct Error : std::runtime_error {
    momu_status status;
    Error(momu_status s, const std::string &sentence) : std::runtime_error(sentence), status(s) {}
};

template <auto Release> struct Releaser {
    template <typename T> void operator()(T *handle) const {
        Release(handle);
    }
};

using Audio = std::unique_ptr<momu_audio, Releaser<momu_audio_destroy>>;
using Motion = std::unique_ptr<momu_motion, Releaser<momu_motion_destroy>>;
using Beats = std::unique_ptr<momu_beats, Releaser<momu_beats_destroy>>;
using ModelHandle = std::unique_ptr<momu_model, Releaser<momu_model_release>>;

// One a thread. What needs a context is its member, since the context holds the error.
class Context {
  public:
    explicit Context(int threads = 1) {
        momu_context_options options;
        momu_context_options_init(&options, sizeof options);
        options.threads = threads;
        momu_error error{};
        momu_context *made = nullptr;
        if (momu_status status = momu_context_create(&options, &made, &error))
            throw Error(status, error.message);
        handle.reset(made);
    }
    Audio read_audio(const std::string &path) {
        return make<Audio>(momu_audio_read, path.c_str());
    }
    Motion read_motion(const std::string &path) {
        return make<Motion>(momu_motion_read, path.c_str(), nullptr);
    }
    Motion retarget(const Motion &dance, const Motion &character) {
        return make<Motion>(momu_motion_retarget, dance.get(), character.get());
    }
    Beats beats(const Audio &song, const momu_model *model = nullptr) {
        return make<Beats>(momu_audio_beats, model, song.get());
    }
    Beats beats(const Motion &dance, const momu_model *model = nullptr) {
        return make<Beats>(momu_motion_beats, model, dance.get());
    }
    void write(const Audio &song, const std::string &path) {
        check(momu_audio_write(handle.get(), song.get(), path.c_str(), nullptr));
    }
    void write(const Motion &dance, const std::string &path,
               const momu_motion_write_options *options = nullptr) {
        check(momu_motion_write(handle.get(), dance.get(), path.c_str(), options));
    }
    void check(momu_status status) const {
        if (status != MOMU_OK)
            throw Error(status, momu_context_get_message(handle.get()));
    }
    momu_context *get() const {
        return handle.get();
    }

  private:
    template <typename Handle, typename Function, typename... Arguments>
    Handle make(Function function, Arguments... arguments) {
        typename Handle::pointer made = nullptr;
        check(function(handle.get(), arguments..., &made));
        return Handle(made);
    }
    std::unique_ptr<momu_context, Releaser<momu_context_destroy>> handle;
};

// Options with C++ progress: the function returns false to stop. What it throws must not pass
// through C, so it is kept and thrown again afterwards.
struct Options : momu_generate_options {
    std::function<bool(const std::string &stage, uint64_t done, uint64_t total)> on_progress;
    std::exception_ptr thrown;
    Options() : momu_generate_options{} {
        momu_generate_options_init(this, sizeof(momu_generate_options));
    }
    Options(const Options &) = delete;
    Options &operator=(const Options &) = delete;
    const momu_generate_options *prepared() {
        if (on_progress) {
            progress = call;
            progress_user = this;
        }
        return this;
    }
    void finish(Context &context, momu_status status) {
        if (thrown)
            std::rethrow_exception(std::exchange(thrown, nullptr));
        context.check(status);
    }

  private:
    static int32_t call(void *user, const char *stage, uint64_t done, uint64_t total) {
        auto *self = static_cast<Options *>(user);
        try {
            return self->on_progress(stage, done, total) ? MOMU_CONTINUE : MOMU_CANCEL;
        } catch (...) {
            self->thrown = std::current_exception();
            return MOMU_CANCEL;
        }
    }
};

// Shared by any number of threads and contexts.
class Model {
  public:
    explicit Model(const std::string &path = "") {
        momu_error error{};
        momu_model *made = nullptr;
        if (momu_status status =
                momu_model_load(path.empty() ? nullptr : path.c_str(), nullptr, &made, &error))
            throw Error(status, error.message);
        handle.reset(made);
    }
    Motion dance_for(Context &context, const Audio &song, Options &&options = {},
                     momu_generate_info *info = nullptr) const {
        momu_motion *made = nullptr;
        options.finish(context, momu_music_to_motion(context.get(), handle.get(), song.get(),
                                                     options.prepared(), &made, info));
        return Motion(made);
    }
    Audio music_for(Context &context, const Motion &dance, Options &&options = {},
                    momu_generate_info *info = nullptr) const {
        momu_audio *made = nullptr;
        options.finish(context, momu_motion_to_music(context.get(), handle.get(), dance.get(),
                                                     options.prepared(), &made, info));
        return Audio(made);
    }
    std::pair<Audio, Motion> both(Context &context, Options &&options = {},
                                  momu_generate_info *info = nullptr) const {
        momu_audio *song = nullptr;
        momu_motion *dance = nullptr;
        options.finish(context, momu_joint_generate(context.get(), handle.get(), options.prepared(),
                                                    &song, &dance, info));
        return {Audio(song), Motion(dance)};
    }
    const momu_model *get() const {
        return handle.get();
    }

  private:
    ModelHandle handle;
};

} // namespace momu
#endif
