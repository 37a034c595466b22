"""preview.py PAGE VERSUS HOSTILE SILENT SONG POSITIONS [PICTURES]: pages of momu preview in headless Chromium."""
import pathlib
import sys
import time

from browser import Browser

CHECKS = []


def check(name, good, detail=""):
    CHECKS.append(bool(good))
    if not good:
        print(f"FAILED: {name} {detail}", file=sys.stderr)


# How many different colours, and a number that changes with any pixel of the first stage.
LOOK = """(() => { const c = momu.stages[%d].canvas, d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  const colours = new Set(); let sum = 0;
  for (let i = 0; i < d.length; i += 4) { colours.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); sum = (sum * 31 + d[i] * 7 + d[i + 1] * 3 + d[i + 2]) %% 1000000007; }
  return [colours.size, sum, c.width * c.height]; })()"""


def page(browser, path, pictures):
    browser.open(pathlib.Path(path).resolve().as_uri())
    check("loads without an error", not browser.complaints(), browser.complaints())
    colours, first, pixels = browser.value(LOOK % 0)
    check("the canvas is not blank", colours > 20 and pixels > 100000, (colours, pixels))
    check("the agreement is shown", "F1" in browser.value("document.getElementById('measures').textContent"))
    if pictures:
        browser.value("momu.clock.seek(3.3)")
        time.sleep(0.3)
        browser.picture(f"{pictures}/page.png")
    browser.value("momu.clock.seek(0)")
    time.sleep(0.3)
    first = browser.value(LOOK % 0)[1]
    browser.value("momu.clock.play()")
    time.sleep(1.0)
    moved, frame = browser.value(LOOK % 0)[1], browser.value("momu.drawn.frame")
    check("playing moves the dancer", moved != first and frame > 5, (moved, first, frame))
    drift(browser)
    browser.value("momu.clock.pause()")
    check("no errors were raised", not browser.complaints(), browser.complaints())


# Over twenty seconds the page itself compares, at each drawing, what it drew with where the sound is; those drawings that came late on a
# busy machine are late against the sound's own clock too, which runs on between: the drawn moment is compared with the sound at that moment.
DRIFT = """(() => { window.drifts = []; const draw = momu.tick.bind(momu);
  momu.tick = () => { const before = momu.clock.audio.currentTime; draw(); const after = momu.clock.audio.currentTime;
    const t = momu.drawn.time; drifts.push([t, t < before ? before - t : t > after ? t - after : 0]); }; return true; })()"""


def drift(browser):
    browser.value("momu.clock.seek(0)")
    browser.value(DRIFT)
    length = min(20.0, browser.value("momu.data.seconds") - 0.3)
    time.sleep(length)
    worst, count, last, fps = browser.value("[Math.max(...drifts.map((d) => d[1])), drifts.length, momu.drawn.time, momu.dances[0].fps]")
    check("sound and dancer stay within a frame", worst < 1 / fps and count > 50, (worst, count))
    check("time passes as the sound does", last > length - 2.0, (last, length))
    print(f"drift over {last:.1f} s: at worst {worst * 1000:.1f} ms in {count} drawings")


def controls(browser):
    browser.value("momu.clock.pause(), momu.clock.seek(5)")
    time.sleep(0.3)
    check("seeking", abs(browser.value("momu.drawn.time") - 5) < 0.05, browser.value("momu.drawn.time"))
    box = browser.value("(() => { const b = document.getElementById('head').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()")
    length = browser.value("momu.data.seconds")
    x, y = box[0] + box[2] * 0.25, box[1] + box[3] / 2
    for kind in ("mousePressed", "mouseReleased"):
        browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    time.sleep(0.3)
    check("a click in a track goes there", abs(browser.value("momu.drawn.time") - length / 4) < 0.1)
    browser.ask("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
    browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + box[2] * 0.35, y=y, button="left")
    browser.ask("Input.dispatchMouseEvent", type="mouseReleased", x=box[0] + box[2] * 0.35, y=y, button="left", clickCount=1)
    loop = browser.value("momu.loop")
    check("dragging chooses a loop", loop and abs(loop[0] - 0.25 * length) < 0.2 and abs(loop[1] - 0.35 * length) < 0.2, loop)
    browser.value("momu.setLoop([2, 2.6]), momu.clock.seek(2), momu.clock.play()")
    times = []
    for _ in range(12):
        time.sleep(0.15)
        times.append(browser.value("momu.drawn.time"))
    check("a loop is kept", all(1.9 < t < 2.75 for t in times), times)
    browser.value("momu.setLoop(null), momu.clock.seek(1), momu.clock.setSpeed(0.5)")
    time.sleep(0.3)
    a, started = browser.value("momu.clock.audio.currentTime"), time.time()
    time.sleep(1.5)
    b, passed = browser.value("momu.clock.audio.currentTime"), time.time() - started
    check("half the speed", 0.3 < (b - a) / passed < 0.7, (b - a, passed))
    browser.value("momu.clock.pause(), momu.clock.setSpeed(1), momu.clock.seek(4)")
    time.sleep(0.2)
    for key, code in (("ArrowRight", 39),):
        browser.ask("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code)
        browser.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)
    time.sleep(0.2)
    step = browser.value("momu.drawn.time") - 4
    check("an arrow key is a frame", 0 < step < 0.05, step)
    before = browser.value(LOOK % 0)[1]
    x, y = browser.value("(() => { const b = momu.stages[0].canvas.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; })()")
    browser.ask("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
    browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x + 120, y=y + 20, button="left")
    browser.ask("Input.dispatchMouseEvent", type="mouseReleased", x=x + 120, y=y + 20, button="left", clickCount=1)
    time.sleep(0.3)
    check("dragging turns the dancer", browser.value(LOOK % 0)[1] != before)


