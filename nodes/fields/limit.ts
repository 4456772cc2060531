import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from './parameterError';
import { textOf } from '../shared/api/json';
import { Field, switchField, type ParameterSource, type Shown } from './field';

const returnAll = switchField({
	displayName: 'Return All',
	name: 'returnAll',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

/** How many results to return at most. */
export const limit = new Field(
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
	},
	(value, label) => {
		const number = Number(textOf(value) || Number.NaN);
		if (Number.isInteger(number) && number >= 1) return number;
		throw new ParameterError(`${label} must be a whole number of 1 or more`);
	},
);

/** "Return All" and "Limit", as n8n's own nodes have them. */
export function limitFields(show: Shown): INodeProperties[] {
	return [returnAll.at(show), limit.at({ ...show, returnAll: [false] })];
}

/** How many results to return at most: `Infinity` for all. */
export function readLimit(from: ParameterSource): number {
	return returnAll.read(from) ? Infinity : limit.read(from);
}
