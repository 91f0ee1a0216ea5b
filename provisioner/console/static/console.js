// What htmx and its extension for event streams leave to do on a live page:
// - to say at once that the connection is lost, also where it is only silent, which no browser tells of, and to connect again;
// - to connect only while the page is in sight: a browser has six connections to a server, and hidden pages would take them all;
// - to show the server's clock, and the time that is left, which runs between two changes of a place;
// - to keep the order of the incidents, and what is chosen, while places change under the pointer.
"use strict";
(() => {
  // How long the stream, which speaks each second, may be silent before that is said, and before it is asked for again; and
  // how long to wait after the server refused it. In milliseconds.
  const SILENCE = 3000, DEAF = 6000, AGAIN = 1000;
  const light = document.getElementById("light"), clock = document.getElementById("clock");
  let heard = performance.now(), asked = heard, lostAt = null, at = NaN, shown = "";
  const streams = new Set();

  // What htmx takes for the browser's EventSource: it outlives those that are lost, and goes on after the last event that came.
  class Stream {
    constructor(url) {
      this.url = new URL(url, location.href);
      this.listeners = [];
      this.readyState = EventSource.CONNECTING; // so that htmx leaves connecting again to this
      streams.add(this);
      this.addEventListener("clock", tick);
      this.connect();
    }

    connect() {
      this.source?.close();
      if (this.readyState === EventSource.CLOSED || document.hidden) return;
      asked = performance.now();
      const source = this.source = new EventSource(this.url);
      source.onopen = (event) => this.onopen?.(event);
      source.onerror = (event) => {
        lost();
        this.onerror?.(event);
        if (source.readyState !== EventSource.CLOSED) return; // the browser connects again
        setTimeout(() => source === this.source && this.connect(), AGAIN);
        signedOut();
      };
      for (const [name, listener] of this.listeners) source.addEventListener(name, listener);
    }

    addEventListener(name, listener) {
      const kept = (event) => {
        if (event.lastEventId) this.url.searchParams.set("version", event.lastEventId);
        listener(event);
      };
      this.listeners.push([name, kept, listener]);
      this.source?.addEventListener(name, kept);
    }

    removeEventListener(name, listener) {
      for (const [, kept] of this.listeners.filter((one) => one[0] === name && one[2] === listener)) this.source?.removeEventListener(name, kept);
      this.listeners = this.listeners.filter((one) => one[0] !== name || one[2] !== listener);
    }

    close() {
      this.readyState = EventSource.CLOSED;
      this.source?.close();
      streams.delete(this);
    }
  }

  const two = (number) => String(number).padStart(2, "0");
  const duration = (seconds) => {
    const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  };

  // The words of the light are read aloud when they change; the seconds beside them aren't.
  function say(kind, words, seconds) {
    document.body.classList.toggle("lost-connection", kind === "lost");
    for (const button of document.querySelectorAll("main form[method=post] button, main button[form]")) {
      button.disabled = kind === "lost";
    }
    if (!light) return;
    if (shown !== words) {
      shown = words;
      light.className = `light ${kind}`;
      light.replaceChildren(words);
      const since = document.createElement("span");
      since.setAttribute("aria-hidden", "true");
      light.append(since);
    }
    light.lastElementChild.textContent = seconds === undefined ? "" : ` depuis ${seconds} s`;
  }

  function lost() {
    if (lostAt === null) lostAt = heard;
    say("lost", "Connexion perdue", Math.round((performance.now() - lostAt) / 1000));
  }

  // The server answered, and not with the stream: where that is because nobody is signed in any more, the page says so.
  async function signedOut() {
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status === 401) location.reload();
  }

  function tick(event) {
    const said = JSON.parse(event.data);
    heard = performance.now();
    lostAt = null;
    at = Date.parse(said.at);
    if (clock) {
      clock.dateTime = said.at;
      clock.textContent = said.words;
    }
    if (said.stale || said.trouble) say("lost", "Salle non lue", said.stale || undefined);
    else say("live", "En direct");
    run();
  }

  // The time that is left, by the server's end and the server's clock.
  function run() {
    if (Number.isNaN(at)) return;
    for (const place of document.querySelectorAll("[data-end]")) {
      const left = Math.max(0, Math.floor((Date.parse(place.dataset.end) - at) / 1000));
      place.querySelector(".figures").textContent = duration(left);
      const bar = place.closest(".tile")?.querySelector("progress");
      if (bar) bar.value = left;
    }
  }

  // Incidents first: nothing moves while a hand is on its way, or the keyboard is among the places.
  let still = 0;
  function order() {
    const places = document.querySelector("#places[data-order=incidents] .places");
    if (!places || performance.now() < still || places.contains(document.activeElement)) return;
    const now = [...places.children];
    const wanted = [...now].sort((a, b) => b.dataset.severity - a.dataset.severity || a.dataset.place - b.dataset.place);
    if (now.some((place, index) => place !== wanted[index])) places.append(...wanted);
  }
  addEventListener("pointermove", (event) => {
    if (event.target.closest?.("#places")) still = performance.now() + 2000;
  }, { passive: true });

  // What is chosen stays so when its place is replaced.
  addEventListener("htmx:oobBeforeSwap", (event) => {
    const before = event.detail.target.querySelector("input[type=checkbox]");
    const after = event.detail.fragment.querySelector("input[type=checkbox]");
    if (before && after) after.checked = before.checked;
  });

  // Credentials and a picture of the site that are shown stay, but not once the station is another candidate's.
  addEventListener("htmx:oobBeforeSwap", (event) => {
    const shown = event.detail.target;
    if (shown.id !== "credentials" && !(shown.id === "site" && shown.querySelector("img"))) return;
    const now = event.detail.fragment.querySelector(`#${shown.id}`);
    if (now && now.dataset.of === shown.dataset.of) event.detail.shouldSwap = false;
  });
  // A station that is gone: so is all that its page says.
  addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 404) location.replace(event.detail.pathInfo.requestPath);
  });
  let chosenBefore = [];
  addEventListener("htmx:beforeSwap", () => { chosenBefore = chosen().map((box) => box.id); });
  addEventListener("htmx:afterSwap", () => {
    for (const id of chosenBefore) {
      const box = document.getElementById(id);
      if (box) box.checked = true;
    }
    run();
    count();
  });
  addEventListener("htmx:oobAfterSwap", run);

  // Choosing: anywhere on a place, with the shift key all from the one that was chosen last, by drawing over places, or all.
  const boxes = () => [...document.querySelectorAll(".places input[type=checkbox]")];
  const chosen = () => boxes().filter((box) => box.checked);
  const boxAt = (target) => target.closest?.("[data-place]")?.querySelector("input[type=checkbox]");
  const all = document.getElementById("choose-all");
  let last = null, drawnFrom = null;
  function count() {
    const words = document.getElementById("chosen"), number = chosen().length;
    if (words) words.textContent = number ? `${number} ${number > 1 ? "postes choisis" : "poste choisi"}` : "";
    if (!all) return;
    all.hidden = boxes().length === 0;
    all.textContent = number && number === boxes().length ? "Ne rien choisir" : "Tout choisir";
  }
  function chooseTo(from, box, checked) {
    const every = boxes(), start = every.findIndex((each) => each.id === from), end = every.indexOf(box);
    if (start < 0) return;
    for (const each of every.slice(Math.min(start, end), Math.max(start, end) + 1)) each.checked = checked;
  }
  all?.addEventListener("click", () => {
    const wanted = chosen().length < boxes().length;
    for (const box of boxes()) box.checked = wanted;
    count();
  });
  addEventListener("pointerdown", (event) => {
    const draws = event.pointerType === "mouse" && event.button === 0 && !event.target.closest?.("a, button");
    drawnFrom = draws ? boxAt(event.target)?.id ?? null : null;
  });
  addEventListener("pointerover", (event) => {
    if (event.buttons !== 1) drawnFrom = null;
    const box = drawnFrom && boxAt(event.target);
    if (!box || box.id === drawnFrom) return; // a press that stays on its place is a click
    getSelection()?.removeAllRanges();
    chooseTo(drawnFrom, box, true);
    last = box.id;
    count();
  });
  addEventListener("click", (event) => {
    const place = event.target.closest?.("[data-place]"), box = place?.querySelector("input[type=checkbox]");
    if (!box || event.target.closest("a")) return;
    if (!event.target.closest("label")) box.checked = !box.checked;
    else if (event.target !== box) return; // the click on the box follows
    if (event.shiftKey && last) chooseTo(last, box, box.checked);
    last = box.id;
    count();
  });

  count();

  if (!document.querySelector("[sse-connect]")) return;
  htmx.createEventSource = (url) => new Stream(url);
  addEventListener("visibilitychange", () => {
    if (!document.hidden) lost(); // what is shown is of when the page was hidden
    for (const stream of streams) stream.connect();
  });
  setInterval(() => {
    if (document.hidden) return;
    const now = performance.now();
    if (lostAt !== null || now - heard > SILENCE) lost();
    if (now - Math.max(heard, asked) > DEAF) for (const stream of streams) stream.connect();
    order();
  }, 500);
})();
