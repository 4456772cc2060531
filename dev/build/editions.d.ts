/** One of the packages that are built from this source. */
export interface Edition {
	/** Where it is built, from the project's root. */
	folder: string;
	/** Libraries that are read when they are first used. */
	lazy: string[];
	/** Its `package.json`. */
	manifest: { name: string; n8n: { nodes: string[]; credentials: string[]; strict: boolean } };
}

export const selfHosted: Edition;
export const cloud: Edition;
/** The cloud edition's `package.json` as it is in the source. */
export const cloudSource: Omit<Edition, 'lazy'>;
