import { shown, textOf } from '../shared/api/json';
import { Field, type Described } from './field';
import { ParameterError } from './parameterError';

/**
 * A time, as ISO 8601; `undefined` where the field is empty.
 *
 * @throws InputError on reading anything else
 */
export function timeField(described: Described): Field<string | undefined> {
	return new Field({ default: '', ...described, type: 'dateTime' }, (value, label) => {
		// An expression's time comes as JSON, in quotes.
		const text = textOf(value).trim().replaceAll('"', '');
		if (text === '') return undefined;
		const time = new Date(text);
		if (!Number.isNaN(time.getTime())) return time.toISOString();
		throw new ParameterError(
			`${label} must be a time, and is ${shown(value)}`,
			'Write it like 2026-01-31T12:00:00Z.',
		);
	});
}
