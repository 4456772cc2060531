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
