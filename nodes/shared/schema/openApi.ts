import type { OpenApiDocument, SchemaNode } from '../api/shapes';

/** How deep references are followed; a schema that goes deeper, or in a circle, counts as unknown. */
const MAX_DEPTH = 20;
/**
 * How much of a document is looked at in one reading: nodes, and what is copied from one to another. A
 * few kilobytes can name millions of both. The largest public model takes 1,661.
 */
export const MAX_STEPS = 20_000;

/** The component that has the inputs of predictions, and the one of trainings. */
export type InputComponent = 'Input' | 'TrainingInput';

/** Whether an input takes a file, a list of files, or either. */
export type FileKind = 'file' | 'fileList' | 'either';

/**
 * One reading of a model's document, whose author may be anybody. Each node is resolved once, however
 * many refer to it, and all that is done has one limit together: what is beyond it counts as unknown.
 */
export class SchemaReader {
	private left = MAX_STEPS;
	/** Nodes with what they refer to; one that is being resolved is empty meanwhile. */
	private readonly flat = new Map<SchemaNode, SchemaNode>();

	constructor(private readonly document: OpenApiDocument | null | undefined) {}

	/** How much of the limit was used. */
	get steps(): number {
		return MAX_STEPS - this.left;
	}

	/** The schema of a model's input, or `undefined` when the document has none. */
	input(component: InputComponent = 'Input'): SchemaNode | undefined {
		return this.component(component);
	}

	/** The inputs of a model by name, or `undefined` when the document has none. */
	inputProperties(component: InputComponent = 'Input'): Array<[string, SchemaNode]> | undefined {
		const properties = this.input(component)?.properties;
		if (!isNode(properties)) return undefined;
		return Object.entries(properties).filter((entry): entry is [string, SchemaNode] =>
			isNode(entry[1]),
		);
	}

	/** The schema of a model's output, or `undefined` when it is unknown or says nothing. */
	output(): SchemaNode | undefined {
		return this.component('Output');
	}

	/** A node with its `$ref` and `allOf` resolved. Keys beside them win over what they point to. */
	resolved(node: SchemaNode): SchemaNode {
		return this.flatten(node, 0);
	}

	/**
	 * The alternatives of a node: the members of `anyOf` or `oneOf`, else the node itself. OpenAPI 3.1
	 * may write `type: ["string", "null"]`, which is two alternatives.
	 */
	alternatives(node: SchemaNode): SchemaNode[] {
		const flat = this.resolved(node);
		const members = [flat.anyOf, flat.oneOf].find(Array.isArray);
		const found: SchemaNode[] = [];
		for (const member of members ?? [flat]) {
			if (!this.spend(1)) break;
			if (isNode(member)) this.addByType(found, members ? this.resolved(member) : member);
		}
		return found;
	}

	/** A node with all its alternatives laid into one; what the node itself says wins. */
	merged(node: SchemaNode): SchemaNode {
		const all: SchemaNode = {};
		for (const member of this.alternatives(node)) this.lay(all, member);
		this.lay(all, this.resolved(node));
		return all;
	}

	/**
	 * Tells which kind of file input a node is: `type: string, format: uri`, an array of it, or an
	 * `anyOf` of either; `undefined` for everything else.
	 */
	fileKind(node: SchemaNode): FileKind | undefined {
		const members = this.alternatives(node);
		const file = members.some(isUri);
		const fileList = members.some(
			({ type, items }) =>
				type === 'array' && isNode(items) && this.alternatives(items).some(isUri),
		);
		if (file && fileList) return 'either';
		if (fileList) return 'fileList';
		return file ? 'file' : undefined;
	}

	/**
	 * Takes so many steps.
	 *
	 * @returns `false` when there are not so many left, and from then on
	 */
	spend(steps: number): boolean {
		this.left = Math.max(this.left - steps, 0);
		return this.left > 0;
	}

	private component(name: string): SchemaNode | undefined {
		const schemas = this.document?.components?.schemas;
		const node = schemas && Object.hasOwn(schemas, name) ? schemas[name] : undefined;
		return isNode(node) ? node : undefined;
	}

	private flatten(node: SchemaNode, depth: number): SchemaNode {
		const known = this.flat.get(node);
		if (known) return known;
		if (depth > MAX_DEPTH || !this.spend(1)) return {};
		this.flat.set(node, {});
		const { $ref, allOf, ...own } = node;
		const flat: SchemaNode = {};
		for (const part of Array.isArray(allOf) ? (allOf as unknown[]) : []) {
			if (!this.spend(1)) break;
			if (isNode(part)) this.lay(flat, this.flatten(part, depth + 1));
		}
		if (typeof $ref === 'string') {
			const target = this.component($ref.replace('#/components/schemas/', ''));
			if (target) this.lay(flat, this.flatten(target, depth + 1));
		}
		this.lay(flat, own);
		this.flat.set(node, flat);
		return flat;
	}

	/** Copies a node's keys into another one. */
	private lay(onto: SchemaNode, node: SchemaNode): void {
		if (this.spend(1 + Object.keys(node).length)) Object.assign(onto, node);
	}

	private addByType(found: SchemaNode[], node: SchemaNode): void {
		if (!Array.isArray(node.type)) {
			found.push(node);
			return;
		}
		const types = new Set(node.type as unknown[]);
		for (const type of types) {
			if (!this.spend(1 + Object.keys(node).length)) return;
			found.push({ ...node, type });
		}
	}
}

/** `type` is missing in some schemas that have `format: uri`; any other type is not a file. */
function isUri({ type, format }: SchemaNode): boolean {
	return format === 'uri' && (type === 'string' || type === undefined);
}

export function isNode(value: unknown): value is SchemaNode {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
