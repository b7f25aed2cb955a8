// Comfort for who has script: filter by severity, open all, copy. Without it all of the report is there.
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const main = document.querySelector("main");
  const findings = [...document.querySelectorAll("details.finding")];
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const button = (text, action) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", () => action(element));
    return element;
  };

  // Filter: a check box per severity that occurs.
  const present = new Set(findings.map((finding) => finding.dataset.severity));
  const bar = make("div", { className: "tools" });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", words.filter);
  for (const pair of words.severities.split(",")) {
    const [severity, name] = pair.split("=");
    if (!present.has(severity)) continue;
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      for (const finding of findings) {
        if (finding.dataset.severity === severity) finding.hidden = !box.checked;
      }
    });
    bar.append(make("label", {}, box, " " + name));
  }
  const all = [...document.querySelectorAll("main details")];
  bar.append(button(words.open, () => all.forEach((details) => (details.open = true))));
  bar.append(button(words.close, () => all.forEach((details) => (details.open = false))));
  if (findings.length) main.prepend(bar);

  // Copy: beside records and commands.
  if (navigator.clipboard) {
    for (const code of document.querySelectorAll(".remedy p code, code.command")) {
      if (code.textContent.length < 12) continue;
      code.after(
        button(words.copy, (element) =>
          navigator.clipboard.writeText(code.textContent).then(() => {
            element.textContent = words.copied;
            setTimeout(() => (element.textContent = words.copy), 1500);
          })
        )
      );
    }
  }

  // A link into a folded part opens it.
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    for (let part = id && document.getElementById(id); part; part = part.parentElement) {
      if (part.tagName === "DETAILS") part.open = true;
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
