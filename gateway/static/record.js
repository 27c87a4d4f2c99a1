// A record: a field is edited in its place; a double click on the value opens it too.
// On a phone the first groups stand open: what happened is not screens away.
(function () {
  "use strict";
  if (matchMedia("(max-width: 640px)").matches) {
    document.querySelectorAll(".record-fields details.group").forEach((group, at) => (group.open = at < 2));
  }
  document.addEventListener("dblclick", (event) => {
    const value = event.target.closest(".fact-value");
    value?.parentElement.querySelector(".fact-edit")?.click();
  });
})();
