import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import type { ChainScript, Execution } from './execution';

/** The model that n8n's SDK gets. */
interface Model {
	generate(messages: object[]): Promise<{ id: string; message: { content: unknown } }>;
}

interface Supplied {
	response: { chatModel: Model };
	closeFunction(): Promise<void>;
}

/**
 * A chain of n8n's: it asks for the model once for each item, puts its questions several at a time, and
 * fails with the first of them that has failed when all have ended.
 */
export async function askChain(
	{ concurrency, refuses }: ChainScript,
	node: INodeType,
	context: IExecuteFunctions,
	inputs: INodeExecutionData[],
	{ refusals, given }: Pick<Execution, 'refusals' | 'given'>,
): Promise<INodeExecutionData[][]> {
	const closing: Array<() => Promise<void>> = [];
	try {
		const items: INodeExecutionData[] = [];
		for (let from = 0; from < inputs.length; from += concurrency) {
			const batch = inputs.slice(from, from + concurrency);
			const answered = await Promise.allSettled(
				batch.map(async ({ json }, at) => {
					const supplied = await node.supplyData!.call(context as never, from + at);
					const { response, closeFunction } = supplied as unknown as Supplied;
					closing.push(closeFunction);
					const text = String(json.label);
					const content = [{ type: 'text', text }];
					const { id } = await response.chatModel.generate([{ role: 'user', content }]);
					if (refuses(id)) {
						// Of questions that were asked together, nobody knows whose answer did not serve.
						if (concurrency === 1) refusals.push({ id, isNew: !given.has(id) });
						given.add(id);
						throw new Error('The parser refused the answer');
					}
					given.add(id);
					return { json: { id, status: 'succeeded' } };
				}),
			);
			for (const one of answered) {
				if (one.status === 'rejected') throw one.reason;
				items.push(one.value);
			}
		}
		return [items];
	} finally {
		// n8n closes all when the chain has ended.
		await Promise.all(closing.map(async (close) => await close()));
	}
}
