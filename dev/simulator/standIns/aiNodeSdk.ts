/** As much of n8n's SDK for AI nodes as a chain needs that asks a chat model. */
export class BaseChatModel {
	constructor(
		readonly provider: string,
		readonly modelId: string,
	) {}

	readonly tools: unknown[] = [];
}

export const getParametersJsonSchema = (tool: { inputSchema: unknown }) => tool.inputSchema;

export const supplyModel = (_context: unknown, chatModel: unknown) => ({ response: { chatModel } });
