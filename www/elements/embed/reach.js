// Whether other pages can show figures of this server, as its own answers say.

/** Names of this machine, to which nobody else gets. */
const HERE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Who may show a document in a frame: the sources of each policy that says so. */
const ancestors = (policy) =>
  (policy ?? "")
    .split(/[;,]/)
    .map((directive) => directive.trim().toLowerCase().split(/\s+/))
    .filter(([name]) => name === "frame-ancestors")
    .map(([, ...sources]) => sources);

function scriptWorks({ headers }) {
  const who = headers.get("access-control-allow-origin");
  const name = "Access-Control-Allow-Origin";
  if (who === "*") return [true, `The element works on every page: the server sends ${name}: *.`];
  if (who) return [false, `The element works on pages of ${who} only: ${name} must be * for others.`];
  return [false, `The element stays empty on other sites: the server does not send ${name}: *.`];
}

function frameWorks({ headers }) {
  const policies = ancestors(headers.get("content-security-policy"));
  const [strictest] = policies.filter((sources) => !sources.includes("*"));
  if (strictest) {
    const who = strictest.filter((source) => !["'none'", "'self'"].includes(source)).join(" ");
    return [false, `The frame ${who ? `works on ${who} only` : "stays empty on other sites"}: see frame-ancestors.`];
  }
  const options = headers.get("x-frame-options");
  // A policy that says so takes the older header's place.
  if (options && !policies.length)
    return [false, `The frame stays empty on other sites: the server sends X-Frame-Options: ${options}.`];
  return [true, "The frame works on every page: no header forbids it."];
}

/**
 * Asks the server in `home` about itself; returns `[whether it works, in words]` for the element, for the frame, and
 * for the address where something is to be said of it.
 * @param {URL} home
 * @returns {Promise<[boolean, string][]>}
 */
export async function reach(home, ask = fetch) {
  /** @param {string} path */
  const judged = async (path, judge) => {
    try {
      const answer = await ask(new URL(path, home), { method: "HEAD", cache: "no-store" });
      return answer.ok ? judge(answer) : [false, `${path} is not there: the server answers ${answer.status}.`];
    } catch {
      return [false, `Whether ${path} can be used is not known: the server does not answer.`];
    }
  };
  const found = await Promise.all([judged("embed/embed.js", scriptWorks), judged("embed.html", frameWorks)]);
  if (HERE.test(home.hostname)) found.push([false, `Nobody else reaches ${home.host}: it is this machine.`]);
  else if (home.protocol === "http:") found.push([false, "Pages served over https refuse both: this one is not."]);
  return found;
}
