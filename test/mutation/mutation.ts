/** One line of the product, broken, and the test that must notice. */
export interface Mutation {
	/** The file that is broken, from the project's root. */
	file: string;
	/** Is in the file exactly once. */
	search: string;
	replace: string;
	/** A test by its file and its title, as the file has it. */
	test: { path: string; title: string };
}

export const unit = (path: string, title: string) => ({ path: `test/unit/${path}.test.ts`, title });

export const engine = (path: string, title: string) => ({
	path: `test/integration/${path}.test.ts`,
	title,
});

export const contract = (path: string, title: string) => ({
	path: `test/contract/${path}.test.ts`,
	title,
});
