"""Takes the pictures of docs/gallery with headless Chromium: each section in light, dark, print and at phone width."""
import base64, html, pathlib, re, sys
from playwright.sync_api import sync_playwright

folder, out = map(pathlib.Path, sys.argv[1:])
SECTIONS = [
    ("verdict", "Verdict", "article > header, article > .verdict"), ("changes", "What changed", "[id$=-changes]"),
    ("forgers", "Who can send as you", "[id$=-forgers]"), ("senders", "Who cannot deliver, who reads", "[id$=-senders]"),
    ("hosts", "Mail hosts", "[id$=-hosts]"), ("ends", "What ends when", "[id$=-ends]"),
    ("findings", "Findings of a checker", "[id$=-MTASTS]"), ("spf", "SPF", "[id$=-SPF]"),
    ("untold", "Not told", "[id$=-untold]"), ("seen", "What was seen", "[id$=-seen]"),
]
LOOKS = [("light", 1100, "light", "screen"), ("dark", 1100, "dark", "screen"), ("print", 800, "light", "print"), ("phone", 360, "light", "screen")]
HIGHEST = 1500
COLOURS = {"1": "font-weight:700", "2": "color:#8b949e", "31": "color:#ff8a80", "33": "color:#ffb454", "34": "color:#7fb8ff",
           "36": "color:#5fd3d3", "97": "color:#fff", "41": "background:#b3261e"}


def terminal(text):
    """ANSI colours as a page."""
    parts = re.split(r"\x1b\[([0-9;]*)m", text.replace("\r", ""))
    body, style = html.escape(parts[0]), ""
    for code, run in zip(parts[1::2], parts[2::2]):
        style = "" if code in ("", "0") else ";".join(COLOURS.get(c, "") for c in code.split(";"))
        body += f'<span style="{style}">{html.escape(run)}</span>' if style else html.escape(run)
    return ('<meta charset="utf-8"><body style="margin:0;background:#101418;color:#e6e9ed"><pre style="margin:0;padding:18px 22px;'
            f'font:14px/1.4 DejaVu Sans Mono,monospace;white-space:pre">{body}</pre>')


def shoot(page, name, clip):
    session = page.context.new_cdp_session(page)
    clip["height"] = min(clip["height"], HIGHEST)
    shot = session.send("Page.captureScreenshot", {
        "format": "webp", "quality": 70, "captureBeyondViewport": True, "clip": {**clip, "scale": 1}})
    (out / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))


def box(page, selector):
    """What holds all elements of a selector, the width of the page."""
    rects = page.eval_on_selector_all(
        selector, "all => all.map(e => e.getBoundingClientRect()).map(r => [r.top + scrollY, r.bottom + scrollY])")
    if not rects:
        return None
    top, bottom = min(r[0] for r in rects) - 16, max(r[1] for r in rects) + 16
    return {"x": 0, "y": max(0, top), "width": page.viewport_size["width"], "height": bottom - max(0, top)}


def opened(browser, path, width, scheme, media, height=1000):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"file://{path}")
    page.emulate_media(media=media)
    return page


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    rows = []
    for look, width, scheme, media in LOOKS:
        page = opened(browser, folder / "report.html", width, scheme, media)
        if look in ("light", "dark"):
            # One cell of each heat-map open, as after a click.
            page.evaluate("document.querySelectorAll('.heat').forEach(t => { const d = t.querySelectorAll('details'); "
                          "if (d.length > 3) d[3].open = true })")
        for name, title, selector in SECTIONS:
            clip = box(page, selector)
            if clip:
                shoot(page, f"{name}-{look}", clip)
                if look == "light":
                    rows.append((name, title))
        page.context.close()
    page = opened(browser, folder / "report.html", 1100, "light", "screen")
    shoot(page, "report", {"x": 0, "y": 0, "width": 1100, "height": 1400})
    page = opened(browser, folder / "overview.html", 1100, "light", "screen")
    shoot(page, "overview", {**box(page, "main > header, main > section"), "y": 0})
    (folder / "terminal.html").write_text(terminal((folder / "terminal.txt").read_text(errors="replace")))
    page = opened(browser, folder / "terminal.html", 900, "dark", "screen")
    shoot(page, "terminal", {"x": 0, "y": 0, "width": 900, "height": 1300})
    browser.close()

lines = ["# Gallery", "", "A domain of the lab with faults, as readers see it. Made by `make gallery`.", "",
         "| section | light | dark | print | phone |", "| --- | --- | --- | --- | --- |"]
for name, title in rows:
    cells = [f'<a href="{name}-{look}.webp"><img src="{name}-{look}.webp" width="{170 if look != "phone" else 90}" alt="{title}, {look}"></a>'
             for look, *_ in LOOKS]
    lines.append(f"| {title} | {' | '.join(cells)} |")
lines += ["", "## Several domains", "", "![An overview of several domains](overview.webp)", "", "## The terminal", "",
          "![The text report](terminal.webp)", ""]
(out / "README.md").write_text("\n".join(lines))
