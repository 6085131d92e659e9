// Work that may fail, and is answered where the button for it stands.
import { asError } from "../engine/client.js";

/** Does it; returns why it failed, in words, or nothing. */
export async function attempt(work) {
  try {
    await work();
    return null;
  } catch (error) {
    return asError(error).message;
  }
}
