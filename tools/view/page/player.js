// The clock, the controls, and the loop that draws. With a sound its clock is the clock: the dancer cannot drift away from it.

class Clock {
  constructor(data) {
    this.length = data.seconds;
    this.speed = 1;
    this.running = false;
    this.own = 0; // seconds, where there is no sound or it is over
    this.since = 0;
    if (data.song) {
      this.audio = new Audio();
      this.audio.src = URL.createObjectURL(new Blob([bytesOf(data.song.sound)], { type: data.song.type }));
      this.audio.preload = "auto";
      data.song.sound = undefined;
      this.audio.addEventListener("ended", () => { this.own = this.audio.duration; this.since = performance.now(); });
    }
    this.last = null; // where the sound was when it was last looked at, and when that was
  }
  // A sound reports its time in steps of some milliseconds; between two of them the computer's clock runs on from the last.
  get time() {
    if (this.audio && this.running && !this.audio.ended) {
      const now = performance.now(), read = this.audio.currentTime;
      if (!this.last || read !== this.last.read) this.last = { read, at: now };
      const since = this.audio.paused || this.audio.seeking ? 0 : (now - this.last.at) / 1000 * this.speed;
      return Math.min(this.length, read + Math.min(since, 0.016));
    }
    if (this.running) return Math.min(this.length, this.own + (performance.now() - this.since) / 1000 * this.speed);
    return this.own;
  }
  async play() {
    if (this.running) return;
    if (this.own >= this.length - 1e-3) this.own = 0;
    this.since = performance.now();
    this.last = null;
    this.running = true;
    if (this.audio && this.own < (this.audio.duration || this.length)) {
      this.audio.currentTime = this.own;
      this.audio.playbackRate = this.speed;
      try { await this.audio.play(); } catch (error) { this.running = false; throw error; }
    }
  }
  pause() {
    this.own = this.time;
    this.running = false;
    if (this.audio) this.audio.pause();
  }
  seek(seconds) {
    this.own = Math.max(0, Math.min(this.length, seconds));
    this.since = performance.now();
    this.last = null;
    if (this.audio) {
      this.audio.currentTime = Math.min(this.own, this.audio.duration || this.own);
      if (this.running && this.audio.paused && this.own < this.audio.duration) this.audio.play();
    }
  }
  setSpeed(speed) {
    const now = this.time;
    this.speed = speed;
    if (this.audio) this.audio.playbackRate = speed;
    this.own = now;
    this.since = performance.now();
    this.last = null;
  }
}

