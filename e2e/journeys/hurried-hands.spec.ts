import { expect, test, type Page } from '@playwright/test';
import { demoPatient } from '@tongping/domain/patient';
import { arrive, type Actor } from '../actors/index.ts';
import { saved, section, sign } from '../pages/note.ts';

const round = (key: string): string => `/patients/${demoPatient(key).id}/round`;

/** A busy PC: the browser moves the caret at once, and tells of it 40 ms later. */
async function tellLate(page: Page): Promise<void> {
	await page.addInitScript(() => {
		window.addEventListener(
			'selectionchange',
			(event) => {
				if (!event.isTrusted) return;
				event.stopImmediatePropagation();
				setTimeout(() => document.dispatchEvent(new Event('selectionchange')), 40);
			},
			true
		);
	});
}
/** The words of a section, paragraph by paragraph, without names and carets. */
const lines = (page: Page, root: string): Promise<string[]> =>
	section(page, root).evaluate((element) => {
		const copy = element.cloneNode(true) as HTMLElement;
		for (const extra of copy.querySelectorAll('.by, .caret, .pilcrow, br, img')) extra.remove();
		return [...copy.querySelectorAll('p')].map((p) => p.textContent.replaceAll('\u2060', ''));
	});

/** A colleague who types into the first paragraph without a pause, and moves about in it. */
function typist(page: Page, root: string): { stop(): Promise<string> } {
	let going = true;
	let typed = '';
	const work = (async () => {
		await section(page, root).click();
		await page.keyboard.press('Control+Home');
		await page.keyboard.press('End');
		while (going) {
			for (const letter of '同事不停地写') {
				await page.keyboard.insertText(letter);
				typed += letter;
			}
			// Long lines wrap, and wrapped lines have many ends.
			for (const letter of '同事不停地写') {
				await page.keyboard.press('Backspace');
				typed = typed.slice(0, -letter.length);
			}
		}
	})();
	return {
		async stop() {
			going = false;
			await work;
			return typed;
		}
	};
}

/** The same dice each time: a try that went wrong can be repeated. */
function dice(seed: number): (sides: number) => number {
	let state = seed;
	return (sides) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return (state >>> 8) % sides;
	};
}

/** What a person expects who types blindly: lines of their own and a caret in them. */
class Expected {
	lines = [''];
	row = 0;
	at = 0;
	insert(words: string): void {
		const line = this.lines[this.row] ?? '';
		this.lines[this.row] = line.slice(0, this.at) + words + line.slice(this.at);
		this.at += words.length;
	}
	/** null: that key would leave these lines */
	key(key: string): boolean {
		const line = this.lines[this.row] ?? '';
		switch (key) {
			case 'Home':
				this.at = 0;
				return true;
			case 'End':
				this.at = line.length;
				return true;
			case 'Enter':
				this.lines.splice(this.row, 1, line.slice(0, this.at), line.slice(this.at));
				this.row++;
				this.at = 0;
				return this.lines.length < 6;
			case 'ArrowLeft':
			case 'ArrowRight':
				if (key === 'ArrowLeft' ? this.at === 0 : this.at === line.length) return false;
				this.at += key === 'ArrowLeft' ? -1 : 1;
				return true;
			case 'Backspace':
				if (this.at === 0) {
					if (this.row === 0) return false;
					const before = this.lines[this.row - 1] ?? '';
					this.lines.splice(this.row - 1, 2, before + line);
					this.row--;
					this.at = before.length;
					return true;
				}
				this.lines[this.row] = line.slice(0, this.at - 1) + line.slice(this.at);
				this.at--;
				return true;
			default:
				if (this.at === line.length) {
					if (this.row === this.lines.length - 1) return false;
					this.lines.splice(this.row, 2, line + (this.lines[this.row + 1] ?? ''));
					return true;
				}
				this.lines[this.row] = line.slice(0, this.at) + line.slice(this.at + 1);
				return true;
		}
	}
}
const KEYS = ['Home', 'End', 'ArrowLeft', 'ArrowRight', 'Backspace', 'Delete', 'Enter'] as const;
const WORDS = ['夜', '班', '稳', 'x', '好', '药', '量', '查'] as const;

