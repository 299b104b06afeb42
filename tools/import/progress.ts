import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Found {
	readonly files: readonly string[];
	/** named and not followed: a link may lead out of the folder, or round in it */
	readonly links: readonly string[];
	/** folders nobody lets us into */
	readonly closed: readonly string[];
}

/** The file itself, or everything under the folder whose name `wanted` accepts, in order. Only what is named on the console may be a link. */
export function foundAt(path: string, wanted: (name: string) => boolean): Found {
	if (statSync(path).isFile()) return { files: [path], links: [], closed: [] };
	const found = { files: [] as string[], links: [] as string[], closed: [] as string[] };
	const folders = [path];
	for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
		let entries;
		try {
			entries = readdirSync(folder, { withFileTypes: true });
		} catch (error) {
			if (!(error instanceof Error && 'code' in error)) throw error;
			found.closed.push(folder);
			continue;
		}
		for (const entry of entries) {
			const at = join(folder, entry.name);
			if (entry.isDirectory()) folders.push(at);
			else if (wanted(entry.name) && entry.isSymbolicLink()) found.links.push(at);
			else if (wanted(entry.name) && entry.isFile()) found.files.push(at);
		}
	}
	return { files: found.files.sort(), links: found.links.sort(), closed: found.closed.sort() };
}
export const filesAt = (path: string, wanted: (name: string) => boolean): readonly string[] => foundAt(path, wanted).files;

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