# focus(selector), and the keys as a person presses them.
CODES = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, " ": 32, "Enter": 13}


def press(browser, key, shift=False):
    text = {"text": "\r" if key == "Enter" else key} if len(key) == 1 or key == "Enter" else {}
    common = dict(key=key, code="Space" if key == " " else key, windowsVirtualKeyCode=CODES.get(key, ord(key.upper()[0])), modifiers=8 if shift else 0)
    browser.ask("Input.dispatchKeyEvent", type="keyDown", **common, **text)
    browser.ask("Input.dispatchKeyEvent", type="keyUp", **common)
    time.sleep(0.12)


def keyboard(browser):
    browser.value("momu.clock.pause(), momu.clock.setSpeed(1), momu.setLoop(null), momu.clock.seek(5)")
    state = "[momu.clock.running, ...['loop', 'trail', 'follow'].map((id) => document.getElementById(id).checked), document.getElementById('speed').value]"
    rest = browser.value(state)[1:]
    for place in ("#play", "#mute", "#volume", "#speed", "#loop", "#trail", "#follow", "[data-view=side]", "#head", ".stage canvas", "summary"):
        browser.value(f"document.querySelector('{place}').focus()")
        check(f"{place} takes the focus", browser.value(f"document.activeElement === document.querySelector('{place}')"))
        press(browser, " ")
        playing = browser.value(state)
        press(browser, " ")
        paused = browser.value(state)
        check(f"space plays from {place}", playing[0] and not paused[0], (playing, paused))
        check(f"space presses nothing at {place}", playing[1:] == rest and paused[1:] == rest, (rest, playing, paused))
        outline = browser.value(f"(() => {{ const s = getComputedStyle(document.querySelector('{place}')); return s.outlineStyle + ' ' + s.outlineWidth; }})()")
        check(f"the focus shows at {place}", outline == "solid 2px", outline)
    browser.value("document.activeElement.blur()")
    length = browser.value("momu.data.seconds")
    at = lambda: browser.value("momu.clock.time")
    press(browser, "End")
    check("end goes to the end", abs(at() - length) < 1e-3, at())
    press(browser, "Home")
    check("home goes to the start", at() == 0, at())
    press(browser, "PageDown")
    check("page down is five seconds", abs(at() - 5) < 1e-3, at())
    press(browser, "ArrowLeft")
    check("left is a frame back", 4.9 < at() < 5, at())
    sound = lambda: browser.value("[momu.clock.audio.volume, momu.clock.audio.muted, document.getElementById('volume').value, document.getElementById('mute').getAttribute('aria-pressed')]")
    press(browser, "ArrowDown")
    press(browser, "ArrowDown")
    check("down is quieter", abs(sound()[0] - 0.9) < 1e-6 and sound()[2] == "90", sound())
    press(browser, "m")
    check("M mutes", sound()[1] is True and sound()[3] == "true", sound())
    press(browser, "ArrowUp")
    check("up is louder and unmuted", abs(sound()[0] - 0.95) < 1e-6 and sound()[1] is False, sound())
    for key, box in (("l", "loop"), ("t", "trail"), ("f", "follow")):
        before = browser.value(f"document.getElementById('{box}').checked")
        press(browser, key)
        check(f"{key} is {box}", browser.value(f"document.getElementById('{box}').checked") != before)
        browser.value(f"document.getElementById('{box}').focus()")
        press(browser, "Enter")
        check(f"enter presses {box}", browser.value(f"document.getElementById('{box}').checked") == before)
    browser.value("document.activeElement.blur(), momu.setLoop(null), momu.clock.seek(2)")
    press(browser, "[")
    browser.value("momu.clock.seek(4)")
    press(browser, "]")
    check("brackets choose a loop", browser.value("momu.loop") == [2, 4], browser.value("momu.loop"))
    press(browser, "<")
    check("< is slower", browser.value("momu.clock.speed") == 0.75)
    press(browser, ">")
    check("> is faster", browser.value("momu.clock.speed") == 1)
    press(browser, "3")
    check("3 looks from above", browser.value("momu.camera.pitch") > 1.4)
    press(browser, "1")
    yaw = browser.value("momu.camera.yaw")
    press(browser, "ArrowRight", shift=True)
    check("shift and right turn the dancer", abs(browser.value("momu.camera.yaw") - yaw + 0.1) < 1e-6)
    distance = browser.value("momu.camera.distance")
    press(browser, "+")
    check("plus comes closer", browser.value("momu.camera.distance") < distance)
    unnamed = browser.value("""[...document.querySelectorAll('button, input, select, summary, canvas[tabindex]')].filter((e) =>
      !(e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && [...e.labels].some((l) => l.textContent.trim())))).map((e) => e.id)""")
    check("every control has a name for screen readers", unnamed == [], unnamed)
    browser.value("momu.setLoop(null), document.body.insertAdjacentHTML('beforeend', '<input id=field>'), document.getElementById('field').focus()")
    press(browser, " ")
    check("space in a text field is a space", browser.value("document.getElementById('field').value") == " " and not browser.value("momu.clock.running"))
    browser.value("document.getElementById('field').remove()")
    check("keys raise no errors", not browser.complaints(), browser.complaints())