async function hurry(page: Page, seed: number, presses: number): Promise<Expected> {
	const roll = dice(seed);
	const cdp = await page.context().newCDPSession(page);
	const expected = new Expected();
	const said: string[] = [];
	for (let i = 0; i < presses; i++) {
		const what = roll(10);
		const word = WORDS[roll(WORDS.length)] ?? '';
		if (what < 4) {
			expected.insert(word);
			said.push(word);
			await page.keyboard.insertText(word);
		} else if (what === 4) {
			// Pinyin: letters under the caret, a choice, words.
			expected.insert('患者');
			said.push('〔患者〕');
			for (const preedit of ['h', 'hu', 'huan', 'huan zhe'])
				await cdp.send('Input.imeSetComposition', { text: preedit, selectionStart: preedit.length, selectionEnd: preedit.length });
			await cdp.send('Input.insertText', { text: '患者' });
		} else {
			const key = KEYS[roll(KEYS.length)] ?? 'Home';
			const before = { lines: [...expected.lines], row: expected.row, at: expected.at };
			if (!expected.key(key) || expected.lines.some((line) => line.length > 24)) {
				Object.assign(expected, before);
				continue;
			}
			said.push(key);
			await page.keyboard.press(key);
		}
	}
	test.info().annotations.push({ type: `seed ${seed}`, description: said.join(' ') });
	return expected;
}

async function begin(actor: Actor, key: string): Promise<void> {
	await actor.page.goto(round(key));
	await actor.page.getByRole('button', { name: '开始日常病程记录' }).click();
	await expect(saved(actor.page)).toBeVisible();
}

test('hurried keys act where the caret is seen, while a colleague types in the same section', async ({ browser }) => {
	test.setTimeout(180_000);
	const resident = await arrive(browser, 'resident1');
	const attending = await arrive(browser, 'attending1');
	await tellLate(resident.page);
	await begin(resident, 'male/33');
	await attending.page.goto(round('male/33'));
	await expect(saved(attending.page)).toBeVisible();
	await section(resident.page, 'plan').click();
	await resident.page.keyboard.insertText('上：');
	await resident.page.keyboard.press('Enter');
	await expect(section(attending.page, 'plan').locator('p')).toHaveCount(2);
	const colleague = typist(attending.page, 'plan');
	for (const seed of [1, 2]) {
		await resident.page.keyboard.press('Control+End');
		await resident.page.waitForTimeout(100);
		const expected = await hurry(resident.page, seed, 70);
		await expect.poll(async () => (await lines(resident.page, 'plan')).slice(1), { message: `seed ${seed}` }).toEqual(expected.lines);
		await expect
			.poll(async () => (await lines(attending.page, 'plan')).slice(1), { message: `seed ${seed}, as the colleague sees it` })
			.toEqual(expected.lines);
		// Away with it, for the next dice.
		await resident.page.keyboard.press('Control+End');
		await resident.page.waitForTimeout(100);
		for (let left = expected.lines.join('\n').length; left > 0; left--) await resident.page.keyboard.press('Backspace');
		await expect.poll(async () => (await lines(resident.page, 'plan')).slice(1)).toEqual(['']);
	}
	const first = `上：${await colleague.stop()}`;
	await expect.poll(async () => (await lines(resident.page, 'plan'))[0]).toBe(first);
	await resident.leave();
	await attending.leave();
});

test('after a signature too: Home right after traced typing is not lost when a colleague’s words are drawn', async ({ browser }) => {
	test.setTimeout(180_000);
	const resident = await arrive(browser, 'resident1');
	const attending = await arrive(browser, 'attending1');
	const chief = await arrive(browser, 'chief1');
	await tellLate(attending.page);
	await begin(resident, 'male/32');
	for (const root of ['subjective', 'objective', 'assessment']) {
		await section(resident.page, root).click();
		await resident.page.keyboard.insertText('如前。');
	}
	await section(resident.page, 'plan').click();
	await resident.page.keyboard.insertText('上：');
	await resident.page.keyboard.press('Enter');
	await resident.page.keyboard.insertText('继续原量防冲动');
	await sign(resident, '签名');
	for (const { page } of [attending, chief]) {
		await page.goto(round('male/32'));
		await expect(section(page, 'plan')).toHaveAttribute('contenteditable', 'true');
	}
	const colleague = typist(chief.page, 'plan');
	const plan = section(attending.page, 'plan');
	const own = plan.locator('p').nth(1);
	await plan.click();
	await attending.page.keyboard.press('Control+End');
	const { keyboard } = attending.page;
	for (let round = 0; round < 6; round++) {
		await keyboard.insertText('后');
		await keyboard.press('Home');
		await keyboard.insertText('前');
		await keyboard.press('End');
		await keyboard.press('Backspace');
		await keyboard.press('Home');
		await keyboard.press('Delete');
		await expect.poll(async () => (await lines(attending.page, 'plan'))[1], { message: `round ${round}` }).toBe('继续原量防冲动');
		await expect(own.locator('del, ins')).toHaveCount(0);
		await keyboard.press('End');
	}
	await keyboard.insertText('并观察');
	await keyboard.press('Home');
	await keyboard.press('Delete');
	await keyboard.press('Delete');
	await keyboard.insertText('加');
	await expect(own.locator('del')).toHaveText(['继续']);
	await expect(own.locator('ins')).toHaveText(['加', '并观察']);
	await colleague.stop();
	for (const actor of [resident, attending, chief]) await actor.leave();
});
