import { randomBytes } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { startPostgres, startRedis, type Postgres, type Redis } from '../../dev/n8n/databases';
import type { SavedWorkflow } from '../../dev/n8n/session';
import { nodeType } from '../../dev/packageName';
import {
	called,
	ended,
	executed,
	given,
	inARow,
	startN8nWorld,
	until,
	type N8nWorld,
} from './n8nWorld';

type Step = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> & Partial<INode>;

const PICTURE = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
const ADDRESS = `data:image/svg+xml;base64,${PICTURE.toString('base64')}`;

const drawing = async () =>
	await sharp({ create: { width: 9, height: 9, channels: 3, background: '#3355aa' } })
		.png()
		.toBuffer();

/** What starts a workflow besides a click, a webhook and what the recipes have. */
describe('triggers and rows, in a complete n8n', () => {
	let world: N8nWorld;
	let redis: Redis;
	let postgres: Postgres;

	beforeAll(async () => {
		[world, redis, postgres] = await Promise.all([startN8nWorld(), startRedis(), startPostgres()]);
	});
	afterAll(async () => {
		await world.stop();
		await Promise.all([redis.stop(), postgres.stop()]);
	});

	/** A model that gives its file back. */
	const copy = (parameters: INodeParameters): Step => ({
		name: 'Copy',
		type: nodeType('replicate'),
		typeVersion: 1,
		parameters: { model: { __rl: true, mode: 'name', value: 'sandbox/copy' }, ...parameters },
	});
	const step = (
		name: string,
		type: string,
		typeVersion: number,
		parameters: INodeParameters,
		credential?: [string, { id: string; name: string }],
	): Step => ({
		name,
		type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
		typeVersion,
		parameters,
		...(credential && { credentials: Object.fromEntries([credential]) }),
	});
	const switchOn = async (name: string, steps: Step[]) => {
		const workflow = await world.session.createWorkflow(inARow(world, name, steps));
		await world.session.activate(workflow);
		return workflow;
	};
	/** The bytes of the first file that the model gave in the first execution of a workflow. */
	const firstFile = async ({ id }: SavedWorkflow) => {
		await until('it was started', async () => (await world.session.executions(id)).length > 0);
		const first = (await world.session.executions(id)).at(-1)!;
		const { data } = await ended(world.session, first.id);
		expect(data.resultData.error?.message).toBeUndefined();
		return await world.session.binary(given(data, 'Copy')[0]!.binary!.data!.id!);
	};

	it('Schedule Trigger', async () => {
		const rule = { interval: [{ field: 'seconds', secondsInterval: 1 }] };
		const workflow = await switchOn('schedule', [
			step('Schedule', 'scheduleTrigger', 1.2, { rule }),
			copy({ inputJson: JSON.stringify({ file: ADDRESS }) }),
		]);
		expect((await firstFile(workflow)).equals(PICTURE)).toBe(true);
		await world.session.request('POST', `/workflows/${workflow.id}/deactivate`);
	});

	it('Redis Trigger: a message names the file', async () => {
		const data = { host: '127.0.0.1', port: redis.port, database: 0, user: '', password: '' };
		const credential = await world.session.credential('Redis account', 'redis', data);
		const workflow = await switchOn('redis', [
			step('Redis', 'redisTrigger', 1, { channels: 'pictures', options: { jsonParseBody: true } }, [
				'redis',
				credential,
			]),
			copy({ inputJson: '={{ JSON.stringify({ file: $json.message.address }) }}' }),
		]);
		const message = JSON.stringify({ address: ADDRESS });
		// Redis says how many heard it.
		await until(
			'n8n listens',
			async () => (await redis.ask('publish', 'pictures', message)) === '1',
		);
		expect((await firstFile(workflow)).equals(PICTURE)).toBe(true);
	});

	const postgresAccount = async () =>
		await world.session.credential('Postgres account', 'postgres', {
			host: '127.0.0.1',
			port: postgres.port,
			database: 'postgres',
			user: 'postgres',
			password: 'none',
			ssl: 'disable',
		});

	it('Postgres Trigger: a new row names the file', async () => {
		await postgres.query('CREATE TABLE incoming (address text)');
		const workflow = await switchOn('new rows', [
			step(
				'Postgres',
				'postgresTrigger',
				1,
				{ tableName: { __rl: true, mode: 'name', value: 'incoming' } },
				['postgres', await postgresAccount()],
			),
			copy({ inputJson: '={{ JSON.stringify({ file: $json.payload.address }) }}' }),
		]);
		// A row that comes before n8n listens starts nothing.
		await until('n8n hears of one', async () => {
			await postgres.query(`INSERT INTO incoming VALUES ('${ADDRESS}')`);
			return (await world.session.executions(workflow.id)).length > 0;
		});
		expect((await firstFile(workflow)).equals(PICTURE)).toBe(true);
	});

	it('PostgreSQL: each row gets the name of its own result', async () => {
		await postgres.query('CREATE TABLE pictures (id int, address text, result text)');
		await postgres.query(
			`INSERT INTO pictures SELECT id, '${ADDRESS}', NULL FROM generate_series(1, 20) AS id`,
		);
		const credential = await postgresAccount();
		const query = (name: string, text: string, options: INodeParameters = {}) =>
			step(name, 'postgres', 2.5, { operation: 'executeQuery', query: text, options }, [
				'postgres',
				credential,
			]);
		const run = await executed(
			world.session,
			await world.session.createWorkflow(
				inARow(world, 'rows', [
					step('When clicking ‘Execute workflow’', 'manualTrigger', 1, {}),
					query('Rows', 'SELECT id, address FROM pictures ORDER BY id'),
					copy({ inputJson: '={{ JSON.stringify({ file: $json.address }) }}' }),
					query('Update', 'UPDATE pictures SET result = $1 WHERE id = $2', {
						queryReplacement: "={{ [$json.files[0].fileName, $('Rows').item.json.id] }}",
					}),
				]),
			),
		);
		expect(run.resultData.error?.message).toBeUndefined();
		const rows = await postgres.query('SELECT id, result FROM pictures ORDER BY id');
		const made = given(run, 'Copy').map(({ binary }) => binary!.data!.fileName);
		expect(new Set(made).size).toBe(20);
		expect(rows).toEqual(made.map((name, index) => [String(index + 1), name]));
	});

	it.each([
		['image/jpeg', 'image/jpeg'],
		['application/octet-stream', 'image/png'],
	])('Webhook with a raw body: %s goes to the model as %s', async (sent, got) => {
		const path = `raw-${sent.replace('/', '-')}`;
		await switchOn(path, [
			{
				...step('Webhook', 'webhook', 2, {
					httpMethod: 'POST',
					path,
					responseMode: 'lastNode',
					options: { binaryData: true },
				}),
				webhookId: path,
			},
			copy({ fileInputs: { values: [{ input: 'file', binaryFields: 'data' }] } }),
		]);
		const png = await drawing();
		const body = new Blob([new Uint8Array(png)], { type: sent });
		const answer = await called(`${world.main.url}/webhook/${path}`, body);
		const { files } = (await answer.json()) as { files: Array<{ mimeType: string }> };
		expect(files.map(({ mimeType }) => mimeType)).toEqual([got]);
	});

	it('Chat Trigger: a file that is sent in a chat reaches the model', async () => {
		const webhookId = 'chat-with-file';
		const workflow = await switchOn('chat with a file', [
			{
				...step('Chat', '@n8n/n8n-nodes-langchain.chatTrigger', 1.1, {
					public: true,
					options: { allowFileUploads: true, responseMode: 'lastNode' },
				}),
				webhookId,
			},
			copy({ fileInputs: { values: [{ input: 'file', binaryFields: 'data0' }] } }),
		]);
		const bytes = randomBytes(1_500_000);
		const form = new FormData();
		for (const [name, value] of [
			['action', 'sendMessage'],
			['sessionId', 'test'],
			['chatInput', 'What is this?'],
		])
			form.append(name!, value!);
		form.append('files', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'Müller.png');
		const answer = await called(`${world.main.url}/webhook/${webhookId}/chat`, form);
		expect(answer.status).toBe(200);
		expect((await firstFile(workflow)).equals(bytes)).toBe(true);
	});
});
