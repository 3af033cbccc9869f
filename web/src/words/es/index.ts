import app from "./app.json";
import assignments from "./assignments.json";
import chain from "./chain.json";
import commons from "./commons.json";
import consent from "./consent.json";
import delegation from "./delegation.json";
import home from "./home.json";
import kiosk from "./kiosk.json";
import members from "./members.json";
import node from "./node.json";
import offices from "./offices.json";
import parts from "./parts.json";
import polls from "./polls.json";
import proofs from "./proofs.json";
import proposals from "./proposals.json";
import records from "./records.json";
import reputation from "./reputation.json";

export default {
  ...app,
  ...assignments,
  ...chain,
  ...commons,
  ...consent,
  ...delegation,
  ...home,
  ...kiosk,
  ...members,
  ...node,
  ...offices,
  ...parts,
  ...polls,
  ...proofs,
  ...proposals,
  ...records,
  ...reputation,
};
