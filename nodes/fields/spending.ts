import { choiceField, optionalNumberField, wholeNumberField } from './bounded';
import { option } from './collection';
import { Field } from './field';
import { ParameterError } from './parameterError';
import { waitFor } from './waiting';

const predictionsLimit = wholeNumberField(
	{
		displayName: 'Max Predictions',
		name: 'maxPredictions',
		default: 100,
		description:
			'How many predictions one run of this node may create, over all its items and tries. A run that would create more is refused before it creates the first one; with Reuse Results, when it comes to the first one too many. Where items have different limits, the smallest counts.',
	},
	{ min: 1, max: Infinity },
);

/**
 * The most predictions that a run of the node may create; `Infinity` where the option is not added.
 *
 * @throws ParameterError for one that is empty, or not a whole number of 1 or more
 */
export const maxPredictions = option(limitOf(predictionsLimit));

const spendingLimit = optionalNumberField(
	{
		displayName: 'Max Spending (USD)',
		name: 'maxSpending',
		default: 1,
		description: `How much the predictions of one run of this node may cost, over all its items and tries, by Options → Prices. When the next one would pass the limit, no more are created, and those that are running are still waited for. Where items have different limits, the smallest counts. Only with ${waitFor.chosen('result')}.`,
	},
	{ min: 0, max: 1_000_000 },
);

/**
 * The most that a run of the node may spend, in USD; `Infinity` where the option is not added.
 *
 * @throws ParameterError for one that is empty, or not a number of 0 or more
 */
export const maxSpending = option(limitOf(spendingLimit));

/** A limit, which is `Infinity` where it is not added. One that is added and empty must not mean that. */
function limitOf({ property, readValue }: Field<number | undefined>): Field<number> {
	return new Field<number>(
		property,
		(value, label) => {
			if (value === Infinity) return value;
			const limit = readValue(value, label);
			if (limit !== undefined) return limit;
			throw new ParameterError(
				`${label} is set, and empty`,
				'Give it a number, or remove the option for no limit.',
			);
		},
		undefined,
		Infinity,
	);
}

const reuseChoice = choiceField(
	{
		displayName: 'Reuse Results',
		name: 'reuse',
		default: 'never',
		displayOptions: { show: { '/waitFor': ['result'] } },
		description:
			'Whether to reuse an identical prediction of this account instead of paying for a new one. Files that Replicate still stores are not uploaded again either. Only with ' +
			`${waitFor.chosen('result')}.`,
	},
	{
		never: { name: 'Never', description: 'Each item creates a prediction' },
		sameInput: {
			name: 'Same Input',
			description:
				'Reuse a prediction of the last 50 minutes that succeeded with the same model and exactly the same input. Not for files inside the request: set Send Files As to Upload for them.',
		},
	},
);

/**
 * Whether an equal result of the account is taken instead of paying for another. Whoever adds the option
 * wants that; without it, or with an expression that gives nothing, none is.
 */
export const reuse = option(
	new Field(
		{ ...reuseChoice.property, default: 'sameInput' },
		reuseChoice.readValue,
		undefined,
		'never',
	),
);
