import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Locator, type Page, type Request } from 'playwright-core';
import { OWNER } from '../../dev/n8n/session';

/** Where the pictures go, to be looked at. */
const PICTURES = resolve(__dirname, '../../.cache/screenshots');
/** Those of the README, which `README_PICTURES=1` renews. */
const README_PICTURES = resolve(__dirname, '../../docs');

/** Debian's Chromium, without all that would call its makers. */
const CHROMIUM = {
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: [
		'--no-sandbox',
		'--disable-gpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync',
	],
};

/** More than n8n waits after an input before it fetches, which is half a second; in ms. */
const QUIET_MS = 700;
/** How long a page that never rests, such as one with a clock, is waited for, in ms. */
const MAX_SETTLE_MS = 5_000;

/** In the page: waits until nothing was drawn for a while. */
const UNTIL_NOTHING_IS_DRAWN = `new Promise((resolve) => {
	const done = () => { observer.disconnect(); resolve(); };
	let timer = setTimeout(done, ${QUIET_MS});
	const observer = new MutationObserver(() => {
		clearTimeout(timer);
		timer = setTimeout(done, ${QUIET_MS});
	});
	observer.observe(document, { subtree: true, childList: true, characterData: true });
	setTimeout(done, ${MAX_SETTLE_MS});
})`;

/** A part of the page, in CSS pixels. */
interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** n8n's editor in a browser, for a signed-in owner. */
export class EditorPage {
	/** What the page has asked n8n for, without a response. */
	private readonly fetching = new Set<Request>();

	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly url: string,
	) {
		page.on('request', (request) => {
			if (request.resourceType() !== 'eventsource') this.fetching.add(request);
		});
		for (const end of ['requestfinished', 'requestfailed'] as const)
			page.on(end as 'requestfinished', (request) => this.fetching.delete(request));
	}

	/** Opens a browser and signs in. */
	static async open(url: string): Promise<EditorPage> {
		const browser = await chromium.launch(CHROMIUM);
		const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
		// Two editors may share two cores.
		page.setDefaultTimeout(60_000);
		await page.goto(`${url}/signin`);
		await page.fill('input[type=email]', OWNER.email);
		await page.fill('input[type=password]', OWNER.password);
		await page.keyboard.press('Enter');
		await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
		return new EditorPage(browser, page, url);
	}

	/** The first element with one of n8n's own names for its tests. */
	part(name: string): Locator {
		return this.page.locator(`[data-test-id="${name}"]`).first();
	}

	async goTo(path: string): Promise<void> {
		await this.page.goto(this.url + path);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.goTo(`/workflow/${id}`);
		await this.part('canvas-node').waitFor();
	}

	/** Opens a node's panel. */
	async openNode(name: string): Promise<void> {
		await this.page.dblclick(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
		await this.part('ndv').waitFor();
	}

	/** Searches the panel of nodes, and gives what it shows. */
	async searchNodes(words: string): Promise<string[]> {
		if (!(await this.part('node-creator-search-bar').isVisible()))
			await this.part('node-creator-plus-button').click();
		await this.part('node-creator-search-bar').fill(words);
		await this.settled();
		return await this.page.locator('[data-test-id="node-creator-item-name"]').allTextContents();
	}

	/** Searches the list of models, and gives what it shows. */
	async searchModels(words: string): Promise<string[]> {
		await this.page.locator('[data-test-id="resource-locator-model"] input').last().click();
		await this.page.locator('[data-test-id="rlc-item"]').first().waitFor();
		await this.page.keyboard.type(words);
		await this.settled();
		return await this.page.locator('[data-test-id="rlc-item"]').allTextContents();
	}

	/** Picks a model out of the list that is shown, and waits for its form. */
	async pickModel(name: string): Promise<void> {
		await this.page.locator('[data-test-id="rlc-item"]', { hasText: name }).first().click();
		await this.part('mapping-fields-container').waitFor();
	}

	/** Types into a field of the model's form, by the input's name. */
	async fillInput(input: string, text: string): Promise<void> {
		const field = this.part(`parameter-input-${input}`);
		const expression = field.locator('.cm-content');
		if ((await expression.count()) > 0) {
			await expression.first().fill(text);
			return await this.settled();
		}
		await field.locator('input, textarea').first().fill(text);
		await field.locator('input, textarea').first().blur();
		await this.settled();
	}

	/** Drags one thing onto another, as a hand does: n8n shows where it can be dropped while it moves. */
	async drag(what: Locator, onto: Locator): Promise<void> {
		const { mouse } = this.page;
		await what.scrollIntoViewIfNeeded();
		await what.hover();
		await mouse.down();
		const box = (await onto.boundingBox())!;
		await mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 10 });
		await onto.hover();
		await mouse.up();
		await this.settled();
	}

	/** Which of some labels the model's form shows; those behind "Add input" are not among them. */
	async shownLabels(labels: string[]): Promise<string[]> {
		await this.part('mapping-fields-container').waitFor();
		await this.settled();
		const text = await this.part('mapping-fields-container').innerText();
		const lines = text.split('\n').map((line) => line.replace(/\*/g, '').trim());
		return lines.filter((line) => labels.includes(line));
	}

	/** What a field of the model's form shows, as a workflow holds it. */
	async inputValue(input: string): Promise<string> {
		const field = this.part(`parameter-input-${input}`);
		const isSwitch = field.locator('[role="switch"]');
		if ((await isSwitch.count()) > 0) return (await isSwitch.getAttribute('aria-checked')) ?? '';
		const expression = field.locator('.cm-content');
		if ((await expression.count()) > 0)
			return `=${(await expression.first().innerText()).replace(/\n$/, '')}`;
		return await field.locator('input, textarea').first().inputValue();
	}

	/** Presses "Execute step", and waits for what n8n says. */
	async executeStep(): Promise<void> {
		await this.part('node-execute-button').click();
	}

	/** n8n fetches and draws after each input. It is done when it does neither for a while. */
	async settled(): Promise<void> {
		const deadline = Date.now() + MAX_SETTLE_MS;
		do await this.page.evaluate(UNTIL_NOTHING_IS_DRAWN);
		while (this.fetching.size > 0 && Date.now() < deadline);
	}

	/** Keeps a picture of the page, or of a part of it, where pictures are wanted. */
	async picture(name: string, clip?: Clip): Promise<void> {
		await this.settled();
		if (!process.env.PICTURES && !process.env.README_PICTURES) return;
		await mkdir(PICTURES, { recursive: true });
		await this.page.screenshot({ path: join(PICTURES, `${name}.png`), clip });
		const published = join(README_PICTURES, `${name}.png`);
		if (process.env.README_PICTURES && existsSync(published))
			await copyFile(join(PICTURES, `${name}.png`), published);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}
