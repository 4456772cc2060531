import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

/** Parameters that choose what else is shown, and texts that are no parameters. */
const LEFT_OUT = ['resource', 'operation'];

/** One operation with the words that n8n shows for it. */
export interface OperationRow {
	resource: string;
	operation: string;
	description: string;
	parameters: INodeProperties[];
}

/** All operations of a node's description, in the order of the editor. */
export function operationsOf(properties: INodeProperties[]): OperationRow[] {
	const resources = properties.find(({ name }) => name === 'resource')!;
	return choicesOf(resources).flatMap((resource) => {
		const operations = properties.find(
			(property) => property.name === 'operation' && isShownFor(property, { resource }),
		)!;
		return choicesOf(operations).map((operation) => ({
			resource: resource.name,
			operation: operation.name,
			description: operation.description!,
			parameters: properties.filter((property) => isShownFor(property, { resource, operation })),
		}));
	});
}

/** The table of all operations, each with a link to its parameters. */
export function operationsTable(rows: OperationRow[]): string {
	return table(
		['resource', 'operation', 'what it does'],
		rows.map(({ resource, operation, description, parameters }) => {
			const anchor = `${resource} ${operation}`.toLowerCase().replaceAll(' ', '-');
			const hasTable = listed(parameters).length > 0;
			return [
				resource,
				hasTable ? `[${operation}](parameters.md#${anchor})` : operation,
				description,
			];
		}),
	);
}

/**
 * A heading and a table for each operation that has parameters.
 *
 * @param off the names of options that have no value until they are added
 */
export function parameterSections(rows: OperationRow[], off: ReadonlySet<string>): string {
	return rows
		.filter(({ parameters }) => listed(parameters).length > 0)
		.map(
			({ resource, operation, parameters }) =>
				`### ${resource}: ${operation}\n\n${parameterTable(parameters, off)}`,
		)
		.join('\n\n');
}

/** The table of some parameters; those inside a collection follow it, under its name. */
export function parameterTable(properties: INodeProperties[], off: ReadonlySet<string>): string {
	const rows = listed(properties).flatMap((property) => {
		if (property.type !== 'collection') return [row(property)];
		const members = property.options as INodeProperties[];
		return members.map((member) => row(member, `${property.displayName} → `, off.has(member.name)));
	});
	return table(['parameter', 'default', 'meaning'], rows);
}

function listed(properties: INodeProperties[]): INodeProperties[] {
	return properties.filter(({ name, type }) => type !== 'notice' && !LEFT_OUT.includes(name));
}

function row(property: INodeProperties, group = '', isOff = false): string[] {
	const usual = isOff ? `off; ${defaultOf(property)} when added` : defaultOf(property);
	return [`${group}**${property.displayName}**`, usual, meaningOf(property)];
}

function isShownFor(
	{ displayOptions }: INodeProperties,
	{ resource, operation }: { resource: INodePropertyOptions; operation?: INodePropertyOptions },
): boolean {
	const { resource: resources, operation: operations } = displayOptions?.show ?? {};
	const isResource = (resources as unknown[] | undefined)?.includes(resource.value) ?? false;
	if (!operation) return isResource;
	return isResource && ((operations as unknown[] | undefined)?.includes(operation.value) ?? false);
}

/** The description, then the choices with theirs, then the members of a fixed collection. */
function meaningOf(property: INodeProperties): string {
	const described = [property.description, property.hint].filter(Boolean).map(sentence);
	const choices = property.type.endsWith('ptions') ? choicesOf(property) : [];
	const members =
		property.type === 'fixedCollection'
			? (property.options as INodePropertyCollection[]).flatMap(({ values }) => values)
			: [];
	const named = [
		...choices.map(({ name, description }) => ({ name, description })),
		...members.map(({ displayName, description }) => ({ name: displayName, description })),
	];
	const explained = named
		.filter(({ description }) => description)
		.map(({ name, description }) => `**${name}**: ${sentence(description)}`);
	const others = named.filter(({ description }) => !description).map(({ name }) => `**${name}**`);
	const list = others.length > 0 ? [`${others.join(', ')}.`] : [];
	return [...described, ...explained, ...list].join(' ');
}

function defaultOf(property: INodeProperties): string {
	const { default: usual } = property;
	if (typeof usual === 'boolean') return usual ? 'on' : 'off';
	if (typeof usual === 'number') return usual.toLocaleString('en-US');
	if (property.type === 'json') return '–';
	const values = (Array.isArray(usual) ? usual : [usual]).filter(
		(value) => typeof value === 'string' && value !== '',
	);
	const names = values.map(
		(value) => choicesOf(property).find((choice) => choice.value === value)?.name ?? `\`${value}\``,
	);
	return names.join(', ') || '–';
}

function choicesOf({ options = [] }: INodeProperties): INodePropertyOptions[] {
	return options.filter((option): option is INodePropertyOptions => 'value' in option);
}

/** With a full stop, and n8n's HTML as Markdown. */
function sentence(text = ''): string {
	const markdown = text
		.replace(/<a href="([^"]+)"[^>]*>(.*?)<\/a>/g, '[$2]($1)')
		.replace(/<\/?b>/g, '**')
		.replace(/<\/?code>/g, '`');
	return /[.!?…]$/.test(markdown) ? markdown : `${markdown}.`;
}

function table(head: string[], rows: string[][]): string {
	const line = (cells: string[]) => `| ${cells.map(escaped).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function escaped(cell: string): string {
	return cell.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
