import { model } from '../../../fields/model';
import type { Item } from '../../../host/item';
import { ParameterError } from '../../../fields/parameterError';
import { parseModelReference } from '../../../shared/models/modelReference';

/**
 * Reads which version of a model a deployment is to run: the given one, else the latest.
 *
 * @throws InputError for a model without versions
 */
export async function readRelease(item: Item): Promise<{ model: string; version: string }> {
	const reference = model.read(item);
	const { owner, name } = parseModelReference(reference);
	if (!owner || !name) {
		throw new ParameterError(
			'A version ID alone does not say which model it belongs to',
			'Write owner/name or owner/name:version.',
		);
	}
	const { version } = await item.run.models.runnable(reference);
	if (!version.includes('/')) return { model: `${owner}/${name}`, version };
	throw new ParameterError(
		`The model "${owner}/${name}" is an official one and has no version to deploy`,
		'Official models are always warm: run them without a deployment.',
	);
}
