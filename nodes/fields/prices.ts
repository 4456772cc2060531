import type { INodeProperties } from 'n8n-workflow';
import { isNested, shown, textOf } from '../shared/api/json';
import type { Price, UnitName } from '../shared/predictions/cost';
import { choiceField, numberField } from './bounded';
import { option, retiredOption } from './collection';
import { Field, textField, valueField, type ParameterSource } from './field';
import { ParameterError } from './parameterError';

const MAX_USD = 1_000;
const EXAMPLE =
	'In an expression, write them like {{ { "values": [{ "unit": "image", "price": 0.003 }] } }}.';

const unit = choiceField<UnitName>(
	{
		displayName: 'Per',
		name: 'unit',
		default: 'second',
		description: 'What the price is for. The model’s page on replicate.com shows it.',
	},
	{
		thousandCharacters: '1,000 Characters',
		metric: {
			name: 'Metric',
			description: 'A unit of one of the metrics in the items of this model',
		},
		millionInputTokens: 'Million Input Tokens',
		millionOutputTokens: 'Million Output Tokens',
		image: 'Output Image',
		prediction: 'Prediction',
		second: { name: 'Second of Hardware', description: 'Of the time that the model runs' },
		mediaSecond: { name: 'Second of Output Video or Audio', description: 'Of its length' },
	},
);

const metric = textField({
	displayName: 'Metric',
	name: 'metric',
	placeholder: 'e.g. image_input_megapixel_count',
	description: 'The name of the metric, as “metrics” in an item has it',
	displayOptions: { show: { unit: ['metric'] } },
});

const price = numberField(
	{
		displayName: 'Price (USD)',
		name: 'price',
		default: 0,
		description: 'For a metric that is not billed, 0',
	},
	{ min: 0, max: MAX_USD },
);

const rows = rowsField(
	[unit.property, metric.property, price.property],
	'What the model costs, as its page on replicate.com shows it: Replicate’s API has no prices. Each item then says its cost, and the node the sum.',
);

/** The option with its rows. */
function rowsField(values: INodeProperties[], description: string): Field<unknown> {
	return option(
		valueField({
			displayName: 'Prices',
			name: 'prices',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add Price',
			default: {},
			description,
			options: [{ displayName: 'Price', name: 'values', values }],
		}),
	);
}

/** What the option was before there were several prices; workflows that have it go on with it. */
const pricePerSecond = retiredOption(
	numberField(
		{ displayName: 'Price per Second (USD)', name: 'pricePerSecond', default: 0 },
		{ min: 0, max: MAX_USD },
	),
	rows,
);

/** What a model costs: read as one value from its rows, and from the option that they have replaced. */
export const prices = {
	label: rows.label,
	fields: [rows, pricePerSecond] as Array<Field<unknown>>,
	/** @throws ParameterError for a row that is no price */
	read(from: ParameterSource): Price[] {
		const read = readRows(rows.read(from));
		const perSecond = pricePerSecond.read(from);
		if (perSecond === 0 || read.some((one) => one.unit === 'second')) return read;
		return [...read, { unit: 'second', metric: '', usd: perSecond }];
	},
};

const modelName = textField({
	displayName: 'Model',
	name: 'model',
	placeholder: 'e.g. black-forest-labs/flux-schnell',
	description:
		'Which model has this price, as owner/name. Empty for all that have none of their own.',
});

const modelRows = rowsField(
	[modelName.property, unit.property, metric.property, price.property],
	'What the models cost, as their pages on replicate.com show it: Replicate’s API has no prices',
);

/** What each model costs, where predictions of several are summed. */
export const modelPrices = {
	field: modelRows,
	/**
	 * @returns the prices of a model: its own, or those that name none
	 * @throws ParameterError for a row that is no price
	 */
	read(from: ParameterSource): { areGiven: boolean; of: (model: string) => Price[] } {
		const given = valuesOf(modelRows.read(from));
		const byModel = new Map<string, Price[]>();
		const names = given.map(({ model }) => textOf(model).trim());
		for (const name of new Set(names)) {
			// Numbered as in the panel, whatever their model is.
			const own = given.map((row, at) => (names[at] === name ? row : undefined));
			byModel.set(name, pricesIn(own));
		}
		return {
			areGiven: given.length > 0,
			of: (model) => byModel.get(model) ?? byModel.get('') ?? [],
		};
	},
};

function readRows(given: unknown): Price[] {
	return pricesIn(valuesOf(given));
}

function valuesOf(given: unknown): Array<Record<string, unknown>> {
	const values: unknown = isNested(given) ? (given.values ?? []) : given;
	if (Array.isArray(values) && values.every(isNested)) return values;
	throw new ParameterError(
		`${rows.label} must be a list of prices, and is ${shown(values)}`,
		EXAMPLE,
	);
}

/** @param given rows in the panel's order, `undefined` for those of another model */
function pricesIn(given: Array<Record<string, unknown> | undefined>): Price[] {
	const read = given.flatMap((row, at) =>
		row ? [readRow(row, `${rows.label}, row ${at + 1}`)] : [],
	);
	const twice = read.find((one, at) => read.slice(0, at).some((other) => isSame(one, other)));
	if (twice) {
		const what = twice.unit === 'metric' ? `metric ${twice.metric}` : twice.unit;
		throw new ParameterError(`${rows.label} has two prices per ${what}`, 'Remove one of them.');
	}
	return read;
}

function readRow(row: Record<string, unknown>, label: string): Price {
	const chosen = unit.readValue(row.unit, `${label}: ${unit.property.displayName}`);
	const name = textOf(row.metric).trim();
	const usd = price.readValue(row.price ?? 0, `${label}: ${price.property.displayName}`);
	if (chosen === 'metric' && name === '') {
		throw new ParameterError(
			`${label} has no metric`,
			'Write its name as “metrics” in an item has it.',
		);
	}
	// A price that was forgotten must not make everything free.
	if (chosen !== 'metric' && usd === 0) {
		throw new ParameterError(
			`${label} has no price`,
			'Write it as the model’s page on replicate.com shows it, or remove the row.',
		);
	}
	return { unit: chosen, metric: chosen === 'metric' ? name : '', usd };
}

function isSame(one: Price, other: Price): boolean {
	return one.unit === other.unit && one.metric === other.metric;
}

/** Whether these can say what a job costs: names of what is not billed alone cannot. */
export function canPrice(given: Price[]): boolean {
	return given.some(({ usd }) => usd > 0);
}
