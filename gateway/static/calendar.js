// The calendar page: entries from the server, dragging moves them there.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-calendar]");
    if (!place || !window.FullCalendar) return;
    const told = place.dataset;
    const isPhone = matchMedia("(max-width: 640px)").matches;
    function say(text) {
      const toast = document.createElement("div");
      toast.className = "toast-card is-danger";
      toast.dataset.toast = "";
      toast.setAttribute("role", "alert");
      toast.textContent = text;
      document.getElementById("toasts").append(toast);
      setTimeout(() => toast.remove(), 6000);
    }
    function save(info) {
      const headers = JSON.parse(document.body.getAttribute("hx-headers"));
      const { id, start, end, extendedProps } = info.event;
      const body = new URLSearchParams({
        id, ver: extendedProps.ver, starts_at: start.toISOString(), ends_at: end ? end.toISOString() : "", _key: `${told.key}-${id}-${extendedProps.ver}`,
      });
      fetch(told.move, { method: "POST", headers: { ...headers, Accept: "application/json" }, body })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
        .then((row) => info.event.setExtendedProp("ver", row.ver))
        .catch(() => { info.revert(); say(told.failed); });
    }
    const calendar = new FullCalendar.Calendar(place, {
      initialView: isPhone ? "listWeek" : "timeGridWeek",
      locale: told.language.startsWith("zh") ? "zh-cn" : "en-gb", buttonIcons: false, timeZone: "local", firstDay: 1, nowIndicator: true, height: "auto",
      slotMinTime: "07:00:00", slotMaxTime: "21:00:00", allDaySlot: false, dayMaxEvents: 4, navLinks: true, eventResizableFromStart: false,
      headerToolbar: { left: "prev,next today", center: "title", right: isPhone ? "listWeek,timeGridDay" : "timeGridDay,timeGridWeek,dayGridMonth,listWeek" },
      buttonText: { prev: "‹", next: "›", list: told.list },
      events: { url: told.entries, extraParams: () => ({ staff_id: place.dataset.staff }) },
      eventDrop: save, eventResize: save,
    });
    calendar.render();
    document.querySelector("[data-calendar-staff]")?.addEventListener("change", (event) => {
      place.dataset.staff = event.target.value;
      calendar.refetchEvents();
    });
  });
})();
