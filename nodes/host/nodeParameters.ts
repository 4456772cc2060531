import type { IExecuteFunctions, IGetNodeParameterOptions } from 'n8n-workflow';

/**
 * The node's parameters for each item. n8n evaluates and checks a parameter anew for every item,
 * which takes longer than most of what the node does for a small one. A value without expressions is
 * the same for all items, so n8n is asked for it once.
 */
export class NodeParameters {
	/** Values that are the same for all items. */
	private readonly same = new Map<string, unknown>();
	/** Those that n8n must evaluate for each item. */
	private readonly differing = new Set<string>();

	constructor(private readonly context: IExecuteFunctions) {}

	/**
	 * The value for one item, with expressions evaluated.
	 *
	 * @param fallback the same wherever an operation asks for this name
	 */
	get(
		name: string,
		itemIndex: number,
		fallback: unknown,
		options: IGetNodeParameterOptions = {},
	): unknown {
		const key = options.extractValue ? `${name} (located)` : name;
		if (this.same.has(key)) return this.same.get(key);
		const value = this.context.getNodeParameter(name, itemIndex, fallback, options);
		if (this.differing.has(key)) return value;
		const written = this.context.getNodeParameter(name, itemIndex, fallback, {
			rawExpressions: true,
		});
		// Frozen: what one item changes must not be the next one's. A copy, because it is n8n's own.
		if (isPlain(written) && isPlain(value)) this.same.set(key, frozen(structuredClone(value)));
		else this.differing.add(key);
		return value;
	}
}

function frozen<T>(value: T): T {
	if (typeof value !== 'object' || value === null) return value;
	Object.values(value).forEach(frozen);
	return Object.freeze(value);
}

/** Whether it is JSON without expressions, which begin with "=". n8n makes objects of dates. */
function isPlain(value: unknown): boolean {
	if (typeof value === 'string') return !value.startsWith('=');
	if (typeof value !== 'object' || value === null) return typeof value !== 'function';
	const isJson = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
	return isJson && Object.values(value).every(isPlain);
}
