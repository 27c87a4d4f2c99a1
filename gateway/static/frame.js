// What every page has: sidebar, theme, dialogs, toasts, search everything, keys.
(function () {
  "use strict";
  const root = document.documentElement;
  const year = 60 * 60 * 24 * 365;
  const remember = (name, value) => {
    document.cookie = `${name}=${value};path=/;max-age=${year};samesite=lax`;
  };
  const byId = (id) => document.getElementById(id);
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  // -- sidebar and theme --
  function toggleSidebar() {
    if (matchMedia("(max-width: 991px)").matches) {
      root.classList.toggle("shows-menu");
      return;
    }
    remember("guanxi_sidebar", root.classList.toggle("is-narrow") ? "narrow" : "wide");
  }
  function setTheme(name) {
    remember("guanxi_theme", name);
    root.dataset.themeChoice = name;
    dispatchEvent(new Event("set-theme"));
  }

  // -- dialogs and toasts --
  function openDialog(dialog) {
    if (dialog && !dialog.open) dialog.showModal();
  }
  function dropToastsLater() {
    document.querySelectorAll("[data-toast]:not([data-counted])").forEach((toast) => {
      toast.dataset.counted = "";
      if (!toast.classList.contains("is-danger")) setTimeout(() => toast.remove(), 6000);
    });
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    dropToastsLater();
    if (event.detail.target.id !== "dialog-body") return;
    openDialog(byId("dialog"));
    const wrong = byId("dialog-body").querySelector(".notice.is-danger a, [aria-invalid]");
    const first = byId("dialog-body").querySelector("[autofocus], .field input:not([type=hidden]), .field select, .field textarea, button[type=submit]");
    (wrong || first)?.focus();
  });
  // -- requests that are given up --
  // whoever types on, or leaves the page, no longer wants what was asked before: nothing to complain of
  let isLeaving = false;
  window.addEventListener("beforeunload", () => {
    isLeaving = true;
    setTimeout(() => { isLeaving = false; }, 3000); // a file was fetched, or she stayed
  });
  document.addEventListener("htmx:beforeRequest", ({ detail: { xhr } }) => {
    const abort = xhr.abort.bind(xhr);
    xhr.abort = () => {
      xhr.isGivenUp = true;
      abort();
    };
  });
  if (window.htmx) htmx.logger = (_element, _event, detail) => {
    // asked before the library writes it to the console
    if (detail?.error && detail.xhr?.status === 0 && (isLeaving || detail.xhr.isGivenUp)) detail.error = "";
  };
  document.addEventListener("htmx:sendError", () => {
    if (isLeaving) return;
    const toast = document.createElement("div");
    toast.className = "toast-card is-danger";
    toast.dataset.toast = "";
    toast.setAttribute("role", "alert");
    toast.textContent = byId("toasts")?.dataset.offline;
    byId("toasts")?.append(toast);
    setTimeout(() => toast.remove(), 6000);
  });

  // -- search everything --
  function openPalette() {
    const palette = byId("palette");
    openDialog(palette);
    const input = palette.querySelector("input");
    input.select();
    input.dispatchEvent(new Event("open"));
  }
  function moveChoice(list, step) {
    const choices = [...list.querySelectorAll("[role=option]")];
    if (!choices.length) return;
    const now = choices.findIndex((choice) => choice.getAttribute("aria-selected") === "true");
    choices[now]?.setAttribute("aria-selected", "false");
    const next = choices[(now + step + choices.length) % choices.length];
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    byId("palette").querySelector("input").setAttribute("aria-activedescendant", next.id);
  }
  function goToChosen() {
    const found = byId("found");
    const chosen = found.querySelector("[aria-selected=true]") || found.querySelector("[role=option]");
    if (chosen?.href) location.assign(chosen.href);
  }
  // What is listed may still answer what was typed before; who is faster than the answer goes when it has come.
  let isWanted = false;
  function isAnswered() {
    const typed = byId("palette").querySelector("input").value.trim();
    return byId("found").querySelector("[data-answers]")?.dataset.answers === typed;
  }
  byId("palette")?.addEventListener("input", () => { isWanted = false; });
  byId("found")?.addEventListener("htmx:afterSwap", () => {
    if (isWanted && isAnswered()) goToChosen();
  });
  byId("palette")?.addEventListener("keydown", (event) => {
    const found = byId("found");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      moveChoice(found, event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Enter") {
      isWanted = !isAnswered();
      if (!isWanted) goToChosen();
      event.preventDefault();
    } else if (event.key === "Escape") {
      // A search field would take the first one for itself and only empty.
      byId("palette").close();
      event.preventDefault();
    }
  });

  // -- clicks --
  const clicks = {
    toggleSidebar: toggleSidebar,
    openPalette: openPalette,
    setTheme: (element) => setTheme(element.dataset.setTheme),
    dismiss: (element) => element.closest("[data-toast]").remove(),
    goBack: () => (history.length > 1 ? history.back() : location.assign("/")),
    reload: () => location.reload(),
    openKeys: () => openDialog(byId("keys")),
    closeDialog: (element, event) => {
      const dialog = element.closest("dialog");
      if (!dialog) return;
      event.preventDefault();
      dialog.close();
    },
    opens: (element) => {
      const toggle = byId(element.dataset.opens).querySelector("[data-bs-toggle]");
      setTimeout(() => window.tabler.bootstrap.Dropdown.getOrCreateInstance(toggle).show());
    },
    confirm: (element, event) => {
      if (!confirm(element.dataset.confirm)) event.preventDefault();
    },
  };
  document.addEventListener("click", (event) => {
    const element = event.target.closest(
      Object.keys(clicks).map((name) => `[data-${name.replace(/[A-Z]/g, (sign) => "-" + sign.toLowerCase())}]`).join(",")
    );
    if (element) {
      const name = Object.keys(clicks).find((name) => name in element.dataset);
      clicks[name](element, event);
    }
    if (event.target instanceof HTMLDialogElement && !event.target.querySelector("[data-touched]")) event.target.close();
  });

  // -- keys --
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      openPalette();
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") openPalette();
    else if (event.key === "[") toggleSidebar();
    else if (event.key === "n") document.querySelector("[data-key-new]")?.click();
    else if (event.key === "e") document.querySelector("[data-key-edit]")?.click();
    else if (event.key === "?") openDialog(byId("keys"));
    else return;
    event.preventDefault();
  });
  dropToastsLater();
})();
