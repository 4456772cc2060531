import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../fields/parameterError';
import type { NodeRun } from './nodeRun';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

const DEFAULT_LIMIT = 50;

/** "Return All" and "Limit", as n8n's own nodes have them. */
export function limitFields(show: Shown): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show },
		},
		limitField({ ...show, returnAll: [false] }),
	];
}

/** "Limit" alone, for what the API bounds itself. */
export function limitField(show: Shown, hint?: string): INodeProperties {
	return {
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		...(hint === undefined ? {} : { hint }),
		displayOptions: { show },
	};
}

/** How many results to give at most. */
export function readLimit(run: NodeRun, itemIndex: number): number {
	if (run.flag('returnAll', itemIndex, false)) return Infinity;
	const limit = Number(run.text('limit', itemIndex, String(DEFAULT_LIMIT)) || Number.NaN);
	if (Number.isInteger(limit) && limit >= 1) return limit;
	throw new ParameterError('Limit must be a whole number from 1 on');
}
