# %% [markdown]
# # The best of several
# Generation is quick: make a few dances and keep the one whose beats agree best with the song's. `python many_seeds.py song.ogg`

# %%
import sys

import momu

song = momu.Audio.read(sys.argv[1] if len(sys.argv) > 1 else "song.ogg")
model = momu.load()

# %% Four seeds; the library calls `progress` after each step.
dances = []
for seed in range(4):
    steps = []
    dance = model.music_to_motion(song, seed=seed, progress=lambda stage, done, total: steps.append((stage, done, total)))
    dances.append(dance)
    print(f"seed {seed}: F1 {dance.info['beat_agreement']:.2f} after {len(steps)} calls of progress, feet slide {dance.info['skate_after']:.2f} cm/s")

# %%
best = max(dances, key=lambda dance: dance.info["beat_agreement"])
best.write("best.bvh")
print(f"best.bvh is seed {best.info['seed']}")
momu.Pair(song, best)
