/**
 * marked's lexer, which does not mind what it is given: bounded in what it takes together and in how deep it goes.
 *
 * Left alone it calls itself for each mark of a quote or a list until the stack is full, and takes the square of a
 * line's length for some lines: 16 kB of `>` took the place down that showed them.
 */
import { Lexer, type Token } from "marked";

/** Quotes and lists within one another, and forms of letters within one another, beyond which all is plain text. */
const LEVELS = 12;
/** Characters of a paragraph up to which it is searched for links and emphasis. */
const LONGEST = 2_500;

class Bounded extends Lexer {
  private blocks = 0;
  private forms = 0;

  override blockTokens(...given: any[]): any {
    const [text, tokens = []] = given as [string, Token[]?];
    if (this.blocks >= LEVELS) {
      tokens.push({ type: "paragraph", raw: text, text, tokens: [plain(text)] });
      return tokens;
    }
    this.blocks++;
    try {
      return super.blockTokens(...(given as [string]));
    } finally {
      this.blocks--;
    }
  }

  override inlineTokens(text: string, tokens: Token[] = []): Token[] {
    if (this.forms >= LEVELS || text.length > LONGEST) {
      tokens.push(plain(text));
      return tokens;
    }
    this.forms++;
    try {
      return super.inlineTokens(text, tokens);
    } finally {
      this.forms--;
    }
  }
}

export function lexed(text: string): Token[] {
  return new Bounded({ gfm: true }).lex(text);
}

function plain(text: string): Token {
  return { type: "text", raw: text, text };
}
