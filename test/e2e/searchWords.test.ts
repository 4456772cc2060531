import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sublimeSearch } from '@n8n/utils/search/sublime-search';
import { reRankSearchResults } from '@n8n/utils/search/re-rank-search-results';
import { installN8n } from '../../dev/n8n/install';
import { Replicate } from '../../nodes/Replicate/Replicate.node.ts';
import { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node.ts';

/** What builders type who want a model to do something; each finds one of the nodes, or does not. */
const WORDS = [
	...['nano banana', 'flux', 'kontext', 'seedream', 'qwen image', 'stable diffusion', 'imagen'],
	...[
		'veo',
		'kling',
		'seedance',
		'sora',
		'wan',
		'hailuo',
		'whisper',
		'llama',
		'claude',
		'deepseek',
	],
	...['image', 'generate image', 'text to image', 'edit image', 'picture', 'photo'],
	...['remove background', 'background removal', 'upscale', 'restore photo', 'face swap'],
	...['generate video', 'image to video', 'text to video', 'lip sync', 'avatar', 'animate photo'],
	...['music', 'sound effects', 'text to speech', 'voice', 'voice clone', 'speech to text'],
	...['transcription', 'subtitles', 'ocr', 'pdf to text', '3d'],
	...['llm', 'open source llm', 'run model', 'fine-tune', 'replicate'],
];

/** How many of them must find a node among the first three. */
const MIN_FOUND = 45;

interface NodeType {
	name: string;
	displayName: string;
	group: string[];
	hidden?: boolean;
	codex?: { alias?: string[] };
}

interface Entry {
	key: string;
	properties: NodeType;
}

describe('the words with which builders search n8n’s panel of nodes', () => {
	let others: Entry[];
	let popularity: Record<string, number>;
	beforeAll(async () => {
		const { command } = await installN8n((line) => process.stderr.write(`${line}\n`));
		const modules = resolve(dirname(command), '../..');
		others = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'].flatMap((name) =>
			entriesOf(name, join(modules, name, 'dist/types/nodes.json')),
		);
		popularity = popularityIn(join(modules, 'n8n-editor-ui/dist/assets'));
	});

	it('are compared with all nodes of n8n, and with its own figures of how popular they are', () => {
		expect(others.length).toBeGreaterThan(400);
		expect(Object.keys(popularity).length).toBeGreaterThan(400);
		expect(WORDS).toHaveLength(50);
		expect(new Set(WORDS).size).toBe(50);
	});

	it(`find a node of this package among the first three, ${MIN_FOUND} of them at least`, () => {
		const missed = WORDS.filter((word) => !firstThree(word).some((key) => OWN.has(key)));
		expect(missed.length).toBeLessThanOrEqual(WORDS.length - MIN_FOUND);
		process.stdout.write(`${WORDS.length - missed.length} of 50; not: ${missed.join(', ')}\n`);
	});

	/** As n8n's editor ranks what a search finds (`searchNodes` of 2.41). */
	function firstThree(word: string): string[] {
		const found = sublimeSearch<Entry>(word.toLowerCase(), [...others, ...own()]);
		return reRankSearchResults(found, { popularity })
			.slice(0, 3)
			.map(({ item }) => item.key);
	}
});

const OWN = new Set(['replicate', 'replicateChatModel']);

function own(): Entry[] {
	return [new Replicate(), new ReplicateChatModel()].map(({ description }) => {
		const { name, displayName, group } = description;
		const file = name[0]!.toUpperCase() + name.slice(1);
		const codex = readFileSync(join(__dirname, `../../nodes/${file}/${file}.node.json`), 'utf8');
		const properties = { name, displayName, group, codex: JSON.parse(codex) as NodeType['codex'] };
		return { key: name, properties };
	});
}

/** The newest version of each node that is not a trigger. */
function entriesOf(packageName: string, file: string): Entry[] {
	const types = JSON.parse(readFileSync(file, 'utf8')) as NodeType[];
	const shown = types.filter(({ hidden, group }) => !hidden && !group.includes('trigger'));
	const entries = shown.map((properties): [string, Entry] => {
		const key = `${packageName}.${properties.name}`;
		return [key, { key, properties }];
	});
	return [...new Map(entries).values()];
}

/** How many points the editor adds for each node: they are only in its built code. */
function popularityIn(assets: string): Record<string, number> {
	const entry = /\{id:`([^`]+)`,popularity:([\d.]+)\}/g;
	const code = readdirSync(assets)
		.filter((name) => name.endsWith('.js'))
		.map((name) => readFileSync(join(assets, name), 'utf8'))
		.find((text) => text.includes('`,popularity:'));
	const found = [...(code ?? '').matchAll(entry)].map(([, id, share]) => [id, Number(share) * 100]);
	return Object.fromEntries(found) as Record<string, number>;
}
