// Addresses of workers where a policy requires trusted types.

/** The name that such a policy must list, besides that of lit. */
export const POLICY = "semantic-continuity-lab";

let policy;

/** The address `url` of a script of ours, as a policy that requires trusted types wants it; else as it is. */
export function trusted(url) {
  try {
    policy ??= self.trustedTypes.createPolicy(POLICY, { createScriptURL: String });
    return policy.createScriptURL(url);
  } catch {
    return url;
  }
}
