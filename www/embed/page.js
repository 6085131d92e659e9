// The page of an iframe: one widget as the address says. It tells its host how high it is, whenever that changes.
import { FIGURES } from "../catalogue/figures.js";
import "./embed.js";

/** Parts of the address that are not settings of the lab. */
const OURS = ["figure", "theme", "autoload"];

// "+" joins perturbations here and never stands for a space.
const query = new URLSearchParams(location.search.replaceAll("+", "%2B"));
const wanted = query.get("figure") ?? "nudge";
const figure = Object.hasOwn(FIGURES, wanted) ? wanted : "nudge";
const widget = document.createElement(`semantic-continuity-${figure}`);
for (const name of ["theme", "dataset", "autoload"]) if (query.has(name)) widget.setAttribute(name, query.get(name));
for (const name of OURS) query.delete(name);
widget.setAttribute("settings", query.toString());
document.title = FIGURES[figure].title;
document.querySelector("#instead").remove();
if (figure !== wanted)
  document
    .querySelector("main")
    .append(`There is no figure “${wanted}”; there are ${Object.keys(FIGURES).join(", ")}.`);
document.querySelector("main").append(widget);

// Anyone may know how high a figure is; whoever listens checks where it comes from.
new ResizeObserver(() => {
  parent.postMessage(
    { type: "semantic-continuity-height", height: Math.ceil(document.body.getBoundingClientRect().height) },
    "*",
  );
}).observe(document.body);
