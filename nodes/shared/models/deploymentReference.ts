import { InputError } from '../api/errors';
import { NAME } from './modelReference';

/**
 * Reads `owner/name`, or the address of a deployment's page.
 *
 * @throws InputError when the text names no deployment
 */
export function parseDeployment(text: string): string {
	const path = text
		.trim()
		.replace(/^https?:\/\/(?:www\.)?replicate\.com\/deployments\//i, '')
		.split(/[?#]/)[0]!
		.replace(/\/$/, '');
	if (new RegExp(`^${NAME}/${NAME}$`).test(path)) return path;
	throw new InputError(path === '' ? 'No deployment was chosen' : `"${text}" is not a deployment`, {
		code: 'notADeployment',
		given: text,
	});
}
