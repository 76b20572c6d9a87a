import { getSyncs } from "./syncs";

const respond = (request: Request) => getSyncs().routes.fetch(request);

export { respond as GET, respond as POST, respond as PUT };
