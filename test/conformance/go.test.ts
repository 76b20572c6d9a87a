import { it } from "vitest";
import { EXAMPLE_FEATURES, hasGo, startGo } from "./example-backends.js";
import { testBackend } from "./test-backend.js";

if (hasGo()) testBackend("the example in Go", startGo, EXAMPLE_FEATURES);
else it.skip("the example in Go");
