// Lists: keys j/k, x, Enter; picking rows; columns.
(function () {
  "use strict";
  const list = () => document.querySelector("[data-list]");
  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select") !== null;

  function current() {
    return document.querySelector("tr.is-current");
  }
  function go(step) {
    const all = rows();
    if (!all.length) return;
    const now = all.indexOf(current());
    current()?.classList.remove("is-current");
    const next = all[Math.max(0, Math.min(all.length - 1, now + step))];
    next.classList.add("is-current");
    next.querySelector(".cell-title a")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    if (now === all.length - 1 && step > 0) document.querySelector("[data-more]")?.click();
  }
  // On a phone rows are cards: while some are being selected each has its box, and a tap anywhere on it selects it.
  const isPicking = () => list()?.classList.contains("is-picking") && matchMedia("(max-width: 640px)").matches;
  function unpick() {
    delete document.querySelector("[data-bulk]")?.dataset.whole;
    document.querySelectorAll("[data-pick], [data-pick-all]").forEach((box) => (box.checked = false));
    showPicked();
  }
  function showPicked() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const picked = [...document.querySelectorAll("[data-pick]:checked")];
    const isWhole = "whole" in bar.dataset;
    const offer = bar.querySelector("[data-pick-whole]");
    if (offer) offer.hidden = isWhole || picked.length < document.querySelectorAll("[data-pick]").length;
    bar.hidden = picked.length === 0;
    bar.querySelector("[data-picked-count]").textContent = isWhole
      ? bar.dataset.textAll.replace("{n}", Number(bar.dataset.total).toLocaleString(document.documentElement.lang))
      : bar.dataset.text.replace("{n}", picked.length);
    bar.querySelectorAll("input[name=id], input[name=_all]").forEach((input) => input.remove());
    for (const box of isWhole ? [{ name: "_all", value: "1" }] : picked) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = box.name || "id";
      input.value = box.value;
      bar.append(input);
    }
    rows().forEach((row) => row.classList.toggle("is-picked", row.querySelector("[data-pick]").checked));
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) {
      document.querySelectorAll("[data-pick]").forEach((box) => (box.checked = event.target.checked));
    }
    if (event.target.matches("[data-pick], [data-pick-all]")) {
      delete document.querySelector("[data-bulk]")?.dataset.whole;
      showPicked();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-pick-whole]")) {
      document.querySelector("[data-bulk]").dataset.whole = "1";
      showPicked();
      return;
    }
    const mode = event.target.closest("[data-pick-mode]");
    if (mode) {
      const isOn = list().classList.toggle("is-picking");
      mode.setAttribute("aria-pressed", isOn);
      if (!isOn) unpick();
      return;
    }
    if (event.target.closest("[data-unpick]")) {
      unpick();
      return;
    }
    const row = event.target.closest("tr[data-row]");
    if (row && isPicking() && !event.target.matches("[data-pick]")) {
      event.preventDefault();
      row.querySelector("[data-pick]").click();
      return;
    }
    if (!row || event.target.closest("a, button, input, label") || String(getSelection())) return;
    if (event.target.closest(".cell-pick")) row.querySelector("[data-pick]").click();
    else row.querySelector(".cell-title a")?.click();
  });
  window.addEventListener("keydown", (event) => {
    // the menu around a choice would take its arrows
    if (event.key.startsWith("Arrow") && event.target.closest?.(".dropdown-menu select")) event.stopPropagation();
  }, true);
  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    // the field that was chosen is gone with the menu: who uses the keyboard goes on in what came
    if (target.id !== "filter-form") return;
    const next = target.querySelector("#filter-comparison, [data-narrow]");
    // with a finger the keyboard of the screen would cover the menu
    if (!next?.matches("[data-narrow]") || matchMedia("(pointer: fine)").matches) next?.focus();
  });

  // A long menu is narrowed by typing; arrows and Enter go on from there.
  const visible = (menu) => [...menu.querySelectorAll("button.dropdown-item, summary")].filter((item) => item.offsetParent !== null);
  function narrow(input) {
    const menu = input.closest("[data-narrowed]");
    const typed = input.value.trim().toLowerCase();
    let found = 0;
    for (const group of menu.querySelectorAll(".narrowed-group")) {
      let inside = 0;
      const isWhole = group.dataset.title?.toLowerCase().includes(typed);
      for (const item of group.querySelectorAll("button.dropdown-item")) {
        item.hidden = !isWhole && !item.textContent.toLowerCase().includes(typed);
        if (!item.hidden) inside += 1;
      }
      group.hidden = !inside;
      if (group.tagName === "DETAILS") group.open = typed !== "" && !group.hidden;
      found += inside;
    }
    menu.querySelector("[data-none]").hidden = found > 0;
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-narrow]")) narrow(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-narrow]")) return;
    const first = visible(event.target.closest("[data-narrowed]"))[0];
    if (!first || !["ArrowDown", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Enter") first.click();
    else first.focus();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-columns]");
    if (!form) return;
    const names = [...form.querySelectorAll("[type=checkbox]:checked")].map((box) => box.value);
    form.querySelector("[name=columns]").value = names.join(",");
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !list() || document.querySelector("dialog[open]")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x") current()?.querySelector("[data-pick]").click();
    else if (event.key === "Enter" && current() && !event.target.closest("a, button")) current().querySelector(".cell-title a")?.click();
    else if (event.key === "f") document.querySelector("#filter-menu [data-bs-toggle]")?.click();
    else return;
    event.preventDefault();
  });
  // The row that carried «load more» has done its work once its rows are there.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "rows") document.getElementById("more")?.remove();
  });
  // Typing in the list's search must not lose the caret when the list is replaced.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.requestConfig?.elt?.matches?.("[data-list-search]")) return;
    const input = document.getElementById("list-q");
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
    const count = event.detail.xhr.getResponseHeader("X-Row-Count");
    if (count !== null) document.getElementById("count").textContent = decodeURIComponent(count);
  });
  // A search changes the address without a new page: the file is of the rows that are seen.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-export]")) event.target.action = event.target.action.split("?")[0] + location.search;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-follows]");
    if (link) link.search = location.search;
  });
})();
