import { picture } from './media';
import type { RunContext } from './model';

/** Whether an address can be read without leaving this machine. */
export function isLocalFile(value: unknown): value is string {
	return (
		typeof value === 'string' &&
		/^(?:data:[\w.+-]+\/|http:\/\/127\.0\.0\.1|https:\/\/api\.replicate\.com\/v1\/files\/)/.test(
			value,
		)
	);
}

/**
 * The picture behind an input. The sandbox reaches no other machine, so that a picture on the web
 * is replaced by one that shows its address.
 */
export async function inputPicture(
	address: unknown,
	{ fetchFile }: Pick<RunContext, 'fetchFile'>,
): Promise<string | Buffer> {
	if (!isLocalFile(address)) return await picture(String(address), 'png');
	return (await fetchFile(address)).content;
}
