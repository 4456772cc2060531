/** One property of a schema, or the schema of an output. */
export type Schema = Record<string, unknown>;

/** A model's input: its properties get a title and their order, as Cog gives them. */
export function inputSchema(properties: Record<string, Schema>, required: string[] = []): Schema {
	const titled = Object.entries(properties).map(([name, property], order) => {
		const title = 'allOf' in property ? {} : { title: titleOf(name) };
		return [name, { ...title, ...property, 'x-order': order }] as const;
	});
	return { type: 'object', title: 'Input', required, properties: Object.fromEntries(titled) };
}

/** A choice of values that are listed in a component of their own. */
export function choice(component: string, description: string, value?: string | number): Schema {
	const allOf = [{ $ref: `#/components/schemas/${component}` }];
	return { allOf, description, ...(value === undefined ? {} : { default: value }) };
}

/** The component of a choice. */
export function values(name: string, ...allowed: Array<string | number>): Schema {
	const type = typeof allowed[0] === 'number' ? 'integer' : 'string';
	return { type, title: name, enum: allowed, description: 'An enumeration.' };
}

export function text(description: string, more: Schema = {}): Schema {
	return { type: 'string', description, ...more };
}

export function flag(description: string, value: boolean): Schema {
	return { type: 'boolean', description, default: value };
}

export function whole(description: string, more: Schema = {}): Schema {
	return { type: 'integer', description, ...more };
}

export function decimal(description: string, minimum: number, maximum: number, value: number) {
	return { type: 'number', description, minimum, maximum, default: value };
}

export function file(description: string, more: Schema = {}): Schema {
	return { type: 'string', format: 'uri', description, ...more };
}

export function files(description: string, more: Schema = {}): Schema {
	return { type: 'array', items: { type: 'string', format: 'uri' }, description, ...more };
}

/** What Cog writes for optional inputs since 2025 (replicate/cog, pull request 2316). */
export const NULLABLE: Schema = { nullable: true };

export const OUTPUT = {
	file: { type: 'string', title: 'Output', format: 'uri' },
	files: { type: 'array', title: 'Output', items: { type: 'string', format: 'uri' } },
	tokens: {
		type: 'array',
		title: 'Output',
		items: { type: 'string' },
		'x-cog-array-type': 'iterator',
		'x-cog-array-display': 'concatenate',
	},
} as const;

function titleOf(name: string): string {
	return name.replace(/(?:^|_)(\w)/g, (_, letter: string) => ` ${letter.toUpperCase()}`).trim();
}
