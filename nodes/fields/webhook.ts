import type { WebhookEvent } from '../shared/webhooks/address';
import { choicesField } from './bounded';
import { option } from './collection';
import { textField } from './field';

const displayOptions = { hide: { '/waitFor': ['callback'] } };

/** What Replicate reports to the webhook URL. */
export const webhookEvents = option(
	choicesField<WebhookEvent>(
		{
			displayName: 'Webhook Events',
			name: 'webhookEvents',
			default: ['completed'],
			description: 'What Replicate sends to the webhook URL',
			displayOptions,
		},
		{
			completed: { name: 'Completed', description: 'The prediction has ended' },
			start: { name: 'Start', description: 'The prediction has started' },
			output: { name: 'Output', description: 'New output, at most twice a second' },
			logs: { name: 'Logs', description: 'New log lines, at most twice a second' },
		},
	),
);

/** Where Replicate reports a prediction's events; empty for nowhere. */
export const webhookUrl = option(
	textField({
		displayName: 'Webhook URL',
		name: 'webhookUrl',
		placeholder: 'e.g. https://n8n.example.com/webhook/…',
		description:
			'Where Replicate reports the prediction’s events: the production URL of a Replicate Trigger in another workflow',
		displayOptions,
	}),
);
