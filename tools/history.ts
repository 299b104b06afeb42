// `npm run history -- <kind>/<id> [--at <time> | --position <n>]`: who wrote what stands in a live document, now or at a moment. Through the
// server (one is started when none runs), so the rights and the read audit are those of the person who asks.
import { parseArgs } from 'node:util';
import type { RootAuthors } from '@tongping/domain/kernel/server';
import { reachServer, sentenceOf, Stopped } from './import/server.ts';

const usage = `npm run history -- <kind>/<id> [--at 2026-11-22T08:00:00+08:00 | --position <n>] [--json]
  TONGPING_IMPORT_USER, TONGPING_IMPORT_PASSWORD   who looks (asked for otherwise); their rights and the read audit apply
  TONGPING_URL                                     the running server, default http://127.0.0.1:3000`;

interface Answer {
	readonly position: number;
	readonly at: number | null;
	readonly updates: number;
	readonly roots: readonly (RootAuthors & { readonly ranges: readonly { readonly name: string | null }[] })[];
}

async function history(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { at: { type: 'string' }, position: { type: 'string' }, json: { type: 'boolean' } }
	});
	const [, kind, id] = /^([a-z][a-z0-9-]*)\/([\w.~-]+)$/u.exec(positionals[0] ?? '') ?? [];
	if (kind === undefined || id === undefined || (values.at !== undefined && values.position !== undefined)) throw new Stopped(usage);
	const server = await reachServer();
	try {
		const query = new URLSearchParams({
			...(values.at === undefined ? {} : { time: values.at }),
			...(values.position === undefined ? {} : { position: values.position })
		});
		const answer = await server.ask(`/api/live/${kind}/${id}/authors?${query.toString()}`, {});
		if (!answer.ok) throw new Stopped(await sentenceOf(answer));
		const found = (await answer.json()) as Answer;
		if (values.json) console.log(JSON.stringify(found, null, '\t'));
		else print(found);
	} finally {
		await server.leave();
	}
}

const when = (at: number): string => new Date(at).toISOString();
function print({ position, at, updates, roots }: Answer): void {
	console.log(`${updates} 次更新 updates, 到第 ${position} 行 up to row ${position}${at === null ? '' : `, ${when(at)}`}`);
	for (const { root, ranges, values } of roots) {
		console.log(`\n# ${root}`);
		for (const range of ranges) console.log(`${when(range.at)}\t${range.name ?? range.user}\t${range.session.slice(0, 8)}\t${JSON.stringify(range.text)}`);
		for (const value of values)
			console.log(`${when(value.at)}\t${value.user}\t${value.session.slice(0, 8)}\t${value.path.join('.')} = ${JSON.stringify(value.value)}`);
	}
}

try {
	await history();
} catch (error) {
	if (!(error instanceof Stopped)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
