import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { INodeExecutionData } from 'n8n-workflow';
import type { Email } from 'postal-mime';
import sharp from 'sharp';
import { makeSamples, type Samples } from '../../examples/samples';
import { exampleNames } from '../../dev/n8n/examples';
import type { WorkflowFile } from '../../dev/n8n/session';
import { isCreate } from '../../dev/sandbox/holds';
import { models } from '../../dev/sandbox/models';
import {
	called,
	ended,
	example,
	executed,
	given,
	startN8nWorld,
	started,
	until,
	type N8nWorld,
} from './n8nWorld';
import { makePhotos } from './photos';

const run = promisify(execFile);

/** Objects in the bucket of the recipe s3-batch; `OBJECTS=300` for as many as it is made for. */
const OBJECTS = Number(process.env.OBJECTS ?? 12);

describe('the examples, in a complete n8n', () => {
	let world: N8nWorld;
	let samples: Samples;
	let photos: Record<string, Buffer>;

	beforeAll(async () => {
		samples = await makeSamples(join(tmpdir(), 'n8n-e2e-samples'));
		photos = await makePhotos(OBJECTS);
		world = await startN8nWorld({ photos });
	});
	afterAll(async () => await world.stop());

	const imported = async (name: string, change?: (workflow: WorkflowFile) => void) =>
		await example(world, name, change);
	const file = (...path: string[]) => join(world.filesFolder, ...path);
	const asForm = async (field: string) => {
		const form = new FormData();
		const photo = new Blob([await readFile(samples.photo)], { type: 'image/jpeg' });
		form.append(field, photo, 'shoe.jpg');
		return form;
	};

	const url = (path: string) => `${world.main.url}${path}`;
	const lastInput = () => world.sandbox.predictions.all.at(-1)!.input;
	/** The SHA-256 of a file that went to Replicate, by its URL. */
	const uploaded = async (url: unknown) => {
		const headers = { authorization: `Bearer ${world.sandbox.token}` };
		const answer = await fetch(String(url), { headers });
		return ((await answer.json()) as { checksums: { sha256: string } }).checksums.sha256;
	};

	describe('product-photo', () => {
		beforeAll(async () => await world.session.activate(await imported('product-photo')));

		it('answers a webhook with the cut-out, and stores it', async () => {
			const answer = await called(url('/webhook/product-photo'), await asForm('Photo'));
			expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
			const bytes = Buffer.from(await answer.arrayBuffer());
			expect((await sharp(bytes).metadata()).format).toBe('png');
			expect((await readFile(file('products', 'shoe.png'))).equals(bytes)).toBe(true);
			expect(lastInput()).toMatchObject({
				image: expect.stringContaining(`${world.sandbox.baseUrl}/files/`),
				format: 'png',
			});
		});

		it('takes a photo from the form, too', async () => {
			await rm(file('products', 'shoe.png'));
			const answer = await called(url('/form/product-photo-form'), await asForm('field-0'));
			expect(answer.status).toBe(200);
			await until('the file is there', async () => await isThere(file('products', 'shoe.png')));
		});
	});

	it('upscale-folder: packs every image of the folder under its own name', async () => {
		const data = await executed(world.session, await imported('upscale-folder'));
		expect(data.resultData.error).toBeUndefined();
		const { stdout } = await run('python3', ['-m', 'zipfile', '-l', file('upscaled.zip')]);
		expect(stdout).toMatch(/photo\.png[^]*icon\.png|icon\.png[^]*photo\.png/);
		const created = world.sandbox.predictions.all.slice(-2);
		expect(created.map(({ input }) => input.scale)).toEqual([2, 2]);
		const images = created.map(({ input }) => String(input.image)).sort();
		// The icon is small enough to go inside the request; its bytes are not kept.
		expect(images[1]).toMatch(/^http/);
	});

	it('text-to-speech: writes the sound under the wanted name', async () => {
		await executed(world.session, await imported('text-to-speech'));
		const sound = await readFile(file('news.wav'));
		expect(sound.subarray(0, 4).toString()).toBe('RIFF');
		expect(lastInput()).toMatchObject({ voice: 'bf_emma', text: expect.stringMatching(/^Good/) });
	});

	describe('long-video', () => {
		it('is suspended, goes on by callbacks, and stores every video', async () => {
			const before = world.sandbox.predictions.all.length;
			const data = await executed(world.session, await imported('long-video'));
			const created = world.sandbox.predictions.all.slice(before);
			expect(created).toHaveLength(2);
			expect(created.every(({ webhook }) => webhook?.url.includes('/webhook-waiting/'))).toBe(true);
			expect(given(data, 'Store the Video')).toHaveLength(2);
			for (const { id } of created)
				expect(await isThere(file('videos', `video-01-${id}.mp4`))).toBe(true);
			expect(given(data, 'Callback Missed?')).toEqual([]);
		});
	});

	it('start-and-leave: the prediction’s end starts trigger-notify', async () => {
		await world.session.activate(await imported('trigger-notify'));
		await called(url('/webhook/replicate-notify/webhook'), {});
		const told = world.standIns.notifications.length;
		const data = await executed(world.session, await imported('start-and-leave'));
		expect(given(data, 'Start')[0]!.json.status).not.toBe('succeeded');
		await until('it is notified', () => world.standIns.notifications.length > told);
		expect(world.standIns.notifications.slice(told)).toEqual([
			expect.stringMatching(
				/^black-forest-labs\/flux-schnell: succeeded – http:.*\.(webp|png|jpg)$/,
			),
		]);
	});

	it('s3-batch: a failure costs no other, and a stopped run continues where it was', async () => {
		const { sandbox, session } = world;
		const { s3 } = world.servers!;
		const batch = Math.min(20, OBJECTS / 3);
		const workflow = await imported('s3-batch', ({ nodes }) => {
			nodes.find(({ name }) => name === 'Batches')!.parameters.batchSize = batch;
		});
		const stored = async () => (await s3.list('results')).map(({ name }) => name).sort();
		const before = sandbox.predictions.all.length;
		const created = () => sandbox.predictions.all.slice(before);
		/** The width of the picture that a prediction got says which object it is. */
		const objectOf = async (image: unknown) => {
			const [, base64] = String(image).split(',');
			return `${(await sharp(Buffer.from(base64!, 'base64')).metadata()).width}.png`;
		};

		const body = {
			title: 'Input validation failed',
			detail: '- input.image: is no image',
			status: 422,
		};
		const refused = { kind: 'answer', status: 422, body: JSON.stringify(body) } as const;
		sandbox.faults.plan('POST', /\/predictions$/, refused);
		// The second batch is stopped while one of its predictions is not even created.
		const held = sandbox.holds.next(
			'arrival',
			(request) => isCreate(request) && created().length >= batch - 1,
		);
		const first = await started(session, workflow);
		await held.reached;
		const early = await stored();
		expect(early).toHaveLength(batch - 1);
		await session.request('POST', `/executions/${first}/stop`);
		held.cut();
		expect((await ended(session, first)).status).toBe('canceled');
		expect(await stored()).toEqual(early);

		const paid = created().length;
		const second = await executed(session, workflow);
		expect(given(second, 'Report')[0]!.json.report).toBe(`${OBJECTS} of ${OBJECTS} are done`);
		const again = await Promise.all(
			created()
				.slice(paid)
				.map(async ({ input }) => await objectOf(input.image)),
		);
		const names = Object.keys(photos);
		expect(again.sort()).toEqual(names.filter((name) => !early.includes(name)).sort());
		const results = await s3.list('results');
		const widths = results.map(async ({ name, bytes, type }) => {
			const { format, width } = await sharp(bytes).metadata();
			return [name, `${width}.png`, format, type];
		});
		expect((await Promise.all(widths)).sort()).toEqual(
			names.map((name) => [name, name, 'png', 'image/png']).sort(),
		);

		const all = created().length;
		await executed(session, workflow);
		expect(created()).toHaveLength(all);
	});

	it('email-reply: the sender gets the picture back by e-mail', async () => {
		const { mail } = world.servers!;
		const workflow = await imported('email-reply');
		await world.session.activate(workflow);
		// n8n hears of a mail only while it listens, so the customer asks until there is a reply.
		await repeatUntil(
			async () => {
				const { resultData } = await executed(world.session, workflow);
				expect(resultData.error?.message).toBeUndefined();
			},
			async () => (await mail.mails('customer')).length > 0,
		);
		const [reply] = await mail.mails('customer');
		expect([reply!.from?.address, reply!.subject]).toEqual([
			'studio@example.com',
			'Re: My picture',
		]);
		const { filename, mimeType, content } = reply!.attachments[0]!;
		expect([filename, mimeType]).toEqual([
			expect.stringMatching(/^background-remover-\w+\.png$/),
			'image/png',
		]);
		const sizes = await Promise.all(
			[Buffer.from(content as ArrayBuffer), await readFile(samples.icon)].map(async (bytes) => {
				const { width, height, format } = await sharp(bytes).metadata();
				return { width, height, format };
			}),
		);
		expect(sizes[0]).toEqual(sizes[1]);

		// A picture inside the text, with an umlaut and a type that says nothing, as a phone sends it.
		const inside = await sharp(samples.icon).resize(48).png().toBuffer();
		await mail.deliver('studio', mailWithPicture('phone@example.com', inside));
		await until('there is a reply', async () => (await mail.mails('phone')).length > 0);
		const [second] = await mail.mails('phone');
		const { content: got } = second!.attachments[0]!;
		expect((await sharp(Buffer.from(got as ArrayBuffer)).metadata()).width).toBe(48);
		expect(world.sandbox.predictions.all.map(({ input }) => input.image)).toContain(
			`data:image/png;base64,${inside.toString('base64')}`,
		);
	});

	it('cost-report: what the week has cost comes by e-mail, as a table and as a file', async () => {
		const { predictions } = world.sandbox;
		const model = models.find(({ name }) => name === 'nano-banana')!;
		const from = Date.now() - 3_600_000;
		predictions.addEnded(3, { owner: 'sandbox', model, input: {}, from, until: from + 1 });
		const before = predictions.all.length;
		const { resultData } = await executed(world.session, await imported('cost-report'));
		expect(resultData.error?.message).toBeUndefined();
		const [report] = await world.servers!.mail.mails('owner');
		expect(report!.subject).toMatch(/^Replicate: \d+ predictions, (?:cost unknown|at least \$|\$)/);
		expect(report!.html).toMatch(/<td>google\/nano-banana<\/td><td>\d+<\/td>/);
		const [{ filename, mimeType, content }] = report!.attachments as [Email['attachments'][0]];
		expect([filename, mimeType]).toEqual([
			expect.stringMatching(/^replicate-.*\.csv$/),
			'text/csv',
		]);
		const lines = Buffer.from(content as ArrayBuffer)
			.toString()
			.split('\r\n');
		expect(lines[0]).toMatch(/^model,predictions,/);
		expect(lines.some((line) => line.startsWith('google/nano-banana,'))).toBe(true);
		expect(predictions.all).toHaveLength(before);
	});

	it('form-photos: each photo becomes a result of its own name, though all have one', async () => {
		await world.session.activate(await imported('form-photos'));
		const photos = await Promise.all(
			[64, 96, 128].map(async (width) => {
				const create = { width, height: 32, channels: 3 as const, background: '#3355aa' };
				return await sharp({ create }).jpeg().toBuffer();
			}),
		);
		const form = new FormData();
		// The last one comes with a type that says nothing.
		const types = ['image/jpeg', 'image/jpeg', 'application/octet-stream'];
		for (const [index, bytes] of photos.entries())
			form.append(
				'field-0',
				new Blob([new Uint8Array(bytes)], { type: types[index] }),
				'image.jpg',
			);
		const before = await readdir(file('results'));
		expect((await called(url('/form/replicate-photos-form'), form)).status).toBe(200);
		const added = async () =>
			(await readdir(file('results'))).filter((name) => !before.includes(name));
		await until('all are stored', async () => (await added()).length === 3);
		const widths = await Promise.all(
			(await added()).map(async (name) => {
				expect(name).toMatch(/^real-esrgan-\w+\.png$/);
				await until('it is whole', async () => await isThere(file('results', name)));
				return (await sharp(await readFile(file('results', name))).metadata()).width;
			}),
		);
		expect(widths.sort((one, other) => one - other)).toEqual([128, 192, 256]);
		for (const { input } of world.sandbox.predictions.all.slice(-3))
			expect(input.image).toMatch(/^data:image\/jpeg;base64,/);
	});

	it('webhook-picture: takes the body as a photo, and returns the picture', async () => {
		await world.session.activate(await imported('webhook-picture'));
		const photo = await readFile(samples.photo);
		const answer = await called(url('/webhook/cut-out'), new Blob([photo], { type: 'image/jpeg' }));
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
		const { format, width } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
		expect([format, width]).toEqual(['png', (await sharp(photo).metadata()).width]);
		expect(await uploaded(lastInput().image)).toBe(await sha256(samples.photo));
	});

	it('watched-folder: a new file becomes a larger one', async () => {
		await world.session.activate(await imported('watched-folder'));
		const before = await readdir(file('results'));
		const added = async () =>
			(await readdir(file('results'))).filter((name) => !before.includes(name));
		let copies = 0;
		// A file that came before n8n watches starts nothing.
		await repeatUntil(
			async () => await copyFile(samples.icon, file('inbox', `Grüße ${copies++}.png`)),
			async () => (await added()).length > 0,
		);
		const [name] = await added();
		await until('it is whole', async () => await isThere(file('results', name!)));
		const { width } = await sharp(samples.icon).metadata();
		const result = await sharp(await readFile(file('results', name!))).metadata();
		expect(result.width).toBe(2 * width);
	});

	it('prompt-to-video: the picture goes by its URL, and only the video passes through n8n', async () => {
		const uploads = () =>
			world.sandbox.requests.filter(
				({ method, path }) => method === 'POST' && path.endsWith('/files'),
			).length;
		const before = uploads();
		const data = await executed(world.session, await imported('prompt-to-video'));
		expect(data.resultData.error).toBeUndefined();
		const [drawn] = given(data, 'Draw') as [INodeExecutionData];
		expect(drawn.binary).toBeUndefined();
		expect(lastInput().start_image).toBe((drawn.json.files as Array<{ url: string }>)[0]!.url);
		expect(uploads()).toBe(before);
		const [{ json }] = given(data, 'Store the Video') as [INodeExecutionData];
		expect(json.fileName).toMatch(/\/videos\/kling-v2\.1-\w+\.mp4$/);
		expect(await isThere(String(json.fileName))).toBe(true);
	});

	it('public-post: whoever reads the post can fetch the picture, without a sign-in', async () => {
		const told = world.standIns.notifications.length;
		const data = await executed(world.session, await imported('public-post'));
		expect(data.resultData.error).toBeUndefined();
		const [text] = world.standIns.notifications.slice(told);
		const [, link] = /sun: (http\S+)$/.exec(text!)!;
		const answer = await fetch(link!);
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
		const kept = await world.session.binary(given(data, 'Draw')[0]!.binary!.data!.id!);
		expect(Buffer.from(await answer.arrayBuffer()).equals(kept)).toBe(true);
	});

	it('respond-first: the caller hears at once, and the result is delivered with its ID', async () => {
		await world.session.activate(await imported('respond-first'));
		const told = world.standIns.notifications.length;
		const held = world.sandbox.holds.next('arrival');
		const answer = await called(url('/webhook/order-picture'), { id: '17', prompt: 'A bicycle' });
		expect([answer.status, await answer.json()]).toEqual([202, { accepted: '17' }]);
		// The response came although Replicate had not even taken the prediction.
		await held.reached;
		expect(world.standIns.notifications).toHaveLength(told);
		held.go();
		await until('it is delivered', () => world.standIns.notifications.length > told);
		expect(world.standIns.notifications[told]).toMatch(/^Order 17: http\S+\.webp$/);
	});

	it('chat: streams the model’s tokens', async () => {
		await world.session.activate(await imported('chat'));
		const answer = await called(url('/webhook/replicate-chat/chat'), {
			action: 'sendMessage',
			sessionId: 'test',
			chatInput: 'What does a network with fewer parameters gain?',
		});
		const chunks = (await answer.text())
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line) as { type: string; content?: string });
		const tokens = chunks.filter(({ type }) => type === 'item').map(({ content }) => content);
		expect(chunks[0]!.type).toBe('begin');
		expect(chunks.at(-1)!.type).toBe('end');
		expect(tokens.length).toBeGreaterThan(20);
		expect(tokens.join('')).toMatch(/parameters/);
		expect(lastInput().prompt).toMatch(/fewer parameters/);
	});

	it('agent: runs the tool that it needs, and hears the picture’s address', async () => {
		await world.session.activate(await imported('agent'));
		const ask = async (chatInput: string) => {
			const answer = await called(url('/webhook/replicate-agent/chat'), {
				action: 'sendMessage',
				sessionId: 'test',
				chatInput,
			});
			return ((await answer.json()) as { output: string }).output;
		};
		const drawn = await ask('Draw a picture of a red bicycle');
		expect(drawn).toMatch(/^Here it is: http:\/\/127\.0\.0\.1\S+\.(webp|png|jpg)$/);
		const { predictions } = world.sandbox;
		const pictures = predictions.all.filter(({ model }) => model.name === 'flux-schnell');
		expect(pictures.at(-1)!.input.prompt).toMatch(/red bicycle/);
		// The language model is one of Replicate, too: no other account is needed.
		expect(predictions.all.at(-1)!.model.name).toBe('gpt-5-structured');
		const found = await ask('upscale models');
		expect(found).toMatch(/^I found .*upscal/);
	});

	it('retry-by-id: fetches what took too long, and pays nothing twice', async () => {
		const { sandbox, session } = world;
		const workflow = await imported('retry-by-id', ({ nodes }) => {
			Object.assign(nodes.find(({ name }) => name === 'Draw')!.parameters, {
				model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
				inputJson: '={{ { seconds: $json.prompts === "A blue door" ? 6 : 0 } }}',
				options: { timeout: 2, onTimeout: 'leave' },
			});
			// This model gives text.
			nodes.find(({ name }) => name === 'Store the Picture')!.onError = 'continueRegularOutput';
		});
		const before = sandbox.predictions.all.length;
		const data = await executed(session, workflow);
		expect(given(data, 'Draw', 1)[0]!.json.error).toMatch(/not finished within the time limit/);
		expect(given(data, 'Get the Result')[0]!.json).toMatchObject({
			status: 'succeeded',
			text: 'done after 6 s',
		});
		expect(sandbox.predictions.all.length - before).toBe(2);
	});

	it('start-here: draws a picture', async () => {
		const data = await executed(world.session, await imported('start-here'));
		const [{ json, binary }] = given(data, 'Replicate') as [INodeExecutionData];
		expect(json).toMatchObject({ status: 'succeeded', model: 'black-forest-labs/flux-schnell' });
		expect(binary!.data).toMatchObject({ mimeType: 'image/webp' });
	});

	it('image-from-disk: sends the file and stores the result', async () => {
		const data = await executed(world.session, await imported('image-from-disk'));
		expect(data.resultData.error).toBeUndefined();
		const [{ json }] = given(data, 'Write the Result') as [INodeExecutionData];
		expect(await sharp(String(json.fileName)).metadata()).toMatchObject({ format: 'png' });
		expect(await uploaded(lastInput().img)).toBe(await sha256(samples.photo));
	});

	it('image-from-url: passes the URL on as it is', async () => {
		const data = await executed(world.session, await imported('image-from-url'));
		expect(data.resultData.error).toBeUndefined();
		expect(lastInput().image).toMatch(/^https:\/\/replicate\.delivery\/.*shoe\.jpg$/);
		expect(given(data, 'Write the Result')).toHaveLength(1);
	});

	it('large-file: the model gets the very bytes, and the text comes back', async () => {
		const data = await executed(world.session, await imported('large-file'));
		const [{ json }] = given(data, 'Transcribe') as [INodeExecutionData];
		const sent = await sha256(samples.recording);
		expect(json.output).toMatchObject({ transcription: expect.stringContaining(sent) as string });
		expect(await uploaded(lastInput().audio)).toBe(sent);
	});

	it('compare-models: shows three results of one photo, the fastest first', async () => {
		const data = await executed(world.session, await imported('compare-models'));
		expect(data.resultData.error).toBeUndefined();
		const compared = given(data, 'Fastest First').map(({ json }) => json);
		expect(compared.map(({ model }) => model).sort()).toEqual([
			'851-labs/background-remover',
			'cjwbw/rembg',
			'lucataco/remove-bg',
		]);
		const seconds = compared.map((one) => Number(one.seconds));
		expect(seconds).toEqual([...seconds].sort((one, other) => one - other));
		expect((await readdir(file('compared'))).sort()).toEqual([
			'851-labs-background-remover.png',
			'cjwbw-rembg.png',
			'lucataco-remove-bg.png',
		]);
	});

	it('leaves none out', async () => {
		const files = (await readdir(__dirname)).filter((name) => name.endsWith('.test.ts'));
		const texts = await Promise.all(
			files.map(async (name) => await readFile(join(__dirname, name), 'utf8')),
		);
		const tested = texts.flatMap((text) => [...text.matchAll(/\bimported\('([\w-]+)'/g)]);
		expect([...new Set(tested.map(([, name]) => name))].sort()).toEqual(
			(await exampleNames()).sort(),
		);
	});
});

