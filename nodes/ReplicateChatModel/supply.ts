import type { ISupplyDataFunctions, SupplyData } from 'n8n-workflow';
import type { ParameterSource } from '../fields/field';
import { ParameterError } from '../fields/parameterError';
import { nodeError } from '../host/errors';
import { openSubNode } from '../host/subNode';
import { thisProcess } from '../jobs/process';
import { now } from '../shared/api/clock';
import { Models } from '../shared/models/models';
import { completed } from './adapter';
import { Chat } from './chat';
import { chatModelOf, type AiNodeSdk } from './chatModel';
import { readChatSettings } from './settings';

/** How long the model's schema may take to be read, in ms. */
const SCHEMA_MS = 60_000;

/**
 * Gives n8n's chains and agents the model that the node is set to.
 *
 * @throws NodeOperationError for settings that cannot be followed, or an n8n that is too old
 * @throws NodeApiError       when Replicate does not know the model, or cannot be reached
 */
export async function supply(
	context: ISupplyDataFunctions,
	itemIndex: number,
): Promise<SupplyData> {
	try {
		return await supplyModel(context, itemIndex);
	} catch (error) {
		throw nodeError(context.getNode(), error, undefined);
	}
}

async function supplyModel(context: ISupplyDataFunctions, itemIndex: number): Promise<SupplyData> {
	const sdk = await aiNodeSdk();
	const subNode = await openSubNode(context);
	const from: ParameterSource = {
		parameter: (name, fallback, options) =>
			context.getNodeParameter(name, itemIndex, fallback, options),
	};
	const models = new Models(subNode.client, subNode.signal, now() + SCHEMA_MS);
	const settings = await readChatSettings(from, models);
	for (const hint of settings.hints) subNode.hint(hint);
	const answers = thisProcess.openAnswers(subNode);
	const model = chatModelOf(sdk, new Chat(settings, answers, subNode), subNode);
	const { response } = sdk.supplyModel(context, model);
	return {
		response: completed(response),
		closeFunction: async () => await answers.close(),
	};
}

/** @throws ParameterError where this n8n has no SDK for AI nodes */
async function aiNodeSdk(): Promise<AiNodeSdk> {
	return await import('@n8n/ai-node-sdk').catch(() => {
		throw new ParameterError(
			'The Replicate Chat Model needs n8n 2.16 or newer',
			'Update n8n. The Replicate node runs language models in this version, too.',
		);
	});
}
