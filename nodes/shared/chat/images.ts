import { InputError } from '../api/errors';
import { toBinaryFile, type BinaryStore } from '../files/binaryFile';
import { parseDataUri } from '../files/dataUri';
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
 * @throws InputError for a data URI that is broken
 */
export async function chatImages(
	{ name, images }: LanguageModel,
	addresses: string[],
): Promise<ChatImages> {
	if (!images || addresses.length === 0) return { files: [], hints: [] };
	const isList = images.kind !== 'file';
	const shown = isList ? [...new Set(addresses)] : addresses.slice(-1);
	const values = await Promise.all(shown.map(imageValue));
	const hints =
		!isList && new Set(addresses).size > 1
			? [`${name} sees one image at a time, so only the last of ${addresses.length} was sent.`]
			: [];
	return { files: [{ input: images.name, values, list: isList }], hints };
}

async function imageValue(address: string, index: number): Promise<FileInput['values'][number]> {
	if (!address.startsWith('data:')) return { kind: 'text', text: address };
	const { mimeType, bytes } = parseDataUri(address) ?? {};
	if (!mimeType || !bytes) {
		throw new InputError('A message holds an image whose base64 is broken', {
			code: 'messageFileUnsupported',
			type: mimeType ?? 'unknown',
		});
	}
	const fileExtension = mimeType.split('/')[1]!.replace('jpeg', 'jpg');
	const binary = { data: bytes.toString('base64'), mimeType, fileExtension };
	return { kind: 'binary', file: await toBinaryFile(binary, NO_STORE, `image-${index + 1}`) };
}
