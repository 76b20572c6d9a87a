import { it } from "vitest";
import { EXAMPLE_FEATURES, hasFlask, startFlask } from "./example-backends.js";
import { testBackend } from "./test-backend.js";

if (hasFlask()) testBackend("the example in Flask", startFlask, EXAMPLE_FEATURES);
else it.skip("the example in Flask");
