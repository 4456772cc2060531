import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	ISupplyDataFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { openTransport } from '../../transports/edition';
import { ReplicateClient, type ReplicateCredential } from '../shared/api/client';
import type { BinaryStore } from '../shared/files/binaryFile';
import { PublicLinks } from '../shared/outputs/publicLinks';
import type { DownloadOptions, KeepBinary } from '../shared/outputs/request';
import { assertEgress, egressBlockReason } from './egress';

/** n8n's side of what a run of the node, a callback and the trigger need alike. */
export interface Host {
	/** Replicate's API, for the node's credential. */
	client: ReplicateClient;
	/** n8n's binary store, for reading. */
	store: BinaryStore;
	/** n8n's binary store, for writing. */
	keep: KeepBinary;
	/** n8n's own public addresses of files that it keeps. */
	publicLinks: PublicLinks;
	/** n8n's own rule for addresses that a model's output names. */
	blockReason: DownloadOptions['blockReason'];
}

/** @throws InputError when the credential cannot be used */
export async function openHost(context: IExecuteFunctions | IWebhookFunctions): Promise<Host> {
	const { helpers } = context;
	const client = await openClient(context);
	const store = helpers as BinaryStore;
	const keep: KeepBinary = async (bytes, fileName, mimeType) =>
		await helpers.prepareBinaryData(bytes, fileName, mimeType);
	return {
		client,
		store,
		keep,
		publicLinks: new PublicLinks(store, keep, client.baseUrl),
		blockReason: egressBlockReason(helpers),
	};
}

/**
 * Replicate's API for the credential that is chosen in the node, also in its panel.
 *
 * @throws InputError when the credential cannot be used, or n8n does not allow its address
 */
export async function openClient(
	context:
		| IExecuteFunctions
		| IWebhookFunctions
		| ILoadOptionsFunctions
		| IHookFunctions
		| ISupplyDataFunctions,
): Promise<ReplicateClient> {
	const credential = await context.getCredentials<ReplicateCredential>('replicateApi');
	const client = new ReplicateClient(credential, openTransport(context.helpers));
	await assertEgress(context.helpers, client.baseUrl);
	return client;
}
