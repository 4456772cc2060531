import type { INodeProperties } from 'n8n-workflow';
import { shown, type JsonObject } from '../../../shared/api/json';
import { ParameterError } from '../../../fields/parameterError';
import { parseModelReference } from '../../../shared/models/modelReference';
import { textOf, type NodeRun } from '../nodeRun';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

/** Bounds of a deployment's instances (OpenAPI document, deployments.create). */
const MIN_INSTANCES = { least: 0, most: 5 };
const MAX_INSTANCES = { least: 0, most: 20 };

export const hardwareField: INodeProperties = {
	displayName: 'Hardware Name or ID',
	name: 'hardware',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getHardware' },
	default: '',
	description:
		'The machine to run on. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

export const minInstancesField: INodeProperties = {
	displayName: 'Min Instances',
	name: 'minInstances',
	type: 'number',
	typeOptions: { minValue: MIN_INSTANCES.least, maxValue: MIN_INSTANCES.most },
	default: 0,
	description: 'Machines that always run, and are paid all the time',
};

export const maxInstancesField: INodeProperties = {
	displayName: 'Max Instances',
	name: 'maxInstances',
	type: 'number',
	typeOptions: { minValue: MAX_INSTANCES.least, maxValue: MAX_INSTANCES.most },
	default: 1,
	description: 'Machines that run at the same time at most. 0 with a minimum of 0 switches it off.',
};

/** These fields, as required ones of an operation. */
export function shownField(field: INodeProperties, show: Shown): INodeProperties {
	return { ...field, required: true, displayOptions: { show } };
}

/**
 * Reads a number of instances.
 *
 * @param path the parameter's place, for example `minInstances` or `changes.minInstances`
 * @throws InputError when it is out of bounds
 */
export function readInstances(run: NodeRun, itemIndex: number, path: string): number | undefined {
	const value = run.parameter<unknown>(path, itemIndex, '');
	const text = textOf(value).trim();
	if (text === '') return undefined;
	const isMin = path.endsWith('minInstances');
	const { least, most } = isMin ? MIN_INSTANCES : MAX_INSTANCES;
	const number = Number(text);
	if (Number.isInteger(number) && number >= least && number <= most) return number;
	const { displayName } = isMin ? minInstancesField : maxInstancesField;
	throw new ParameterError(
		`${displayName} must be a whole number from ${least} to ${most}, and is ${shown(value)}`,
	);
}

/**
 * Reads which version of a model a deployment is to run: the given one, else the latest.
 *
 * @throws InputError for a model without versions
 */
export async function readRelease(
	run: NodeRun,
	itemIndex: number,
): Promise<{ model: string; version: string }> {
	const reference = run.located('model', itemIndex);
	const { owner, name } = parseModelReference(reference);
	if (!owner || !name) {
		throw new ParameterError(
			'A version ID alone does not tell which model it is of',
			'Write owner/name or owner/name:version.',
		);
	}
	const { version } = await run.models.runnable(reference);
	if (!version.includes('/')) return { model: `${owner}/${name}`, version };
	throw new ParameterError(
		`The model "${owner}/${name}" is an official one and has no version to deploy`,
		'Official models are always warm: run them without a deployment.',
	);
}

/** Without keys that have no value. */
export function given(body: Record<string, unknown>): JsonObject {
	const entries = Object.entries(body).filter(([, value]) => value !== undefined && value !== '');
	return Object.fromEntries(entries) as JsonObject;
}
