// The pages of two editions side by side: a change is lit in the list and on both pages. All it shows stands in the file.
"use strict";
(() => {
  const ZOOMS = [1, 1.5, 2, 3, 4];
  const LEGIBLE = 11; // CSS pixels that a marked line is at least enlarged to on a narrow screen
  const narrow = matchMedia("screen and (max-width: 60rem)");
  const nodes = new Map();
  for (const node of document.querySelectorAll("[data-change]")) {
    const number = node.dataset.change;
    if (!nodes.has(number)) nodes.set(number, []);
    nodes.get(number).push(node);
  }
  let pinned = null;
  let lit = [];
  function show(number) {
    for (const node of lit) node.classList.remove("lit", "pinned");
    lit = number === null ? [] : nodes.get(number) || [];
    document.body.classList.toggle("picking", lit.length > 0);
    for (const node of lit) node.classList.add("lit", ...(number === pinned && node.matches("tr") ? ["pinned"] : []));
  }
  const numberAt = (event) => event.target.closest?.("[data-change]")?.dataset.change ?? null;
  function pin(number, from) {
    pinned = number;
    show(number);
    if (number === null) return;
    const found = nodes.get(number);
    const row = found.find((node) => node.matches("tr"));
    if (row) document.getElementById("status").textContent = row.textContent;
    if (from !== "list" && row) row.scrollIntoView({ block: "nearest" });
    for (const viewport of new Set(found.filter((node) => !node.matches("tr")).map((node) => node.closest(".viewport")))) {
      reveal(viewport, found.find((node) => viewport.contains(node)));
    }
  }
  function reveal(viewport, mark) {
    const height = mark.getBoundingClientRect().height;
    const zoom = Number(viewport.dataset.zoom || 1);
    if (narrow.matches && height < LEGIBLE) setZoom(viewport.closest(".pair"), ZOOMS.find((z) => (height / zoom) * z >= LEGIBLE) || ZOOMS.at(-1));
    const frame = viewport.getBoundingClientRect();
    const box = mark.getBoundingClientRect();
    // Only the frame around the page moves, never the whole document.
    if (box.left < frame.left || box.right > frame.right) viewport.scrollLeft += box.left - frame.left - Math.max(0, (frame.width - box.width) / 2);
    if (box.top < frame.top || box.bottom > frame.bottom) viewport.scrollTop += box.top - frame.top - (frame.height - box.height) / 2;
  }
  function setZoom(pair, zoom) {
    for (const viewport of pair.querySelectorAll(".viewport")) {
      viewport.dataset.zoom = zoom;
      viewport.firstElementChild.style.setProperty("--zoom", String(zoom));
    }
    pair.querySelector("output").textContent = `${zoom * 100} %`;
  }
  addEventListener("pointerover", (event) => show(numberAt(event) ?? pinned));
  addEventListener("focusin", (event) => show(numberAt(event) ?? pinned));
  addEventListener("click", (event) => {
    const size = event.target.closest("[data-zoom-by]");
    if (size) {
      const pair = size.closest(".pair");
      const now = ZOOMS.indexOf(Number(pair.querySelector(".viewport").dataset.zoom || 1));
      setZoom(pair, ZOOMS[Math.min(Math.max(now + Number(size.dataset.zoomBy), 0), ZOOMS.length - 1)]);
      return;
    }
    const number = numberAt(event);
    if (number !== null && !String(getSelection())) pin(number, event.target.closest("tr") ? "list" : "page");
    else if (event.target.closest(".viewport")) pin(null);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") pin(null);
    const row = event.target.closest?.("tr[data-change]");
    if (!row) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      pin(row.dataset.change, "list");
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const rows = [...document.querySelectorAll("tr[data-change]")];
      rows[rows.indexOf(row) + step]?.focus();
    }
  });
})();
