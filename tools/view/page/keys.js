// The keyboard: it acts wherever the focus is, but in a field that takes text. Arrows and letters in a list choose from the list.

const TEXT_TYPES = new Set(["text", "search", "number", "url", "email", "password", "tel"]);

function takesText(element) {
  return element.isContentEditable || element.tagName === "TEXTAREA" || (element.tagName === "INPUT" && TEXT_TYPES.has(element.type));
}

class Keys {
  constructor(player) {
    const frame = 1 / (player.dances[0] ? player.dances[0].fps : 60), clock = player.clock;
    const by = (seconds) => () => clock.seek(clock.time + seconds);
    const press = (id) => () => document.getElementById(id).click();
    const louder = (share) => () => clock.audio && player.volume(clock.audio.volume + share);
    this.plain = {
      " ": () => player.toggle(), "ArrowLeft": by(-frame), "ArrowRight": by(frame), "PageUp": by(-5), "PageDown": by(5),
      "Home": () => clock.seek(0), "End": () => clock.seek(clock.length), "ArrowUp": louder(0.05), "ArrowDown": louder(-0.05),
      "m": press("mute"), "l": press("loop"), "t": press("trail"), "f": press("follow"),
      "[": () => player.loopFrom(0), "]": () => player.loopFrom(1), "<": () => player.speedBy(-1), ">": () => player.speedBy(1),
      "1": () => player.camera.view("front"), "2": () => player.camera.view("side"), "3": () => player.camera.view("top"),
      "+": () => player.zoom(0.9), "-": () => player.zoom(1 / 0.9),
    };
    this.shifted = {
      "ArrowLeft": () => player.turn(-0.1, 0), "ArrowRight": () => player.turn(0.1, 0),
      "ArrowUp": () => player.turn(0, 0.08), "ArrowDown": () => player.turn(0, -0.08),
    };
    addEventListener("keydown", (event) => this.down(event), true);
    // A browser presses a button or a checkbox when space is released.
    addEventListener("keyup", (event) => { if (event.key === " " && !takesText(event.target)) event.preventDefault(); }, true);
  }
  down(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || takesText(target)) return;
    if (event.key === "Enter" && target.type === "checkbox") return target.click();
    if (target.tagName === "SELECT" && event.key !== " ") return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = event.shiftKey && this.shifted[name] || this.plain[name];
    if (!act || (event.repeat && name === " ")) return;
    event.preventDefault();
    act();
  }
}
