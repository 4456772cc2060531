import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
	NodeConnectionTypes,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
} from 'n8n-workflow';
import pMap from 'p-map';
import { request } from 'undici';
import type { Contestant, Service } from './contestant';
import { nodeInEngine, type NodeJobs } from './node';

/**
 * The floor that a node can reach: bare requests of undici's, fed from n8n's own store and kept in it,
 * with no form, no checks, no retries and nothing that is written down.
 */
export const bareNode = async (service: Service): Promise<Contestant> =>
	await nodeInEngine(service, bareNodeOf(service.baseUrl));

/** That node, and its parameters for each job. */
export function bareNodeOf(baseUrl: string): NodeJobs {
	return {
		type: 'bench.bare',
		node: bare(baseUrl),
		upload: { job: 'upload' },
		download: { job: 'download' },
		predict: (concurrency) => ({ job: 'predict', concurrency }),
		wait: (concurrency) => ({ job: 'wait', concurrency }),
	};
}

type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<IDataObject>;
type Job = (item: number, json: IDataObject) => Promise<INodeExecutionData>;

function bare(baseUrl: string): INodeType {
	return {
		description: {
			displayName: 'Bare Requests',
			name: 'bare',
			group: ['transform'],
			version: 1,
			description: 'The floor that a node can reach',
			defaults: { name: 'Bare Requests' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: 'replicateApi', required: true }],
			properties: [
				{ displayName: 'Job', name: 'job', type: 'string', default: '' },
				{ displayName: 'Concurrency', name: 'concurrency', type: 'number', default: 1 },
			],
		},
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const { apiToken } = await this.getCredentials('replicateApi');
			const authorization = `Bearer ${String(apiToken)}`;
			const call: Call = async (method, path, body) => {
				const headers = { authorization, 'content-type': 'application/json', prefer: 'wait=60' };
				const text = body && JSON.stringify(body);
				const response = await request(baseUrl + path, { method, headers, body: text });
				return (await response.body.json()) as IDataObject;
			};
			const jobs: Record<string, Job> = {
				upload: async (item) => ({ json: await upload(this, item, authorization, baseUrl) }),
				download: async (_item, { id }) => {
					const { output } = await call('GET', `/predictions/${String(id)}`);
					const { body } = await request(String(output));
					const kept = await this.helpers.prepareBinaryData(body, 'out', 'video/mp4');
					return { json: {}, binary: { data: kept } };
				},
				predict: async (item) => {
					const base64 = (await this.helpers.getBinaryDataBuffer(item, 'data')).toString('base64');
					const input = { files: [`data:application/octet-stream;base64,${base64}`] };
					return { json: await call('POST', '/models/sandbox/checksum/predictions', { input }) };
				},
				wait: async (_item, input) => {
					const { latest_version } = await call('GET', '/models/sandbox/slow');
					const { id: version } = latest_version as IDataObject;
					return { json: await call('POST', '/predictions', { version, input }) };
				},
			};
			const job = jobs[this.getNodeParameter('job', 0) as string]!;
			const concurrency = this.getNodeParameter('concurrency', 0) as number;
			const results = await pMap(
				this.getInputData(),
				async ({ json }, item) => await job(item, json),
				{ concurrency },
			);
			return [results];
		},
	};
}

async function upload(
	{ helpers }: IExecuteFunctions,
	item: number,
	authorization: string,
	baseUrl: string,
): Promise<IDataObject> {
	const { id, fileName, mimeType } = helpers.assertBinaryData(item, 'data');
	const { fileSize } = await helpers.getBinaryMetadata(id!);
	const boundary = randomUUID();
	const head = Buffer.from(
		`--${boundary}\r\ncontent-disposition: form-data; name="content"; filename="${fileName}"\r\ncontent-type: ${mimeType}\r\n\r\n`,
	);
	const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
	const file = await helpers.getBinaryStream(id!);
	const response = await request(`${baseUrl}/files`, {
		method: 'POST',
		headers: {
			authorization,
			'content-type': `multipart/form-data; boundary=${boundary}`,
			'content-length': String(head.length + fileSize + tail.length),
		},
		body: Readable.from(inARow(head, file, tail), { objectMode: false }),
	});
	return (await response.body.json()) as IDataObject;
}

async function* inARow(head: Buffer, file: Readable, tail: Buffer): AsyncGenerator<Buffer> {
	yield head;
	yield* file;
	yield tail;
}
