import { InputError } from '../api/errors';
import { kindOfPage, pathOnReplicate } from './replicatePage';

/** What a builder can write to say which model runs. */
export type ModelReference =
	| { kind: 'model'; owner: string; name: string }
	| { kind: 'version'; owner?: string; name?: string; version: string };

/** An owner's, model's or deployment's name, as part of a pattern. */
export const NAME = '[A-Za-z0-9][\\w.-]*';
const OWNER_AND_NAME = new RegExp(`^(${NAME})/(${NAME})(?::([A-Za-z0-9]+))?$`);
const VERSION = /^[0-9a-f]{64}$/;

/**
 * Reads `owner/name`, `owner/name:version`, a 64-digit version, or the address of a model's page
 * (`https://replicate.com/owner/name`, with or without `/versions/…` and whatever follows).
 *
 * @throws InputError for any other text
 */
export function parseModelReference(text: string): ModelReference {
	// An expression may give it as JSON.
	const reference = fromUrl(text.trim().replace(/^"(.*)"$/, '$1'));
	if (VERSION.test(reference)) return { kind: 'version', version: reference };
	const [, owner, name, version] = OWNER_AND_NAME.exec(reference) ?? [];
	if (!owner || !name) {
		throw new InputError(
			text.trim() === '' ? 'No model was chosen' : `"${text}" is not a Replicate model`,
			{ code: 'notAModel', given: text },
		);
	}
	if (version === undefined || version === 'latest') return { kind: 'model', owner, name };
	if (!VERSION.test(version)) {
		throw new InputError(`"${version}" is not a version of ${owner}/${name}`, {
			code: 'notAVersion',
			version,
			model: `${owner}/${name}`,
		});
	}
	return { kind: 'version', owner, name, version };
}

/**
 * `owner/name[:version]` from a page's or the API's address; any other text stays as it is.
 *
 * @throws InputError for a page that is not a model's
 */
function fromUrl(text: string): string {
	const path = pathOnReplicate(text);
	if (path === undefined) return text;
	const page = kindOfPage(path);
	if (page !== undefined) {
		const what = page === 'website' ? 'of the website' : `of a ${page}`;
		throw new InputError(`"${text}" is the address ${what}, and not of a model`, {
			code: 'notAModel',
			given: text,
			page,
		});
	}
	const [owner, name = '', section, version] = path;
	return section === 'versions' && version ? `${owner}/${name}:${version}` : `${owner}/${name}`;
}

/**
 * Reads `owner/name`, or the address of a deployment's page.
 *
 * @throws InputError when the text names no deployment
 */
export function parseDeployment(text: string): string {
	const parts = pathOnReplicate(text.trim());
	const isPage = parts && kindOfPage(parts) === 'deployment';
	const path = isPage ? parts.slice(1, 3).join('/') : text.trim().replace(/\/$/, '');
	if (new RegExp(`^${NAME}/${NAME}$`).test(path)) return path;
	throw new InputError(path === '' ? 'No deployment was chosen' : `"${text}" is not a deployment`, {
		code: 'notADeployment',
		given: text,
	});
}
