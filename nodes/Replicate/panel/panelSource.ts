import type { ILoadOptionsFunctions } from 'n8n-workflow';
import type { ParameterSource } from '../../fields/field';
import { isNested } from '../../shared/api/json';

/** The node's parameters as they are in the panel. Expressions may be unresolved there. */
export function panelSource(context: ILoadOptionsFunctions): ParameterSource {
	return {
		parameter(name, fallback, options = {}) {
			const value: unknown = context.getCurrentNodeParameter(name, options);
			// In the panel, n8n does not always extract a locator's value.
			const located = options.extractValue && isNested(value) ? value.value : value;
			return located ?? fallback;
		},
	};
}
