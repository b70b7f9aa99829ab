"use strict";

// Dark or light: as the system has it, until the button is used.
{
  const button = document.getElementById("scheme");
  const isDark = () => {
    const set = document.documentElement.style.colorScheme;
    return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.addEventListener("click", () => {
    document.documentElement.style.colorScheme = isDark() ? "light" : "dark";
    name();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  name();
  button.hidden = false;
}

// The table of results: filters, order, CSV. Cells are only ever read and moved as text.
if (document.getElementById("all")) {
  const table = document.getElementById("all");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const form = document.getElementById("filters");
  const find = document.getElementById("find");
  const folder = document.getElementById("folder");
  const choices = [...form.querySelectorAll("select[data-column]")];
  const collator = new Intl.Collator("en", { numeric: true });
  const text = (row, column) => row.cells[column].textContent;
  const figure = (row, column) => {
    const value = row.cells[column].dataset.v;
    return value === undefined ? null : Number(value);
  };
  const folderOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

  const filter = () => {
    const wanted = find.value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const path = text(row, 0);
      const fits = path.toLowerCase().includes(wanted)
        && (!folder || folder.value === "*" || folder.value === folderOf(path))
        && choices.every((c) => c.value === "*" || c.value === text(row, Number(c.dataset.column)));
      row.hidden = !fits;
      shown += fits;
    }
    document.getElementById("count").textContent =
      shown === rows.length ? `${shown} results` : `${shown} of ${rows.length} results`;
  };

  // Rows without a figure stay at the end, whichever way the order goes.
  const order = (column, sign) => {
    const numeric = heads[column].classList.contains("num");
    const compare = numeric
      ? (a, b) => {
        const [x, y] = [figure(a, column), figure(b, column)];
        if (x === null || y === null) return (x === null) - (y === null);
        return sign * (x - y);
      }
      : (a, b) => sign * collator.compare(text(a, column), text(b, column));
    rows.sort(compare);
    body.append(...rows);
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      order(column, up ? 1 : -1);
    });
  });

  // A cell that begins like a formula gets an apostrophe, so that no spreadsheet computes it.
  const quote = (value, isText) => {
    const safe = isText && /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value;
    return /[",;\n\r]/.test(safe) || safe.trim() !== safe ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = () => {
    const line = (row) => [...row.cells].map((cell) =>
      cell.dataset.v === undefined ? quote(cell.textContent, true) : quote(cell.dataset.v, false));
    const lines = rows.filter((row) => !row.hidden).map(line);
    return [heads.map((head) => head.dataset.id), ...lines].map((cells) => cells.join(",")).join("\r\n") + "\r\n";
  };
  const button = document.getElementById("copy");
  const label = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(csv());
      button.textContent = "Copied";
    } catch {
      // Pages from files may not write to the clipboard: offer it to be copied by hand.
      const area = document.createElement("textarea");
      area.value = csv();
      area.setAttribute("aria-label", "The results as CSV");
      form.after(area);
      area.select();
      button.textContent = document.execCommand("copy") ? "Copied" : "Copy it from below";
      if (button.textContent === "Copied") area.remove();
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  form.hidden = false;
  filter();
}
