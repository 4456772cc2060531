import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

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
		bundled(
			[
				`export { Replicate } from '../../nodes/Replicate/Replicate.node';`,
				`export { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node';`,
			].join('\n'),
			broken ? [breaking(broken)] : [],
			{ '@n8n/ai-node-sdk': 'aiNodeSdk', edition: 'edition' },
		),
	]);
	return { world, nodes };
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

function breaking({ file, search, replace }: BrokenLine): Plugin {
	return {
		name: 'broken',
		setup({ onLoad }) {
			onLoad({ filter: /\.ts$/ }, async ({ path }) => {
				if (path !== join(ROOT, file)) return undefined;
				const text = await readFile(path, 'utf8');
				if (text.split(search).length !== 2) throw new Error(`Not once in ${file}: ${search}`);
				return { contents: text.replace(search, () => replace), loader: 'ts' };
			});
		},
	};
}
