import { printable, printableLines } from './printable.js';

describe('printable', () => {
  it.each([
    { reason: 'a colour', text: '\x1b[31mred', shown: '\\x1b[31mred' },
    { reason: 'a title', text: '\x1b]0;mine\x07', shown: '\\x1b]0;mine\\x07' },
    { reason: 'the one-byte form of an escape', text: '\x9b2J', shown: '\\x9b2J' },
    { reason: 'a line that overwrites itself', text: 'bad\rgood\x7f\b', shown: 'bad\\rgood\\x7f\\x08' },
    { reason: 'further lines', text: 'a\nerror: b\u2028c', shown: 'a\\nerror: b\\u2028c' },
    { reason: 'text that is turned round', text: 'a\u202egpj.exe', shown: 'a\\u202egpj.exe' },
    { reason: 'what is not seen', text: 'a\u200bb\ufeff', shown: 'a\\u200bb\\ufeff' },
    { reason: 'ordinary text', text: 'wört – `ключ` 鍵 🔑 a\\b "c"', shown: 'wört – `ключ` 鍵 🔑 a\\b "c"' },
  ])('shows $reason', ({ text, shown }) => {
    expect(printable(text)).toBe(shown);
  });
});

describe('printableLines', () => {
  it('keeps lines and tabs, and nothing else that a terminal obeys', () => {
    expect(printableLines('a\tb\r\nc\x1b[2J\rd\n')).toBe('a\tb\nc\\x1b[2J\\rd\n');
  });
});
