import { versionOf, type SandboxModel } from './models/model';
import { notFound } from './problems';

export interface SandboxDeployment {
	owner: string;
	name: string;
	model: SandboxModel;
}

/** The deployments of the accounts: each has one of `thumbnail` and one of `tokens`. */
export class Deployments {
	constructor(private readonly models: SandboxModel[]) {}

	list(owner: string): SandboxDeployment[] {
		const deployed = this.models.filter(({ name }) => ['thumbnail', 'tokens'].includes(name));
		return deployed.map((model) => ({ owner, name: `my-${model.name}`, model }));
	}

	/** @throws Problem 404, also for another account's */
	get(account: string, owner: string, name: string): SandboxDeployment {
		const found = this.list(account).find((one) => one.owner === owner && one.name === name);
		if (!found) throw notFound();
		return found;
	}

	/** The deployment as the API shows it. */
	toJson({ owner, name, model }: SandboxDeployment): object {
		return {
			owner,
			name,
			current_release: {
				number: 1,
				model: `${model.owner}/${model.name}`,
				version: versionOf(model),
				created_at: '2026-01-01T00:00:00.000Z',
				created_by: { type: 'user', username: owner, name: owner, avatar_url: '', github_url: '' },
				configuration: { hardware: 'cpu', min_instances: 0, max_instances: 1 },
			},
		};
	}
}
