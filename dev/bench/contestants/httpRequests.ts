import { setTimeout as sleep } from 'node:timers/promises';
import FormData from 'form-data';
import pMap from 'p-map';
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodeType,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import type { Contestant, Service } from './contestant';
import { nodeInEngine } from './node';

/** How often a workflow of HTTP Request and Wait nodes asks, in the recipes that people share, in ms. */
const RECIPE_POLL_MS = 2_000;
/** How often a published n8n node for Replicate asks, by its description, in ms. */
const NODE_POLL_MS = 5_000;

/** What HTTP Request and Wait nodes do in a row, with n8n's own request helper: all items at once. */
export const httpRecipe = async (service: Service): Promise<Contestant> =>
	await polling(service, RECIPE_POLL_MS, Infinity);

/** A node that creates a prediction and asks every 5 s, one item after the other. */
export const pollingNode = async (service: Service): Promise<Contestant> =>
	await polling(service, NODE_POLL_MS, 1);

async function polling(service: Service, pollMs: number, concurrency: number): Promise<Contestant> {
	return await nodeInEngine(service, {
		type: 'bench.httpRequests',
		node: httpRequests(service.baseUrl, pollMs, concurrency),
		upload: { job: 'upload' },
		download: { job: 'download' },
		predict: () => ({ job: 'predict' }),
		wait: () => ({ job: 'wait' }),
	});
}

type Call = (method: 'GET' | 'POST', path: string, more?: object) => Promise<IDataObject>;

function httpRequests(baseUrl: string, pollMs: number, concurrency: number): INodeType {
	/** Creates a prediction, then waits and asks until it has ended. */
	const predicted = async (call: Call, path: string, body: object) => {
		let prediction = await call('POST', path, { body });
		while (['starting', 'processing'].includes(prediction.status as string)) {
			await sleep(pollMs);
			prediction = await call('GET', `/predictions/${String(prediction.id)}`);
		}
		return prediction;
	};
	return {
		description: {
			displayName: 'HTTP Requests',
			name: 'httpRequests',
			group: ['transform'],
			version: 1,
			description: 'What builders do without this package',
			defaults: { name: 'HTTP Requests' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: 'replicateApi', required: true }],
			properties: [{ displayName: 'Job', name: 'job', type: 'string', default: '' }],
		},
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const { apiToken } = await this.getCredentials('replicateApi');
			const headers = { authorization: `Bearer ${String(apiToken)}` };
			const send = async (options: IHttpRequestOptions): Promise<unknown> =>
				await this.helpers.httpRequest(options);
			const call: Call = async (method, path, more = {}) =>
				(await send({ method, url: baseUrl + path, headers, json: true, ...more })) as IDataObject;
			const upload = async (item: number) => {
				const binary = this.helpers.assertBinaryData(item, 'data');
				const form = new FormData();
				form.append('content', await this.helpers.getBinaryStream(binary.id!), {
					filename: binary.fileName,
					contentType: binary.mimeType,
					knownLength: binary.bytes,
				});
				return (await send({
					method: 'POST',
					url: `${baseUrl}/files`,
					headers: { ...headers, ...form.getHeaders() },
					body: form,
				})) as { urls: { get: string } };
			};
			const download = async (url: string) => {
				const body = (await send({ method: 'GET', url, encoding: 'stream' })) as never;
				return await this.helpers.prepareBinaryData(body, 'out', 'application/octet-stream');
			};
			const jobs: Record<string, (item: number, json: IDataObject) => Promise<IDataObject>> = {
				upload: async (item) => (await upload(item)) as unknown as IDataObject,
				download: async (_item, { id }) => {
					const { output } = await call('GET', `/predictions/${String(id)}`);
					return { ...(await download(String(output))) };
				},
				predict: async (item) => {
					const { urls } = await upload(item);
					const input = { files: [urls.get] };
					return await predicted(call, '/models/sandbox/checksum/predictions', { input });
				},
				wait: async (_item, input) => {
					const { latest_version } = await call('GET', '/models/sandbox/slow');
					const { id: version } = latest_version as IDataObject;
					return await predicted(call, '/predictions', { version, input });
				},
			};
			const job = jobs[this.getNodeParameter('job', 0) as string]!;
			const items = this.getInputData();
			const results = await pMap(items, async ({ json }, item) => await job(item, json), {
				concurrency,
			});
			return [results.map((json) => ({ json }))];
		},
	};
}
