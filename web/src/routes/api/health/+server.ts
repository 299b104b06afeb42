import { json } from '@sveltejs/kit';
import { hospital } from '@tongping/domain/kernel/server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = () => json({ ok: true, at: Date.now(), queued: hospital().writer.stats().queued });
