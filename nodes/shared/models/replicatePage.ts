/** What a page of Replicate's website, or an address of its API, is about. */
type PageKind = 'collection' | 'deployment' | 'file' | 'prediction' | 'training' | 'website';

/** The first part of a path that is no owner's name. */
const KINDS: Record<string, PageKind> = {
	p: 'prediction',
	predictions: 'prediction',
	trainings: 'training',
	deployments: 'deployment',
	collections: 'collection',
	files: 'file',
	...Object.fromEntries(
		'about account billing blog changelog docs explore hardware home login playground pricing search settings'
			.split(' ')
			.map((part) => [part, 'website' as const]),
	),
};

/** The parts of the path of a page on replicate.com, or of an address of its API; `undefined` for any other text. */
export function pathOnReplicate(text: string): string[] | undefined {
	const path = /^(?:https?:\/\/)?(?:www\.|api\.)?replicate\.com\/(?:v1\/)?([^?#\s]*)/i.exec(
		text,
	)?.[1];
	if (path === undefined) return undefined;
	const parts = path.split('/').filter((part) => part !== '');
	return parts[0] === 'models' ? parts.slice(1) : parts;
}

/** What a page is about that is not a model's; `undefined` for a model's. */
export function kindOfPage([first = '']: string[]): PageKind | undefined {
	return Object.hasOwn(KINDS, first) ? KINDS[first] : undefined;
}

/**
 * The ID of a prediction or a training in the address of its page, of its API, or of a model's page that
 * shows it; any other text stays as it is.
 *
 * @param section of the API's path
 */
export function idInAddress(text: string, section: 'predictions' | 'trainings'): string {
	if (!/^(?:https?:\/\/|(?:www\.|api\.)?replicate\.com\/)/i.test(text)) return text;
	const [path, query = ''] = text.split(/[?#]/, 2) as [string, string?];
	const parts = path.split('/');
	const at = parts.findLastIndex((part) => part === 'p' || part === section);
	const shown = /(?:^|&)prediction=([\w-]+)/.exec(query)?.[1];
	return (at >= 0 && parts[at + 1]) || shown || text;
}