/** A mail as it is sent, whose text shows a picture. */
function mailWithPicture(from: string, png: Buffer): string {
	return [
		`From: ${from}`,
		'To: studio@example.com',
		'Subject: Please',
		'MIME-Version: 1.0',
		'Content-Type: multipart/related; boundary="part"',
		'',
		'--part',
		'Content-Type: text/html; charset=utf-8',
		'',
		'<p>Without the background: <img src="cid:picture@phone"></p>',
		'--part',
		"Content-Type: application/octet-stream; name*=utf-8''M%C3%BCller.png",
		"Content-Disposition: inline; filename*=utf-8''M%C3%BCller.png",
		'Content-ID: <picture@phone>',
		'Content-Transfer-Encoding: base64',
		'',
		...png.toString('base64').match(/.{1,76}/g)!,
		'--part--',
		'',
	].join('\r\n');
}

/** Does something again and again, with time between, until it has had its effect. */
async function repeatUntil(
	act: () => Promise<void>,
	hasEffect: () => Promise<boolean>,
): Promise<void> {
	const hasSoon = async () =>
		await until('it has an effect', hasEffect, 5_000).then(
			() => true,
			() => false,
		);
	await until(
		'it has an effect at last',
		async () => {
			await act();
			return await hasSoon();
		},
		60_000,
	);
}

async function sha256(path: string): Promise<string> {
	return createHash('sha256')
		.update(await readFile(path))
		.digest('hex');
}

async function isThere(path: string): Promise<boolean> {
	return await stat(path).then(
		({ size }) => size > 0,
		() => false,
	);
}
