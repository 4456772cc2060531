/** What became of one file. */
export interface Row {
	file: string;
	/** Unknown for a hosted file, which this machine never reads. */
	bytes?: number;
	travelled: string;
	model: string;
	status: string;
	seconds: number;
	output: string;
}

/** The rows as a table, each column as wide as its longest cell. */
export function tableOf(rows: Row[]): string {
	const lines = [
		['file', 'bytes', 'travelled as', 'model', 'status', 'time', 'output'],
		...rows.map((row) => [
			row.file,
			row.bytes === undefined ? '–' : row.bytes.toLocaleString('en'),
			row.travelled,
			row.model,
			row.status,
			`${row.seconds.toFixed(1)} s`,
			row.output,
		]),
	];
	const widths = lines[0]!.map((_, column) =>
		Math.max(...lines.map((line) => line[column]!.length)),
	);
	const isNumber = (column: number) => column === 1 || column === 5;
	const text = lines.map((line) =>
		line
			.map((cell, column) => {
				const width = widths[column]!;
				return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
			})
			.join('  ')
			.trimEnd(),
	);
	text.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
	return text.join('\n');
}
