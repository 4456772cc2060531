import { InputError } from '../api/errors';
import { toBinaryFile, type BinaryStore } from '../files/binaryFile';
import { readAddress } from '../files/address';
import { parseDataUri } from '../files/dataUri';
import { findAddress } from '../files/givenFile';
import type { FileInput } from '../files/inputs';
import type { LanguageModel } from './languageModel';

/** The images of a conversation as an input of a model. */
export interface ChatImages {
	files: FileInput[];
	/** What the builder should know, though it stops nothing. */
	hints: string[];
}

/** Images in messages hold their bytes, so nothing is read from n8n's store. */
const NO_STORE = {} as BinaryStore;

/**
 * Makes a conversation's images ready to be sent: URLs as they are, bytes by their size.
 *
 * @param addresses URLs and data URIs, in the conversation's order
 * @param baseUrl   the API's address, see `readAddress`
 * @throws InputError for a data URI that is broken, and for an address that no model can fetch
 */
export async function chatImages(
	{ name, images }: LanguageModel,
	addresses: string[],
	baseUrl?: URL,
): Promise<ChatImages> {
	if (!images || addresses.length === 0) return { files: [], hints: [] };
	const isList = images.kind !== 'file';
	const shown = isList ? [...new Set(addresses)] : addresses.slice(-1);
	const values = await Promise.all(
		shown.map(async (address, index) => await imageValue(address, index, baseUrl)),
	);
	const hints =
		!isList && new Set(addresses).size > 1
			? [`${name} sees one image at a time, so only the last of ${addresses.length} was sent.`]
			: [];
	return { files: [{ input: images.name, values, list: isList }], hints };
}

async function imageValue(
	given: string,
	index: number,
	baseUrl: URL | undefined,
): Promise<FileInput['values'][number]> {
	const isData = /^\s*data:/i.test(given);
	const address = isData
		? readAddress(given.trim())
		: findAddress('An image of the conversation', given, baseUrl);
	if (typeof address === 'string') return { kind: 'text', text: address };
	const text = address?.kind === 'address' ? address.text : given;
	const { mimeType, bytes } = parseDataUri(text) ?? {};
	if (!mimeType || !bytes) {
		throw new InputError(
			isData
				? 'A message holds an image whose base64 is broken'
				: `A message holds an image without an address: ${given.slice(0, 100)}`,
			{
				code: 'messageFileUnsupported',
				type: mimeType ?? 'unknown',
			},
		);
	}
	const fileExtension = mimeType.split('/')[1]!.replace('jpeg', 'jpg');
	const binary = { data: bytes.toString('base64'), mimeType, fileExtension };
	return { kind: 'binary', file: await toBinaryFile(binary, NO_STORE, `image-${index + 1}`) };
}
