// Saving from a frame that may be in a sandbox: a browser refuses a download there without a word or an event, so what
// was to be saved is also shown.

/** Texts longer than this are cut where they are shown, in characters. */
const MOST = 200_000;

const make = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** The content of `blob` in a form that a visitor can take out by hand; nothing where there is none. */
async function content(name, blob) {
  if (blob.type.startsWith("image/png")) {
    const image = make("img", { src: URL.createObjectURL(blob), alt: name });
    image.style.maxWidth = "100%";
    return [make("p", { className: "small" }, "Or take the picture from here, by its context menu:"), image];
  }
  if (!/^text\/|json|xml/.test(blob.type)) return [];
  const text = await blob.text();
  if (text.length > MOST) return [];
  const area = make("textarea", { readOnly: true, rows: 6, value: text, ariaLabel: name, spellcheck: false });
  area.style.width = "100%";
  const button = make(
    "button",
    {
      type: "button",
      async onclick() {
        area.select();
        const done = await navigator.clipboard?.writeText(text).then(
          () => true,
          () => false,
        );
        button.textContent = done ? "Copied" : "Copy the marked text";
      },
    },
    "Copy the content",
  );
  return [area, button];
}

/** Says beside `button` what the page around the frame must allow, and shows what was to be saved. */
export async function show(button, name, blob) {
  const place = button?.closest(".saves, .row") ?? button?.parentElement ?? document.body;
  place.querySelector("[data-sandbox]")?.remove();
  const words = make(
    "p",
    { className: "small" },
    `If “${name}” does not appear among your downloads, the page around this frame forbids it: ` +
      "its author must add ",
    make("code", {}, "allow-downloads"),
    " to the frame’s sandbox.",
  );
  // A frame with an origin mostly stands in no sandbox at all.
  const note = make("div", { role: "status" }, words, ...(origin === "null" ? await content(name, blob) : []));
  note.dataset.sandbox = "";
  note.style.flexBasis = "100%";
  place.append(note);
}
