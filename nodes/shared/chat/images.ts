import { InputError } from '../api/errors';
import { toBinaryFile, type BinaryStore } from '../files/binaryFile';
import { readAddress } from '../files/address';
import { parseDataUri } from '../files/dataUri';
import { findAddress } from '../files/givenFile';
import type { FileInput } from '../files/inputs';
import type { Media } from './conversation';
import type { LanguageModel } from './languageModel';

/** The files of a conversation as inputs of a model. */
interface ChatImages {
	files: FileInput[];
	/** What the builder should know, though it stops nothing. */
	hints: string[];
}

/** Images in messages hold their bytes, so nothing is read from n8n's store. */
const NO_STORE = {} as BinaryStore;

/** What a model is shown, and in which of its inputs. */
type FileInputOf = NonNullable<LanguageModel['images']>;

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
	return images
		? await readShown(name, images, addresses, 'image', baseUrl)
		: { files: [], hints: [] };
}

/**
 * The same for sounds, videos and documents.
 *
 * @throws InputError for a data URI that is broken
 */
export async function chatMedia(
	model: LanguageModel,
	media: Media[],
	baseUrl?: URL,
): Promise<ChatImages> {
	const shown = await Promise.all(
		(['audio', 'video', 'document'] as const).map(async (kind) => {
			const addresses = media.filter((one) => one.kind === kind).map(({ address }) => address);
			const input = model[kind];
			return input
				? await readShown(model.name, input, addresses, kind, baseUrl)
				: { files: [], hints: [] };
		}),
	);
	return {
		files: shown.flatMap(({ files }) => files),
		hints: shown.flatMap(({ hints }) => hints),
	};
}

async function readShown(
	model: string,
	input: FileInputOf,
	addresses: string[],
	what: string,
	baseUrl?: URL,
): Promise<ChatImages> {
	if (addresses.length === 0) return { files: [], hints: [] };
	const isList = input.kind !== 'file';
	const shown = isList ? [...new Set(addresses)] : addresses.slice(-1);
	const values = await Promise.all(
		shown.map(async (address, index) => await fileValue(address, `${what}-${index + 1}`, baseUrl)),
	);
	const hints =
		!isList && new Set(addresses).size > 1
			? [`${model} takes one ${what} at a time, so only the last of ${addresses.length} was sent.`]
			: [];
	return { files: [{ input: input.name, values, list: isList }], hints };
}

async function fileValue(
	given: string,
	name: string,
	baseUrl: URL | undefined,
): Promise<FileInput['values'][number]> {
	const isData = /^\s*data:/i.test(given);
	const address = isData
		? readAddress(given.trim())
		: findAddress('A file of the conversation', given, baseUrl);
	if (typeof address === 'string') return { kind: 'text', text: address };
	const text = address?.kind === 'address' ? address.text : given;
	const { mimeType, bytes } = parseDataUri(text) ?? {};
	if (!mimeType || !bytes) {
		throw new InputError(
			isData
				? 'A message holds a file whose base64 is broken'
				: `A message holds a file without an address: ${given.slice(0, 100)}`,
			{ code: 'messageFileUnsupported', type: mimeType ?? 'unknown' },
		);
	}
	const fileExtension = mimeType.split('/')[1]!.replace('jpeg', 'jpg');
	const binary = { data: bytes.toString('base64'), mimeType, fileExtension };
	return { kind: 'binary', file: await toBinaryFile(binary, NO_STORE, name) };
}
