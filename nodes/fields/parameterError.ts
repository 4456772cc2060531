import { InputError } from '../shared/api/errors';

/** A parameter of the node that cannot be followed. Its words name the panel. */
export class ParameterError extends InputError {
	/**
	 * @param message what is wrong, with the parameter's name
	 * @param advice  what to do about it
	 */
	constructor(message: string, advice?: string) {
		super(message, { code: 'parameter', advice });
	}
}
