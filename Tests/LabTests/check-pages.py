"""Opens HTML reports in headless Chromium as readers do, and says what is wrong with each as JSON.

Arguments: HTML files. For each: axe-core in light and dark with every part open, requests to anywhere, errors of the page's
policy or script, sideways scrolling at 320 pixels, and whether print shows what is folded.
"""
import json, sys
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
OPEN = "document.querySelectorAll('details').forEach(part => part.open = true)"
found = {}

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for path in sys.argv[1:]:
        result = found[path] = {"violations": [], "incomplete": [], "requests": [], "errors": [], "sideways": [], "printed": 0}
        for scheme in ("light", "dark"):
            context = browser.new_context(color_scheme=scheme, viewport={"width": 1100, "height": 900})
            page = context.new_page()
            page.on("request", lambda request: result["requests"].append(request.url))
            page.on("console", lambda message: result["errors"].append(message.text))
            page.on("pageerror", lambda error: result["errors"].append(str(error)))
            page.goto("file://" + path)
            page.evaluate(OPEN)
            response = Axe().run(page, options={"runOnly": RULES}).response
            for kind in ("violations", "incomplete"):
                for item in response[kind]:
                    result[kind].append(f"{item['id']} ({scheme}): {item['nodes'][0]['html'][:160]}")
            page.emulate_media(media="print")
            result["printed"] = page.locator("main").inner_text().count("\n")
            context.close()
        context = browser.new_context(viewport={"width": 320, "height": 640})
        page = context.new_page()
        page.goto("file://" + path)
        page.evaluate(OPEN)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            result["sideways"].append(
                page.evaluate(
                    """[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 321
                    && !e.closest('.scroll')).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(' | ')"""))
        context.close()
        result["requests"] = [url for url in result["requests"] if url != "file://" + path]
        # Without script all is there.
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto("file://" + path)
        result["headings"] = page.locator("h2").count()
        context.close()
    browser.close()
json.dump(found, sys.stdout)
