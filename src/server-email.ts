export type { EmailRecipient } from "./server/email/email-delivery.js";
export {
  createEmailNotifier,
  EmailGivenUpError,
  type EmailNotifier,
  type EmailNotifierOptions,
} from "./server/email/email-notifier.js";
export type { Email } from "./server/email/email-sender.js";
export type { EndedSync } from "./server/email/ended-sync.js";
export type { SmtpOptions } from "./server/email/smtp-options.js";
