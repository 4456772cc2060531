import { Problem, notFound } from './problems';
import { versionOf, type SandboxModel } from './models/model';

export interface SandboxDeployment {
	owner: string;
	name: string;
	model: SandboxModel;
	number: number;
	hardware: string;
	minInstances: number;
	maxInstances: number;
}

/** What a create or an update may set. */
export interface DeploymentSettings {
	hardware?: string;
	min_instances?: number;
	max_instances?: number;
}

/** The machines that there are (sample of the OpenAPI document). */
export const HARDWARE = [
	{ name: 'CPU', sku: 'cpu' },
	{ name: 'Nvidia T4 GPU', sku: 'gpu-t4' },
	{ name: 'Nvidia A40 GPU', sku: 'gpu-a40-small' },
	{ name: 'Nvidia A40 (Large) GPU', sku: 'gpu-a40-large' },
];

/** The deployments of the accounts: each begins with one of `thumbnail` and one of `tokens`. */
export class Deployments {
	private readonly byOwner = new Map<string, SandboxDeployment[]>();

	constructor(private readonly models: SandboxModel[]) {}

	list(owner: string): SandboxDeployment[] {
		let all = this.byOwner.get(owner);
		if (!all) {
			const deployed = this.models.filter(({ name }) => ['thumbnail', 'tokens'].includes(name));
			all = deployed.map((model) => deploymentOf(owner, `my-${model.name}`, model));
			this.byOwner.set(owner, all);
		}
		return all;
	}

	/** @throws Problem 404, also for another account's */
	get(account: string, owner: string, name: string): SandboxDeployment {
		const found = this.list(account).find((one) => one.owner === owner && one.name === name);
		if (!found) throw notFound();
		return found;
	}

	/** @throws Problem 422 for a name that is taken, or hardware that there is not */
	create(
		owner: string,
		name: string,
		model: SandboxModel,
		settings: DeploymentSettings,
	): SandboxDeployment {
		if (this.list(owner).some((one) => one.name === name)) {
			throw invalid(`A deployment named ${name} exists already`);
		}
		const created = deploymentOf(owner, name, model);
		change(created, settings);
		this.list(owner).push(created);
		return created;
	}

	/** Each change is a new release. */
	update(deployment: SandboxDeployment, settings: DeploymentSettings): SandboxDeployment {
		change(deployment, settings);
		deployment.number += 1;
		return deployment;
	}

	delete(deployment: SandboxDeployment): void {
		const all = this.list(deployment.owner);
		all.splice(all.indexOf(deployment), 1);
	}

	/** The deployment as the API shows it. */
	toJson(deployment: SandboxDeployment): object {
		const { owner, name, model, number, hardware, minInstances, maxInstances } = deployment;
		return {
			owner,
			name,
			current_release: {
				number,
				model: `${model.owner}/${model.name}`,
				version: versionOf(model),
				created_at: '2026-01-01T00:00:00.000Z',
				created_by: { type: 'user', username: owner, name: owner, avatar_url: '', github_url: '' },
				configuration: { hardware, min_instances: minInstances, max_instances: maxInstances },
			},
		};
	}
}

function deploymentOf(owner: string, name: string, model: SandboxModel): SandboxDeployment {
	return { owner, name, model, number: 1, hardware: 'cpu', minInstances: 0, maxInstances: 1 };
}

function change(deployment: SandboxDeployment, settings: DeploymentSettings): void {
	const { hardware, min_instances: min, max_instances: max } = settings;
	if (hardware !== undefined && !HARDWARE.some(({ sku }) => sku === hardware)) {
		throw invalid(`${hardware} is not a valid hardware SKU`);
	}
	deployment.hardware = hardware ?? deployment.hardware;
	deployment.minInstances = min ?? deployment.minInstances;
	deployment.maxInstances = max ?? deployment.maxInstances;
}

function invalid(detail: string): Problem {
	return new Problem(422, { title: 'Input validation failed', detail, status: 422 });
}
