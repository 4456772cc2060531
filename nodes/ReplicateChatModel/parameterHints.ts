import type { ChangedParameter, ChatParameters } from '../shared/chat/parameters';
import * as fields from './fields';

/** The parameters as the panel calls them. */
const LABELS: Record<keyof ChatParameters, string> = {
	maxTokens: fields.maxTokens.property.displayName,
	temperature: fields.temperature.property.displayName,
	topP: fields.topP.property.displayName,
	reasoningEffort: fields.reasoningEffort.property.displayName,
	// Chains set these, not the panel.
	stop: 'Stop Sequences',
};

/** What the builder should know of parameters that the model takes in another way, or not at all. */
export function parameterHints(model: string, changed: ChangedParameter[]): string[] {
	return changed.map(({ parameter, limited }) => {
		const label = LABELS[parameter];
		if (!limited) return `${model} has no input for ${label}, so it was not sent.`;
		const { range, sent } = limited;
		return `${model} takes ${label} ${range ? `of ${range}` : 'as a whole number'}, so ${sent} was sent.`;
	});
}
