import { invalidField, notOneOf, validationFailed, wrongType } from './invalidFields';
import { Problem } from './problems';
import type { NewPrediction } from './run';
import { WEBHOOK_EVENTS, type WebhookEvent } from './webhooks';

/** The keys that the body of a create may have; others are refused. */
const BODY_KEYS = ['version', 'input', 'webhook', 'webhook_events_filter', 'stream'];

/**
 * Checks the body of a create around its input.
 *
 * @throws Problem 400 or 422
 */
export function validBody(body: unknown, needsVersion: boolean): Record<string, unknown> {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw new Problem(400, { detail: 'Failed to parse request body as JSON', status: 400 });
	}
	const given = body as Record<string, unknown>;
	const root = '(root)';
	const wrong = Object.keys(given)
		.filter((key) => !BODY_KEYS.includes(key))
		.map((key) =>
			invalidField(
				'additional_property_not_allowed',
				root,
				`Additional property ${key} is not allowed`,
			),
		);
	for (const key of needsVersion ? ['version', 'input'] : ['input']) {
		if (!(key in given)) wrong.push(invalidField('required', root, `${key} is required`));
	}
	const { input } = given;
	const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
	if ('input' in given && !isObject) wrong.push(wrongType('input', 'object', input));
	if (wrong.length > 0) throw validationFailed(wrong);
	return given;
}

/**
 * Where a create's callbacks go, and for which events: https, or this machine; new output and the end
 * by default (docs).
 *
 * @throws Problem 422
 */
export function validWebhook(body: Record<string, unknown>): NewPrediction['webhook'] {
	const { webhook, webhook_events_filter: events = ['output', 'completed'] } = body;
	const wrong = Array.isArray(events)
		? events.flatMap((event, index) =>
				WEBHOOK_EVENTS.includes(event as WebhookEvent)
					? []
					: [notOneOf(`webhook_events_filter.${index}`, WEBHOOK_EVENTS)],
			)
		: [wrongType('webhook_events_filter', 'array', events)];
	const isThere = webhook !== undefined && webhook !== null;
	if (isThere && !/^(?:https:\/\/|http:\/\/127\.0\.0\.1)/.test(String(webhook))) {
		wrong.push(invalidField('format', 'webhook', 'must be a valid HTTPS URL'));
	}
	if (wrong.length > 0) throw validationFailed(wrong);
	return isThere ? { url: String(webhook), events: events as WebhookEvent[] } : undefined;
}
