// How an archive that cannot be read is refused: by its name, with the reason and what to do.

/** @throws `{ code: "invalid-archive", message }` */
export function refuse(message) {
  throw { code: "invalid-archive", message };
}

export const megabytes = (bytes) => `${Number((bytes / 1e6).toPrecision(3))} MB`;
