(() => {
  // One click in the mail is enough: once a person has shown to be one, the form sends itself.
  // Only the class of evidence is sent: no position, no time, nothing about the device.
  const sent = new WeakSet();
  let seen = new Set(), done = false;
  const own = () => document.querySelector("form[data-own]");
  const body = (form, evidence, button) => {
    const data = new URLSearchParams(new FormData(form));
    if (evidence) data.set("evidence", evidence);
    if (button && button.name) data.set(button.name, button.value);
    return data;
  };
  const show = async (reply) => {
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    document.querySelector("main").focus();
  };
  const send = (form, evidence, button) => {
    if (sent.has(form)) return;
    sent.add(form);
    fetch(location.href, { method: "POST", body: body(form, evidence, button), keepalive: true })
      .then(show).catch(() => { sent.delete(form); done = false; if (button || !evidence) form.submit(); });
  };
  const gesture = (event) => {
    if (done || !event.isTrusted || navigator.webdriver || document.visibilityState !== "visible") return;
    if (event.type === "pointermove" && seen.add(event.clientX + "," + event.clientY).size < 3) return;
    const form = own();
    if (!form) return;
    done = true;
    if (event.target.closest && event.target.closest("button, a, summary, textarea")) return;
    send(form, 3);
  };
  for (const kind of ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"])
    addEventListener(kind, gesture, { passive: true });
  const start = Date.now();
  addEventListener("pagehide", () => {
    const form = own();
    if (!form || sent.has(form) || navigator.webdriver || form.dataset.own === "gesture") return;
    const evidence = done ? 3 : Date.now() - start >= 3000 && document.hasFocus() ? 2 : 1;
    navigator.sendBeacon(location.href, body(form, evidence));
  });
  addEventListener("submit", (event) => {
    event.preventDefault();
    done = true;
    send(event.target, 0, event.submitter);
  });
})();
