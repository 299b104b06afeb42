/** The insider of `flood.ts`: told `flood` by its parent it joins as a new page and sends as fast as the line takes it; told `rest` it is gone. */
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { step1Frame, step2Frame, updateFrame } from '../src/protocol/index.ts';

const FRAMES = 20_000;
/** Frames a turn and bytes waiting: the line is never empty, and this process hardly works. */
const TURN = 200;
const WAITING = 64 * 1024;
const [url = '', pages = '0'] = process.argv.slice(2);

/** All that one page will say, encoded beforehand. */
function encoded(): readonly Uint8Array[] {
	const doc = new Y.Doc();
	const frames: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => frames.push(updateFrame(update)));
	for (let i = 0; i < FRAMES; i++) doc.getText('flood').insert(i, 'x');
	return frames;
}
const floods = Array.from({ length: Number(pages) }, encoded);

let socket: WebSocket | null = null;
let timer: NodeJS.Timeout | undefined;
process.on('message', (message: 'flood' | 'rest') => {
	clearInterval(timer);
	socket?.terminate();
	if (message === 'rest') return;
	const frames = floods.pop() ?? [];
	let sent = 0;
	const line = new WebSocket(url);
	socket = line;
	line.on('error', (error) => process.send?.({ error: String(error) }));
	line.on('open', () => {
		line.send(step1Frame(Uint8Array.of(0)));
		line.send(step2Frame(Uint8Array.of(0, 0)));
		timer = setInterval(() => {
			for (let i = 0; i < TURN && line.bufferedAmount < WAITING && sent < frames.length; i++) line.send(frames[sent++] as Uint8Array<ArrayBuffer>);
		}, 5);
	});
	line.on('close', (code) => {
		clearInterval(timer);
		process.send?.({ sent, code });
	});
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
