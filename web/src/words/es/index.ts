import app from "./app.json";
import members from "./members.json";
import offices from "./offices.json";
import parts from "./parts.json";
import proofs from "./proofs.json";

export default { ...app, ...members, ...offices, ...parts, ...proofs };
