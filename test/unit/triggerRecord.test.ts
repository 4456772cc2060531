import type { IWebhookFunctions } from 'n8n-workflow';
import { FakeN8n } from './jobs/fakeN8n';

jest.mock('../../transports/edition', () => ({
	openTransport: (helpers: { transport: unknown }) => helpers.transport,
}));

describe('the trigger’s record of calls', () => {
	it('is kept by n8n, so that a call is a duplicate after a restart as well', async () => {
		const n8n = new FakeN8n();
		n8n.account.end('p1');
		const request = n8n.account.callback('p1');
		const written: string[] = [];
		const data = new Proxy<Record<string, unknown>>(
			{},
			{
				set(target, name, value) {
					written.push(String(name));
					return Reflect.set(target, name, value);
				},
			},
		);
		/** In a process that has just begun. */
		const receiveAnew = async () => {
			jest.resetModules();
			const { receive } = await import('../../nodes/ReplicateTrigger/receive');
			const { context, answers } = n8n.webhook(request);
			const { workflowData } = await receive.call({
				...context,
				getWorkflowStaticData: () => data,
				getNodeParameter: (_name: string, fallback: unknown) => fallback,
				getQueryData: () => ({}),
			} as unknown as IWebhookFunctions);
			return { status: answers[0]!.status, items: workflowData?.flat().length ?? 0 };
		};
		expect(await receiveAnew()).toEqual({ status: 200, items: 1 });
		expect(await receiveAnew()).toEqual({ status: 200, items: 0 });
		// n8n writes to its database whenever something was set.
		expect(written).toEqual(['webhooks']);
	});
});
