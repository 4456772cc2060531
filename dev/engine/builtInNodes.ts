import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lookup } from 'mime-types';
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	WAIT_INDEFINITELY,
} from 'n8n-workflow';

/*
 * n8n's own nodes come in a package of a thousand dependencies. These stand in for the few that the
 * workflows here use, with the same type names and parameters, so that the same workflows open in n8n.
 */

/** @param parameters names of text parameters; n8n drops those that a node does not declare */
function describe(
	displayName: string,
	name: string,
	parameters: string[] = [],
): INodeTypeDescription {
	return {
		displayName,
		name,
		group: ['transform'],
		version: [1],
		description: displayName,
		defaults: { name: displayName },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: parameters.map((parameter) => ({
			displayName: parameter,
			name: parameter,
			type: 'string',
			default: '',
		})),
	};
}

class ManualTrigger implements INodeType {
	description = { ...describe('Manual Trigger', 'manualTrigger'), inputs: [] };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

/** "Read/Write Files from Disk" for one folder or one file per item. */
class ReadWriteFile implements INodeType {
	description = describe('Read/Write Files from Disk', 'readWriteFile', [
		'operation',
		'fileSelector',
		'fileName',
		'dataPropertyName',
	]);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const operation = this.getNodeParameter('operation', 0) as string;
		const results: INodeExecutionData[] = [];
		for (const [item, { json, binary }] of items.entries()) {
			if (operation === 'read') {
				for (const path of await matching(this.getNodeParameter('fileSelector', item) as string)) {
					const file = await this.helpers.prepareBinaryData(
						createReadStream(path),
						basename(path),
						lookup(path) || undefined,
					);
					results.push({
						json: { fileName: basename(path) },
						binary: { data: file },
						pairedItem: { item },
					});
				}
				continue;
			}
			const path = this.getNodeParameter('fileName', item) as string;
			const field = (this.getNodeParameter('dataPropertyName', item) as string) || 'data';
			const file = this.helpers.assertBinaryData(item, field);
			await mkdir(dirname(path), { recursive: true });
			const content = file.id
				? await this.helpers.getBinaryStream(file.id)
				: await this.helpers.getBinaryDataBuffer(item, field);
			await pipeline(content instanceof Buffer ? [content] : content, createWriteStream(path));
			results.push({ json: { ...json, fileName: path }, binary, pairedItem: { item } });
		}
		return [results];
	}
}

/** Where the Wait node listens: at the bare resume URL, unless its parameter names an end of its own. */
export const WAIT_PATH = '={{$parameter["webhookSuffix"]}}';

/** "Wait" until a call comes, from whomever. */
const wait: INodeType = {
	description: {
		...describe('Wait', 'wait', ['webhookSuffix']),
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: WAIT_PATH,
				restartWebhook: true,
			},
		],
	},
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		await this.putExecutionToWait(WAIT_INDEFINITELY);
		return [this.getInputData()];
	},
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await Promise.resolve({ workflowData: [[{ json: { body: this.getBodyData() } }]] });
	},
};

/** The files of `folder/*`, sorted by name, or the one file at a path. */
async function matching(selector: string): Promise<string[]> {
	if (!selector.endsWith('/*')) return [selector];
	const folder = dirname(selector);
	return (await readdir(folder)).sort().map((name) => join(folder, name));
}

export const builtInNodes: Record<string, INodeType> = {
	'n8n-nodes-base.manualTrigger': new ManualTrigger(),
	'n8n-nodes-base.readWriteFile': new ReadWriteFile(),
	'n8n-nodes-base.wait': wait,
};
