// Naming a colleague: type @ and a part of her name, choose with arrows and Enter, or with the mouse.
(function () {
  "use strict";
  const TYPED = /(^|[^A-Za-z0-9._+-])[@＠]([^\s@＠]{0,30})$/;
  let waiting = 0;
  let timer;

  const parts = (area) => {
    const box = area.closest("[data-mention]");
    return { box, area, list: box.querySelector("[role=listbox]") };
  };
  const fragment = (area) => TYPED.exec(area.value.slice(0, area.selectionStart));
  function close({ area, list }) {
    clearTimeout(timer);
    waiting += 1;
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  }
  function mark({ area, list }, option) {
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", option.id);
  }
  async function open(found, typed) {
    const mine = ++waiting;
    const answer = await fetch(`${found.box.dataset.mention}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
    const options = await answer.text();
    if (mine !== waiting || !answer.ok || document.activeElement !== found.area) return;
    found.list.innerHTML = options;
    found.list.querySelectorAll("[role=option]").forEach((option, at) => (option.id = `${found.list.id}-${at}`));
    found.list.hidden = false;
    mark(found, found.list.querySelector("[data-login]"));
  }
  function choose(found, option) {
    const { area } = found;
    const typed = fragment(area);
    if (typed) {
      const from = area.selectionStart - typed[2].length;
      area.setRangeText(`${option.dataset.login} `, from, area.selectionStart, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close(found);
    area.focus();
  }
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-mention] textarea")) return;
    const found = parts(event.target);
    const typed = fragment(event.target);
    event.target.setAttribute("aria-autocomplete", "list");
    event.target.setAttribute("aria-controls", found.list.id);
    clearTimeout(timer);
    if (typed) timer = setTimeout(() => open(found, typed[2]), 120);
    else close(found);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-mention] textarea")) close(parts(event.target));
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-mention] [data-login]");
    if (!option) return;
    event.preventDefault();
    choose(parts(option.closest("[data-mention]").querySelector("textarea")), option);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-mention] textarea")) return;
    const found = parts(event.target);
    if (found.list.hidden) return;
    const options = [...found.list.querySelectorAll("[data-login]")];
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (options.length) mark(found, options[(now + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length]);
    } else if ((event.key === "Enter" || event.key === "Tab") && options[now] && !event.ctrlKey && !event.metaKey) {
      choose(found, options[now]);
    } else if (event.key === "Escape") {
      close(found);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
