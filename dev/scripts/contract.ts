import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { ReplicateApi } from '../../credentials/ReplicateApi.credentials';
// With their extension: beside them lie codex files, which Node takes for them without it.
import { Replicate } from '../../nodes/Replicate/Replicate.node.ts';
import { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node.ts';
import { ReplicateTrigger } from '../../nodes/ReplicateTrigger/ReplicateTrigger.node.ts';
import { simplified } from '../../nodes/shared/predictions/simplify';

/*
 * Keeps what saved workflows depend on in `test/contract/contract.json`. `npm run contract` writes it
 * anew after a change that was meant, and only if the change log has changed as well.
 */

const root = resolve(__dirname, '../..');
const CONTRACT_FILE = join(root, 'test', 'contract', 'contract.json');

/** The contract as it was last written, and the change log that went with it. */
export interface StoredContract {
	/** SHA-256 of `CHANGELOG.md`. */
	changeLog: string;
	contract: unknown;
}

export function storedContract(): StoredContract {
	return JSON.parse(readFileSync(CONTRACT_FILE, 'utf8')) as StoredContract;
}

/** The nodes and the credential as saved workflows see them: names, types, values, defaults, output. */
export function currentContract(): unknown {
	const credential = new ReplicateApi();
	const all = [new Replicate(), new ReplicateTrigger(), new ReplicateChatModel()];
	const nodes = all.map(({ description }) => [
		description.name,
		{ version: description.version, parameters: parametersOf(description.properties) },
	]);
	// Through JSON, as it is stored: without keys that have no value.
	return JSON.parse(
		JSON.stringify({
			nodes: Object.fromEntries(nodes) as object,
			credentials: { [credential.name]: parametersOf(credential.properties) },
			output: outputFields(),
		}),
	) as unknown;
}

/** The fields of a prediction's short JSON: those that are always there, and those that may be. */
function outputFields(): object {
	const file = { files: [], binary: {}, text: '' };
	const always = Object.keys(
		simplified({ id: '', status: 'succeeded' }, { files: [], binary: {} }),
	);
	const all = [
		...Object.keys(simplified({ id: '', status: 'failed', error: 'x' }, file)),
		...Object.keys(simplified({ id: '', status: 'processing', logs: 'x' }, file)),
	];
	const sometimes = [...new Set(all)].filter((name) => !always.includes(name));
	return { always, sometimes: [...sometimes, 'warnings', 'fileIndex', 'fileCount'] };
}

/** Each parameter by where it is shown and its name; texts for people are left out. */
function parametersOf(properties: INodeProperties[]): object {
	const described = properties
		.filter(({ type }) => type !== 'notice')
		.map((property) => [keyOf(property), parameterOf(property)] as const);
	return sorted(described);
}

function keyOf({ name, displayOptions }: INodeProperties): string {
	const { resource = [], operation = [], ...more } = displayOptions?.show ?? {};
	const place = [...(resource as string[]), ...(operation as string[])].join(':');
	const conditions = Object.entries(more).map(([key, values]) => `${key}=${values!.join('|')}`);
	return [place, name, ...conditions].filter((part) => part !== '').join(' ');
}

function parameterOf({ type, default: usual, options, modes, typeOptions }: INodeProperties) {
	return {
		type,
		default: usual,
		method: typeOptions?.loadOptionsMethod ?? typeOptions?.resourceMapper?.resourceMapperMethod,
		modes: modes?.map(({ name }) => name),
		min: typeOptions?.minValue,
		max: typeOptions?.maxValue,
		...(options ? optionsOf(options) : {}),
	};
}

/** Choices have a value; members of a collection are parameters themselves. */
function optionsOf(options: NonNullable<INodeProperties['options']>): object {
	if (options.every((option) => 'value' in option)) {
		return { values: (options as INodePropertyOptions[]).map(({ value }) => value).sort() };
	}
	const members = options.map((option) => {
		const inner = 'values' in option ? { values: parametersOf(option.values) } : undefined;
		return [option.name, inner ?? parameterOf(option as INodeProperties)] as const;
	});
	return { members: sorted(members) };
}

function sorted(entries: ReadonlyArray<readonly [string, unknown]>): object {
	return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function write(): void {
	const changeLog = createHash('sha256')
		.update(readFileSync(join(root, 'CHANGELOG.md')))
		.digest('hex');
	const contract = currentContract();
	const stored = storedContract();
	if (JSON.stringify(stored.contract) === JSON.stringify(contract)) return;
	if (stored.changeLog === changeLog) {
		throw new Error('The contract has changed: say in CHANGELOG.md how, then write it again.');
	}
	writeFileSync(CONTRACT_FILE, `${JSON.stringify({ changeLog, contract }, null, '\t')}\n`);
}

if (require.main === module) write();
