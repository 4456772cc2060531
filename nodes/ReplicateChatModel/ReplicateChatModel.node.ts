import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type ISupplyDataFunctions,
	type SupplyData,
} from 'n8n-workflow';
import { chatModelProperties } from './fields';
import { searchLanguageModels } from './listSearch';
import { supply } from './supply';

export class ReplicateChatModel implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Replicate Chat Model',
		name: 'replicateChatModel',
		icon: {
			light: 'file:../Replicate/replicate.svg',
			dark: 'file:../Replicate/replicate.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["model"] }}',
		description: 'Language models on Replicate for AI chains and agents',
		defaults: { name: 'Replicate Chat Model' },
		builderHint: {
			searchHint:
				'The language model of an AI chain or agent, by Replicate: connect it with languageModel(). For an agent with tools choose a model that takes tools, such as openai/gpt-5-structured, or set options.toolCalling to "byPrompt". To run a language model without a chain, use the Replicate node.',
		},
		inputs: [],
		outputs: [NodeConnectionTypes.AiLanguageModel],
		outputNames: ['Model'],
		credentials: [{ name: 'replicateApi', required: true }],
		properties: chatModelProperties,
	};

	methods = { listSearch: { searchLanguageModels } };

	async supplyData(this: ISupplyDataFunctions, itemIndex: number): Promise<SupplyData> {
		return await supply(this, itemIndex);
	}
}
