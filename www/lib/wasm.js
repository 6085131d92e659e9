// Whether this browser can run WebAssembly here, and if not, why.

/** The smallest module there is. */
const MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** Why nothing can be computed here, as an error; nothing where it can. */
export function whyNoWasm() {
  const no = (why) => ({
    code: "no-wasm",
    message: `This figure computes in the browser and needs WebAssembly, ${why}`,
  });
  if (typeof WebAssembly === "undefined") {
    return no(
      "which this browser does not have, or which is switched off, as in its lockdown mode. " +
        "Allow it for this page, or open the page in another browser.",
    );
  }
  try {
    new WebAssembly.Module(MODULE);
    return null;
  } catch {
    return no("which the policy of this page forbids: its server must add 'wasm-unsafe-eval' to script-src.");
  }
}
