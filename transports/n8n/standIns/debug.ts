/** file-type's archive reader says what it does by way of `debug`, which writes to a terminal. */
export default function debug(): () => void {
	return () => undefined;
}
