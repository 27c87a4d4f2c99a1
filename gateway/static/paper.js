// The page of a paper: its button opens the browser's own print dialog.
document.querySelector("[data-print]").addEventListener("click", () => window.print());
