// What htmx leaves to do where an examiner writes:
// - keys 1 to 4 choose a level, 0 clears it, from the page's start on; F2 opens the next candidate, with shift the one before;
// - what wasn't kept is said, tried again, and no link leaves it behind.
"use strict";
(() => {
  // How long to wait before what could not be sent is sent again, in milliseconds.
  const AGAIN = 5000;
  // How often each form was written in, and how often it had been when it was last sent.
  const edits = new Map(), sent = new Map();
  // What to do once all is kept: a link to follow, a form to send.
  let then = null;

  const partOf = (element) => element?.closest?.("form.part");
  const save = (form) => htmx.trigger(form, "submit");
  function leave(next) {
    then = next;
    for (const form of edits.keys()) save(form);
  }

  addEventListener("input", (event) => {
    const form = partOf(event.target);
    if (form) edits.set(form, (edits.get(form) || 0) + 1);
  });

  addEventListener("htmx:beforeRequest", (event) => {
    const form = partOf(event.target), choice = form?.querySelector("button[name=over]");
    if (!form) return;
    // Where somebody else wrote meanwhile, nothing is sent until a person chooses: the choice may not be replaced under his hand.
    if (choice && event.detail.requestConfig.triggeringEvent?.submitter !== choice) {
      event.preventDefault();
      if (then) choice.focus();
      then = null;
      return;
    }
    sent.set(form, edits.get(form));
  });
  // What was refused says why, in the form itself.
  addEventListener("htmx:beforeSwap", (event) => {
    if ([409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  addEventListener("htmx:afterRequest", (event) => {
    const form = partOf(event.target), status = event.detail.xhr.status;
    if (!form) return;
    const refused = status === 409 || status === 422, kept = status === 200;
    form.querySelector(".failure").hidden = kept || refused;
    if (refused) {
      if (edits.get(form) === sent.get(form)) then = null; // else what was corrected since is on its way
      return;
    }
    if (!kept) {
      then = null;
      setTimeout(() => edits.has(form) && save(form), AGAIN);
      return;
    }
    if (edits.get(form) === sent.get(form)) edits.delete(form);
    if (edits.size || !then) return;
    const next = then;
    then = null;
    next();
  });

  // A link or a button waits until all is kept.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.classList.contains("keep")) {
      event.preventDefault();
      edits.delete(partOf(link));
      // What was typed in other parts is kept first.
      if (edits.size) leave(() => location.reload());
      else location.reload();
    } else if (edits.size && link.target !== "_blank" && !link.getAttribute("href").startsWith("#")) {
      event.preventDefault();
      leave(() => location.assign(link.href));
    }
  });
  addEventListener("submit", (event) => {
    if (partOf(event.target) || !edits.size) return;
    event.preventDefault();
    leave(() => event.target.submit());
  });
  addEventListener("beforeunload", (event) => {
    if (edits.size) event.preventDefault();
  });

  // Where the levels stand beside the work, the keys that choose them serve at once.
  const first = document.querySelector(".own .levels input:checked:enabled");
  if (first && !location.hash && matchMedia("(min-width: 68rem)").matches) first.focus({ preventScroll: true });

  // By the place of a key, not its sign: French keyboards have digits with the shift key.
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "F2") {
      const link = document.getElementById(event.shiftKey ? "before" : "next");
      if (!link) return;
      event.preventDefault();
      document.activeElement?.blur?.();
      link.click();
      return;
    }
    const levels = event.target.matches?.("input[type=radio]") && event.target.closest("fieldset.levels");
    const digit = /^(?:Digit|Numpad)([0-4])$/.exec(event.code);
    if (!levels || !digit) return;
    event.preventDefault();
    const boxes = [...levels.querySelectorAll("input[type=radio]")];
    const chosen = boxes[(Number(digit[1]) + boxes.length - 1) % boxes.length];
    chosen.focus();
    if (chosen.checked) return;
    chosen.checked = true;
    chosen.dispatchEvent(new Event("input", { bubbles: true }));
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
