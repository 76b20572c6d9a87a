import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DoctorReport } from "../../src/cli/report/doctor-report.js";
import { canTest, findProgram } from "../server/engines/find-engine.js";
import { examine, problemsOf, textOf } from "./examine.js";
import { FaultyBackend } from "./faulty-backend.js";

const openssl = findProgram("openssl");

describe.runIf(canTest(openssl, "openssl", "openssl"))("the doctor over HTTPS", () => {
  const backend = new FaultyBackend();
  let folder: string;
  let certificate: string;
  let server: ReturnType<typeof createSecureServer>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "doctor-tls-"));
    certificate = join(folder, "cert.pem");
    const key = join(folder, "key.pem");
    const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate];
    execFileSync(openssl ?? "", [...args, ...name], { stdio: "ignore" });
    server = createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate), allowHTTP1: true });
    server.on("request", (request, response) => void backend.server.emit("request", request, response));
    server.listen(0, "localhost");
    await once(server, "listening");
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const url = () => `https://localhost:${(server.address() as AddressInfo).port}/api`;

  it("says that nobody trusts a certificate that is signed by itself", async () => {
    const report = await examine(url());
    expect(problemsOf(report)).toEqual(["address: fault"]);
    expect(textOf(report, "address")).toMatch(/signed by itself.*browsers refuse it as well/);
  });

  it("finds HTTP/2, and nothing wrong if the authority is trusted", async () => {
    const args = ["src/cli.ts", "doctor", url(), "--start", "gmail", "--cookie", "user=ada", "--json"];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };
    const report: DoctorReport = JSON.parse(await text(spawn("tsx", args, { env }).stdout));
    expect(problemsOf(report)).toEqual([]);
    expect(textOf(report, "connections")).toContain("HTTP/2");
  });
});
