import { name, version } from '../package.json';

/** Under which name this edition of the package sends its requests. */
export const USER_AGENT = `${name}/${version}`;
