import { dicomweb } from '@tongping/domain/imaging/server';
import type { RequestHandler } from './$types';

/** DICOMweb: QIDO-RS, WADO-RS, STOW-RS. */
const answer: RequestHandler = ({ request, params, locals, url }) =>
	dicomweb(
		locals.actor,
		request,
		params.path.split('/').filter((segment) => segment !== ''),
		`${url.origin}/dicomweb`
	);
export const GET = answer;
export const POST = answer;
