import { parse } from 'flatted';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IConnections, INode, IRunExecutionData, IWorkflowSettings } from 'n8n-workflow';

/** The owner of every n8n that is set up here; it listens on loopback only. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Olive',
	lastName: 'Owner',
	password: 'Replicate-2-n8n',
};

/** How long n8n may refuse requests because its database does not keep up, in ms. */
const BUSY_MS = 20_000;

/** A workflow as it stands in a file that n8n imports. */
export interface WorkflowFile {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: Record<string, unknown>;
}

/** A workflow as n8n keeps it. */
export interface SavedWorkflow extends WorkflowFile {
	id: string;
	versionId: string;
	active: boolean;
	isArchived?: boolean;
}

/** One run of a workflow, in n8n's list of them. */
export interface ExecutionSummary {
	id: string;
	status: string;
	startedAt: string;
	stoppedAt?: string;
}

/**
 * A connection for each request. The sandbox can keep this process busy for longer than n8n keeps an
 * idle connection open, and the next request would fail on it.
 */
const NOT_KEPT = { connection: 'close' };

/** What the editor says to the server, for a signed-in owner. */
export class Session {
	private constructor(
		readonly url: string,
		private readonly cookie: string,
	) {}

	/** Signs in at an n8n; a new one gets its owner first. */
	static async open(url: string): Promise<Session> {
		const send = async (path: string, body: object) =>
			await fetch(`${url}/rest${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...NOT_KEPT },
				body: JSON.stringify(body),
			});
		const { email, password } = OWNER;
		const answer = await send('/owner/setup', OWNER);
		const signedIn = answer.ok
			? answer
			: await send('/login', { emailOrLdapLoginId: email, password });
		const cookie = signedIn.headers.get('set-cookie')?.split(';')[0];
		if (!signedIn.ok || !cookie)
			throw new Error(`Cannot sign in at ${url}: ${signedIn.status} ${await signedIn.text()}`);
		return new Session(url, cookie);
	}

	/**
	 * @param path below `/rest`
	 * @throws if n8n answers with anything but a success. What it refuses for the moment, because its
	 * database does not keep up, is asked again.
	 */
	async request<T>(method: string, path: string, body?: object): Promise<T> {
		const deadline = Date.now() + BUSY_MS;
		const ask = async () =>
			await fetch(`${this.url}/rest${path}`, {
				method,
				headers: { 'content-type': 'application/json', cookie: this.cookie, ...NOT_KEPT },
				body: body && JSON.stringify(body),
			});
		let answer = await ask();
		while (answer.status === 503 && Date.now() < deadline) {
			await sleep(500);
			answer = await ask();
		}
		const text = await answer.text();
		if (!answer.ok) throw new Error(`n8n: ${method} ${path}: ${answer.status} ${text}`);
		return (JSON.parse(text) as { data: T }).data;
	}

	/**
	 * Sends a request whose response is a stream of events, as of an Agent's chat, and reads it to its end.
	 *
	 * @param path below `/rest`
	 * @returns the data of each event
	 * @throws if n8n answers with anything but a success
	 */
	async events<T>(path: string, body: object): Promise<T[]> {
		const answer = await fetch(`${this.url}/rest${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', cookie: this.cookie, ...NOT_KEPT },
			body: JSON.stringify(body),
		});
		const text = await answer.text();
		if (!answer.ok) throw new Error(`n8n: POST ${path}: ${answer.status} ${text}`);
		const data = text.split('\n').filter((line) => line.startsWith('data: '));
		return data.map((line) => JSON.parse(line.slice('data: '.length)) as T);
	}

	/** Creates a credential, or gives the one of this name. */
	async credential(
		name: string,
		type: string,
		data: object,
	): Promise<{ id: string; name: string }> {
		const all = await this.request<Array<{ id: string; name: string }>>('GET', '/credentials');
		const found = all.find((credential) => credential.name === name);
		return found
			? await this.request('PATCH', `/credentials/${found.id}`, { name, type, data })
			: await this.request('POST', '/credentials', { name, type, data });
	}

	async workflows(): Promise<SavedWorkflow[]> {
		return await this.request('GET', '/workflows');
	}

	async createWorkflow(workflow: WorkflowFile): Promise<SavedWorkflow> {
		return await this.request('POST', '/workflows', workflow);
	}

	/** Switches a workflow on, so that its triggers start it. */
	async activate({ id, versionId }: SavedWorkflow): Promise<void> {
		await this.request('POST', `/workflows/${id}/activate`, { versionId });
	}

	/** The runs of a workflow, the newest first; n8n gives a hundred of them at most. */
	async executions(workflowId: string, limit = 100): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.request<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?limit=${limit}&filter=${filter}`,
		);
		return results;
	}

	/**
	 * The state of one of the last hundred runs: `new` for one that is not in the list yet. n8n does not
	 * read its data for this.
	 */
	async status(id: string): Promise<string> {
		const { results } = await this.request<{ results: ExecutionSummary[] }>(
			'GET',
			'/executions?limit=100&filter=%7B%7D',
		);
		return results.find((run) => run.id === id)?.status ?? 'new';
	}

	/** The data of one run: what each node gave. */
	async execution(id: string): Promise<{ status: string; data: IRunExecutionData }> {
		const { status, data } = await this.request<{ status: string; data: string }>(
			'GET',
			`/executions/${id}`,
		);
		return { status, data: parse(data) as IRunExecutionData };
	}

	/** Reads a file that n8n keeps, as the editor's download button does. */
	async binary(id: string): Promise<Buffer> {
		const answer = await fetch(
			`${this.url}/rest/binary-data?action=download&id=${encodeURIComponent(id)}`,
			{ headers: { cookie: this.cookie, ...NOT_KEPT } },
		);
		if (!answer.ok) throw new Error(`n8n: binary data ${id}: ${answer.status}`);
		return Buffer.from(await answer.arrayBuffer());
	}
}
