/** `node:fs/promises` for the sandbox's core, whose files have no bytes on disk here. */
export const rm = async (): Promise<void> => await Promise.resolve();
