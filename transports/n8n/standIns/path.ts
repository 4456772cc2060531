/** All that mime-types asks of Node's `path`, which packages for n8n Cloud cannot use. */
export function extname(path: string): string {
	const name = path.slice(path.lastIndexOf('/') + 1);
	const dot = name.lastIndexOf('.');
	return dot > 0 ? name.slice(dot) : '';
}
