import { OWN_FEATURES, startOwnBackend } from "./own-backend.js";
import { testBackend } from "./test-backend.js";

testBackend("our server half", startOwnBackend, OWN_FEATURES);
