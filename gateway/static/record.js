// A record: a field is edited in its place; a double click on the value opens it too.
(function () {
  "use strict";
  document.addEventListener("dblclick", (event) => {
    const value = event.target.closest(".fact-value");
    value?.parentElement.querySelector(".fact-edit")?.click();
  });
})();
