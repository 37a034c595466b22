# %% [markdown]
# # A dance to a song, and how to look at it
# Each `# %%` begins a cell: VS Code, Spyder and Jupytext open this file as a notebook; `python first_dance.py song.ogg` runs it.

# %%
import sys

import numpy as np

import momu

song_path = sys.argv[1] if len(sys.argv) > 1 else "song.ogg"
model = momu.load()
song = momu.Audio.read(song_path)
print(f"{song.seconds:.1f} s at {song.rate:.0f} Hz, {song.beats().tempo:.1f} beats per minute")

# %% A dance. The same seed gives the same dance.
dance = model.music_to_motion(song, seed=1)
print(f"{dance.positions.shape[0]} frames of {dance.positions.shape[1]} joints at {dance.fps:.0f} per second")
print(f"beats agree with F1 {dance.info['beat_agreement']:.2f}, by chance {dance.info['beat_agreement_chance']:.2f}")
dance.write("dance.bvh")
momu.Pair(song, dance)  # a notebook plays the song and draws the dancer above the beats of both

# %% Positions are a NumPy array (frames, joints, 3) in metres, Y up; it is a view, nothing is copied.
names = list(dance.joint_names)
wrist = dance.positions[:, names.index("right_wrist")]
speed = np.linalg.norm(np.diff(wrist, axis=0), axis=1) * dance.fps
print(f"the right hand moves at {speed.mean():.2f} m/s, at most {speed.max():.2f}")

# %% How close the dance's beats come to the song's.
musical, kinematic = song.beats().times, dance.beats().times
if len(musical) and len(kinematic):
    distance = np.abs(kinematic[:, None] - musical[None]).min(axis=1)
    print(f"{(distance < 0.07).mean():.0%} of {len(kinematic)} beats of the dance lie within 70 ms of a beat")

# %% Music for that dance again.
music = model.motion_to_music(dance, seed=2)
music.write("music.wav")
print(f"music.wav: peak {np.abs(music.samples).max():.2f}, {music.info['tempo']:.1f} beats per minute")
music
