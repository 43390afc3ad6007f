// The review page. All text comes from the data block and becomes text nodes; nothing is parsed as HTML.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const HUES = 12;
  const ZOOMS = [1, 1.5, 2, 3, 4];
  const LEGIBLE = 11; // CSS pixels that a marked line is at least enlarged to on a narrow screen
  const SIGNS = { consistent: "✓", inconsistent: "✗", undetermined: "?" };
  const OPEN_SHOWN = 12; // checks that are not consistent, shown before one asks for all of them
  const SHORT_DECK = 12; // pages of a deck that is built whole at once; of a longer one those that come near
  const FEW_PLACES = 4; // rows of a check that are named beside it
  const FURNITURE = -1;
  const RESIDUE = -2;
  const MARGIN = 0.8; // points that a mark stands off the words in it, so that it does not cover their edges
  const CUT = { margin: 4, share: 0.3, enlarged: 1.6 }; // of the words shown enlarged: points around them, at most so much of the page's height, so much larger than their pixels
  const HINT = "Point at a word to see what it became, or at a row to see where it stands.";
  const BUTTON = { type: "button" };
  const data = JSON.parse(document.getElementById("data").textContent);
  const narrow = matchMedia("screen and (max-width: 60rem)");
  const byId = (id) => document.getElementById(id);
  const count = (n) => n.toLocaleString("en");
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;

  function element(tag, attributes, ...children) {
    return fill(document.createElement(tag), attributes, children);
  }
  function drawn(tag, attributes, ...children) {
    return fill(document.createElementNS(SVG, tag), attributes, children);
  }
  function fill(made, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") made.addEventListener(name, value);
      else if (name === "style") for (const [k, v] of Object.entries(value)) made.style.setProperty(k, v);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== "").map((c) => (c instanceof Node ? c : String(c))));
    return made;
  }
  const quoted = (text) => element("span", { class: "data", lang: data.language }, text);
  const hue = (fate) => (fate === FURNITURE ? "var(--furniture)" : fate === RESIDUE ? "var(--residue)" : `var(--c${fate % HUES})`);
  const fateTitle = (fate) => (fate === FURNITURE ? "Furniture" : fate === RESIDUE ? "Not accounted for" : data.tables[fate].title);
  const swatch = (fate) => element("span", { class: "swatch", "aria-hidden": "true", style: { "--hue": hue(fate) } });
  const verdict = (v, text) => element("span", { class: `verdict ${v}` }, element("span", { "aria-hidden": "true" }, SIGNS[v]), text || v);

  // What belongs together: the rows of a line, the pieces of a row, the boxes of a row.
  const lineOf = new Map();
  for (const block of [...data.pages.flatMap((p) => p.blocks), ...data.loose]) {
    for (const line of block.lines.filter((l) => l.c)) {
      const rows = [...new Set([line.r, ...line.c.flat().map((p) => p[1])])];
      for (const row of rows) lineOf.set(row, rows);
    }
  }
  const pieces = new Map();
  const lines = new Map();
  const corrections = new Set(data.pages.flatMap((p) => p.evidence.filter((e) => e[7]).map((e) => `${e[0]} ${e[1]}`)));
  const pages = new Map(data.pages.map((p) => [p.n, { page: p, built: false }]));
  const remember = (map, key, node) => { if (map.has(key)) map.get(key).push(node); else map.set(key, [node]); };

  // --- Selecting: `hovered` shows for as long as it lasts, `pinned` stays.
  let pinned = null;
  let hovered = null;
  let shown = [];
  const selection = (row, field = null) => ({ row, field, rows: lineOf.get(row) || [row] });

  function show() {
    for (const node of shown) node.classList.remove("marked", "pinned", "chosen");
    shown = [];
    const now = hovered || pinned;
    for (const view of pages.values()) {
      if (!view.marks) continue;
      view.marks.replaceChildren(...(now ? marksOf(view.page, now) : []));
      view.sheet.classList.toggle("picking", view.marks.childElementCount > 0);
    }
    if (!now) return;
    for (const row of now.rows) for (const node of lines.get(row) || []) light(node, now === pinned ? ["marked", "pinned"] : ["marked"]);
    for (const [node, field] of pieces.get(now.row) || []) if (now.field === null || field === now.field) light(node, ["chosen"]);
  }
  function light(node, names) {
    node.classList.add(...names);
    shown.push(node);
  }
  function marksOf(page, chosen) {
    return page.evidence.filter((e) => chosen.rows.includes(e[0])).map((e) => {
      const [row, field, x0, top, x1, bottom] = e;
      const table = data.tables[data.rows[row].t];
      const isValue = row === chosen.row && (chosen.field === null ? !table.headings.includes(field) : field === chosen.field);
      const kind = isValue ? " value" : table.headings.includes(field) ? " heading" : "";
      return drawn("rect", { class: `mark${kind}`, x: x0 - MARGIN, y: top - MARGIN, width: x1 - x0 + 2 * MARGIN, height: bottom - top + 2 * MARGIN, rx: 1, "data-row": row, "data-field": table.fields[field] });
    });
  }
  function hover(chosen) {
    hovered = chosen;
    show();
  }
  function pin(chosen, from) {
    pinned = chosen;
    hovered = null;
    for (const view of pages.values()) if (view.inspector) view.inspector.hidden = true;
    show();
    if (!chosen) return;
    const home = data.rows[chosen.row];
    byId("status").textContent = `${data.tables[home.t].title}: ${home.l}`;
    const view = pages.get(home.p);
    if (!view) return;
    build(view);
    inspect(view, chosen);
    show();
    const line = (lines.get(chosen.row) || chosen.rows.flatMap((r) => lines.get(r) || []))[0];
    if (from !== "table" && line) line.scrollIntoView({ block: from === "page" && !narrow.matches ? "nearest" : "center" });
    reveal(view);
  }
  function reveal(view) {
    const mark = view.marks && (view.marks.querySelector(".value") || view.marks.firstElementChild);
    if (!mark) return;
    if (narrow.matches && mark.getBoundingClientRect().height < LEGIBLE) {
      setZoom(view, ZOOMS.find((z) => (mark.getBoundingClientRect().height / view.zoom) * z >= LEGIBLE) || ZOOMS.at(-1));
    }
    const frame = view.viewport.getBoundingClientRect();
    const box = mark.getBoundingClientRect();
    // Only the frame around the page moves, never the whole document.
    if (box.left < frame.left || box.right > frame.right) view.viewport.scrollLeft += box.left - frame.left - Math.max(0, (frame.width - box.width) / 2);
    if (box.top < frame.top || box.bottom > frame.bottom) view.viewport.scrollTop += box.top - frame.top - (frame.height - box.height) / 2;
  }
  function inspect(view, chosen) {
    const row = data.rows[chosen.row];
    const table = data.tables[row.t];
    const found = [...pages.values()].flatMap((v) => v.page.evidence.filter((e) => e[0] === chosen.row).map((e) => [v.page.n, e]));
    const printed = found.filter(([, e]) => chosen.field === null || e[1] === chosen.field);
    const corrected = found.filter(([, e]) => e[7]);
    const field = (i) => [element("dt", {}, table.titles[i]), element("dd", { class: i === chosen.field ? "chosen" : "" }, quoted(row.v[i]))];
    const words = narrow.matches || !view.image ? null : cut(view, chosen);
    view.inspector.replaceChildren(
      words || "",
      element("header", {},
        element("h3", {}, `${table.title}: `, quoted(row.l)),
        element("button", { ...BUTTON, class: "close", "aria-label": "Close", click: () => pin(null) }, "×")),
      element("dl", {},
        chosen.field === null ? [] : field(chosen.field),
        printed.length ? [element("dt", {}, "On the page"), element("dd", {}, printed.map(([n, e], i) => [i ? " · " : "", "“", quoted(e[6]), `” (page ${n})`]))] : [],
        corrected.flatMap(([, e]) => [element("dt", { class: "correction" }, `Corrected: ${table.titles[e[1]]}`), element("dd", { class: "correction" }, quoted(e[7]))]),
        row.v.flatMap((value, i) => (value === "" || i === chosen.field ? [] : field(i)))));
    view.inspector.hidden = false;
  }
  // The words of a row as they stand on the page, enlarged.
  function cut(view, chosen) {
    const page = view.page;
    const boxes = (only) => page.evidence.filter(only).filter((e) => !data.tables[data.rows[e[0]].t].headings.includes(e[1]));
    const around = (list) => [Math.min(...list.map((e) => e[2])) - CUT.margin, Math.min(...list.map((e) => e[3])) - CUT.margin, Math.max(...list.map((e) => e[4])) + CUT.margin, Math.max(...list.map((e) => e[5])) + CUT.margin];
    const all = boxes((e) => chosen.rows.includes(e[0]));
    const own = boxes((e) => e[0] === chosen.row && (chosen.field === null || e[1] === chosen.field));
    const shown = [all, own].find((list) => list.length && around(list)[3] - around(list)[1] <= CUT.share * page.h);
    if (!shown) return null;
    const [left, top, right, bottom] = around(shown);
    const canvas = element("canvas", { class: "cut", role: "img", "aria-label": "The words on the page, enlarged" });
    const image = view.image;
    image.decode().then(() => {
      const scale = image.naturalWidth / page.w;
      canvas.width = Math.round((right - left) * scale);
      canvas.height = Math.round((bottom - top) * scale);
      canvas.style.setProperty("width", `${Math.round(canvas.width * CUT.enlarged)}px`);
      const pen = canvas.getContext("2d");
      pen.drawImage(image, left * scale, top * scale, canvas.width, canvas.height, 0, 0, canvas.width, canvas.height);
      pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--mark");
      pen.lineWidth = scale * 0.6;
      for (const e of own) pen.strokeRect((e[2] - left - MARGIN) * scale, (e[3] - top - MARGIN) * scale, (e[4] - e[2] + 2 * MARGIN) * scale, (e[5] - e[3] + 2 * MARGIN) * scale);
    }, () => canvas.remove());
    return canvas;
  }
  // A place that a check, a bar or a correction names, as something to press.
  function placeLink(place) {
    const text = place.reason ? ` (${place.reason})` : "";
    if (place.row !== null) {
      const field = place.field === undefined ? null : data.tables[data.rows[place.row].t].fields.indexOf(place.field);
      return [element("button", { ...BUTTON, class: "link data", "data-row": place.row, click: () => pin(selection(place.row, field), "link") }, place.text), text];
    }
    if (place.page !== null) return [element("a", { class: "link", href: `#page-${place.page}` }, place.text), text];
    return [quoted(place.text), text];
  }

  // --- What stands on top.
  function masthead() {
    const verdicts = ["consistent", "inconsistent", "undetermined"].map((v) => [v, data.checks.filter((c) => c.verdict === v).length]);
    const total = [0, 1, 2, 3].map((i) => data.pages.reduce((sum, p) => sum + (p.counts[i] || 0), 0));
    const boxes = data.pages.reduce((sum, p) => sum + p.evidence.length, 0);
    const meter = (parts) => element("span", { class: "meter", "aria-hidden": "true" }, parts.map(([colour, n]) => element("span", { style: { flex: String(n), background: colour } })));
    const tile = (label, figure, extra, note) => element("li", {}, element("span", { class: "label" }, label), element("strong", { class: "figure" }, figure), extra, note ? element("span", { class: "small faint" }, note) : null);
    byId("masthead").append(
      element("h1", {}, quoted(data.title)),
      element("p", { class: "faint" }, quoted(data.deck), ", edition ", quoted(data.edition)),
      element("ul", { class: "tiles" },
        tile("Checks", count(data.checks.length), meter(verdicts.map(([v, n]) => [`var(--${{ consistent: "good", inconsistent: "bad", undetermined: "open" }[v]})`, n])),
          element("span", { class: "small" }, verdicts.filter(([, n]) => n).map(([v, n], i) => [i ? " " : "", verdict(v, `${count(n)} ${v}`)]))),
        tile("Words on the pages", count(total[0]), meter([["var(--c0)", total[1]], ["var(--furniture)", total[2]], ["var(--residue)", total[3]]]), `${count(total[1])} in tables, ${count(total[2])} furniture, ${count(total[3])} not accounted for`),
        tile("Rows", count(data.rows.length), null, `in ${plural(new Set(data.rows.map((r) => r.t)).size, "table", "tables")}, from ${plural(data.pages.length, "page", "pages")}`),
        tile("Places on the pages", count(boxes), null, data.corrections.length ? `${plural(data.corrections.length, "value was", "values were")} corrected by hand` : "none corrected by hand")),
      element("details", { class: "source" }, element("summary", {}, "Source and release"), element("dl", {}, data.facts.map(([k, v]) => [element("dt", {}, k), element("dd", {}, quoted(v))]))));
    if (data.corrections.length) {
      byId("corrections").hidden = false;
      byId("corrections").append(element("h2", { id: "corrections-title" }, "Corrected by hand"), element("ul", {}, data.corrections.map((c) => element("li", {}, placeLink(c), ": ", quoted(c.text)))));
    }
  }
  function checks() {
    const open = ["inconsistent", "undetermined"].flatMap((v) => data.checks.filter((c) => c.verdict === v));
    const figures = [...open, ...data.checks.filter((c) => c.stated && !open.includes(c))];
    const rest = data.checks.filter((c) => !figures.includes(c));
    const kinds = [...new Set(rest.map((c) => c.kind))];
    byId("checks").append(element("h2", { id: "checks-title" }, "Checks"));
    if (figures.length) {
      const heads = [["Verdict"], ["Claim"], ["Stated", "number"], ["What the parts admit", "number"], [""], ["Slack", "number"]];
      byId("checks").append(element("div", { class: "scroll" }, element("table", { class: "checks" },
        element("thead", {}, element("tr", {}, heads.map(([text, name]) => element("th", { scope: "col", class: name }, text || element("span", { class: "hidden" }, "Drawing"))))),
        element("tbody", {}, figures.flatMap((check, i) => {
          const group = (c) => (c && (open.includes(c) ? "To look at" : capital(c.kind)));
          const first = group(check) !== group(figures[i - 1]);
          return [first ? element("tr", { class: "group" }, element("th", { colspan: 6, scope: "rowgroup" }, group(check))) : null, ...checkRows(check, i, open.includes(check)), i === open.length - 1 ? moreOpen(open.length) : null];
        })))),
        element("p", { class: "small faint slack" }, "Slack: how far the stated figure, as it is rounded, overlaps with what its parts admit, in steps of its last printed digit; below zero, how far apart they are."));
    } else byId("checks").append(element("p", { class: "faint" }, "No figure was checked."));
    if (kinds.length) {
      byId("checks").append(element("details", { class: "rest" },
        element("summary", {}, verdict("consistent", `${count(rest.length)} more`), " on ", kinds.map((k, i) => `${i ? ", " : ""}${k} (${rest.filter((c) => c.kind === k).length})`)),
        element("ul", { class: "small" }, rest.map((c) => element("li", {}, quoted(c.message))))));
    }
  }
  // Where very many are open, the first stand for the others until these are asked for.
  function moreOpen(total) {
    if (total <= OPEN_SHOWN) return null;
    const row = element("tr", { class: "further" }, element("td", { colspan: 6 }, element("button", { ...BUTTON, class: "link", click: () => {
      row.parentElement.classList.add("all-open");
      row.remove();
    } }, `Show ${count(total - OPEN_SHOWN)} more`)));
    return row;
  }
  function checkRows(check, index, isOpen) {
    const more = element("tr", { class: "more", id: `check-${index}`, hidden: true }, element("td", { colspan: 6 },
      element("p", {}, quoted(check.message)),
      check.noise ? element("p", { class: "small faint" }, `Rounding noise to expect: ${check.noise} last digits.`) : null,
      check.rows.length ? [element("strong", { class: "small" }, "Rows"), element("ul", { class: "places" }, check.rows.map((p) => element("li", {}, placeLink(p))))] : null,
      check.suspects.length ? [element("strong", { class: "small" }, "Suspects, likeliest first"), element("ul", { class: "places" }, check.suspects.map((p) => element("li", {}, placeLink(p))))] : null));
    const opener = element("button", { ...BUTTON, class: "link data", "aria-expanded": "false", "aria-controls": more.id }, check.subject);
    const toggle = () => {
      more.hidden = !more.hidden;
      opener.setAttribute("aria-expanded", String(!more.hidden));
    };
    const name = isOpen && index >= OPEN_SHOWN ? "check late" : "check";
    if (!check.stated) {
      // What no figure was stated for is told in words, and its rows beside it where they are few.
      const places = [...check.rows, ...check.suspects];
      const few = places.length && places.length <= FEW_PLACES;
      opener.replaceChildren(plural(places.length, "row", "rows"));
      more.firstChild.firstChild.remove();
      const about = element("span", { class: "kind small faint" }, check.kind, few ? element("ul", { class: "places" }, places.map((p) => element("li", {}, placeLink(p)))) : places.length ? [" ", opener] : null);
      opener.addEventListener("click", toggle);
      return [element("tr", { class: name }, element("td", {}, verdict(check.verdict)), element("td", { colspan: 5, class: "told" }, quoted(check.message), about)), few ? null : more];
    }
    const row = element("tr", { class: name, click: toggle },
      element("td", {}, verdict(check.verdict)),
      element("td", {}, opener, isOpen ? element("span", { class: "kind small faint" }, check.kind) : null),
      element("td", { class: "number", "data-label": "Stated" }, check.stated),
      element("td", { class: "number", "data-label": "Parts admit" }, check.admitted),
      element("td", { class: check.verdict }, check.drawing ? interval(check.drawing) : null),
      element("td", { class: "number", "data-label": "Slack" }, check.slack));
    return [row, more];
  }
  function interval(at) {
    const low = at.lower === null ? 0 : at.lower;
    const high = at.upper === null ? 100 : at.upper;
    return drawn("svg", { class: "interval", viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
      drawn("line", { class: "axis", x1: 0, x2: 100, y1: 7, y2: 7 }),
      drawn("rect", { class: "range", x: low, width: Math.max(high - low, 1), y: 3, height: 8 }),
      drawn("line", { class: "stated", x1: at.stated, x2: at.stated, y1: 0, y2: 14, "vector-effect": "non-scaling-stroke" }));
  }
  function budget() {
    if (!data.budget.length) return;
    const budgets = [...new Map(data.budget.flatMap((c) => c.stated.map((s) => [s.budget, s.kind])))];
    const parts = (n) => (n ? `${count(n)} “part of”` : "");
    byId("budget").hidden = false;
    byId("budget").append(
      element("h2", { id: "budget-title" }, "Budget by category and group"),
      element("p", { class: "small" }, budgets.map(([name, kind]) => element("span", { class: "key" }, element("span", { class: "swatch", "aria-hidden": "true", style: { "--hue": `var(--${kind})` } }), name)),
        element("span", { class: "faint" }, "Categories share one scale; the groups below have a scale for each category and show the sum of their items’ printed amounts. Of an amount printed as “a part of” another only the upper bound is known; it is counted, not drawn.")),
      element("div", { class: "cards" }, data.budget.map((category) => element("div", { class: "card" },
        element("h3", {}, element("button", { ...BUTTON, class: "data", lang: data.language, click: () => pin(selection(category.row), "link") }, category.title)),
        category.stated.map((s) => element("button", { ...BUTTON, class: "stated", click: () => pin(selection(s.row), "link") },
          element("span", { class: "small faint" }, s.budget), element("span", { class: "number" }, s.text),
          element("span", { class: "rail", "aria-hidden": "true" }, element("span", { class: s.kind, style: { width: `${s.length}%` } })))),
        element("div", { class: "groups small" }, category.groups.map((group) => element("div", { class: "group" },
          element("button", { ...BUTTON, class: "data", lang: data.language, click: () => pin(selection(group.row), "link") }, group.title || "Items without a group"),
          group.bars.length ? null : element("div", { class: "faint" }, "no amounts printed"),
          group.bars.map((bar) => element("div", { class: "barline" },
            element("span", { class: "rail", "aria-hidden": "true" }, bar.pieces.map((p) => element("span", { class: p.kind, title: p.text, style: { width: `${p.length}%`, cursor: "pointer" }, click: () => pin(selection(p.row), "link") }))),
            element("span", { class: "number faint", title: bar.budget }, [bar.text, parts(bar.parts)].filter(Boolean).join(" + ")))))))))));
  }
  function series() {
    if (!data.series.length) return;
    byId("series").hidden = false;
    byId("series").append(
      element("h2", { id: "series-title" }, "The same figures through the editions"),
      element("p", { class: "small faint" }, "What this edition and the earlier ones of its deck state for one fiscal year and budget. The bar is what rounding admits, from nothing to the figure’s largest amount, the mark in it the printed amount; a draft is hollow."),
      element("div", { class: "cards" }, data.series.map((figure) => element("div", { class: "card through" },
        element("h3", {}, figure.title, " ", element("span", { class: "small" }, verdict(figure.verdict))),
        element("div", { class: "lines" }, figure.lines.map((line) => element("div", { class: `edition${line.stage ? " tentative" : ""}` },
          line.row === null ? element("span", { class: "faint" }, line.edition) : element("button", { ...BUTTON, class: "link", click: () => pin(selection(line.row), "link") }, line.edition),
          interval(line.drawing),
          element("span", { class: "number", title: line.admits }, line.text, line.stage ? ` (${line.stage})` : "")))),
        figure.verdict === "consistent" ? null : element("p", { class: "small" }, figure.message)))));
  }
  function trend(chart) {
    const [width, height, left, top, bottom] = [540, 300, 80, 14, 34];
    const y = (share) => top + ((100 - share) / 100) * (height - top - bottom);
    const step = (width - left - 10) / chart.columns.length;
    const bar = Math.min(step * 0.55, 130);
    const rects = chart.columns.flatMap((column, i) => {
      const x = left + step * i + (step - bar) / 2;
      let base = 0;
      return column.pieces.map((p) => {
        const foot = base;
        base += p.length;
        const rect = drawn("rect", { class: `piece ${p.kind}`, x, width: bar, y: y(base), height: y(foot) - y(base), click: () => pin(selection(p.row), "link"), pointerenter: () => hover(selection(p.row)), pointerleave: () => hover(null) }, drawn("title", {}, `${p.series} ${column.title}: ${p.text}`));
        remember(pieces, p.row, [rect, null]);
        const line = p.measured === null ? null : drawn("line", { class: "measured", x1: x - 10, x2: x + bar + 10, y1: y(foot + p.measured), y2: y(foot + p.measured) });
        return [rect, line, drawn("text", { class: "on", x: x + bar / 2, y: (y(foot) + y(base)) / 2 + 4, "text-anchor": "middle" }, p.text)];
      });
    });
    const series = [...new Map(chart.columns.flatMap((c) => c.pieces.map((p) => [p.series, p.kind])))];
    const said = chart.columns.map((c) => `${c.title}: ${c.pieces.map((p) => `${p.series} ${p.text}`).join(", ")}`).join("; ");
    return element("div", { class: "trend" },
      element("h3", {}, `The chart, redrawn from the table (${chart.currency})`),
      drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said },
        chart.ticks.map((t) => [drawn("line", { class: "grid", x1: left, x2: width, y1: y(t.at), y2: y(t.at) }), drawn("text", { class: "tick", x: left - 8, y: y(t.at) + 4, "text-anchor": "end" }, t.text)]).flat(),
        chart.columns.map((c, i) => drawn("text", { x: left + step * (i + 0.5), y: height - 12, "text-anchor": "middle" }, c.title)),
        rects),
      element("p", { class: "small faint" }, series.map(([name, kind]) => element("span", { class: "key" }, element("span", { class: "swatch", "aria-hidden": "true", style: { "--hue": `var(--${kind})` } }), quoted(name))), "Dashed: the height of the bar as measured on the page."));
  }

  // --- One page: its frame stands at once, its contents when it comes near.
  function frame(view) {
    const page = view.page;
    const left = page.counts[3];
    const note = page.counts[0] === null ? "" : `${plural(page.counts[0], "word", "words")}: ${count(page.counts[1])} in tables, ${count(page.counts[2])} furniture, ${left ? `${count(left)} not` : "all"} accounted for`;
    const lineCount = page.blocks.reduce((sum, b) => sum + 2 + b.lines.length, 0);
    view.article = element("article", { class: `page${page.residue.length || left ? "" : " whole"}`, id: `page-${page.n}`, "aria-labelledby": `title-${page.n}`, tabindex: "-1", style: { "min-height": `${Math.max(24, lineCount * 1.9)}rem` } },
      element("header", {}, element("h2", { id: `title-${page.n}` }, element("span", { class: "ordinal" }, `Page ${page.n}  `), quoted(page.title)), element("span", { class: `small ${page.kind === "unrecognised" ? "unrecognised" : "faint"}` }, page.kind.replaceAll("_", " ")), element("span", { class: "small faint" }, note)));
    return view.article;
  }
  function build(view) {
    if (view.built) return;
    view.built = true;
    const page = view.page;
    const picture = byId(`picture-${page.n}`);
    const tables = element("div", { class: "tables", lang: data.language }, data.trend.filter((c) => c.pages.includes(page.n)).map(trend), page.blocks.map(blockOf));
    const right = element("div", { class: "right" }, residue(view), tables.childElementCount ? tables : element("p", { class: "faint tables" }, "No table was read from this page."));
    const spread = element("div", { class: `spread${picture ? "" : " bare"}` }, picture ? sheet(view, JSON.parse(picture.textContent).source) : null, right);
    if (!picture) right.append((view.inspector = element("aside", { class: "inspector", "aria-label": "Selected row", hidden: true })));
    view.article.append(spread);
    view.article.style.removeProperty("min-height");
    show();
  }
  function sheet(view, source) {
    const page = view.page;
    view.zoom = 1;
    view.marks = drawn("g", {});
    view.words = page.words.map((w, i) => drawn("rect", { class: `word ${w[5] === FURNITURE ? "f-furniture" : w[5] === RESIDUE ? "f-residue" : ""}`, style: w[5] >= 0 ? { fill: hue(w[5]) } : {}, x: w[0], y: w[1], width: Math.max(w[2] - w[0], 1), height: Math.max(w[3] - w[1], 1), rx: 1, "data-word": i }));
    const overlay = drawn("svg", { viewBox: `0 0 ${page.w} ${page.h}`, preserveAspectRatio: "none", "aria-hidden": "true" }, drawn("g", {}, view.words), view.marks);
    view.image = element("img", { alt: `Page ${page.n} as printed`, decoding: "sync", src: source });
    view.sheet = element("div", { class: "sheet", style: { "aspect-ratio": `${page.w} / ${page.h}` } }, view.image, overlay);
    view.caption = element("p", { class: "caption" }, HINT);
    view.viewport = element("div", { class: "viewport", tabindex: "0", role: "group", "aria-label": `Page ${page.n}. Arrow keys go from value to value, Enter selects.`, keydown: (event) => walkPage(view, event) }, view.sheet);
    view.percent = element("output", {}, "100 %");
    const zoom = (by) => setZoom(view, ZOOMS[Math.min(Math.max(ZOOMS.indexOf(view.zoom) + by, 0), ZOOMS.length - 1)]);
    view.inspector = element("aside", { class: "inspector", "aria-label": "Selected row", hidden: true });
    const over = (event) => event.target.closest("[data-word]");
    overlay.addEventListener("pointerover", (event) => {
      const at = over(event);
      const word = at && page.words[at.dataset.word];
      if (word) tell(view, word);
      hover(word ? chosenAt(page, word) : null);
    });
    overlay.addEventListener("pointerleave", () => {
      view.caption.replaceChildren(HINT);
      hover(null);
    });
    overlay.addEventListener("click", (event) => {
      const at = over(event);
      const word = at && page.words[at.dataset.word];
      if (word) tell(view, word);
      pin(word ? chosenAt(page, word) : null, "page");
    });
    return element("div", { class: "left" }, view.viewport,
      element("div", { class: "under" }, view.caption, element("div", { class: "zoom", role: "group", "aria-label": "Size of the page" },
        element("button", { ...BUTTON, "aria-label": "Smaller", click: () => zoom(-1) }, "−"), view.percent, element("button", { ...BUTTON, "aria-label": "Larger", click: () => zoom(1) }, "+"))),
      legend(view), view.inspector);
  }
  function setZoom(view, zoom) {
    view.zoom = zoom;
    view.sheet.style.setProperty("--zoom", String(zoom));
    view.percent.textContent = `${zoom * 100} %`;
  }
  function legend(view) {
    let only = null;
    const buttons = view.page.fates.map(([fate, n]) => element("button", { ...BUTTON, "aria-pressed": "false", title: "Show only these words", click: (event) => {
      only = only === fate ? null : fate;
      for (const b of buttons) b.setAttribute("aria-pressed", String(only !== null && b === event.currentTarget));
      view.words.forEach((node, i) => node.classList.toggle("dim", only !== null && view.page.words[i][5] !== only));
    } }, swatch(fate), fateTitle(fate), element("span", { class: "faint" }, count(n))));
    return element("ul", { class: "legend", "aria-label": "What the words became" }, buttons.map((b) => element("li", {}, b)));
  }
  // The value that a word belongs to: the smallest box around it, of the table that took the word if there is one.
  function chosenAt(page, word) {
    const x = (word[0] + word[2]) / 2;
    const y = (word[1] + word[3]) / 2;
    const found = page.evidence.filter((e) => e[2] <= x && x <= e[4] && e[3] <= y && y <= e[5]);
    const own = found.filter((e) => data.rows[e[0]].t === word[5]);
    const area = (e) => (e[4] - e[2]) * (e[5] - e[3]);
    const best = (own.length ? own : found).reduce((a, b) => (a && area(a) <= area(b) ? a : b), null);
    return best && selection(best[0], best[1]);
  }
  function tell(view, word) {
    const chosen = chosenAt(view.page, word);
    const reason = word[6] >= 0 ? `: ${view.page.reasons[word[6]]}` : "";
    const became = word[5] >= 0 && chosen ? [`${data.tables[data.rows[chosen.row].t].title}, ${data.tables[data.rows[chosen.row].t].titles[chosen.field].toLowerCase()} of `, quoted(data.rows[chosen.row].l)] : `${fateTitle(word[5])}${reason}`;
    view.caption.replaceChildren(swatch(word[5]), " ", element("b", {}, quoted(word[4])), " → ", ...[became].flat());
  }
  function walkPage(view, event) {
    if (!["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Enter"].includes(event.key)) return;
    event.preventDefault();
    view.stops ||= [...new Map(view.page.evidence.map((e) => [e.slice(2, 6).join(), e]).reverse()).values()].reverse();
    if (event.key === "Enter") {
      if (hovered) pin(hovered, "page");
      return;
    }
    const step = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1;
    view.stop = Math.min(Math.max((view.stop ?? -1) + step, 0), view.stops.length - 1);
    const at = view.stops[view.stop];
    if (!at) return;
    hover(selection(at[0], at[1]));
    reveal(view);
    byId("status").textContent = `${at[6]}: ${data.tables[data.rows[at[0]].t].title}, ${data.tables[data.rows[at[0]].t].titles[at[1]]}`;
  }
  function residue(view) {
    const page = view.page;
    const mark = (box) => () => view.marks && view.marks.replaceChildren(drawn("rect", { class: "mark value", x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] }));
    return element("div", { class: "residue" }, page.residue.length
      ? [element("h3", {}, `${plural(page.residue.length, "passage", "passages")} not accounted for`), element("ul", {}, page.residue.map((r) => element("li", {}, element("button", { ...BUTTON, class: "link data", lang: data.language, click: mark(r), focus: mark(r), pointerenter: mark(r) }, r[4]))))]
      : element("p", { class: "none" }, "✓ Nothing is left over: every word went to a table or is furniture with a stated reason."));
  }

  // --- Tables.
  function blockOf(block) {
    const table = data.tables[block.t];
    const rows = block.lines.filter((l) => l.c).length;
    const body = element("tbody", {}, block.lines.map((line) => (line.h ? headings(line, block.columns.length) : lineRow(line, block.columns))));
    const cells = [...body.querySelectorAll("td, th")];
    if (cells.length) cells[0].tabIndex = 0;
    return element("div", { class: "block", lang: "en" },
      element("h3", { title: table.description }, swatch(block.t), table.title, element("span", { class: "count" }, plural(rows, "row", "rows"))),
      element("div", { class: "scroll" }, element("table", { role: "grid", "aria-label": table.title, "aria-readonly": "true", keydown: walkTable, focusin: focusCell, pointerover: overTable, pointerleave: () => hover(null), click: clickTable },
        element("thead", {}, element("tr", {}, block.columns.map(([title, isNumber]) => element("th", { scope: "col", class: isNumber ? "number" : "" }, title)))), body)));
  }
  function pieceOf([text, row, field, style]) {
    const node = element("span", { class: `piece data ${style}${corrections.has(`${row} ${field}`) ? " corrected" : ""}`, lang: data.language, "data-row": row, "data-field": field }, text);
    remember(pieces, row, [node, field]);
    return node;
  }
  function headings(line, width) {
    return element("tr", {}, element("th", { class: "headings", colspan: width, scope: "rowgroup", tabindex: "-1" }, line.h.map(pieceOf)));
  }
  function lineRow(line, columns) {
    const row = element("tr", { class: "line", "data-row": line.r }, line.c.map((cell, i) => element("td", { class: [columns[i][1] && "number", columns[i][2] && "name"].filter(Boolean).join(" "), "data-label": columns[i][0], tabindex: "-1", style: i === 0 && line.d ? { "padding-left": `${0.5 + line.d * 1.4}rem` } : {} }, cell.map((p, n) => [n && p[3] === "" ? " " : "", pieceOf(p)]))));
    remember(lines, line.r, row);
    return row;
  }
  // A piece means its own value; elsewhere in a row the row is meant.
  function chosenIn(target) {
    const piece = target.closest(".piece");
    if (piece) return selection(Number(piece.dataset.row), Number(piece.dataset.field));
    const line = target.closest("tr.line");
    return line && selection(Number(line.dataset.row));
  }
  const firstPiece = (cell) => cell.querySelector(".piece") || cell;
  function overTable(event) {
    hover(chosenIn(event.target));
  }
  function clickTable(event) {
    const chosen = chosenIn(event.target);
    if (chosen && !String(getSelection())) pin(chosen, "table");
  }
  function focusCell(event) {
    const cell = event.target.closest("td, th.headings");
    if (!cell || !cell.matches(":focus-visible")) return;
    for (const other of cell.closest("table").querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
    hover(chosenIn(firstPiece(cell)));
  }
  function walkTable(event) {
    const cell = event.target.closest("td, th.headings");
    if (!cell) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      pin(chosenIn(firstPiece(cell)), "table");
      return;
    }
    const row = cell.parentElement;
    const next = {
      ArrowRight: () => cell.nextElementSibling,
      ArrowLeft: () => cell.previousElementSibling,
      Home: () => row.firstElementChild,
      End: () => row.lastElementChild,
      ArrowDown: () => beside(row.nextElementSibling, cell),
      ArrowUp: () => beside(row.previousElementSibling, cell),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next()?.focus();
  }
  const beside = (row, cell) => row && (row.children[cell.cellIndex] || row.lastElementChild);

  // --- All of it.
  masthead();
  checks();
  budget();
  series();
  for (const view of pages.values()) {
    byId("pages").append(frame(view));
    byId("jumps").append(element("li", {}, element("a", { href: `#page-${view.page.n}`, class: view.page.residue.length ? "has-residue" : "", title: view.page.title, "aria-label": `Page ${view.page.n} ${view.page.title}` }, view.page.n)));
  }
  if (data.loose.length) {
    byId("loose").hidden = false;
    byId("loose").append(element("h2", { id: "loose-title" }, "Rows that stand for the whole deck"), ...data.loose.map(blockOf));
  }
  // Pages grow when they are built, so what is gone to is built first, and gone to again when its neighbours stand.
  function goTo(view) {
    build(view);
    view.article.scrollIntoView();
    requestAnimationFrame(() => setTimeout(() => view.article.scrollIntoView(), 60));
  }
  const named = (hash) => pages.get(Number(hash.replace("#page-", "")));
  addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#page-"]');
    const view = link && named(link.hash);
    if (!view) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    goTo(view);
  });
  const viewOf = new Map([...pages.values()].map((view) => [view.article, view]));
  const links = new Map([...pages.keys()].map((n, i) => [n, byId("jumps").children[i].firstElementChild]));
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((e) => e.isIntersecting)) {
      build(viewOf.get(entry.target));
      near.unobserve(entry.target);
    }
  }, { rootMargin: "75% 0px" });
  const here = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = links.get(viewOf.get(entry.target).page.n);
      if (entry.isIntersecting) {
        link.setAttribute("aria-current", "true");
        const jumps = byId("jumps");
        jumps.scrollLeft = link.offsetLeft - jumps.offsetLeft - (jumps.clientWidth - link.offsetWidth) / 2;
      } else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-30% 0px -69% 0px" });
  for (const article of viewOf.keys()) {
    near.observe(article);
    here.observe(article);
  }
  // A short deck is built as soon as there is time for it, so that the browser's own search finds what is on all pages.
  if (pages.size <= SHORT_DECK) {
    const rest = [...pages.values()];
    const next = () => {
      const view = rest.shift();
      if (!view) return;
      if (!view.built) build(view);
      setTimeout(next);
    };
    setTimeout(next);
  }
  byId("switch").addEventListener("click", () => {
    const on = document.documentElement.classList.toggle("only-residue");
    byId("switch").setAttribute("aria-checked", String(on));
    // The answer is the whole deck's, so no page may still wait to be built.
    if (on) for (const view of pages.values()) build(view);
    // What stood above the pages is gone: begin with the first of them.
    if (on && byId("pages").getBoundingClientRect().top < 0) byId("pages").scrollIntoView();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") pin(null);
  });
  if (named(location.hash)) goTo(named(location.hash));
  addEventListener("beforeprint", () => {
    for (const view of pages.values()) build(view);
  });
})();
