import type { JsonObject } from '../api/json';
import type { Prediction } from '../api/shapes';

/** What runs at Replicate and is billed. All kinds are created, waited for and cancelled alike. */
export interface JobKind {
	name: 'prediction' | 'deploymentPrediction' | 'training';
	/** Where the API lists, reads and cancels them. */
	path: '/predictions' | '/trainings';
	noun: 'prediction' | 'training';
	/** Whether a create can be held until the end (`Prefer: wait`) and limited (`Cancel-After`). */
	hasLimits: boolean;
	/** The create's path under the base URL. */
	createPath(target: JobTarget): string;
	/** What the create's body says beside the input. */
	body(target: JobTarget): JsonObject;
	/** Whether one that the list shows runs this target, as far as the list says. */
	runs(listed: Prediction, target: JobTarget): boolean;
}

/** What a create runs. */
export interface JobTarget {
	kind: JobKind;
	/** `owner/name` of an official model, or a version id; what a deployment runs. */
	version: string;
	/** `owner/name` of the deployment to run it on. */
	deployment?: string;
	/** `owner/name` of the model to train. */
	trained?: string;
	/** `owner/name` of the model that gets the training's result. */
	destination?: string;
}

function runsVersion({ model, version }: Prediction, target: JobTarget): boolean {
	return target.version.includes('/') ? model === target.version : version === target.version;
}

export const PREDICTION: JobKind = {
	name: 'prediction',
	path: '/predictions',
	noun: 'prediction',
	hasLimits: true,
	createPath: () => '/predictions',
	body: ({ version }) => ({ version }),
	runs: (listed, target) => !listed.deployment && runsVersion(listed, target),
};

export const DEPLOYMENT_PREDICTION: JobKind = {
	...PREDICTION,
	name: 'deploymentPrediction',
	createPath: ({ deployment }) => `/deployments/${deployment}/predictions`,
	body: () => ({}),
	// The list may name the deployment, or only what it runs.
	runs: (listed, target) =>
		listed.deployment ? listed.deployment === target.deployment : runsVersion(listed, target),
};

export const TRAINING: JobKind = {
	name: 'training',
	path: '/trainings',
	noun: 'training',
	hasLimits: false,
	createPath: ({ trained, version }) => `/models/${trained}/versions/${version}/trainings`,
	body: ({ destination }) => ({ destination: destination! }),
	runs: runsVersion,
};

const KINDS = [PREDICTION, DEPLOYMENT_PREDICTION, TRAINING];

export function isKindName(name: unknown): name is JobKind['name'] {
	return KINDS.some((kind) => kind.name === name);
}

/** The kind of this name, as plain JSON keeps it. */
export function kindNamed(name: JobKind['name']): JobKind {
	return KINDS.find((kind) => kind.name === name)!;
}
