/**
 * Random edits, removals, moves and cut ends of the audit and of the live logs, by somebody with the file and this source
 * code; the verifier must find every one. The control, without what is kept outside, must miss some. npm run faults:tamper
 */
import { join } from 'node:path';
import { openWriting, verifyStored } from '@tongping/domain/kernel/server';
import { houseWithPast, tamperRuns } from '../../domain/src/kernel/server/tampering.fixtures.ts';

const given = (name: string, otherwise: number): number =>
	Number(process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const seed = given('seed', 1);
const { house, outside } = await houseWithPast(seed);
const { raw } = openWriting(join(house.dataDir, 'tongping.db'));
const untouched = verifyStored(raw, outside);
const result = tamperRuns(raw, { runs: given('runs', 10_000), seed }, () => verifyStored(raw, outside).findings.length > 0);
const control = tamperRuns(raw, { runs: 100, seed }, () => verifyStored(raw).findings.length > 0);
raw.close();
await house.close();
const holds = untouched.findings.length === 0 && result.missed.length === 0 && control.missed.length > 0;
console.log(JSON.stringify({ test: 'tampering', holds, untouched, result, control: { runs: control.runs, missed: control.missed.length } }, null, '\t'));
process.exit(holds ? 0 : 1);
