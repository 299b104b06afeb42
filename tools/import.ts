// `npm run import -- fhir|dicom|terminology <file or folder>`: through the running server, as an administrator; when none runs, one is
// started on the same data folder for as long as the import takes, so the lock, the rights and the audit are the same.
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { importDicom } from './import/dicom.ts';
import { importFhir } from './import/fhir.ts';
import { language, reachServer, Stopped } from './import/server.ts';
import { importTerminology } from './import/terminology.ts';

const kinds = { fhir: importFhir, dicom: importDicom, terminology: importTerminology } as const;
const usage = `npm run import -- fhir|dicom|terminology <file or folder>
  TONGPING_IMPORT_USER, TONGPING_IMPORT_PASSWORD   the administrator who imports (asked for otherwise)
  TONGPING_URL                                     the running server, default http://127.0.0.1:3000`;

const { positionals } = parseArgs({ allowPositionals: true });
const [kind, path] = positionals;
try {
	if (kind === undefined || !Object.hasOwn(kinds, kind) || path === undefined) throw new Stopped(usage);
	if (statSync(path, { throwIfNoEntry: false }) === undefined) throw new Stopped(`没有 ${path} 这个文件或目录。 There is no ${path}.`);
	const server = await reachServer();
	try {
		const { stored, refused } = await kinds[kind as keyof typeof kinds](server, path);
		if (stored + refused === 0) throw new Stopped(`${path} 里没有可导入的文件。 There is nothing to import in ${path}.`);
		console.log(language() === 'en' ? `\n${stored} imported, ${refused} refused` : `\n${stored} 个已导入，${refused} 个未导入`);
		process.exitCode = refused === 0 ? 0 : 1;
	} finally {
		await server.leave();
	}
} catch (error) {
	if (!(error instanceof Stopped)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
