// A dance in space: decoded places, a camera that is shared by all stages, and bones drawn as tapered limbs from far to near.

function bytesOf(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const SIDES = ["#d9dde4", "#5aa9f0", "#f08a4b"]; // middle, left, right

// Places (frames, joints, 3) in metres, Y up. Keypoints lie in the plane z = 0, two metres high, their own size being unknown.
class Dance {
  constructor(data) {
    Object.assign(this, data);
    const bytes = bytesOf(data.places), codes = new Int16Array(bytes.length / 2), view = new DataView(bytes.buffer);
    for (let i = 0; i < codes.length; i++) codes[i] = view.getInt16(2 * i, true);
    const scale = data.scale * 1e-9, cells = this.frames * this.joints;
    this.points = new Float32Array(cells * 3);
    if (this.axes === 3) {
      for (let i = 0; i < this.points.length; i++) this.points[i] = codes[i] * scale + (i % 3 === 1 ? this.lift : 0);
    } else {
      let low = Infinity, high = -Infinity, middle = 0;
      for (let i = 0; i < cells; i++) {
        low = Math.min(low, codes[2 * i + 1]);
        high = Math.max(high, codes[2 * i + 1]);
        middle += codes[2 * i] / cells;
      }
      const size = 1.75 / Math.max(1, high - low);
      for (let i = 0; i < cells; i++) {
        this.points[3 * i] = (codes[2 * i] - middle) * size;
        this.points[3 * i + 1] = (high - codes[2 * i + 1]) * size;
      }
    }
    this.feetBits = data.feet ? bytesOf(data.feet) : null;
    this.places = this.feet = undefined;
    this.pose = new Float32Array(this.joints * 3);
  }
  frameAt(seconds) {
    return Math.max(0, Math.min(this.frames - 1, seconds * this.fps));
  }
  // The pose between two frames, in this.pose.
  at(seconds) {
    const place = this.frameAt(seconds), a = Math.floor(place), b = Math.min(a + 1, this.frames - 1), part = place - a;
    const n = this.joints * 3, p = this.points;
    for (let i = 0; i < n; i++) this.pose[i] = p[a * n + i] * (1 - part) + p[b * n + i] * part;
    return this.pose;
  }
  root(seconds) {
    const i = Math.floor(this.frameAt(seconds)) * this.joints * 3;
    return [this.points[i], this.points[i + 1], this.points[i + 2]];
  }
}

class Camera {
  constructor() {
    this.view("front");
    this.distance = 3.8;
  }
  view(name) {
    [this.yaw, this.pitch] = { front: [0.25, 0.12], side: [Math.PI / 2, 0.08], top: [0, 1.45] }[name];
  }
  // From the world to [x, y] in pixels, the depth and pixels a metre; null behind the camera.
  through(point, target, width, height) {
    const x = point[0] - target[0], y = point[1] - target[1], z = point[2] - target[2];
    const cy = Math.cos(this.yaw), sy = Math.sin(this.yaw), cp = Math.cos(this.pitch), sp = Math.sin(this.pitch);
    const right = cy * x - sy * z, ahead = sy * x + cy * z;
    const up = cp * y - sp * ahead, near = sp * y + cp * ahead;
    const depth = this.distance - near;
    if (depth < 0.15) return null;
    const size = 1.55 * Math.min(height, width * 1.2) / depth;
    return [width / 2 + right * size, height / 2 - up * size, depth, size];
  }
}

class Stage {
  constructor(dance, camera, holder) {
    this.dance = dance;
    this.camera = camera;
    this.target = [0, 0.85, 0];
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("aria-label", "The dance " + dance.name + "; shift and arrows turn it, plus and minus zoom");
    const name = document.createElement("div");
    name.className = "name";
    name.textContent = dance.name;
    const frame = document.createElement("div");
    frame.className = "stage";
    frame.append(this.canvas, name);
    holder.append(frame);
    this.context = this.canvas.getContext("2d");
  }
  resize() {
    const ratio = window.devicePixelRatio || 1, box = this.canvas.getBoundingClientRect();
    this.canvas.width = Math.max(1, Math.round(box.width * ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * ratio));
  }
  project(point) {
    return this.camera.through(point, this.target, this.canvas.width, this.canvas.height);
  }
  line(a, b, colour, width) {
    const p = this.project(a), q = this.project(b);
    if (!p || !q) return;
    const c = this.context;
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.beginPath();
    c.moveTo(p[0], p[1]);
    c.lineTo(q[0], q[1]);
    c.stroke();
  }
  floor() {
    const range = 4, x0 = Math.round(this.target[0]), z0 = Math.round(this.target[2]);
    for (let i = -range; i <= range; i++) {
      const colour = i % 2 ? "#292e36" : "#3a414c";
      for (let k = -range; k < range; k++) {
        this.line([x0 + i, 0, z0 + k], [x0 + i, 0, z0 + k + 1], colour, 1);
        this.line([x0 + k, 0, z0 + i], [x0 + k + 1, 0, z0 + i], colour, 1);
      }
    }
  }
  trail(seconds) {
    const steps = 90;
    for (let i = 0; i < steps; i++) {
      const a = this.dance.root(seconds - 3 * (1 - i / steps)), b = this.dance.root(seconds - 3 * (1 - (i + 1) / steps));
      a[1] = b[1] = 0.002;
      this.line(a, b, `rgba(242,177,85,${0.75 * i / steps})`, 2);
    }
  }
  shadow(pose) {
    const c = this.context;
    for (let j = 0; j < this.dance.joints; j++) {
      const p = this.project([pose[3 * j], 0, pose[3 * j + 2]]);
      if (!p) continue;
      c.fillStyle = "rgba(0,0,0,0.10)";
      c.beginPath();
      c.ellipse(p[0], p[1], 0.11 * p[3], 0.11 * p[3] * Math.max(0.12, Math.sin(this.camera.pitch)), 0, 0, 7);
      c.fill();
    }
  }
  limb(p, q, thick, colour, shade) {
    const c = this.context;
    c.strokeStyle = c.fillStyle = colour;
    c.globalAlpha = 1;
    c.lineCap = "round";
    c.lineWidth = Math.max(1.5, thick);
    c.beginPath();
    c.moveTo(p[0], p[1]);
    c.lineTo(q[0], q[1]);
    c.stroke();
    c.globalAlpha = shade;
    c.strokeStyle = "#0c0e12";
    c.stroke();
    c.globalAlpha = 1;
  }
  dancer(pose) {
    const at = (j) => [pose[3 * j], pose[3 * j + 1], pose[3 * j + 2]], parts = [];
    for (const [from, to, side] of this.dance.bones) {
      const p = this.project(at(from)), q = this.project(at(to));
      if (p && q) parts.push({ p, q, side, depth: (p[2] + q[2]) / 2 });
    }
    parts.sort((a, b) => b.depth - a.depth);
    for (const { p, q, side, depth } of parts) {
      const shade = Math.max(0, Math.min(0.45, 0.35 * (depth - this.camera.distance + 0.45)));
      this.limb(p, q, 0.062 * (p[3] + q[3]) / 2, SIDES[side], shade);
    }
    const head = this.dance.head;
    if (head >= 0) {
      const p = this.project(at(head)), c = this.context;
      if (p) {
        c.fillStyle = SIDES[0];
        c.beginPath();
        c.arc(p[0], p[1] - 0.03 * p[3], 0.095 * p[3], 0, 7);
        c.fill();
      }
    }
  }
  draw(seconds, options) {
    const c = this.context, pose = this.dance.at(seconds), root = this.dance.root(seconds);
    if (options.follow) {
      this.target[0] += (root[0] - this.target[0]) * options.ease;
      this.target[2] += (root[2] - this.target[2]) * options.ease;
    }
    const sky = c.createLinearGradient(0, 0, 0, this.canvas.height);
    sky.addColorStop(0, "#1a1d23");
    sky.addColorStop(1, "#121418");
    c.fillStyle = sky;
    c.fillRect(0, 0, this.canvas.width, this.canvas.height);
    c.lineCap = "butt";
    this.floor();
    if (options.trail) this.trail(seconds);
    this.shadow(pose);
    this.dancer(pose);
  }
}
