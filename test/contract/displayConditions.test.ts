import type { INodeProperties } from 'n8n-workflow';
import { Replicate } from '../../nodes/Replicate/Replicate.node';
import { ReplicateChatModel } from '../../nodes/ReplicateChatModel/ReplicateChatModel.node';
import { ReplicateTrigger } from '../../nodes/ReplicateTrigger/ReplicateTrigger.node';

/**
 * n8n 2.20 and older take each condition of a parameter for the name of another one beside it, unless it
 * begins with a slash. One that they cannot find ends every workflow with the node, before it begins:
 * "Could not resolve parameter dependencies".
 */
describe.each([new Replicate(), new ReplicateTrigger(), new ReplicateChatModel()])(
	'the conditions of the parameters of $description.displayName',
	({ description }) => {
		it('name parameters that are beside them, or begin with a slash', () => {
			expect(unknownConditions(description.properties)).toEqual([]);
		});
	},
);

it('conditions that n8n 2.20 cannot find are noticed', () => {
	const shown = (by: string) => ({ displayOptions: { show: { [by]: [true] } } });
	const field = (name: string, more = {}) =>
		({ displayName: name, name, type: 'string', default: '', ...more }) as INodeProperties;
	const inside = {
		displayName: 'Options',
		name: 'options',
		type: 'collection' as const,
		default: {},
	};
	const properties = [
		field('a'),
		field('b', shown('a')),
		field('c', shown('/a.schema[0].id')),
		field('d', shown('a.schema[0].id')),
		{ ...inside, options: [field('e', shown('a'))] },
	];
	expect(unknownConditions(properties)).toEqual(['d: a.schema[0].id', 'e: a']);
});

/** Those of one level, and of the collections in it. */
function unknownConditions(properties: INodeProperties[]): string[] {
	const names = new Set(properties.map(({ name }) => name));
	return properties.flatMap(({ name, displayOptions = {}, options = [] }) => {
		const conditions = [displayOptions.show, displayOptions.hide].flatMap((rule) =>
			Object.keys(rule ?? {}),
		);
		const unknown = conditions.filter((one) => !/^[@/]/.test(one) && !names.has(one));
		const levels = options.flatMap((option) => {
			if ('values' in option) return [option.values];
			return [];
		});
		const collection = options.filter((option): option is INodeProperties => 'type' in option);
		return [
			...unknown.map((one) => `${name}: ${one}`),
			...[...levels, collection].flatMap(unknownConditions),
		];
	});
}
