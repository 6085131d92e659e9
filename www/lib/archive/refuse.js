// How what cannot be read is refused: by its name, with the reason and what to do.

/** A function of a message, that throws `{ code, message }`. */
export const refuser = (code) => (message) => {
  throw { code, message };
};

/** Refuses an archive. */
export const refuse = refuser("invalid-archive");

export const megabytes = (bytes) => `${Number((bytes / 1e6).toPrecision(3))} MB`;
