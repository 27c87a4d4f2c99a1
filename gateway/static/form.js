// Forms: rows of lines, leave guard, Escape leaves, one submit at a time, growing texts.
(function () {
  "use strict";
  let isDirty = false;

  function addRow(lines) {
    const blank = lines.querySelector("[data-blank]");
    const rows = lines.querySelector("[data-rows]");
    const number = Number(lines.dataset.next || rows.children.length);
    lines.dataset.next = number + 1;
    const holder = document.createElement("tbody");
    holder.innerHTML = blank.innerHTML.replaceAll("__n__", number);
    const row = holder.firstElementChild;
    rows.append(row);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
  function grow(area) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) {
      event.preventDefault();
      addRow(add.closest("[data-lines]"));
      isDirty = true;
    }
    const drop = event.target.closest("[data-drop-row]");
    if (drop) {
      const lines = drop.closest("[data-lines]");
      drop.closest("tr").remove();
      if (!lines.querySelector("[data-rows]").children.length) addRow(lines);
      isDirty = true;
    }
    const cancel = event.target.closest("[data-cancel]");
    if (cancel && cancel.closest("[data-inplace]")) isDirty = false;
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-guard], [data-inplace]");
    if (form) {
      isDirty = true;
      form.dataset.touched = "";
    }
    if (event.target.matches("[data-grows]")) grow(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isDirty = false;
    const form = event.target;
    // After the browser has read the form: a second press must not send it again.
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = true)));
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = false)), 8000);
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("button[type=submit]:disabled").forEach((button) => (button.disabled = false));
  });
  addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      const inplace = event.target.closest("[data-inplace]");
      const page = document.querySelector("form[data-escape]");
      if (inplace) inplace.querySelector("[data-cancel]").click();
      else if (page && !document.querySelector("dialog[open], .dropdown-menu.show")) location.assign(page.dataset.escape);
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form")?.requestSubmit();
  });
  // Fields that mean nothing for what was chosen stand aside while they are empty and right.
  function showNeeded(form) {
    JSON.parse(form.dataset.needless).forEach(({ field, values, fields }) => {
      const isNeedless = values.includes(form.elements[field]?.value);
      fields.map((name) => form.elements[name]).filter(Boolean).forEach((input) => {
        input.closest(".field").hidden = isNeedless && !input.value && !input.closest(".has-error");
      });
    });
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-needless]");
    if (form) showNeeded(form);
  });
  function prepare(root) {
    root.querySelectorAll("[data-needless]").forEach(showNeeded);
    root.querySelectorAll("[data-grows]").forEach(grow);
    root.querySelectorAll(".notice.is-danger").forEach((notice) => notice.closest("form") && root.querySelector("[aria-invalid]")?.focus());
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    prepare(event.detail.target);
    event.detail.target.querySelector("[data-inplace] .form-control, [data-inplace] .form-select")?.focus();
  });
  prepare(document);
})();
