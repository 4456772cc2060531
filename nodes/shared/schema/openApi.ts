import type { OpenApiDocument, SchemaNode } from '../api/shapes';

/** How deep references are followed; a schema that goes deeper, or in a circle, counts as unknown. */
const MAX_DEPTH = 20;
/** How many nodes may be resolved for one input: a schema can double itself at each level. */
const MAX_NODES = 1_000;

/** The component that has the inputs of predictions, and the one of trainings. */
export type InputComponent = 'Input' | 'TrainingInput';

/** The schema of a model's input, or `undefined` when the document has none. */
export function inputSchema(
	document?: OpenApiDocument | null,
	component: InputComponent = 'Input',
): SchemaNode | undefined {
	const node = document?.components?.schemas?.[component];
	return isNode(node) ? node : undefined;
}

/** The inputs of a model by name, or `undefined` when the document has none. */
export function inputProperties(
	document?: OpenApiDocument | null,
	component: InputComponent = 'Input',
): Record<string, SchemaNode> | undefined {
	const properties = inputSchema(document, component)?.properties;
	return isNode(properties) ? onlyNodes(properties) : undefined;
}

function onlyNodes(node: SchemaNode): Record<string, SchemaNode> {
	const nodes = Object.entries(node).filter((entry): entry is [string, SchemaNode] =>
		isNode(entry[1]),
	);
	return Object.fromEntries(nodes);
}

/** The schema of a model's output, or `undefined` when it is unknown or says nothing. */
export function outputSchema(document?: OpenApiDocument | null): SchemaNode | undefined {
	const node = document?.components?.schemas?.Output;
	return isNode(node) ? node : undefined;
}

/** A node with its `$ref` and `allOf` resolved. Keys beside them win over what they point to. */
export function resolved(
	document: OpenApiDocument | null | undefined,
	node: SchemaNode,
): SchemaNode {
	return flatten(document, node, 0, { left: MAX_NODES });
}

function flatten(
	document: OpenApiDocument | null | undefined,
	node: SchemaNode,
	depth: number,
	nodes: { left: number },
): SchemaNode {
	if (depth > MAX_DEPTH || nodes.left-- <= 0) return {};
	const { $ref, allOf, ...own } = node;
	const parts: unknown[] = Array.isArray(allOf) ? [...allOf] : [];
	if (typeof $ref === 'string') {
		parts.push(document?.components?.schemas?.[$ref.replace('#/components/schemas/', '')]);
	}
	const flat = parts.filter(isNode).map((part) => flatten(document, part, depth + 1, nodes));
	return Object.assign({}, ...flat, own) as SchemaNode;
}

/** The alternatives of a node: the members of `anyOf` or `oneOf`, else the node itself. */
export function alternatives(
	document: OpenApiDocument | null | undefined,
	node: SchemaNode,
): SchemaNode[] {
	const flat = resolved(document, node);
	const members = [flat.anyOf, flat.oneOf].find(Array.isArray);
	const nodes = members
		? members.filter(isNode).map((member) => resolved(document, member))
		: [flat];
	return nodes.flatMap(oneType);
}

/** OpenAPI 3.1 may write `type: ["string", "null"]`, which is two alternatives. */
function oneType(node: SchemaNode): SchemaNode[] {
	if (!Array.isArray(node.type)) return [node];
	return node.type.map((type: unknown) => ({ ...node, type }));
}

/** Whether an input takes a file, a list of files, or either. */
export type FileKind = 'file' | 'fileList' | 'either';

/**
 * Tells which kind of file input a node is: `type: string, format: uri`, an array of it, or an
 * `anyOf` of either; `undefined` for everything else.
 */
export function fileKind(
	document: OpenApiDocument | null | undefined,
	node: SchemaNode,
): FileKind | undefined {
	const members = alternatives(document, node);
	const file = members.some(isUri);
	const fileList = members.some(
		({ type, items }) =>
			type === 'array' && isNode(items) && alternatives(document, items).some(isUri),
	);
	if (file && fileList) return 'either';
	if (fileList) return 'fileList';
	return file ? 'file' : undefined;
}

/** `type` is missing in some schemas that have `format: uri`; any other type is not a file. */
function isUri({ type, format }: SchemaNode): boolean {
	return format === 'uri' && (type === 'string' || type === undefined);
}

export function isNode(value: unknown): value is SchemaNode {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
