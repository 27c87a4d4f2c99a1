// Reference fields: type a fragment, choose with arrows and Enter. The choices come as HTML.
(function () {
  "use strict";
  let waiting = 0;
  let timer;

  const parts = (element) => {
    const box = element.closest("[data-lookup]");
    return { box, id: box.querySelector("[data-lookup-id]"), text: box.querySelector("[data-lookup-text]"), list: box.querySelector("[role=listbox]") };
  };
  function close({ text, list }) {
    // What was asked before it closed must not open it again.
    clearTimeout(timer);
    waiting += 1;
    list.hidden = true;
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  }
  async function open(found) {
    const { box, text, list } = found;
    const mine = ++waiting;
    const answer = await fetch(`${box.dataset.url}&q=${encodeURIComponent(text.value.trim())}`, { headers: { "HX-Request": "true" } });
    const options = await answer.text();
    if (mine !== waiting || !answer.ok || document.activeElement !== text) return;
    list.innerHTML = options;
    list.querySelectorAll("[role=option]").forEach((option, at) => (option.id = `${list.id}-${at}`));
    list.hidden = false;
    text.setAttribute("aria-expanded", "true");
    if (text.value.trim()) mark(found, list.querySelector("[data-id]"));
  }
  function mark({ text, list }, option) {
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    text.setAttribute("aria-activedescendant", option.id);
  }
  function choose(found, option) {
    const { box, id, text } = found;
    if (box.dataset.many) {
      addTag(box, option);
      text.value = "";
    } else {
      id.value = option.dataset.id;
      text.value = option.dataset.text;
      id.dispatchEvent(new Event("change", { bubbles: true }));
    }
    close(found);
    box.dispatchEvent(new CustomEvent("lookup:chosen", { bubbles: true, detail: { id: option.dataset.id, text: option.dataset.text } }));
  }
  function addTag(box, option) {
    const tags = box.querySelector("[data-tags]");
    if ([...tags.querySelectorAll("input")].some((input) => input.value === option.dataset.id)) return;
    const tag = document.createElement("span");
    tag.className = "tag";
    tag.textContent = option.dataset.text;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: box.dataset.many, value: option.dataset.id });
    const drop = document.createElement("button");
    Object.assign(drop, { type: "button", className: "tag-drop", textContent: "×" });
    drop.dataset.drop = "";
    drop.setAttribute("aria-label", `× ${option.dataset.text}`);
    tag.append(input, drop);
    tags.append(tag);
  }
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-lookup-text]")) return;
    const found = parts(event.target);
    if (found.id) found.id.value = "";
    clearTimeout(timer);
    timer = setTimeout(() => open(found), 120);
  });
  // A list opens where somebody goes, or where a choice must be made; not over a dialog that has just come up.
  let isByHand = false;
  const hand = () => { isByHand = true; setTimeout(() => { isByHand = false; }); };
  document.addEventListener("mousedown", hand, true);
  document.addEventListener("keydown", hand, true);
  document.addEventListener("focusin", (event) => {
    if (!event.target.matches("[data-lookup-text]") || event.target.value) return;
    if (isByHand || event.target.required) open(parts(event.target));
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-lookup-text]")) close(parts(event.target));
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-lookup] [data-id]");
    if (!option) return;
    event.preventDefault();
    choose(parts(option), option);
  });
  document.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-lookup] [data-drop]");
    if (drop) drop.closest(".tag").remove();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-lookup-text]")) return;
    const found = parts(event.target);
    const options = [...found.list.querySelectorAll("[data-id]")];
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (found.list.hidden) open(found);
      else if (options.length) mark(found, options[(now + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length]);
      event.preventDefault();
    } else if (event.key === "Enter" && !found.list.hidden && options[now]) {
      choose(found, options[now]);
      event.preventDefault();
    } else if (event.key === "Escape" && !found.list.hidden) {
      close(found);
      event.preventDefault();
      event.stopPropagation();
    }
  });
})();
