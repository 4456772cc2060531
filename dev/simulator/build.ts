import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { forgetful } from './forgetting';

const ROOT = resolve(__dirname, '../..');
const STAND_INS = join(__dirname, 'standIns');
/** Libraries without a state, which all processes of a history share. */
const SHARED = [
	'@cfworker/json-schema',
	'content-disposition',
	'eventsource-parser',
	'fast-deep-equal',
	'fastest-levenshtein',
	'form-data-encoder',
	'htmlparser2',
	'ipaddr.js',
	'lossless-json',
	'mime-types',
	're2js',
	'standardwebhooks',
];

/** One protection that is broken by one line. */
export interface BrokenLine {
	/** From the project's root. */
	file: string;
	/** Is in the file exactly once. */
	search: string;
	replace: string;
}

/** The simulator's two programs, as texts. */
export interface Programs {
	/** What plays histories. */
	world: string;
	/** The nodes, as one process of n8n loads them. */
	nodes: string;
}

/** Bundles the world, and the nodes with another edition's transport, in a few hundred ms. */
export async function buildPrograms(broken?: BrokenLine): Promise<Programs> {
	const [world, nodes] = await Promise.all([
		bundled(`export * from './play';`, [], {
			'node:timers/promises': 'timers',
			'node:fs/promises': 'files',
			'node:crypto': 'crypto',
			undici: 'undici',
		}),
		buildNodes(broken),
	]);
	return { world, nodes };
}

/** The nodes alone, with a line broken where that is wanted. */
export async function buildNodes(broken?: BrokenLine): Promise<string> {
	return await bundled(
		[
			`export { Replicate } from '../../nodes/Replicate/Replicate.node';`,
			`export { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node';`,
		].join('\n'),
		[forgetting(broken)],
		{ '@n8n/ai-node-sdk': 'aiNodeSdk', edition: 'edition' },
	);
}

async function bundled(
	contents: string,
	plugins: Plugin[],
	standIns: Record<string, string>,
): Promise<string> {
	const { outputFiles } = await build({
		stdin: { contents, resolveDir: __dirname, loader: 'ts' },
		bundle: true,
		write: false,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		external: ['n8n-workflow', ...SHARED],
		plugins: [replacing(standIns), ...plugins],
	});
	return outputFiles[0]!.text;
}

function replacing(standIns: Record<string, string>): Plugin {
	return {
		name: 'stand-ins',
		setup({ onResolve }) {
			onResolve({ filter: /./ }, ({ path }) => {
				const name = path.endsWith('/transports/edition') ? 'edition' : path;
				if (!Object.hasOwn(standIns, name)) return undefined;
				return { path: join(STAND_INS, `${standIns[name]}.ts`) };
			});
		},
	};
}

/** Lets the nodes' modules forget, for the next history; and breaks a line of theirs. */
function forgetting(broken?: BrokenLine): Plugin {
	return {
		name: 'forgetting',
		setup({ onLoad }) {
			onLoad({ filter: /\/nodes\/.*\.ts$/ }, async ({ path }) => {
				const text = await readFile(path, 'utf8');
				const isBroken = broken !== undefined && path === join(ROOT, broken.file);
				return { contents: forgetful(isBroken ? breaking(text, broken) : text), loader: 'ts' };
			});
		},
	};
}

function breaking(text: string, { file, search, replace }: BrokenLine): string {
	if (text.split(search).length !== 2) throw new Error(`Not once in ${file}: ${search}`);
	return text.replace(search, () => replace);
}
