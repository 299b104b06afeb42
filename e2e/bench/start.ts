import { discard, openHouse, round, type Figure } from './house.ts';

/** The second start on a folder that is there already, and what the server holds when nobody does anything. */
export async function start(): Promise<Figure[]> {
	const first = await openHouse();
	await first.stop();
	const second = await openHouse({ dataDir: first.dataDir });
	await new Promise((resolve) => setTimeout(resolve, 5000));
	const rss = second.rssMb();
	await second.stop();
	discard(second);
	return [
		{ what: 'first start with the demo hospital to build (after npm ci and build)', value: round(first.startMs / 1000, 2), unit: 's', bar: '', holds: true },
		{ what: 'second start', value: round(second.startMs / 1000, 2), unit: 's', bar: '<= 5', holds: second.startMs <= 5000 },
		{ what: 'idle server, resident memory', value: round(rss), unit: 'MB', bar: '<= 250', holds: rss <= 250 }
	];
}
