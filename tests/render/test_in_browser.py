"""Every picture and the report, opened in Chromium: quiet, alone, in its place, and accessible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pjresolve.render.graph.failover import failover_graph
from pjresolve.render.graph.resolution import resolution_graph
from pjresolve.render.graph.svg import graph_svg
from pjresolve.render.html.bands import bands_svg
from pjresolve.render.ladder.svg import ladder_svg
from tests.render.chromium import Browser
from tests.render.worlds import DRAWN, predicted

pytestmark = pytest.mark.slow

Report = Callable[[str], Path]
PAGES = [*DRAWN, "hostile"]

STRAY_TEXTS = """
(() => {  // texts outside of the picture, and texts outside of their node's box
  const out = [];
  for (const svg of document.querySelectorAll("svg")) {
    const paper = svg.querySelector(".paper").getBBox();
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBBox();
      if (text.closest("g[transform]")) continue;
      if (box.x < 0 || box.x + box.width > paper.width || box.y < 0 || box.y + box.height > paper.height)
        out.push(["picture", text.textContent]);
    }
    for (const node of svg.querySelectorAll("g.node")) {
      const frame = node.querySelector("rect").getBBox();
      for (const text of node.querySelectorAll("text")) {
        const box = text.getBBox();
        if (box.x < frame.x || box.x + box.width > frame.x + frame.width ||
            box.y < frame.y || box.y + box.height > frame.y + frame.height)
          out.push(["box", text.textContent]);
      }
    }
  }
  return out;
})()
"""
OVERFLOWING = """
(() => {  // elements that stick out of the window, but for those inside of something that scrolls by itself
  const out = [], wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) out.push("the page itself");
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest(".scroll") && !element.matches(".scroll")) continue;
    if (element.matches(".skip")) continue;
    if (element.getBoundingClientRect().right > wide + 0.5) out.push(element.outerHTML.slice(0, 80));
  }
  return out;
})()
"""


def drawings(name: str) -> dict[str, str]:
    """Every picture of a prediction that can be a file of its own."""
    prediction = predicted(name)
    graphs = resolution_graph(prediction), failover_graph(prediction)
    found = {
        "ladder": ladder_svg(prediction),
        "resolution": graph_svg(graphs[0]),
        "failover": graph_svg(graphs[1]),
        "bands": bands_svg(prediction),
    }
    if name in ("base", "hostile"):
        found["both"] = graph_svg(*graphs)
    return {kind: text for kind, text in found.items() if text}


@pytest.mark.parametrize("name", PAGES)
def test_an_svg_of_its_own_opens_quietly_and_fits_the_window(
    browser: Browser, name: str, tmp_path: Path
) -> None:
    for kind, text in drawings(name).items():
        file = tmp_path / f"{kind}.svg"
        file.write_text(text, encoding="utf-8")
        for width in (1280, 400):
            with browser.page(file, width=width, dark=width == 400) as page:
                assert page.complaints() == []
                assert page.requests() == [file.as_uri()]
                right = page.evaluate("document.documentElement.getBoundingClientRect().right")
                assert 0 < right <= width
                assert page.evaluate(STRAY_TEXTS) == []


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("name", PAGES)
def test_the_report_opens_quietly_and_nothing_overflows(
    browser: Browser, report: Report, name: str, width: int
) -> None:
    file = report(name)
    with browser.page(file, width=width) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate(STRAY_TEXTS) == []
        assert page.complaints() == []
        assert page.requests() == [file.as_uri()]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (400, True)], ids=["wide-light", "narrow-dark"])
@pytest.mark.parametrize(
    "name", ["hostile", "rereg-primary-dead", "base", "nosrv-tcponly", "srv-weights", "auth-reject"]
)
def test_axe_finds_nothing(
    browser: Browser, report: Report, axe_core: Path, name: str, width: int, dark: bool
) -> None:
    with browser.page(report(name), width=width, dark=dark) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(axe_core.read_text(encoding="utf-8") + "; 0")
        found: list[dict[str, Any]] = page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
            "v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))})))"
        )
        assert found == []


def test_axe_would_find_something(browser: Browser, axe_core: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.html"
    file.write_text("<!DOCTYPE html><html><body><img src='data:,'><p style='color:#ddd'>pale</p>")
    with browser.page(file, width=1280) as page:
        page.evaluate(axe_core.read_text(encoding="utf-8") + "; 0")
        found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id))")
        assert {"image-alt", "color-contrast", "html-has-lang"} <= set(found)


def test_the_checks_would_find_what_sticks_out(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "wide.html"
    file.write_text(
        "<!DOCTYPE html><title>wide</title><div style='width:3000px'>wide</div><script src='http://127.0.0.1:9/x.js'>"
        "</script><svg><rect class='paper' width='10' height='10'/><text x='5' y='9'>too long</text></svg>"
    )
    with browser.page(file, width=400) as page:
        assert page.evaluate(OVERFLOWING)
        assert page.evaluate(STRAY_TEXTS) == [["picture", "too long"]]
        assert len(page.requests()) == 2
        assert page.complaints()


def test_the_report_is_whole_without_scripts(browser: Browser, report: Report) -> None:
    with browser.page(report("rereg-primary-dead"), width=1280, scripts=False) as page:
        text = page.evaluate("document.body.innerText")
        assert "Copy the scenario" not in text, "what needs a script is not offered without one"
    for words in (
        "Registers at p1.example.net",
        "DNS walk",
        "no answer after 32 s",
        "pjresolve simulate",
        "lapsed",
    ):
        assert words in text


def test_the_filter_shows_only_rows_with_the_words(browser: Browser, report: Report) -> None:
    with browser.page(report("rereg-primary-dead"), width=1280) as page:
        page.evaluate("document.querySelector('details').open = true")
        shown = page.evaluate(
            "(() => { const f = document.getElementById('filter'); f.value = 'LAPSED';"
            "f.dispatchEvent(new Event('input'));"
            "return [...document.querySelectorAll('#events tbody tr')].filter(r => r.offsetHeight)"
            ".map(r => r.textContent); })()"
        )
        assert shown
        assert all("lapsed" in text for text in shown)
        assert page.evaluate("document.getElementById('filtered').textContent").startswith(
            f"{len(shown)} of "
        )


def test_a_host_lights_up_wherever_it_stands(browser: Browser, report: Report) -> None:
    with browser.page(report("rereg-primary-dead"), width=1280) as page:
        lit = page.evaluate(
            "(() => { const row = document.querySelector('#targets tr[data-host]');"
            "row.dispatchEvent(new PointerEvent('pointerenter'));"
            "return [...document.querySelectorAll('.same')].map(e => e.closest('section').id); })()"
        )
        assert {"targets", "timeline"} <= set(lit)


def test_the_scenario_can_be_copied_with_the_keyboard(browser: Browser, report: Report) -> None:
    with browser.page(report("udp-drop1"), width=400) as page:
        page.evaluate("document.getElementById('copy').focus()")
        key = {"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}
        page.call("Input.dispatchKeyEvent", type="keyDown", **key)
        page.call("Input.dispatchKeyEvent", type="keyUp", **key)
        told = page.evaluate(
            "new Promise(done => setTimeout(() => done(document.getElementById('copied').textContent), 200))"
        )
        assert told in ("Copied.", "Selected: copy it with the keyboard.")


def test_right_to_left_names_turn_nothing_around(browser: Browser, report: Report) -> None:
    with browser.page(report("hostile"), width=1280) as page:
        order = page.evaluate(
            "(() => { const h = document.querySelector('h1'), r = document.createRange(), out = [];"
            "const walk = document.createTreeWalker(h, NodeFilter.SHOW_TEXT); let n;"
            "while (n = walk.nextNode()) for (const w of ['svg', 'script']) { const i = n.data.indexOf(w);"
            "if (i >= 0) { r.setStart(n, i); r.setEnd(n, i + 1); out.push(r.getBoundingClientRect().x); } }"
            "return out; })()"
        )
        assert order == sorted(order)
        assert len(order) == 2


@pytest.mark.parametrize("name", ["rereg-primary-dead", "many"])
def test_on_paper_nothing_is_cut_off(browser: Browser, report: Report, name: str) -> None:
    with browser.page(report(name), width=700) as page:
        page.call("Emulation.setEmulatedMedia", media="print")
        assert page.evaluate(OVERFLOWING) == []
        wide = page.evaluate(
            "[...document.querySelectorAll('.scroll > *')].filter(e => e.getBoundingClientRect().right >"
            " document.documentElement.clientWidth + 0.5).map(e => e.outerHTML.slice(0, 80))"
        )
        assert wide == []