class Player {
  constructor(data) {
    this.data = data;
    this.camera = new Camera();
    this.dances = data.dances.map((dance) => new Dance(dance));
    const holder = document.getElementById("stages");
    this.stages = this.dances.map((dance) => new Stage(dance, this.camera, holder));
    this.tracks = new Tracks(data, this.dances);
    this.clock = new Clock(data);
    this.loop = null;
    this.drawn = { time: -1, frame: -1, count: 0 };
    this.measures();
    this.controls();
    this.keys = new Keys(this);
    this.turning();
    this.scrubbing();
    new ResizeObserver(() => this.resize()).observe(document.body);
    this.resize();
    const next = () => { this.tick(); requestAnimationFrame(next); };
    requestAnimationFrame(next);
  }
  measures() {
    document.title = this.data.title || "libmomu";
    document.getElementById("title").textContent = document.title;
    const measures = document.getElementById("measures");
    const say = (label, value) => {
      const span = document.createElement("span"), bold = document.createElement("b");
      bold.textContent = value;
      span.append(label + " ", bold);
      measures.append(span);
    };
    const song = this.data.song;
    if (song) say("tempo", song.tempo ? song.tempo.toFixed(1) : "none");
    if (song) say("beats by", song.tracker === "network" ? "the model's tracker" : song.tracker);
    this.data.dances.forEach((dance, i) => {
      const which = this.data.dances.length > 1 ? "AB"[i] + ": " : "";
      if (!song) return say(which + "stops", String(dance.beats.length));
      const random = dance.f1 <= dance.chance + 0.05; /* hardly above what random offsets give */
      say(which + "beats agree, F1", dance.f1.toFixed(2) + (random ? ", no better than chance" : ""));
      say("by chance", dance.chance.toFixed(2));
      say("precision", dance.precision.toFixed(2));
      say("recall", dance.recall.toFixed(2));
    });
  }
  controls() {
    const get = (id) => document.getElementById(id);
    this.playButton = get("play");
    this.playButton.onclick = () => this.toggle();
    get("speed").onchange = (event) => this.clock.setSpeed(Number(event.target.value));
    get("loop").onchange = (event) => this.setLoop(event.target.checked ? [0, this.data.seconds] : null);
    for (const button of document.querySelectorAll("[data-view]")) button.onclick = () => this.camera.view(button.dataset.view);
    this.options = { get trail() { return get("trail").checked; }, get follow() { return get("follow").checked; }, ease: 1 };
    get("sound").hidden = !this.clock.audio;
    get("mute").onclick = () => this.mute(!this.clock.audio.muted);
    get("volume").oninput = (event) => this.volume(Number(event.target.value) / 100);
  }
  volume(share) {
    if (!this.clock.audio) return;
    this.clock.audio.volume = Math.max(0, Math.min(1, share));
    document.getElementById("volume").value = String(Math.round(this.clock.audio.volume * 100));
    this.mute(false);
  }
  mute(muted) {
    if (!this.clock.audio) return;
    this.clock.audio.muted = muted;
    document.getElementById("mute").setAttribute("aria-pressed", String(muted));
  }
  speedBy(steps) {
    const list = document.getElementById("speed");
    list.selectedIndex = Math.max(0, Math.min(list.options.length - 1, list.selectedIndex + steps));
    this.clock.setSpeed(Number(list.value));
  }
  // One end of the loop here, the other where it is, or at that end of the whole.
  loopFrom(end) {
    const loop = this.loop ? [...this.loop] : [0, this.data.seconds];
    loop[end] = this.clock.time;
    this.setLoop(loop);
  }
  toggle() {
    if (this.clock.running) this.clock.pause();
    else this.clock.play().catch((error) => { document.getElementById("clock").textContent = String(error.message || error); });
  }
  setLoop(section) {
    this.loop = section && section[1] - section[0] > 0.05 ? section : null;
    document.getElementById("loop").checked = Boolean(this.loop);
    document.getElementById("section").textContent = this.loop ? this.loop.map((s) => s.toFixed(1)).join(" to ") : "";
  }
  turning() {
    for (const stage of this.stages) {
      const canvas = stage.canvas, fingers = new Map();
      const spread = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };
      canvas.onpointerdown = (event) => { canvas.setPointerCapture(event.pointerId); fingers.set(event.pointerId, { x: event.clientX, y: event.clientY }); };
      canvas.onpointerup = canvas.onpointercancel = (event) => fingers.delete(event.pointerId);
      canvas.onpointermove = (event) => {
        const last = fingers.get(event.pointerId);
        if (!last) return;
        const before = fingers.size === 2 ? spread() : 0;
        fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        if (fingers.size === 2) return this.zoom(before / Math.max(1, spread()));
        this.turn((event.clientX - last.x) * 0.008, (event.clientY - last.y) * 0.006);
      };
      canvas.addEventListener("wheel", (event) => { event.preventDefault(); this.zoom(Math.exp(event.deltaY * 0.001)); }, { passive: false });
    }
  }
  turn(yaw, pitch) {
    this.camera.yaw -= yaw;
    this.camera.pitch = Math.max(-0.2, Math.min(1.5, this.camera.pitch + pitch));
  }
  zoom(by) {
    this.camera.distance = Math.max(1.2, Math.min(14, this.camera.distance * by));
  }
  scrubbing() {
    const head = this.tracks.head;
    const at = (event) => {
      const box = head.getBoundingClientRect();
      return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * this.data.seconds;
    };
    let from = null, moved = false;
    head.onpointerdown = (event) => { head.setPointerCapture(event.pointerId); from = at(event); moved = false; };
    head.onpointermove = (event) => {
      if (from === null) return;
      const to = at(event);
      moved = moved || Math.abs(to - from) > this.data.seconds * 0.01;
      if (moved) this.setLoop([Math.min(from, to), Math.max(from, to)]);
    };
    head.onpointerup = (event) => {
      if (from !== null) this.clock.seek(moved && this.loop ? this.loop[0] : at(event));
      from = null;
    };
  }
  resize() {
    for (const stage of this.stages) stage.resize();
    this.tracks.resize();
  }
  tick() {
    let time = this.clock.time;
    if (this.loop && this.clock.running && (time >= this.loop[1] || time < this.loop[0] - 0.05)) {
      this.clock.seek(this.loop[0]);
      time = this.loop[0];
    } else if (this.clock.running && time >= this.data.seconds - 1e-3) {
      this.clock.pause();
    }
    for (const stage of this.stages) stage.draw(time, this.options);
    this.tracks.drawHead(time, this.loop);
    this.tracks.head.setAttribute("aria-valuenow", time.toFixed(2));
    this.tracks.head.setAttribute("aria-valuetext", `${time.toFixed(1)} seconds of ${this.data.seconds.toFixed(1)}`);
    this.tracks.head.setAttribute("aria-valuemax", this.data.seconds.toFixed(2));
    this.playButton.setAttribute("aria-label", this.clock.running ? "Pause" : "Play");
    this.playButton.textContent = this.clock.running ? "\u275A\u275A" : "\u25B6";
    document.getElementById("clock").textContent = `${time.toFixed(2)} / ${this.data.seconds.toFixed(2)} s`;
    const frame = this.dances[0] ? Math.floor(this.dances[0].frameAt(time)) : -1;
    this.drawn = { time, frame, count: this.drawn.count + 1, audio: this.clock.audio ? this.clock.audio.currentTime : null };
  }
}

const player = new Player(JSON.parse(document.getElementById("data").textContent));
window.momu = player; // for tests
