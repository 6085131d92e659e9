// The page of an iframe: one widget as the address says. It tells its host how high it is, whenever that changes.
import { FIGURES } from "../catalogue/figures.js";
import "./embed.js";

/** Parts of the address that are not settings of the lab. */
const OURS = ["figure", "theme", "autoload", "controls"];

// "+" joins perturbations here and never stands for a space.
const query = new URLSearchParams(location.search.replaceAll("+", "%2B"));
const wanted = query.get("figure") ?? "nudge";
const figure = Object.hasOwn(FIGURES, wanted) ? wanted : "nudge";
const widget = document.createElement(`semantic-continuity-${figure}`);
for (const name of ["theme", "dataset", "autoload", "controls"])
  if (query.has(name)) widget.setAttribute(name, query.get(name));
for (const name of OURS) query.delete(name);
widget.setAttribute("settings", query.toString());
document.title = FIGURES[figure].title;
document.querySelector("#instead").remove();
const main = document.querySelector("main");
main.append(widget);
if (figure !== wanted) {
  const words = `There is no figure “${wanted}”; there are ${Object.keys(FIGURES).join(", ")}.`;
  main.append(Object.assign(document.createElement("p"), { textContent: words }));
}

// It fills a frame that is higher than it must be.
document.documentElement.classList.add("fill");
widget.setAttribute("fill", "");
const [filled, sheet] = [".tokens", ".sheet"].map((part) => widget.shadowRoot.querySelector(part));

/** What it needs, filled or not. */
function height() {
  const slack = Math.max(0, filled.clientHeight - sheet.getBoundingClientRect().height);
  return Math.ceil(document.body.getBoundingClientRect().height - slack);
}

// Anyone may know how high a figure is; whoever listens checks where it comes from.
const observer = new ResizeObserver(() =>
  parent.postMessage({ type: "semantic-continuity-height", height: height() }, "*"),
);
for (const box of [document.body, sheet]) observer.observe(box);
