import { describe, expect, it } from "vitest";
import { readSmtpSettings, type SmtpEnvironment } from "../../../src/server/email/smtp-options.js";

const environment: SmtpEnvironment = {
  SMTP_HOST: "mail.example.com",
  SMTP_PORT: "2525",
  SMTP_USER: "app",
  SMTP_PASSWORD: " secret ",
  SMTP_FROM_EMAIL: "syncs@example.com",
  SMTP_FROM_NAME: "Syncs",
};

describe("the settings of the mail server", () => {
  it("are those of the environment, with TLS required", () => {
    expect(readSmtpSettings({}, environment)).toEqual({
      host: "mail.example.com",
      port: 2525,
      auth: { user: "app", pass: " secret " },
      from: { name: "Syncs", address: "syncs@example.com" },
      isTlsRequired: true,
      ca: null,
    });
  });

  it("are those of the options if there are some", () => {
    const options = {
      host: "localhost",
      port: 465,
      user: "",
      fromEmail: "other@example.com",
      fromName: "",
      isTlsRequired: false,
      ca: "PEM",
    };
    expect(readSmtpSettings(options, environment)).toEqual({
      host: "localhost",
      port: 465,
      auth: null,
      from: { name: "", address: "other@example.com" },
      isTlsRequired: false,
      ca: "PEM",
    });
  });

  it("need a host and an address only", () => {
    const settings = readSmtpSettings({ host: "localhost", fromEmail: "syncs@example.com" }, { SMTP_PORT: "" });
    expect(settings).toMatchObject({ port: 587, auth: null, from: { name: "", address: "syncs@example.com" } });
  });

  it("have a name without line breaks", () => {
    const settings = readSmtpSettings({ fromName: "Syncs\r\nBcc: eve@example.com" }, environment);
    expect(settings.from.name).toBe("Syncs Bcc: eve@example.com");
  });

  it.each([
    [{}, "SMTP_HOST", ""],
    [{}, "SMTP_FROM_EMAIL", "Syncs <syncs@example.com>"],
    [{}, "SMTP_FROM_EMAIL", undefined],
    [{}, "SMTP_PORT", "smtp"],
    [{ port: 0 }, "SMTP_PORT", "587"],
    [{ port: 70_000 }, "SMTP_PORT", "587"],
    [{ port: 25.5 }, "SMTP_PORT", "587"],
  ])("are refused in a sentence: %j with %s=%j", (options, variable, value) => {
    expect(() => readSmtpSettings(options, { ...environment, [variable]: value })).toThrow(
      new RegExp(`^SyncProgressError: smtp\\.\\w+ \\(or ${variable}\\) must be `),
    );
  });
});
