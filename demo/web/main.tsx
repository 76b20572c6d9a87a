import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "react-sync-progress/styles.css";
import "./demo.css";
import { App } from "./app.js";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html must have an element with the id root.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
