import { choiceField, choicesField, wholeNumberField } from './bounded';
import { option } from './collection';
import { Field, type ParameterSource, type Shown } from './field';
import { ParameterError } from './parameterError';
import { timeField } from './time';

const DAY_MS = 86_400_000;
/** In ms. */
const LENGTHS = { lastDay: DAY_MS, lastWeek: 7 * DAY_MS, lastMonth: 30 * DAY_MS };

const period = choiceField<keyof typeof LENGTHS | 'custom'>(
	{
		displayName: 'Period',
		name: 'period',
		default: 'lastWeek',
		description: 'Which predictions to sum, by the time of their creation',
	},
	{
		lastDay: 'Last 24 Hours',
		lastWeek: 'Last 7 Days',
		lastMonth: 'Last 30 Days',
		custom: { name: 'From … To', description: 'For calendar weeks and months, use expressions' },
	},
);

const from = timeField({
	displayName: 'From',
	name: 'from',
	placeholder: "e.g. {{ $now.minus({ months: 1 }).startOf('month') }}",
	description: 'Predictions created at this time or later. Empty for all that Replicate lists.',
});

const to = timeField({
	displayName: 'To',
	name: 'to',
	placeholder: "e.g. {{ $now.startOf('month') }}",
	description: 'Predictions created earlier than this time. Empty for now.',
});

/** A span of time. */
export interface Period {
	/** As ISO 8601; `undefined` for all that there is. */
	from?: string;
	to: string;
}

/** Which predictions a summary is of. */
export const summaryPeriod = {
	properties(show: NonNullable<Shown>) {
		const whenCustom = { ...show, period: ['custom'] };
		return [period.at(show), from.at(whenCustom), to.at(whenCustom)];
	},
	/** @throws ParameterError for what is not a time, or times in the wrong order */
	read(source: ParameterSource, now: Date): Period {
		const chosen = period.read(source);
		if (chosen !== 'custom') {
			return {
				from: new Date(now.getTime() - LENGTHS[chosen]).toISOString(),
				to: now.toISOString(),
			};
		}
		const [first, last = now.toISOString()] = [from.read(source), to.read(source)];
		if (first !== undefined && first >= last) {
			throw new ParameterError(
				`${from.label} must be earlier than ${to.label}, and is ${first} where ${to.label} is ${last}`,
				`Correct one of them, or leave ${to.label} empty for now.`,
			);
		}
		return { ...(first === undefined ? {} : { from: first }), to: last };
	},
};

/** What predictions are summed by. */
export type SummaryKey = 'model' | 'status' | 'day';

const keys = choicesField<SummaryKey>(
	{
		displayName: 'Group By',
		name: 'groupBy',
		default: ['model'],
		description: 'What to sum by. With nothing chosen, all predictions are one group.',
	},
	{
		model: 'Model',
		status: 'Status',
		day: { name: 'Day', description: 'Of the creation, in the time zone of the workflow' },
	},
);

/** What predictions are summed by, in the order of the columns; none for one sum of all. */
export const groupBy = new Field(keys.property, (value, label) => {
	const chosen = new Set(keys.readValue(value, label));
	return (['day', 'model', 'status'] as const).filter((key) => chosen.has(key));
});

/** What comes out of a summary. */
export const summaryOutput = choiceField(
	{
		displayName: 'Output',
		name: 'output',
		default: 'items',
		description: 'What the node outputs',
	},
	{
		items: {
			name: 'An Item per Group',
			description: 'Days in their order, then the most predictions first',
		},
		file: {
			name: 'A CSV File',
			description: 'One item with the sums of all, its groups, and a CSV file to store or to send',
		},
	},
);

const read = wholeNumberField(
	{
		displayName: 'Max Predictions to Read',
		name: 'maxRead',
		default: 10_000,
		description:
			'How many predictions to read at most, the newest first. If there are more, the sums say that they are not of all.',
	},
	{ min: 1, max: 1_000_000 },
);

/** How many predictions a summary reads at most. */
export const maxRead = option(
	new Field(read.property, (value, label) => read.readValue(value, label) ?? 10_000),
);
