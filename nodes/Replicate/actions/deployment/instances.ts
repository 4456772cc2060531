import { wholeNumberField } from '../../../fields/bounded';

/** Machines that always run. Bounds: OpenAPI document, deployments.create. */
export const minInstances = wholeNumberField(
	{
		displayName: 'Min Instances',
		name: 'minInstances',
		default: 0,
		description: 'Machines that always run, and are billed continuously',
	},
	{ min: 0, max: 5 },
);

/** The most machines that run at the same time. Bounds: OpenAPI document, deployments.create. */
export const maxInstances = wholeNumberField(
	{
		displayName: 'Max Instances',
		name: 'maxInstances',
		default: 1,
		description:
			'How many machines may run at the same time. If this and the minimum are 0, the deployment is off.',
	},
	{ min: 0, max: 20 },
);
