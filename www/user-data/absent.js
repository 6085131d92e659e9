// Own pictures that a run was made on and that are not here: a run keeps which they were, never the pictures.
import { isSameSet } from "./own.js";

/** The digests of earlier versions are of decoded pictures, which two browsers decode differently. */
const isEarly = ({ digest }) => /^[0-9a-f]{8}$/.test(digest);

const seen = ({ classes, counts, height, width }) => JSON.stringify([classes, counts, height, width]);

/** Whether pictures that are here are those described; where the digest cannot tell, by what is in each class. */
export function areThose(here, described) {
  if (!here?.files) return false;
  const isUnsure = isEarly(described) && !isEarly(here);
  return isSameSet(here, described) || (isUnsure && seen(here) === seen(described));
}

/** What to say where pictures are needed; `own` describes them, if anything is known of them. */
export function missing(own) {
  const counted = own && `(${own.train} to learn from, ${own.test} to test on)`;
  const which = own ? `your own pictures “${own.name}” ${counted}` : "own pictures";
  const message = `This needs ${which}, which the page does not keep. Bring them again under “Images”, then try again.`;
  return { code: "own-data-missing", message };
}
