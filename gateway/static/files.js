// Files on a record: they go as soon as they are chosen, dropped or pasted; what is too large is refused before it travels.
(function () {
  "use strict";
  const panel = () => document.querySelector("[data-takes-files]");

  function send(files) {
    const form = panel()?.querySelector("[data-file-form]");
    if (!form || !files.length) return;
    const input = form.querySelector("[type=file]");
    const error = form.querySelector("[data-file-error]");
    const isLarge = [...files].some((file) => file.size > Number(panel().dataset.largest));
    const isMany = files.length > Number(panel().dataset.most);
    error.hidden = !isLarge && !isMany;
    error.textContent = isMany ? panel().dataset.tooMany : panel().dataset.tooLarge;
    if (!error.hidden) {
      input.value = "";
      return;
    }
    if (input.files !== files) input.files = files;
    form.classList.add("is-sending");
    form.requestSubmit();
  }
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-file-form]")) send(event.target.files);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const target = event.target.closest?.("[data-takes-files]");
      if (!target || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      target.classList.toggle("is-over", name === "dragover");
      if (name === "drop") send(event.dataTransfer.files);
    });
  }
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("input, textarea") || !panel() || !event.clipboardData.files.length) return;
    event.preventDefault();
    send(event.clipboardData.files);
  });
})();
