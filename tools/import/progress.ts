import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The file itself, or everything under the folder whose name `wanted` accepts, in order. */
export function filesAt(path: string, wanted: (name: string) => boolean): string[] {
	if (statSync(path).isFile()) return [path];
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && wanted(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

const WIDTH = 24;
/** One line that moves on a terminal; a line for each tenth in a log. */
export function progress(what: string): (done: number, total: number) => void {
	let tenth = -1;
	return (done, total) => {
		const share = total === 0 ? 1 : done / total;
		if (process.stdout.isTTY) {
			const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
			process.stdout.write(`\r${bar} ${done}/${total} ${what}${done >= total ? '\n' : ''}`);
		} else if (Math.floor(share * 10) > tenth) {
			tenth = Math.floor(share * 10);
			console.log(`${done}/${total} ${what}`);
		}
	};
}
