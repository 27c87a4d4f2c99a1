// The calendar page: entries from the server; dragging, or Shift with an arrow key, moves them there.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-calendar]");
    if (!place || !window.FullCalendar) return;
    const told = place.dataset;
    const isPhone = matchMedia("(max-width: 640px)").matches;
    const ask = document.getElementById("calendar-series");
    function say(text) {
      const toast = document.createElement("div");
      toast.className = "toast-card is-danger";
      toast.dataset.toast = "";
      toast.setAttribute("role", "alert");
      toast.textContent = text;
      document.getElementById("toasts").append(toast);
      setTimeout(() => toast.remove(), 6000);
    }
    // "one", "following", or "" when the question was put away.
    function howMany(event) {
      if (!event.extendedProps.isSeries) return Promise.resolve("one");
      ask.returnValue = "";
      ask.showModal();
      return new Promise((answer) => ask.addEventListener("close", () => answer(ask.returnValue), { once: true }));
    }
    async function save(event, revert) {
      const chosen = await howMany(event);
      if (!chosen) return revert();
      const headers = JSON.parse(document.body.getAttribute("hx-headers"));
      const { id, start, end, extendedProps } = event;
      const body = new URLSearchParams({
        id, ver: extendedProps.ver, starts_at: start.toISOString(), ends_at: end ? end.toISOString() : "",
        following: chosen === "following" ? "yes" : "", _key: `${told.key}-${id}-${extendedProps.ver}-${chosen}`,
      });
      try {
        const answer = await fetch(told.move, { method: "POST", headers: { ...headers, Accept: "application/json" }, body });
        if (!answer.ok) throw answer;
        event.setExtendedProp("ver", (await answer.json()).ver);
        if (chosen === "following") calendar.refetchEvents();
      } catch {
        revert();
        say(told.failed);
      }
    }
    // -- by keys: a day to the side; up and down a week in the month, half an hour elsewhere --
    const steps = () => ({
      ArrowLeft: { days: -1 }, ArrowRight: { days: 1 },
      ...(calendar.view.type === "dayGridMonth" ? { ArrowUp: { days: -7 }, ArrowDown: { days: 7 } } : { ArrowUp: { minutes: -30 }, ArrowDown: { minutes: 30 } }),
    });
    const waiting = new Map();
    place.addEventListener("keydown", (pressed) => {
      const element = pressed.target.closest("[data-event-id]");
      const step = pressed.shiftKey && steps()[pressed.key];
      const event = element && step && calendar.getEventById(element.dataset.eventId);
      if (!event || !event.startEditable) return;
      pressed.preventDefault();
      const { id } = event;
      const before = waiting.get(id)?.before || { start: event.start, end: event.end };
      event.moveDates(step);
      place.querySelector(`[data-event-id="${id}"]`)?.focus();
      document.getElementById("calendar-said").textContent = event.start.toLocaleString(told.language);
      clearTimeout(waiting.get(id)?.timer);
      const timer = setTimeout(() => {
        waiting.delete(id);
        save(event, () => event.setDates(before.start, before.end));
      }, 700);
      waiting.set(id, { before, timer });
    });
    const planned = () => new URLSearchParams(place.dataset.staff && place.dataset.staff !== told.me ? { owner_id: place.dataset.staff } : {});
    const plan = document.querySelector("[data-plan]");
    function aim() {
      if (!plan) return;
      const address = `${plan.dataset.plan}?${planned()}`;
      plan.setAttribute("href", address);
      plan.setAttribute("hx-get", address);
      window.htmx?.process(plan);
    }
    const calendar = new FullCalendar.Calendar(place, {
      initialView: isPhone ? "listWeek" : "timeGridWeek",
      locale: told.language.startsWith("zh") ? "zh-cn" : "en-gb", buttonIcons: false, timeZone: "local", firstDay: 1, nowIndicator: true, height: "auto",
      slotMinTime: "07:00:00", slotMaxTime: "21:00:00", allDaySlot: false, dayMaxEvents: 4, navLinks: true, eventResizableFromStart: false,
      headerToolbar: { left: "prev,next today", center: "title", right: isPhone ? "listWeek,timeGridDay" : "timeGridDay,timeGridWeek,dayGridMonth,listWeek" },
      buttonText: { prev: "‹", next: "›", list: told.list },
      events: { url: told.entries, extraParams: () => ({ staff_id: place.dataset.staff }) },
      eventDidMount: ({ el, event }) => { el.dataset.eventId = event.id; },
      eventDrop: ({ event, revert }) => save(event, revert),
      eventResize: ({ event, revert }) => save(event, revert),
      dateClick: ({ date, allDay }) => {
        if (!plan) return;
        if (allDay) date.setHours(9);
        const wish = planned();
        wish.set("starts_at", date.toISOString());
        window.htmx.ajax("GET", `${plan.dataset.plan}?${wish}`, "#dialog-body");
      },
    });
    calendar.render();
    aim();
    document.querySelector("[data-calendar-staff]")?.addEventListener("change", (event) => {
      place.dataset.staff = event.target.value;
      aim();
      calendar.refetchEvents();
    });
  });
})();
