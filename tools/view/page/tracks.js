// Tracks below the dancers: waveform, spectrogram, beats with hits and misses, feet. Drawn once; the playhead is a canvas above.

const HEIGHTS = { ruler: 20, wave: 46, mel: 80, beats: 40, feet: 24 };
const HIT = "#4ecb8d", MISS = "#f0625d";

function inferno(share) {
  const points = [[0, 0, 4], [66, 10, 104], [147, 38, 103], [221, 81, 58], [252, 165, 10], [252, 255, 164]];
  const place = Math.max(0, Math.min(5, 5 * share)), low = Math.min(4, Math.floor(place)), part = place - low;
  return points[low].map((v, i) => v + part * (points[low + 1][i] - v));
}

class Tracks {
  constructor(data, dances) {
    this.data = data;
    this.dances = dances;
    this.still = document.getElementById("still");
    this.head = document.getElementById("head");
    this.rows = [["ruler", "seconds"]];
    if (data.song) this.rows.push(["wave", "sound"], ["mel", "mel spectrogram"]);
    if (!dances.length) this.rows.push(["beats", "beats", null]);
    dances.forEach((dance, i) => {
      const which = dances.length > 1 ? " " + "AB"[i] : "";
      this.rows.push(["beats", (data.song ? "beats" : "stops") + which, dance]);
      if (dance.feetBits) this.rows.push(["feet", "feet L, R" + which, dance]);
    });
    const labels = document.getElementById("labels");
    let height = 0;
    for (const [kind, text] of this.rows) {
      const label = document.createElement("div");
      label.textContent = text;
      label.style.height = HEIGHTS[kind] + "px";
      labels.append(label);
      height += HEIGHTS[kind];
    }
    document.getElementById("tracks").style.height = height + "px";
  }
  x(seconds) {
    return seconds / this.data.seconds * this.still.width;
  }
  resize() {
    const ratio = window.devicePixelRatio || 1, box = this.still.getBoundingClientRect();
    for (const canvas of [this.still, this.head]) {
      canvas.width = Math.max(1, Math.round(box.width * ratio));
      canvas.height = Math.max(1, Math.round(box.height * ratio));
    }
    const c = this.context = this.still.getContext("2d");
    let top = 0;
    c.font = `${11 * ratio}px system-ui, sans-serif`;
    for (const [kind, , dance] of this.rows) {
      const high = HEIGHTS[kind] * ratio;
      c.save();
      c.translate(0, top);
      this[kind](c, high, dance, ratio);
      c.restore();
      c.fillStyle = "#2c313a";
      c.fillRect(0, top + high - 1, this.still.width, 1);
      top += high;
    }
  }
  ruler(c, high, _, ratio) {
    const step = [1, 2, 5, 10, 20, 30, 60, 120].find((s) => this.x(s) > 46 * ratio) || 300;
    c.fillStyle = "#9aa3b0";
    for (let s = 0; s <= this.data.seconds; s += step) {
      c.fillRect(this.x(s), high - 6 * ratio, 1, 6 * ratio);
      c.fillText(String(s), this.x(s) + 4 * ratio, high - 7 * ratio);
    }
  }
  wave(c, high) {
    const song = this.data.song, bytes = this.waveBytes || (this.waveBytes = bytesOf(song.wave));
    c.fillStyle = "#7f93b3";
    for (let x = 0; x < this.still.width; x++) {
      const from = Math.floor(x / this.still.width * this.data.seconds * song.waveRate);
      const to = Math.max(from + 1, Math.floor((x + 1) / this.still.width * this.data.seconds * song.waveRate));
      let low = 128, most = 128;
      for (let i = from; i < to && 2 * i + 1 < bytes.length; i++) {
        low = Math.min(low, bytes[2 * i]);
        most = Math.max(most, bytes[2 * i + 1]);
      }
      const y = high / 2 - (most - 128) / 127 * high / 2, h = (most - low) / 127 * high / 2;
      c.fillRect(x, y, 1, Math.max(1, h));
    }
  }
  mel(c, high) {
    const song = this.data.song;
    if (!song.melFrames) return;
    if (!this.picture) {
      const bytes = bytesOf(song.mel), bands = song.melBands;
      const colours = Array.from({ length: 256 }, (_, i) => inferno(i / 255));
      this.picture = document.createElement("canvas");
      this.picture.width = Math.min(song.melFrames, 8192);
      this.picture.height = bands;
      const pen = this.picture.getContext("2d"), image = pen.createImageData(this.picture.width, bands);
      for (let x = 0; x < this.picture.width; x++) {
        const frame = Math.floor(x * song.melFrames / this.picture.width);
        for (let b = 0; b < bands; b++) {
          const at = 4 * ((bands - 1 - b) * this.picture.width + x), colour = colours[bytes[frame * bands + b]];
          image.data.set([colour[0], colour[1], colour[2], 255], at);
        }
      }
      pen.putImageData(image, 0, 0);
    }
    c.imageSmoothingEnabled = true;
    c.drawImage(this.picture, 0, 0, this.x(song.melFrames / song.melRate), high);
  }
  // The music's beats above, the dance's below, where there is one; a line joins those that meet.
  beats(c, high, dance, ratio) {
    const music = this.data.song ? this.data.song.beats : [], middle = high / 2;
    music.forEach((beat, i) => {
      c.fillStyle = dance && dance.musicHits[i] ? HIT : "#9aa3b0";
      c.fillRect(this.x(beat) - ratio / 2, 5 * ratio, 1.5 * ratio, middle - 6 * ratio);
    });
    if (dance) dance.beats.forEach((beat, i) => {
      c.fillStyle = !this.data.song ? "#f2b155" : dance.hits[i] ? HIT : MISS;
      c.beginPath();
      c.arc(this.x(beat), middle + 8 * ratio, 3.4 * ratio, 0, 7);
      c.fill();
      if (dance.hits[i]) c.fillRect(this.x(beat) - ratio / 2, middle, ratio, 6 * ratio);
    });
  }
  feet(c, high, dance) {
    for (let foot = 0; foot < 2; foot++) {
      c.fillStyle = foot ? SIDES[2] : SIDES[1];
      let from = -1;
      for (let t = 0; t <= dance.feetBits.length; t++) {
        const down = t < dance.feetBits.length && dance.feetBits[t] >> foot & 1;
        if (down && from < 0) from = t;
        if (!down && from >= 0) {
          const x = this.x(from / dance.feetRate);
          c.fillRect(x, high * (foot ? 0.56 : 0.16), Math.max(1, this.x(t / dance.feetRate) - x), high * 0.28);
          from = -1;
        }
      }
    }
  }
  drawHead(seconds, loop) {
    const c = this.head.getContext("2d"), ratio = window.devicePixelRatio || 1;
    c.clearRect(0, 0, this.head.width, this.head.height);
    if (loop) {
      c.fillStyle = "rgba(242,177,85,0.16)";
      c.fillRect(this.x(loop[0]), 0, this.x(loop[1]) - this.x(loop[0]), this.head.height);
    }
    c.fillStyle = "#ffffff";
    c.fillRect(this.x(seconds) - ratio / 2, 0, 1.5 * ratio, this.head.height);
  }
}
