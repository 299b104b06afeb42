/** A server that is killed before it could end in peace; with `keep` it has written down what it compiled. */
import { keepCompiled } from './compiled.ts';
import { chainHash } from './live-chain.ts';

chainHash('', { position: 1, doc: 'note/n', user: 'u', session: 's', device: '', at: 0, data: new Uint8Array(1) });
if (process.argv[2] === 'keep') keepCompiled(50);
setTimeout(() => {
	process.stdout.write('now\n');
}, 400);
setInterval(() => undefined, 1000);
