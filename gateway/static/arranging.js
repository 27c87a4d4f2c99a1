// Arranging a form: fields and sections are moved by buttons, by keyboard or by dragging; what stands where is what is sent.
(function () {
  "use strict";
  const form = document.querySelector("[data-arranging]");
  if (!form) return;
  const said = form.querySelector("[data-said]");
  const lists = () => [...form.querySelectorAll("[data-fields]")];

  function number() {
    form.querySelectorAll("[data-item]").forEach((item, place) =>
      item.querySelectorAll("[name]").forEach((input) => (input.name = input.name.replace(/^items\.\w+\./, `items.${place}.`)))
    );
  }
  function settle() {
    lists().forEach((list) =>
      list.querySelectorAll("[data-is-left-out]").forEach((input) => (input.value = "leftOut" in list.dataset ? "yes" : "no"))
    );
    number();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function title(list) {
    if ("leftOut" in list.dataset) return form.dataset.leftOutWord;
    return list.closest("[data-section]").querySelector("[name$='.section']")?.value || "";
  }
  function tell(item) {
    const list = item.parentElement;
    said.textContent = form.dataset.place
      .replace("{what}", item.dataset.name)
      .replace("{place}", [...list.children].indexOf(item) + 1)
      .replace("{all}", list.children.length)
      .replace("{section}", title(list));
  }
  function moveField(item, isUp) {
    const list = item.parentElement, next = isUp ? item.previousElementSibling : item.nextElementSibling;
    if (next) isUp ? next.before(item) : next.after(item);
    else if (!("leftOut" in list.dataset)) {
      const shown = lists().filter((one) => !("leftOut" in one.dataset));
      const other = shown[shown.indexOf(list) + (isUp ? -1 : 1)];
      if (!other) return;
      isUp ? other.append(item) : other.prepend(item);
    }
  }
  function moveSection(section, isUp) {
    const next = isUp ? section.previousElementSibling : section.nextElementSibling;
    // the fields in front of the first title have no title that could move
    if (!next || !next.querySelector(".arrange-head")) return;
    isUp ? next.before(section) : next.after(section);
  }
  function dropSection(section) {
    const other = section.previousElementSibling.querySelector("[data-fields]");
    other.append(...section.querySelector("[data-fields]").children);
    section.remove();
    other.closest("[data-section]").querySelector("input.form-control, button")?.focus();
  }
  function addSection() {
    const holder = document.createElement("div");
    holder.innerHTML = form.querySelector("[data-blank]").innerHTML;
    const section = holder.firstElementChild;
    form.querySelector("[data-sections]").append(section);
    sortable(section.querySelector("[data-fields]"));
    section.querySelector("input.form-control").select();
  }
  const shownLast = () => lists().filter((one) => !("leftOut" in one.dataset)).pop();
  const steps = {
    up: (item, section) => (item ? moveField(item, true) : moveSection(section, true)),
    down: (item, section) => (item ? moveField(item, false) : moveSection(section, false)),
    leaveOut: (item) => form.querySelector("[data-left-out]").append(item),
    show: (item) => shownLast().append(item),
    remove: (item) => item.remove(),
    dropSection: (_item, section) => dropSection(section),
    addSection,
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[type=button]");
    const step = button && Object.keys(steps).find((name) => name in button.dataset);
    if (!step) return;
    const item = button.closest("li[data-item]");
    steps[step](item, button.closest("[data-section]"));
    settle();
    if (!item?.isConnected) return;
    tell(item);
    const shown = button.checkVisibility() ? button : item.querySelector(step === "show" ? "[data-leave-out]" : "[data-show]");
    (shown || button).focus();
    item.scrollIntoView({ block: "nearest" });
  });
  function sortable(list) {
    new Sortable(list, { group: "fields", handle: "[data-grip]", animation: 120, delay: 80, delayOnTouchOnly: true,
      onMove: (event) => !("leftOut" in event.to.dataset) || event.dragged.querySelector("[data-leave-out]") !== null,
      onEnd: (event) => { settle(); tell(event.item); } });
  }
  lists().forEach(sortable);
})();
