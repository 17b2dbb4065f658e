/** Events and values, one a line as the test names them, by why they cannot be found. */
type Unseen = Record<string, string[]>;

/**
 * What the events and the contracts' answers alone cannot show to be tampered with. The proof of receipts shows all of it.
 * Of a kind that the history has no more, a line means nothing.
 */
export const UNSEEN: Record<"dropped" | "withheld" | "repeated" | "altered" | "swapped", Unseen> = {
  dropped: {
    "An act on paper: no contract keeps it": [
      "measures.ImplementationFiled",
      "register.MeasureAdded",
      "register.ThreatNotified",
      "distributor.ClaimSkipped",
    ],
    "Named by what follows from it: an attack that is covered otherwise": [
      "coverage.ExposureSet, as states another attack_ than the rules give",
    ],
  },
  withheld: {
    "An act on paper: no contract keeps it": [
      "measures.ImplementationFiled",
      "register.MeasureAdded",
      "register.ThreatNotified",
    ],
    "Named by what follows from it: an attack that is covered otherwise": [
      "coverage.ExposureSet, as states another attack_ than the rules give",
    ],
  },
  repeated: {
    "An act on paper: no contract keeps it": [
      "measures.ImplementationFiled",
      "register.ThreatNotified",
      "distributor.ClaimSkipped",
      "registry.ReportFiled",
    ],
    "Said twice it sets the same value again, which is allowed": [
      "council.VotingDelaySet",
      "coverage.ExposureSet",
      "coverage.TermsSet",
      "ledger.ScaleSet",
      "market.Pledged",
      "register.PanelAppointed",
      "registry.KeysAccepted",
      "registry.KeysProposed",
      "registry.LedgerAppointed",
    ],
  },
  altered: {
    "A text, a hash or a label that no contract keeps": [
      "council.VoteCast reason",
      "distributor.CampaignOpened uri",
      "distributor.ClaimSkipped campaignId",
      "distributor.ClaimSkipped index",
      "distributor.ClaimSkipped reason",
      "distributor.Claimed purpose",
      "ledger.ScaleSet dependence",
      "market.LotOffered offer.description",
      "market.LotOffered offer.hsCode",
      "market.LotOffered offer.unit",
      "market.LotOffered offer.uri",
      "measures.ImplementationFiled hash",
      "measures.ImplementationFiled uri",
      "panel.Reported evidence",
      "register.Filed evidence",
      "register.Filed incident",
      "register.Filed measure",
      "register.Filed uri",
      "register.MeasureAdded evidence",
      "register.MeasureAdded measure",
      "register.MeasureAdded uri",
      "register.ThreatNotified code",
      "register.ThreatNotified coercer",
      "register.ThreatNotified evidence",
      "register.ThreatNotified uri",
      "registry.ReportFiled hash",
      "registry.ReportFiled uri",
    ],
  },
  swapped: {
    "Neither depends on the other: in either order they lead to the same": [
      "council.VoteCast with council.VoteCast",
      "coverage.RoleRevoked with fund.RoleRevoked",
      "fund.RoleRevoked with panel.RoleRevoked",
      "ledger.RoleGranted with register.RoleGranted",
      "ledger.RoleRevoked with coverage.RoleRevoked",
      "market.LotRepriced with market.Pledged",
      "market.LotWithdrawn with distributor.CampaignOpened",
      "measures.RoleGranted with ledger.RoleGranted",
      "measures.RoleRevoked with registry.RoleRevoked",
      "panel.Reported with panel.Reported",
      "panel.RoleGranted with registry.RoleGranted",
      "panel.RoleRevoked with measures.RoleRevoked",
      "register.CouncilAppointed with register.PanelAppointed",
      "register.MeasureAdded with market.LotOffered",
      "register.PanelAppointed with register.RoleGranted",
      "register.RoleRevoked with ledger.RoleRevoked",
      "registry.LedgerAppointed with ledger.RoleGranted",
      "registry.RoleGranted with coverage.RoleGranted",
      "registry.RoleRevoked with timelock.RoleRevoked",
      "timelock.MinDelayChange with registry.RoleGranted",
      "timelock.RoleGranted with timelock.RoleGranted",
    ],
  },
};
