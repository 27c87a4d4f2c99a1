// The board: cards are dragged between columns; the server answers the board as it is then.
(function () {
  "use strict";
  function arm() {
    const board = document.querySelector("[data-board]");
    if (!board || board.dataset.armed) return;
    board.dataset.armed = "yes";
    board.querySelectorAll("[data-stage]").forEach((list) =>
      new Sortable(list, {
        group: "stages", animation: 120, draggable: ".board-card", filter: "a, button", preventOnFilter: false, delay: 80, delayOnTouchOnly: true,
        onEnd: (event) => {
          if (event.from === event.to) return;
          const card = event.item.dataset;
          // Until the answer is there the card tells of a version that is gone: nothing can be pressed on it.
          event.item.inert = true;
          htmx.ajax("POST", board.dataset.move, {
            target: "#board", swap: "outerHTML",
            values: { id: card.id, ver: card.ver, stage_id: event.to.dataset.stage, _key: `${board.dataset.key}-${card.id}-${card.ver}` },
          }).finally(() => { event.item.inert = false; });
        },
      })
    );
  }
  document.addEventListener("DOMContentLoaded", arm);
  document.addEventListener("htmx:afterSettle", arm);
})();
