import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { nodeResponseOf } from "../../../src/server/http/node-response.js";

it("the response of Node is taken from what the host gives along with a request", async () => {
  const { promise, resolve } = Promise.withResolvers<ServerResponse>();
  const server = createServer((_, response) => {
    resolve(response);
    response.end();
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as AddressInfo;
  await fetch(`http://127.0.0.1:${port}`);
  const outgoing = await promise;
  expect(nodeResponseOf({ outgoing })).toBe(outgoing);
  server.close();
});

it("anything else is no response of Node", () => {
  for (const env of [undefined, null, "outgoing", 1, {}, { outgoing: null }, { outgoing: "x" }, { outgoing: {} }]) {
    expect(nodeResponseOf(env)).toBeNull();
  }
});

it.each(["headersSent", "writableNeedDrain", "write", "end", "destroy", "on"])(
  "neither is a response without %s, as those of HTTP/2 are for one",
  (name) => {
    const complete = { headersSent: false, writableNeedDrain: false, write: 1, end: 1, destroy: 1, on: 1 };
    expect(nodeResponseOf({ outgoing: complete })).toBe(complete);
    const { [name as keyof typeof complete]: _, ...outgoing } = complete;
    expect(nodeResponseOf({ outgoing })).toBeNull();
  },
);
