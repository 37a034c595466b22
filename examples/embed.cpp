// In a C++17 application: handles release themselves, failures are exceptions, progress is a lambda.
//
//     embed SONG DANCE.bvh
//     c++ -std=c++17 embed.cpp $(pkg-config --cflags --libs momu) -o embed
#include "momu.hpp"

#include <cstdio>

int main(int argc, char **argv) try {
    if (argc != 3) {
        std::fprintf(stderr, "usage: embed SONG DANCE.bvh\n");
        return 2;
    }
    momu::Model model;
    momu::Context context(2);
    momu::Audio song = context.read_audio(argv[1]);

    momu::Options options;
    options.seed = 3;
    int steps = 0;
    options.on_progress = [&](const std::string &stage, uint64_t, uint64_t) {
        steps += stage == "sampling";
        return true;
    };
    momu_generate_info info{};
    info.struct_size = sizeof info;
    momu::Motion dance = model.dance_for(context, song, std::move(options), &info);
    context.write(dance, argv[2]);
    std::printf("%s: %lld frames after %d steps, beats agree with F1 %.2f (%.2f by chance)\n", argv[2],
                static_cast<long long>(momu_motion_get_frames(dance.get())), steps, info.beat_agreement,
                info.beat_agreement_chance);

    try { // what a callback throws comes through
        momu::Options broken;
        broken.on_progress = [](const std::string &, uint64_t, uint64_t) -> bool {
            throw std::logic_error("thrown by the callback");
        };
        model.dance_for(context, song, std::move(broken));
    } catch (const std::logic_error &error) {
        std::printf("caught: %s\n", error.what());
    }
    try {
        context.read_audio("no such file.wav");
    } catch (const momu::Error &error) {
        std::printf("caught: %s\n", error.what());
    }
    return 0;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
