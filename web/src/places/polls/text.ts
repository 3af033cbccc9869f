/**
 * The text of a poll, which says what is asked and names the options (backend/polls/text.py).
 *
 * Its options are its last numbered list: lines that begin with `1.`, `2.` and so on without a gap, with nothing but
 * blank lines between and after them. Number n names the contract's option n - 1.
 */
const ITEM = /^([0-9]{1,2})\.[ \t]+(\S.*)$/;
const NAME = 200;
const TITLE = 200;

export interface PollText {
  title: string;
  /** All before the options, title included. */
  question: string;
  options: string[];
}

/** Any text has a title and a question; one without a numbered list has no options. */
export function parse(text: string): PollText {
  const lines = text.split(/\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/);
  let start = lines.length;
  let options: string[] = [];
  for (const [place, line] of lines.entries()) {
    const found = ITEM.exec(line.trimEnd());
    if (!found) {
      if (line.trim() && options.length > 0) {
        // Text after a list: what the list named was no option.
        start = lines.length;
        options = [];
      }
      continue;
    }
    const number = Number(found[1]);
    const name = found[2] as string;
    if (number === 1) {
      start = place;
      options = [name];
    } else if (number === options.length + 1 && options.length > 0) options.push(name);
    else {
      start = lines.length;
      options = [];
    }
  }
  const question = lines.slice(0, start).join("\n").trim();
  const first = question.split("\n", 1)[0] as string;
  return {
    title: [...first.replace(/^#+/, "").trim()].slice(0, TITLE).join(""),
    question,
    options: options.map((option) => [...option].slice(0, NAME).join("")),
  };
}

/** The text of a poll; null where it would not read back as what was given. */
export function compose(question: string, options: readonly string[]): string | null {
  const numbered = options.map((name, index) => `${index + 1}. ${name.trim()}`).join("\n");
  const text = `${question.trim()}\n\n${numbered}\n`;
  const read = parse(text);
  const same =
    read.title !== "" &&
    read.question === question.trim() &&
    read.options.length === options.length &&
    read.options.every((name, index) => name === (options[index] as string).trim());
  return same ? text : null;
}
