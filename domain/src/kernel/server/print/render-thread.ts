import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import pdfmake from 'pdfmake';
import type { PdfDefinition } from './pdf.ts';

// Noto Sans SC covers the rare characters of people's names; it is embedded as a subset, so a print looks the same anywhere.
const file = createRequire(import.meta.url).resolve;
const font = (path: string): string => file(`@expo-google-fonts/noto-sans-sc/${path}`);
const regular = font('400Regular/NotoSansSC_400Regular.ttf');
const bold = font('700Bold/NotoSansSC_700Bold.ttf');
pdfmake.setFonts({ Noto: { normal: regular, bold, italics: regular, bolditalics: bold } });
// A print is made of the record alone: nothing is fetched.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path: string) => path === regular || path === bold);

if (parentPort === null) throw new Error('prints are rendered in a worker thread');
const port = parentPort;
port.on('message', ({ id, definition }: { id: number; definition: PdfDefinition }) => {
	pdfmake
		.createPdf({ pageSize: 'A4', pageMargins: [48, 48, 48, 56], defaultStyle: { font: 'Noto', fontSize: 10.5, lineHeight: 1.35 }, ...definition })
		.getBuffer()
		.then(
			(bytes: Uint8Array) => {
				port.postMessage({ id, bytes: new Uint8Array(bytes) });
			},
			(error: unknown) => {
				port.postMessage({ id, problem: String(error) });
			}
		);
});
