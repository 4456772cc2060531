import { EditorPage } from './editorPage';
import { startN8nWorld, type N8nWorld } from './n8nWorld';

describe('the credential in n8n’s editor', () => {
	let world: N8nWorld;
	let editor: EditorPage;

	beforeAll(async () => {
		world = await startN8nWorld();
		editor = await EditorPage.open(world.main.url);
	});
	afterAll(async () => {
		await editor.close();
		await world.stop();
	});

	const opened = async () => {
		await editor.goTo('/home/credentials');
		await editor.page.getByText('Replicate account').first().click();
		await editor.part('parameter-input-apiToken').waitFor();
	};

	it('says that it connects', async () => {
		await opened();
		await editor.part('credentials-config-container-test-success').waitFor();
		await editor.picture('credential');
	});

	it('links to the page of the tokens', async () => {
		await opened();
		const link = editor.page.locator('a[href="https://replicate.com/account/api-tokens"]');
		await link.first().waitFor();
		expect(await link.first().isVisible()).toBe(true);
	});

	const saved = async (field: string, text: string) => {
		await opened();
		// n8n tests a credential when it is opened. What is saved meanwhile gets no test of its own.
		await editor.part('credentials-config-container-test-success').waitFor();
		await editor.part(`parameter-input-${field}`).locator('input').fill(text);
		await editor.part('credential-save-button').click();
	};
	afterEach(async () => {
		const { token: apiToken, baseUrl } = world.sandbox;
		await world.session.credential('Replicate account', 'replicateApi', { apiToken, baseUrl });
	});

	it('takes a token with spaces around it', async () => {
		await saved('apiToken', `  ${world.sandbox.token} `);
		await editor.part('credentials-config-container-test-success').waitFor();
	});

	it('says that a wrong token does not connect', async () => {
		await saved('apiToken', 'r8_wrong');
		await editor.page.getByText('Couldn’t connect with these settings').first().waitFor();
		await editor.picture('credential-wrong');
	});

	it.each([
		['no /v1', () => 'https://api.replicate.com', 'must end with /v1'],
		['the website', () => 'https://replicate.com', 'the address of the website, not of the API'],
		['no scheme', () => 'api.replicate.com/v1', 'is not a web address'],
		[
			'another service',
			() => world.standIns.notifyUrl,
			'There is no Replicate API at this base URL',
		],
		['another page', () => `${world.main.url}/home`, 'Something other than Replicate responds'],
	])('says what is wrong with a base URL: %s', async (what, baseUrl, words) => {
		await saved('baseUrl', baseUrl());
		await editor.page.getByText('Couldn’t connect with these settings').first().waitFor();
		await editor.page.getByText('More details').first().click();
		await editor.page.getByText(words).first().waitFor();
		await editor.picture(`credential-${what.replace(/\W+/g, '-')}`);
	});

	it('keeps the headers of a gateway, and hides their values', async () => {
		await opened();
		await editor.page.getByText('Add header').first().click();
		await editor.picture('credential-headers');
		const rows = editor.page.locator('[data-test-id="fixed-collection-headers"]');
		await rows.locator('input').nth(0).fill('cf-aig-authorization');
		await rows.locator('input').nth(1).fill('Bearer secret');
		await editor.part('credential-save-button').click();
		await editor.settled();
		await opened();
		const typed = await rows
			.locator('input')
			.evaluateAll((inputs) =>
				inputs.map((input) => (input as unknown as { value: string }).value),
			);
		await editor.picture('credential-headers-saved');
		expect(typed[0]).toBe('cf-aig-authorization');
		expect(typed.join()).not.toContain('secret');
	});
});
