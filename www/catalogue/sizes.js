// What is loaded when it is needed, in megabytes as a server that compresses sends it.

export const ENGINE = 0.5,
  STATISTICS = 0.1;

/** Of each dataset: both halves of its pictures, and the pair of models that ships for it. */
export const PICTURES = {
  "fashion-mnist": { test: 0.9, train: 4.5, models: 0.2 },
  mnist: { test: 0.3, train: 1.7, models: 0.2 },
  "color-mnist": { test: 0.3, train: 1.7, models: 0.2 },
  emoji: { test: 0.3, train: 1.2, models: 0.1 },
  "emoji-twemoji": { test: 0.2, train: 0.8, models: 0 },
  "animal-silhouettes": { test: 0.3, train: 1.6, models: 0 },
  optdigits: { test: 0.1, train: 0.1, models: 0 },
};
