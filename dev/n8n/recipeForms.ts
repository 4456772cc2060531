import type { INode, ResourceMapperField, ResourceMapperFields } from 'n8n-workflow';
import type { Engine } from '../engine/engine';
import { PACKAGE_NAME } from '../packageName';
import type { WorkflowFile } from './session';

/** The value of a form, as n8n keeps it in a workflow. */
export interface FormValue {
	mappingMode: string;
	/** `null` for a field that is shown and empty, or that waits behind "Add input". */
	value: Record<string, unknown> | null;
	schema: ResourceMapperField[];
}

/**
 * A workflow as n8n exports it: each form of a Replicate node holds the schema of its model, with
 * what is shown and what waits behind "Add input". With an empty schema, n8n would hide the inputs
 * that are set, and show others as if they were set.
 *
 * @throws if a form sets an input that its model does not have
 */
export async function withForms(engine: Engine, workflow: WorkflowFile): Promise<WorkflowFile> {
	const nodes = workflow.nodes.map(async (node) => {
		const form = formOf(node);
		if (!form) return node;
		const { fields } = await engine.callMethod<ResourceMapperFields>(
			'resourceMapping.getModelInputs',
			// n8n takes out of a node what its type does not declare, such as a tool's description.
			structuredClone(node),
		);
		const inputFields = { ...form, ...exported(form, fields, node.name) };
		return { ...node, parameters: { ...node.parameters, inputFields } };
	});
	return { ...workflow, nodes: (await Promise.all(nodes)) as INode[] };
}

/** The form of a node that runs a model. */
export function formOf({ type, parameters }: INode): FormValue | undefined {
	if (!type.startsWith(`${PACKAGE_NAME}.`)) return undefined;
	return parameters.inputFields as unknown as FormValue | undefined;
}

function exported(
	{ value, schema }: FormValue,
	fields: ResourceMapperField[],
	node: string,
): Pick<FormValue, 'schema' | 'value'> {
	const given = value ?? {};
	const known = new Set(fields.map(({ id }) => id));
	const unknown = Object.keys(given).filter((id) => !known.has(id));
	if (unknown.length > 0) throw new Error(`${node}: its model has no input ${unknown.join(', ')}`);
	const before = new Map(schema.map((field) => [field.id, field]));
	const isSet = ({ id }: ResourceMapperField) => (given[id] ?? null) !== null;
	const shown = fields.map((field) => ({
		...field,
		removed: !isSet(field) && (before.get(field.id) ?? field).removed === true,
	}));
	return {
		schema: shown,
		value: Object.fromEntries(
			shown.map((field) => {
				if (field.removed) return [field.id, null];
				if (isSet(field)) return [field.id, given[field.id]];
				return [field.id, before.has(field.id) ? null : firstValue(field)];
			}),
		),
	};
}

/** What n8n puts into a field when it first shows it. */
function firstValue({ type, defaultValue }: ResourceMapperField): unknown {
	return defaultValue ?? (type === 'boolean' ? false : null);
}
