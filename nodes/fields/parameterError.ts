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

/**
 * A limit that the builder has set is reached: nothing more is created. It ends no other item, because
 * what is running is paid for.
 */
export class LimitReachedError extends ParameterError {}
