/** The name under which the nodes' program gets the list of what makes its modules forget. */
export const FORGETTING = '__forgetting';

/** A value of a module's own that a function may change later: a collection, an object, a variable. */
const REMEMBERED = /^(export )?const (\w+)(: [^=;]+)? = (new [A-Z]\w*(?:<.*>)?\(\));$/gm;
const VARIABLE = /^let (\w+): ([^=;]+);$/gm;
const STATIC = /^\tstatic readonly (\w+) = (new (\w+)\(\));$/gm;

/**
 * A module of the nodes as TypeScript, to which it was added that it can forget: what it remembers is
 * made anew, in the order in which it was made first.
 */
export function forgetful(text: string): string {
	const after: string[] = [];
	const again = (name: string, value: string) =>
		`${FORGETTING}.push(() => { ${name} = ${value}; });`;
	const changed = text
		.replace(REMEMBERED, (_line, exported = '', name: string, type = '', value: string) => {
			return `${exported}let ${name}${type} = ${value}; ${again(name, value)}`;
		})
		.replace(VARIABLE, (line, name: string) => `${line} ${again(name, 'undefined')}`)
		.replace(STATIC, (_line, name: string, value: string, type: string) => {
			after.push(again(`${type}.${name}`, value));
			return `\tstatic ${name} = ${value};`;
		});
	return after.length === 0 ? changed : `${changed}\n${after.join('\n')}\n`;
}
