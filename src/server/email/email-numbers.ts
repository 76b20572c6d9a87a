/** Plural forms of a phrase, `#` for the number; `other` stands in for those that the language does not have. */
export type EmailPlurals = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** Writes numbers in one locale. */
export interface EmailNumbers {
  /** `1204` as `"1,204"`. */
  number(value: number): string;
  /** The form for a number, with the number in the place of `#`. */
  count(value: number, forms: EmailPlurals): string;
}

/** The numbers of a locale that the platform supports. */
export function createEmailNumbers(locale: string): EmailNumbers {
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  return {
    number: (value) => numbers.format(value),
    count: (value, forms) => (forms[plurals.select(value)] ?? forms.other).replace("#", numbers.format(value)),
  };
}
