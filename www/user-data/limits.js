// What own pictures may be, and how a refusal is said.
import { refuser } from "../lib/archive/refuse.js";

export const LIMITS = {
  classes: 20,
  pictures: 20_000,
  records: 70_000,
  fileBytes: 20e6,
  pictureBytes: 1e9,
  bytes: 300e6,
  megapixels: 40,
};

/** Pixels a side that the networks take. */
export const SIDES = [8, 64];

/** Longest side kept as it is; larger pictures are cropped and made smaller to it. */
export const SIDE = 32;

/** Refuses with a reason that names the file. */
export const refuse = refuser("invalid-data");
