export { type FetchApp, type NodeHandler, toNodeHandler } from "./server/node/node-handler.js";
