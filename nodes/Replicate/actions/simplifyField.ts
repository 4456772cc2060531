import type { INodeProperties } from 'n8n-workflow';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

/** "Simplify", as n8n's own nodes have it. */
export function simplifyField(show: Shown): INodeProperties {
	return {
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
		displayOptions: { show },
	};
}
