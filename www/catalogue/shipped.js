/** The pair of the first figure, of those that come with the page; all else of them is as the defaults say. */
export const SHIPPED = { dataset: "fashion-mnist", architecture: "small-cnn" };
