// The calendar page: entries from the server; dragging, or Shift with an arrow key, moves them there. All times are those of
// the person's zone, as the server writes and reads them; what this machine's own clock says does not count.
(function () {
  "use strict";
  const MORNING = "07:30:00";
  const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
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
    // "only_this", "this_and_following", "all", or "" when the question was put away.
    function howMany(event) {
      if (!event.extendedProps.isSeries) return Promise.resolve("only_this");
      ask.returnValue = "";
      ask.showModal();
      return new Promise((answer) => ask.addEventListener("close", () => answer(ask.returnValue), { once: true }));
    }
    const written = (at) => at.toISOString().slice(0, 19);
    const later = (at, hours) => written(new Date(at.getTime() + hours * 3600e3));
    // From when until when; what lasts whole days goes from midnight to midnight. Without an end it takes as long as before.
    function span({ allDay, start, end }, wasAllDay) {
      const ends = end ? written(end) : allDay ? later(start, 24) : wasAllDay ? later(start, 1) : "";
      return { starts_at: written(start), ends_at: ends };
    }
    async function save(event, revert, wasAllDay = event.allDay) {
      const chosen = await howMany(event);
      if (!chosen) return revert();
      const headers = JSON.parse(document.body.getAttribute("hx-headers"));
      const { id, extendedProps } = event;
      const body = new URLSearchParams({
        id, ver: extendedProps.ver, ...span(event, wasAllDay),
        reach: chosen, _key: `${told.key}-${id}-${extendedProps.ver}-${chosen}`,
      });
      try {
        const answer = await fetch(told.move, { method: "POST", headers: { ...headers, Accept: "application/json" }, body });
        if (!answer.ok) throw answer;
        event.setExtendedProp("ver", (await answer.json()).ver);
        if (chosen !== "only_this") calendar.refetchEvents();
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
      document.getElementById("calendar-said").textContent = event.start.toLocaleString(told.language, { timeZone: "UTC" });
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
    // Hours are scrolled within the window, opened at the morning; months and lists are as long as they are.
    const first = isPhone ? "listWeek" : "timeGridWeek";
    const tall = (view) => (view.startsWith("timeGrid") ? Math.max(480, innerHeight - place.getBoundingClientRect().top - scrollY - 56) : "auto");
    const headings = { left: "prev,next today", center: "title", right: isPhone ? "listWeek,timeGridDay,dayGridMonth" : "timeGridDay,timeGridWeek,dayGridMonth,listWeek" };
    const cut = document.getElementById("calendar-cut");
    const calendar = new FullCalendar.Calendar(place, {
      initialView: first,
      locale: told.language.startsWith("zh") ? "zh-cn" : "en-gb", buttonIcons: false, firstDay: 1, nowIndicator: true, height: tall(first),
      timeZone: told.zone, now: () => new Date().toLocaleString("sv-SE", { timeZone: told.zone }).replace(" ", "T"),
      scrollTime: MORNING, scrollTimeReset: false, allDayText: told.allDay, defaultTimedEventDuration: "01:00",
      slotLabelFormat: CLOCK, eventTimeFormat: CLOCK,
      // what more begins at one time is told in a list: narrower columns could not be read
      views: {
        timeGrid: { dayHeaderContent: ({ text }) => text.replace(/(\d)(?=\p{Script=Han})/u, "$1 ") },
        timeGridWeek: { eventMaxStack: 2 }, timeGridDay: { eventMaxStack: isPhone ? 2 : 7 },
      },
      dayMaxEvents: 4, navLinks: true, eventResizableFromStart: false,
      headerToolbar: headings,
      buttonText: { prev: "‹", next: "›", list: told.list },
      events: { url: told.entries, extraParams: () => ({ staff_id: place.dataset.staff }), success: (_, answer) => { cut.hidden = answer.headers.get("Guanxi-Cut") !== "yes"; } },
      datesSet: ({ view }) => {
        if (calendar.getOption("height") === tall(view.type)) return;
        calendar.setOption("height", tall(view.type));
        if (view.type.startsWith("timeGrid")) requestAnimationFrame(() => calendar.scrollToTime(MORNING));
      },
      // hours that are scrolled are reached by keys too, day by day
      dayCellDidMount: ({ el, view }) => { if (view.type.startsWith("timeGrid")) el.tabIndex = 0; },
      eventDidMount: ({ el, event }) => { el.dataset.eventId = event.id; },
      eventDrop: ({ event, oldEvent, revert }) => save(event, revert, oldEvent.allDay),
      eventResize: ({ event, revert }) => save(event, revert),
      dateClick: ({ date, allDay, view }) => {
        if (!plan) return;
        const wish = planned();
        wish.set("starts_at", allDay && view.type === "dayGridMonth" ? later(date, 9) : written(date));
        if (allDay && view.type !== "dayGridMonth") wish.set("ends_at", later(date, 24));
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
