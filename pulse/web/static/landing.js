(() => {
  // One click in the mail is enough: once a person has shown to be one, the form sends itself.
  // Only the class of evidence is sent: no position, no time, nothing about the device.
  const MACHINE = 0, RAN = 1, SEEN = 2, GESTURE = 3, PRESSED = 4;
  const machine = navigator.webdriver === true;
  const places = new Set();
  let told = -1, looked = 0, acted = false, pressed = null, latest = 0;
  const own = () => document.querySelector("form[data-own]");
  const asks = () => document.querySelector("main[data-tell]");
  const isIn = () => document.querySelector("main[data-in]");
  const mark = () => {
    // A form that a script sends by itself says so: only a press changes this.
    for (const form of document.forms)
      if (!form.elements.evidence) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "evidence", value: RAN }));
  };
  const body = (form, evidence, button) => {
    const data = new URLSearchParams(form ? new FormData(form) : { visit: asks().dataset.tell });
    data.set("evidence", machine ? MACHINE : evidence);
    if (button) data.set("pressed", "1");
    if (button && button.name) data.set(button.name, button.value);
    return data;
  };
  const tell = (evidence) => {
    if (told >= evidence || acted || !asks()) return;
    told = evidence;
    navigator.sendBeacon(location.href, body(evidence === RAN ? null : own(), evidence));
  };
  const show = async (reply, number) => {
    const text = await reply.text();
    if (number !== latest || !text) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    mark();
    document.querySelector("main").focus();
  };
  const send = (form, evidence, button) => {
    const number = ++latest;
    fetch(location.href, { method: "POST", body: body(form, evidence, button), keepalive: true })
      .then((reply) => show(reply, number))
      .catch(() => {
        acted = false;
        if (!button) return;
        form.elements.evidence.value = machine ? MACHINE : evidence;
        if (button.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
        form.submit();
      });
  };
  const gesture = (event) => {
    if (acted || machine || !event.isTrusted || document.visibilityState !== "visible") return;
    if (event.type === "pointermove" && places.add(event.clientX + "," + event.clientY).size < 3) return;
    const form = own();
    if (!form && !isIn()) return;
    // A wheel presses nothing, wherever the mouse stands.
    if (event.type !== "wheel" && event.target.closest && event.target.closest("button, a, summary, textarea")) {
      told = Math.max(told, SEEN);
      looked = -1;
      return;
    }
    acted = true;
    send(form, GESTURE);
  };
  const leave = () => {
    // A hand that went to a button or a link, and then away, was still a hand.
    if (looked < 0 && !acted && own()) {
      acted = true;
      navigator.sendBeacon(location.href, body(own(), GESTURE));
    } else if (looked >= 12) tell(SEEN);
    else tell(RAN);
  };
  const offerChange = () => {
    // Where an answer is in, the only thing to press is harmless; that it was pressed tells a machine's hands.
    const details = document.querySelector("main[data-in] details");
    if (!details) return;
    const label = details.querySelector("summary");
    const change = Object.assign(document.createElement("button"), { type: "button", textContent: label.textContent });
    label.hidden = details.hidden = true;
    details.before(change);
    change.addEventListener("click", (event) => {
      details.hidden = false;
      details.open = true;
      change.remove();
      details.querySelector("button").focus();
      if (event.isTrusted && !machine) send(null, PRESSED);
    });
  };
  const start = () => {
    mark();
    offerChange();
    for (const kind of ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"])
      addEventListener(kind, gesture, { passive: true });
    addEventListener("click", (event) => {
      if (event.isTrusted) pressed = event.target.closest("button");
    }, true);
    addEventListener("submit", (event) => {
      event.preventDefault();
      const byHand = pressed !== null && pressed === event.submitter;
      acted = acted || byHand;
      send(event.target, byHand ? PRESSED : RAN, event.submitter);
    });
    setInterval(() => {
      if (looked >= 0 && document.visibilityState === "visible" && document.hasFocus()) looked += 1;
    }, 250);
    setTimeout(() => tell(RAN), 1000);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && looked >= 12) leave(); });
    addEventListener("pagehide", leave);
  };
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
