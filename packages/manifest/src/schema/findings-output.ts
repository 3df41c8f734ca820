import { z } from 'zod';

const position = z.int().min(1);

const place = z
  .object({
    file: z.string().describe('The file, relative to the Nx workspace or the repository.'),
    keys: z.array(z.union([z.string(), z.int().min(0)])).optional().describe('Path of keys and list positions inside it.'),
    line: position.optional().describe('First line, from 1.'),
    column: position.optional().describe('First column, from 1, in UTF-16 code units.'),
    endLine: position.optional().describe('Last line.'),
    endColumn: position.optional().describe('The column behind the last one.'),
  })
  .describe('Where it is.');

const finding = z.object({
  code: z.string().regex(/^[a-z]+(-[a-z]+)*$/).describe('What kind of finding it is. Codes are never reused or renamed.'),
  severity: z.enum(['error', 'warning', 'note']).describe('Errors stop a build.'),
  message: z.string().describe('One sentence: what is wrong.'),
  hint: z.string().optional().describe('The next step.'),
  place,
  isFixable: z.boolean().describe('Whether `check --fix` puts it right.'),
  docs: z.string().describe('Where it is explained: page and anchor.'),
  allowed: z.string().optional().describe('The reason in the settings for accepting it.'),
});

/** What `package-vm check --json` prints. */
export const findingsOutput = z
  .object({
    schemaVersion: z.literal(1).describe('Raised when a key changes its meaning or goes.'),
    findings: z.array(finding).describe('All findings of all given files, file by file, in the order of each.'),
    summary: z
      .object({ errors: z.int().min(0), warnings: z.int().min(0), notes: z.int().min(0), allowed: z.int().min(0) })
      .describe('How many there are; those that are allowed count as that and nothing else.'),
    fixed: z.array(z.object({ file: z.string(), code: z.string() })).optional().describe('What `--fix` put right.'),
  })
  .meta({ title: 'Findings of package-vm', description: 'What `package-vm check --json` prints.' });
