import type { INode } from 'n8n-workflow';
import { exampleNames, readExample } from '../../dev/n8n/examples';
import { formOf, withForms } from '../../dev/n8n/recipeForms';
import type { WorkflowFile } from '../../dev/n8n/session';
import { PACKAGE_NAME } from '../../dev/packageName';
import { startWorld, type World } from './world';

describe('the recipes', () => {
	let world: World;
	let recipes: Array<[string, WorkflowFile]>;
	beforeAll(async () => {
		world = await startWorld();
		const names = await exampleNames();
		recipes = await Promise.all(
			names.map(async (name) => [name, await readExample(name)] as [string, WorkflowFile]),
		);
	});
	afterAll(async () => await world.stop());

	const ours = ({ nodes }: WorkflowFile) =>
		nodes.filter(({ type }) => type.startsWith(`${PACKAGE_NAME}.`));
	const modelOf = ({ parameters }: INode) =>
		(parameters.model as { value?: string } | undefined)?.value;

	it('hold the forms of their models, as n8n exports them ("npm run recipes" writes them anew)', async () => {
		for (const [name, recipe] of recipes) {
			expect([name, await withForms(world.engine, recipe)]).toEqual([name, recipe]);
		}
	});

	it('show every input that they set, and no other as if it were set', () => {
		const forms = recipes.flatMap(([name, recipe]) =>
			ours(recipe).flatMap((node) => {
				const form = formOf(node);
				return form ? [{ name, node: node.name, form }] : [];
			}),
		);
		expect(forms.length).toBeGreaterThan(12);
		for (const { name, node, form } of forms) {
			const shown = form.schema.filter(({ removed }) => !removed).map(({ id }) => id);
			const set = Object.entries(form.value ?? {}).filter(([, value]) => value !== null);
			expect({ name, node, shown }).toEqual({
				name,
				node,
				shown: expect.arrayContaining(set.map(([id]) => id)),
			});
			const switches = form.schema.filter(({ type, removed }) => type === 'boolean' && !removed);
			for (const { id } of switches) expect(typeof form.value?.[id]).toBe('boolean');
		}
	});

	it('name public models only', async () => {
		const models = recipes.flatMap(([, recipe]) =>
			ours(recipe).flatMap((node) => modelOf(node) ?? []),
		);
		expect(models.length).toBeGreaterThan(12);
		for (const model of new Set(models)) {
			expect(model).not.toMatch(/^sandbox\//);
			const { data } = await world
				.run({
					parameters: {
						resource: 'model',
						operation: 'get',
						model: { __rl: true, mode: 'name', value: model },
					},
				})
				.then(({ run }) => run);
			expect([model, data.resultData.error?.message]).toEqual([model, undefined]);
		}
	});

	it('for thousands of rows: the spend guard is the size of a batch', () => {
		const [, { nodes }] = recipes.find(([name]) => name === 'thousands-of-rows')!;
		const parametersOf = (name: string) => nodes.find((node) => node.name === name)!.parameters;
		const { maxPredictions } = parametersOf('Draw').options as { maxPredictions: number };
		expect(maxPredictions).toBe(parametersOf('Batches').batchSize);
	});

	it('say in their first note how they start, and what they wait for', () => {
		for (const [name, { nodes }] of recipes) {
			const first = nodes.find(({ type }) => type === 'n8n-nodes-base.stickyNote');
			expect([name, first?.parameters.content]).toEqual([
				name,
				expect.stringMatching(/\*\*(?:Runs with one click|Waits for a [a-z ]+):?\.?\*\*/),
			]);
		}
	});

	it('are numbered, so that the list in the editor begins with the first', () => {
		const numbers = recipes.map(([, { name }]) => Number(/^(\d+) – \S/.exec(name)?.[1]));
		expect(numbers.sort((one, other) => one - other)).toEqual(recipes.map((_, index) => index + 1));
	});
});
