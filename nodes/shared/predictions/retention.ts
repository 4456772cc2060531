/** How long Replicate keeps the output of a prediction after its end, in ms (docs, data retention). */
export const OUTPUT_KEPT_MS = 60 * 60 * 1_000;
