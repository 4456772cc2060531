import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { ReplicateApi } from '../../credentials/ReplicateApi.credentials';
// With their extension: beside them lie codex files, which Node takes for them without it.
import { Replicate } from '../../nodes/Replicate/Replicate.node.ts';
import { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node.ts';
import { ReplicateTrigger } from '../../nodes/ReplicateTrigger/ReplicateTrigger.node.ts';
import { simplified } from '../../nodes/shared/predictions/simplify';

/*
 * Keeps what saved workflows depend on in `test/contract/contract.json`. `npm run contract` writes it
 * anew after a change that was meant, and only if the change log says more than at the last commit.
 */

const root = resolve(__dirname, '../..');
const CONTRACT_FILE = 'test/contract/contract.json';
const CHANGE_LOG = 'CHANGELOG.md';

/** The contract as it was last written. */
export function storedContract(): unknown {
	return contractIn(readFileSync(join(root, CONTRACT_FILE), 'utf8'));
}

function contractIn(text: string): unknown {
	return (JSON.parse(text) as { contract: unknown }).contract;
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
	return { always, sometimes: [...sometimes, 'warnings', 'fileIndex', 'fileCount', 'cost'] };
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

/**
 * Whether the contract may be written anew.
 *
 * @param changeLog as it is now
 * @param committed as the last commit has it; `undefined` where there is no commit
 */
export function isLogged(changeLog: string, committed: string | undefined): boolean {
	const lines = new Set(committed?.split('\n'));
	return committed === undefined || changeLog.split('\n').some((line) => !lines.has(line));
}

/** A file as the last commit has it. */
function committed(file: string): string | undefined {
	const { status, stdout } = spawnSync('git', ['show', `HEAD:${file}`], { cwd: root });
	return status === 0 ? stdout.toString() : undefined;
}

function write(): void {
	const contract = currentContract();
	if (isDeepStrictEqual(contract, storedContract())) {
		say(`${CONTRACT_FILE} says the same already: nothing was written.`);
		return;
	}
	const last = committed(CONTRACT_FILE);
	const isUndone = last !== undefined && isDeepStrictEqual(contract, contractIn(last));
	const changeLog = readFileSync(join(root, CHANGE_LOG), 'utf8');
	if (!isUndone && !isLogged(changeLog, committed(CHANGE_LOG))) {
		say(
			`Nothing was written. The contract has changed, and ${CHANGE_LOG} has no new line since the last commit: say there what changes for saved workflows, and run this again.`,
		);
		process.exitCode = 1;
		return;
	}
	writeFileSync(join(root, CONTRACT_FILE), `${JSON.stringify({ contract }, null, '\t')}\n`);
	say(`Wrote ${CONTRACT_FILE}.`);
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

if (require.main === module) write();
