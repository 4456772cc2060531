import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { openTransport } from '../../../transports/edition';
import { ReplicateClient, type ReplicateCredential } from '../../shared/api/client';
import type { TargetParameters } from '../actions/prediction/target';

/** The client for the credential that is chosen in the node's panel. */
export async function editorClient(context: ILoadOptionsFunctions): Promise<ReplicateClient> {
	const credential = await context.getCredentials<ReplicateCredential>('replicateApi');
	return new ReplicateClient(credential, openTransport(context.helpers));
}

/** The node's parameters as they stand in the editor. Expressions may be unresolved there. */
export function editorParameters(context: ILoadOptionsFunctions): TargetParameters {
	const parameter = (name: string): unknown => context.getCurrentNodeParameter(name);
	return {
		parameter,
		located(name) {
			const value = context.getCurrentNodeParameter(name, { extractValue: true });
			const text = typeof value === 'object' ? (value as { value?: unknown } | null)?.value : value;
			return String(text ?? '');
		},
	};
}
