import type { ISupplyDataFunctions, SupplyData } from 'n8n-workflow';
import type { ParameterSource } from '../fields/field';
import { ParameterError } from '../fields/parameterError';
import { nodeError } from '../host/errors';
import { openSubNode } from '../host/subNode';
import type { Answers } from '../jobs/answers';
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
 * Gives n8n's chains and agents the model that the node is set to. Its settings are read with the first
 * question: of an error here n8n shows "Error in sub-node" alone, and of one there the whole sentence.
 *
 * @throws NodeOperationError for an n8n that is too old
 */
export async function supply(
	context: ISupplyDataFunctions,
	itemIndex: number,
): Promise<SupplyData> {
	const sdk = await aiNodeSdk().catch((error: unknown) => {
		throw nodeError(context.getNode(), error, undefined);
	});
	let opening: Promise<OpenedChat> | undefined;
	const open = async () => {
		opening ??= openChat(context, itemIndex);
		return await opening.catch((error: unknown) => {
			// The next question may find Replicate in reach again.
			opening = undefined;
			throw error;
		});
	};
	const model = chatModelOf(sdk, {
		node: context.getNode(),
		signal: context.getExecutionCancelSignal?.(),
		open: async () => (await open()).chat,
	});
	const { response } = sdk.supplyModel(context, model);
	return {
		response: completed(response),
		closeFunction: async () => {
			const opened = await opening?.catch(() => undefined);
			await opened?.answers.close();
		},
	};
}

interface OpenedChat {
	chat: Chat;
	answers: Answers;
}

/**
 * @throws InputError for settings that cannot be followed, or a credential that cannot be used
 * @throws ApiError   when Replicate does not know the model, or cannot be reached
 */
async function openChat(context: ISupplyDataFunctions, itemIndex: number): Promise<OpenedChat> {
	const subNode = await openSubNode(context);
	const from: ParameterSource = {
		parameter: (name, fallback, options) =>
			context.getNodeParameter(name, itemIndex, fallback, options),
	};
	const models = new Models(subNode.client, subNode.signal, now() + SCHEMA_MS);
	const settings = await readChatSettings(from, models);
	for (const hint of settings.hints) subNode.hint(hint);
	const answers = await thisProcess.openAnswers(subNode);
	return { chat: new Chat(settings, answers, subNode), answers };
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