def others(browser, versus, hostile, silent, song, positions, pictures):
    browser.open(pathlib.Path(positions).resolve().as_uri())
    browser.value("document.getElementById('trail').click()")
    time.sleep(0.3)
    limbs = browser.value("""(() => { const c = momu.stages[0].canvas, d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
      for (let i = 0; i < d.length; i += 4) n += Math.abs(d[i] - d[i + 2]) > 60; return n; })()""")
    check("positions alone are a dancer", limbs > 3000, limbs)
    if pictures:
        browser.picture(f"{pictures}/positions.png")
    browser.open(pathlib.Path(versus).resolve().as_uri())
    check("two dances side by side", browser.value("momu.stages.length") == 2)
    check("both are drawn", all(browser.value(LOOK % i)[0] > 20 for i in (0, 1)))
    if pictures:
        browser.value("momu.clock.seek(6.2)")
        time.sleep(0.3)
        browser.picture(f"{pictures}/versus.png")
    check("two raise no errors", not browser.complaints(), browser.complaints())
    browser.open(pathlib.Path(hostile).resolve().as_uri())
    check("a hostile title does nothing", browser.value("window.harmed === undefined"))
    check("and is shown as it is", "<script>" in browser.value("document.getElementById('title').textContent"))
    check("nor do files' names", browser.value("momu.data.dances[0].name.includes('<img')"))
    check("nor does it raise errors", not browser.complaints(), browser.complaints())
    browser.open(pathlib.Path(silent).resolve().as_uri())
    browser.value("momu.clock.play()")
    time.sleep(0.8)
    check("a dance without a song plays", browser.value("momu.drawn.time") > 0.3)
    check("without an error", not browser.complaints(), browser.complaints())
    browser.open(pathlib.Path(song).resolve().as_uri())
    check("a song alone has its beats in a row", "beats" in browser.value("momu.tracks.rows.map((row) => row[0]).join(' ')"))
    check("and raises no errors", not browser.complaints(), browser.complaints())


def main():
    pictures = sys.argv[7] if len(sys.argv) > 7 else None
    browser = Browser()
    try:
        page(browser, sys.argv[1], pictures)
        controls(browser)
        keyboard(browser)
        others(browser, *sys.argv[2:7], pictures)
    finally:
        browser.close()
    print(f"{len(CHECKS)} checks, {CHECKS.count(False)} failed")
    return CHECKS.count(False) > 0


sys.exit(main())
