// Uploads start as soon as a file is chosen or dropped; one that is too large is refused before it travels.
(function () {
  "use strict";
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const input = form.querySelector("[type=file]");
  const error = form.querySelector("[data-upload-error]");

  function send() {
    const file = input.files[0];
    if (!file) return;
    error.hidden = file.size <= Number(form.dataset.largest);
    if (error.hidden) {
      form.classList.add("is-sending");
      form.requestSubmit();
    } else {
      error.textContent = form.dataset.tooLarge;
      input.value = "";
    }
  }
  input.addEventListener("change", send);
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("is-over", name === "dragover");
      if (name === "drop") {
        input.files = event.dataTransfer.files;
        send();
      }
    });
  }
})();
