import { nodeType, PACKAGE_NAME } from '../../dev/packageName';
import { importExamples } from '../../dev/n8n/examples';
import { freePort } from '../../dev/n8n/server';
import { EditorPage } from './editorPage';
import {
	called,
	example,
	executed,
	given,
	inARow,
	startOwnN8nWorld,
	type OwnN8nWorld,
} from './n8nWorld';

/** What n8n 3 sets by default, where n8n 2 has a setting for it (n8n's page "v3.0 Breaking changes"). */
const DEFAULTS_OF_3 = {
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'false',
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	N8N_RUNNERS_TASK_TIMEOUT: '60',
	N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES: `${256 * 1024 * 1024}`,
	N8N_COMPRESSION_NODE_MAX_ZIP_ENTRIES: '1000',
};

/** n8n 3's longer list of blocked addresses counts where the operator has switched the guard on. */
const GUARD_OF_3 = {
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_BLOCKED_IP_RANGES: 'default,100.64.0.0/10',
	// The sandbox.
	N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32',
};

interface Report {
	targetVersion: string;
	instanceResults: Array<{ ruleId: string }>;
	workflowResults: Array<{ ruleId: string; ruleSeverity: string; nbAffectedWorkflows: number }>;
}

describe('with the defaults of n8n 3', () => {
	let world: OwnN8nWorld;

	beforeAll(async () => {
		// Before it refuses to install a package, n8n asks a service of its own about it: nobody listens here.
		const nowhere = { HTTPS_PROXY: `http://127.0.0.1:${await freePort()}`, NO_PROXY: '127.0.0.1' };
		world = await startOwnN8nWorld({ env: { ...DEFAULTS_OF_3, ...GUARD_OF_3, ...nowhere } });
	});
	afterAll(async () => await world.stop());

	const imported = async (name: string) => await example(world, name);

	it('n8n refuses to install the package, as one that is not verified', async () => {
		const install = world.session.request('POST', '/community-packages', { name: PACKAGE_NAME });
		await expect(install).rejects.toThrow(
			'Installation of unverified community packages is forbidden!',
		);
	});

	it('the package loads all the same when it is in n8n’s folder', async () => {
		const names = [nodeType('replicate'), nodeType('replicateTrigger')];
		const types = await world.session.request<Array<{ displayName: string }>>(
			'POST',
			'/node-types',
			{ nodeInfos: names.map((name) => ({ name, version: 1 })) },
		);
		expect(types.map(({ displayName }) => displayName)).toEqual(['Replicate', 'Replicate Trigger']);
	});

	it('the panel of nodes finds it', async () => {
		const workflow = await world.session.createWorkflow(
			inARow(world, 'Panel', [
				{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
			]),
		);
		const editor = await EditorPage.open(world.main.url);
		try {
			await editor.openWorkflow(workflow.id);
			expect(await editor.searchNodes('replicate')).toContain('Replicate');
		} finally {
			await editor.close();
		}
	});

	it('an output file is stored on the disk', async () => {
		const data = await executed(world.session, await imported('start-here'));
		expect(data.resultData.error).toBeUndefined();
		expect(given(data, 'Replicate')[0]!.binary!.data!.id).toMatch(/^filesystem/);
	});

	it('a file goes to Replicate and comes back, also packed into an archive', async () => {
		const data = await executed(world.session, await imported('upscale-folder'));
		expect(data.resultData.error).toBeUndefined();
	});

	it('a workflow is suspended, and resumed by callbacks', async () => {
		const data = await executed(world.session, await imported('long-video'));
		expect(given(data, 'Store the Video')).toHaveLength(2);
	});

	it('an agent uses it as a tool', async () => {
		await world.session.activate(await imported('agent'));
		const answer = await called(`${world.main.url}/webhook/replicate-agent/chat`, {
			action: 'sendMessage',
			sessionId: 'test',
			chatInput: 'Draw a picture of a red bicycle',
		});
		expect(await answer.text()).toMatch(/Here it is: http/);
	});

	it('n8n’s guard of addresses holds for the base URL', async () => {
		const { session } = world;
		const replicateApi = await session.credential('Shared address space', 'replicateApi', {
			apiToken: 'r8_x',
			baseUrl: 'https://100.64.0.1/v1',
		});
		const workflow = await session.createWorkflow(
			inARow(world, 'Blocked', [
				{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
				{
					name: 'Replicate',
					type: nodeType('replicate'),
					typeVersion: 1,
					parameters: { operation: 'getAll' },
					credentials: { replicateApi },
				},
			]),
		);
		const { resultData } = await executed(session, workflow, 'Start');
		expect(resultData.error).toMatchObject({
			message: expect.stringContaining('n8n does not allow requests to the base URL'),
		});
	});

	it('n8n’s own report on version 3 finds no recipe that stops working', async () => {
		const { session, surroundings, credentials } = world;
		await importExamples(session, surroundings, credentials);
		const { report } = await session.request<{ report: Report }>(
			'POST',
			'/breaking-changes/report/refresh?version=v3',
		);
		expect(report.targetVersion).toBe('v3');
		// The recipes with a chat, should somebody embed one in a page with an old version of n8n's widget.
		expect(report.workflowResults).toMatchObject([
			{ ruleId: 'chat-trigger-embedded-json-v3', ruleSeverity: 'low', nbAffectedWorkflows: 4 },
		]);
		const ofTheInstance = report.instanceResults.map(({ ruleId }) => ruleId);
		expect(ofTheInstance).not.toContain('unverified-packages-v3');
		expect(ofTheInstance).not.toContain('in-memory-binary-data-v3');
	});
});
