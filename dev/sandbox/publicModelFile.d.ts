/**
 * Writes the public models into two files that are read in milliseconds, unless they are there.
 *
 * @returns the folder with `index.json` and `models.jsonl`
 */
export function splitPublicModels(): string;
