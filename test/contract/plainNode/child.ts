import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import * as z4 from 'zod/v4';
import { nodeType, PACKAGE_FOLDER } from '../../../dev/packageName';
import { runModel, startWorld } from '../../integration/world';
import { startChatWorld } from '../../integration/chatWorld';

/*
 * Runs in plain Node, without a test runner's own modules: lets the built package do what needs each of
 * its libraries that are loaded late, and prints what came of it, and which files were loaded.
 */

const PNG = Buffer.from(
	'89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489',
	'hex',
);
const LLAMA = 'meta/meta-llama-3.1-405b-instruct';

async function main(): Promise<void> {
	const unhandled: string[] = [];
	process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
	const results: Record<string, unknown> = {};
	const world = await startWorld();
	const files = createServer((_request, response) => response.end(PNG)).listen(0, '127.0.0.1');
	await once(files, 'listening');
	const url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/picture`;
	const said = async (output: unknown, more: object = {}) =>
		await world.run({
			parameters: runModel('sandbox/says', {
				inputJson: JSON.stringify({ output: JSON.stringify(output) }),
				...more,
			}),
		});
	const sniffed = await said(url);
	results['file-type'] = sniffed.error?.message ?? sniffed.items[0]!.binary?.data?.mimeType;
	const inside = await said('https://10.1.2.3/x.png');
	results['ipaddr.js'] = JSON.stringify(inside.items[0]?.json.files);
	const wide = await world.run({
		parameters: runModel('sandbox/says', {
			inputJson: '{"output":"[]","note":12345678901234567890}',
		}),
	});
	results['lossless-json'] =
		wide.error?.message ?? String(JSON.stringify(world.sandbox.predictions.all.at(-1)!.input));
	const file = await world.fileItem(PNG, 'größe.png', 'image/png');
	const uploaded = await world.run(
		{
			parameters: runModel('sandbox/checksum', {
				inputJson: '{"file":"data"}',
				options: { fileRouting: 'upload' },
			}),
		},
		[file],
	);
	results['form-data-encoder'] = uploaded.error?.message ?? uploaded.items[0]!.json.status;
	const page = '<html><body><h1>Too many cats</h1></body></html>';
	world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status: 422, body: page });
	results.htmlparser2 = (await said('x')).error?.message;
	const trigger = {
		id: 'trigger',
		name: 'Replicate Trigger',
		type: nodeType('replicateTrigger'),
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
		credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
	};
	const workflow = world.engine.activate({ nodes: [trigger], connections: {} });
	const body = JSON.stringify({ id: 'abc', status: 'succeeded', model: 'a/b', output: 'x' });
	const headers = world.sandbox.webhooks.sign('msg_1', body);
	const called = await fetch(workflow.url, { method: 'POST', headers, body });
	results.standardwebhooks = called.status;
	await Promise.all(workflow.runs);
	files.close();
	await world.stop();

	const chat = await startChatWorld();
	const code = tool(() => 'x', {
		name: 'code',
		schema: z.object({
			code: z
				.string()
				.regex(/^[a-z]{3}$/)
				.describe('Three letters'),
		}),
	});
	const wrong = { toolCalls: [{ name: 'code', arguments: { code: 'nope' } }] };
	const right = { toolCalls: [{ name: 'code', arguments: { code: 'yes' } }] };
	chat.sandbox.language.say(LLAMA, wrong, right);
	const asked = await chat.run(
		{ model: LLAMA, options: { toolCalling: 'byPrompt' } },
		async (model) => (await model.bindTools!([code]).invoke('Go')) as never,
	);
	results['@cfworker/json-schema'] = asked.error?.message ?? asked.answers.length;
	const input = JSON.stringify(chat.sandbox.predictions.all.at(-1)?.input);
	results.re2js = input.includes('must match the pattern');
	results['zod-to-json-schema'] = input.includes('Three letters');
	const weather = tool(() => 'x', {
		name: 'weather',
		schema: z4.object({ city: z4.string().describe('Where to look') }) as never,
	});
	chat.sandbox.language.say(LLAMA, { text: 'None is needed.' });
	await chat.run(
		{ model: LLAMA, options: { toolCalling: 'byPrompt' } },
		async (model) => (await model.bindTools!([weather]).invoke('Go')) as never,
	);
	results['zod/v4/core'] = JSON.stringify(chat.sandbox.predictions.all.at(-1)?.input).includes(
		'Where to look',
	);
	await chat.stop();

	const loaded = Object.keys(require.cache)
		.filter((name) => name.startsWith(`${PACKAGE_FOLDER}/dist/lib/`))
		.map((name) => name.slice(`${PACKAGE_FOLDER}/dist/lib/`.length));
	process.stdout.write(`\n${JSON.stringify({ results, loaded, unhandled })}\n`, () =>
		process.exit(0),
	);
}

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`, () => process.exit(1));
});
