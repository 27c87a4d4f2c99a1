// The timeline shows all, or what one kind of record did.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-timeline-filter] [data-show]");
    if (!button) return;
    const wanted = button.dataset.show;
    button.parentElement.querySelectorAll("[data-show]").forEach((other) => {
      other.classList.toggle("is-here", other === button);
      other.setAttribute("aria-pressed", String(other === button));
    });
    button.closest(".panel").querySelectorAll(".event").forEach((entry) => {
      entry.hidden = wanted !== "" && entry.dataset.entity !== wanted;
    });
  });
})();
