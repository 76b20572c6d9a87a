import { getSyncs } from "./syncs";

export const dynamic = "force-dynamic";

const respond = (request: Request) => getSyncs().routes.fetch(request);

export { respond as GET, respond as POST, respond as PUT };
