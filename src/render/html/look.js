// Two pictures of an image: one over the other, in turn, side by side, or their differences; and a blind test.
if (document.getElementById("look-data")) {
  const id = (name) => document.getElementById(name);
  const exhibits = JSON.parse(id("look-data").textContent);
  const images = { a: id("img-a"), b: id("img-b") };
  const panes = { a: id("pane-a"), b: id("pane-b") };
  const selects = { a: id("look-a"), b: id("look-b") };
  const [stage, wipe, zoom, swap, auto] = ["stage", "wipe", "zoom", "swap", "auto"].map(id);
  const view = { scale: 0, x: 0, y: 0, other: false, timer: 0 };
  let blind = null;

  const exhibit = () => exhibits[Number(id("look-image").value)];
  const picture = (side) => exhibit().pictures[Number(selects[side].value)];
  const mode = () => blind ? "flicker" : document.querySelector("[name=mode]:checked").value;
  const source = (p) => p.url ?? `data:image/png;base64,${id(p.id).textContent}`;

  // Zoom and place are the same for both, so that they always show the same part. Nothing is scaled by a hair.
  const fit = () => {
    const box = panes.a.getBoundingClientRect();
    const scale = Math.min(box.width / exhibit().width, box.height / exhibit().height) || 1;
    return scale > 0.99 ? 1 : scale;
  };
  const clamp = () => {
    const box = panes.a.getBoundingClientRect();
    const scale = view.scale || fit();
    const along = (at, side, room) => {
      const over = side * scale - room;
      return Math.round(over <= 0 ? -over / 2 : Math.min(0, Math.max(-over, at)));
    };
    view.x = along(view.x, exhibit().width, box.width);
    view.y = along(view.y, exhibit().height, box.height);
    return scale;
  };
  // The stage is as large as what is on it, where there is room.
  const place = () => {
    const panes = stage.dataset.mode === "side" ? 2 : 1;
    const [wide, high] = [exhibit().width * panes, exhibit().height];
    const style = id("viewer").style;
    style.setProperty("--width", `${wide * (view.scale || 1)}px`);
    style.setProperty("--height", `${high * (view.scale || 1)}px`);
    style.setProperty("--ratio", `${wide} / ${high}`);
    const scale = clamp();
    for (const image of Object.values(images)) {
      image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${scale})`;
      image.style.imageRendering = scale >= 2 ? "pixelated" : "auto";
    }
  };
  const zoomTo = (scale) => {
    const box = panes.a.getBoundingClientRect();
    const before = view.scale || fit();
    const middle = [(box.width / 2 - view.x) / before, (box.height / 2 - view.y) / before];
    view.scale = scale;
    zoom.value = scale ? String(scale) : "fit";
    place();
    const room = panes.a.getBoundingClientRect();
    const after = scale || fit();
    view.x = room.width / 2 - middle[0] * after;
    view.y = room.height / 2 - middle[1] * after;
    place();
  };
  const step = (by) => {
    const values = [...zoom.options].map((o) => o.value);
    const at = Math.min(values.length - 1, Math.max(0, values.indexOf(zoom.value) + by));
    zoomTo(Number(values[at]) || 0);
  };

  const show = () => {
    const is = mode();
    stage.dataset.mode = is;
    stage.dataset.other = view.other;
    panes.b.style.clipPath = is === "wipe" ? `inset(0 0 0 ${wipe.value}%)` : "";
    stage.style.setProperty("--wipe", `${wipe.value}%`);
    wipe.hidden = is !== "wipe";
    id("heat-key").hidden = is !== "heat";
    swap.hidden = id("auto-label").hidden = is !== "flicker" || blind !== null;
    place();
  };
  const turn = () => { view.other = !view.other; show(); };

  // In a blind test nothing tells which picture is which: no name, no size, no text for images.
  const fill = () => {
    for (const side of ["a", "b"]) {
      const p = blind ? exhibit().pictures[blind[side]] : picture(side);
      images[side].src = source(p);
      images[side].alt = blind ? "hidden" : p.label;
      id(`tag-${side}`).textContent = blind ? "" : `${p.label} · ${p.size}`;
    }
    if (!blind) {
      const [a, b] = [picture("a"), picture("b")];
      const crop = exhibit().crop;
      const part = crop ? ` A part of ${crop[2]}×${crop[3]} pixels is shown, where the files differ most.` : "";
      const even = a.goal && b.goal && a.goal !== b.goal ? " They were made for different goals." : "";
      id("look-facts").textContent = `Left: ${a.label}, ${a.facts}. Right: ${b.label}, ${b.facts}.${even}${part}`;
    }
    show();
  };

  const options = () => {
    for (const side of ["a", "b"]) {
      selects[side].replaceChildren(...exhibit().pictures.map((p, nth) => new Option(`${p.label} (${p.size})`, nth)));
    }
    selects.a.value = "0";
    selects.b.value = String(exhibit().best);
    view.x = view.y = 0;
    for (const image of Object.values(images)) {
      image.width = exhibit().width;
      image.height = exhibit().height;
    }
    fill();
  };

  id("look-image").addEventListener("change", options);
  Object.values(selects).forEach((select) => select.addEventListener("change", fill));
  id("modes").addEventListener("change", () => { view.other = false; show(); });
  wipe.addEventListener("input", show);
  swap.addEventListener("click", turn);
  zoom.addEventListener("change", () => zoomTo(Number(zoom.value) || 0));
  // Twice in a second at most: faster flicker can harm.
  auto.addEventListener("change", () => {
    clearInterval(view.timer);
    if (auto.checked) view.timer = setInterval(() => { if (mode() === "flicker" && !blind) turn(); }, 600);
  });
  new ResizeObserver(place).observe(stage);

  stage.addEventListener("keydown", (event) => {
    const far = event.shiftKey ? 160 : 40;
    const moves = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (moves[event.key]) {
      view.x += moves[event.key][0];
      view.y += moves[event.key][1];
      place();
    } else if (event.key === "+" || event.key === "=") step(1);
    else if (event.key === "-") step(-1);
    else if (event.key === "0") zoomTo(0);
    else if (event.key === " " && mode() === "flicker" && !blind) turn();
    else return;
    event.preventDefault();
  });
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    const start = [event.clientX - view.x, event.clientY - view.y];
    const move = (e) => { view.x = e.clientX - start[0]; view.y = e.clientY - start[1]; place(); };
    const end = () => stage.removeEventListener("pointermove", move);
    stage.addEventListener("pointermove", move);
    stage.addEventListener("pointerup", end, { once: true });
    stage.addEventListener("pointercancel", end, { once: true });
  });
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    step(event.deltaY < 0 ? 1 : -1);
  }, { passive: false });

  // The blind test: ABX. p is the chance of so many right answers, or more, for someone who guesses.
  const draw = () => crypto.getRandomValues(new Uint8Array(1))[0] % 2 === 1;
  const chance = (right, trials) => {
    let sum = 0;
    let ways = 1;
    for (let k = 0; k <= trials; k++) {
      if (k >= right) sum += ways;
      ways = ways * (trials - k) / (k + 1);
    }
    return sum / 2 ** trials;
  };
  const look = (which) => {
    view.other = (which === "x" ? blind.x : which) === "b";
    document.querySelectorAll("[data-show]").forEach((b) => b.setAttribute("aria-pressed", b.dataset.show === which));
    show();
  };
  const result = () => {
    const right = blind.trials.filter((t) => t.x === t.said).length;
    const all = blind.trials.length;
    if (all === 0) return "No answer yet.";
    const p = chance(right, all);
    const told = p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
    const meaning = all < 5 ? "five answers or more say something"
      : p < 0.05 ? "you see a difference" : "no sign that you see a difference";
    return `${right} of ${all} right, ${told}: ${meaning}.`;
  };
  const next = () => { blind.x = draw() ? "a" : "b"; look("x"); };
  const toggle = (running) => {
    id("blind-start").hidden = running;
    id("blind-tools").hidden = !running;
    id("look-tools").hidden = running;
    id("modes").hidden = running;
    id("look-facts").hidden = running;
    stage.toggleAttribute("data-blind", running);
  };

  id("blind-start").addEventListener("click", () => {
    const pair = [selects.a.value, selects.b.value].map(Number);
    if (pair[0] === pair[1]) {
      id("blind-result").textContent = "Choose two different pictures above.";
      return;
    }
    if (draw()) pair.reverse();
    blind = { a: pair[0], b: pair[1], x: "a", trials: [] };
    id("blind-trials").replaceChildren();
    id("blind-scroll").hidden = true;
    toggle(true);
    fill();
    id("blind-result").textContent = result();
    next();
    stage.focus();
  });
  const answer = (said) => {
    blind.trials.push({ x: blind.x, said });
    // How it stands is told at the end: knowing it changes the answers.
    id("blind-result").textContent = `Answer ${blind.trials.length} taken. X is drawn anew.`;
    next();
  };
  document.querySelectorAll("[data-show]").forEach((b) => b.addEventListener("click", () => look(b.dataset.show)));
  document.querySelectorAll("[data-is]").forEach((b) => b.addEventListener("click", () => answer(b.dataset.is)));
  id("look").addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (blind && ["a", "b", "x"].includes(key) && event.target !== zoom) look(key);
  });
  id("blind-end").addEventListener("click", () => {
    const name = (side) => exhibit().pictures[blind[side]].label;
    id("blind-result").textContent = `A was ${name("a")}, B was ${name("b")}. ${result()}`;
    id("blind-trials").replaceChildren(...blind.trials.map((t, nth) => {
      const row = document.createElement("tr");
      row.append(...[nth + 1, name(t.x), name(t.said), t.x === t.said ? "yes" : "no"].map((text) => {
        const cell = document.createElement("td");
        cell.textContent = text;
        return cell;
      }));
      return row;
    }));
    id("blind-scroll").hidden = blind.trials.length === 0;
    blind = null;
    view.other = false;
    toggle(false);
    fill();
    id("blind-start").focus();
  });

  stage.style.setProperty("--backdrop", stage.dataset.background);
  ["look-tools", "viewer", "blind"].forEach((name) => { id(name).hidden = false; });
  options();
}
