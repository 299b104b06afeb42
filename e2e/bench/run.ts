// npm run bench [-- name ...]: the bars of the product on this machine, each against its number. Nothing else of yours should run meanwhile.
import { cpus, loadavg } from 'node:os';
import { board } from './board.ts';
import { codes } from './codes.ts';
import { discard, openHouse, type Figure, type House } from './house.ts';
import { lighthouse } from './lighthouse.ts';
import { note } from './note.ts';
import { reading } from './reading.ts';
import { start } from './start.ts';

const inHouse: Readonly<Record<string, (house: House) => Promise<Figure[]>>> = { board, note, reading, codes, lighthouse };
const alone: Readonly<Record<string, () => Promise<Figure[]>>> = { start };

const asked = process.argv.slice(2);
const wanted = (name: string): boolean => asked.length === 0 || asked.includes(name);
const figures: Figure[] = [];
const report = (name: string, rows: readonly Figure[]): void => {
	for (const row of rows) console.log(`${row.holds ? 'holds' : 'MISSED'} | ${name} | ${row.what} | ${row.value} ${row.unit} | ${row.bar} | ${row.note ?? ''}`);
	figures.push(...rows);
};

console.log(`${new Date().toISOString()} node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(2)}`);
for (const [name, measure] of Object.entries(alone)) if (wanted(name)) report(name, await measure());
for (const [name, measure] of Object.entries(inHouse)) {
	if (!wanted(name)) continue;
	const house = await openHouse();
	try {
		report(name, await measure(house));
	} finally {
		await house.stop();
		discard(house);
	}
}
const missed = figures.filter((figure) => !figure.holds).length;
console.log(`${figures.length - missed} bars hold, ${missed} missed`);
process.exit(missed === 0 ? 0 : 1);
