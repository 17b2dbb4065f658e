import type { LedgerEvent, Speaker } from "../events/events.ts";
import { CouncilClerk } from "./clerks/council.ts";
import { CoverageClerk } from "./clerks/coverage.ts";
import { DistributorClerk } from "./clerks/distributor.ts";
import { FundClerk } from "./clerks/fund.ts";
import { LedgerClerk } from "./clerks/ledger.ts";
import { MarketClerk } from "./clerks/market.ts";
import { MeasuresClerk } from "./clerks/measures.ts";
import { Modules } from "./clerks/modules.ts";
import { PanelClerk } from "./clerks/panel.ts";
import { RegisterClerk } from "./clerks/register.ts";
import { RegistryClerk } from "./clerks/registry.ts";
import { RolesClerk } from "./clerks/roles.ts";
import { Desk } from "./desk.ts";
import type { Finding } from "./finding.ts";
import type { Setting } from "./setting.ts";
import { isHeard, isRoleEvent } from "./told.ts";

/**
 * All rules of the fund, from the design and not from the contracts. It is told the chain's events in order and works out
 * what follows from them: what was decided it takes as given, every consequence it works out itself, and what is told
 * otherwise, or missing, or not allowed, is a finding. Of the token it hears nothing: the journal tells of every movement,
 * and `compare` asks for the balance.
 */
export class Rulebook {
  readonly setting: Setting;
  readonly desk = new Desk();
  readonly modules: Modules;
  readonly roles: RolesClerk;
  readonly registry: RegistryClerk;
  readonly ledger: LedgerClerk;
  readonly fund: FundClerk;
  readonly council: CouncilClerk;
  readonly coverage: CoverageClerk;
  readonly register: RegisterClerk;
  readonly panel: PanelClerk;
  readonly market: MarketClerk;
  readonly measures: MeasuresClerk;
  readonly distributor: DistributorClerk;

  constructor(setting: Setting) {
    this.setting = setting;
    this.modules = new Modules(this);
    this.roles = new RolesClerk(this);
    this.registry = new RegistryClerk(this);
    this.ledger = new LedgerClerk(this);
    this.fund = new FundClerk(this);
    this.council = new CouncilClerk(this);
    this.coverage = new CoverageClerk(this);
    this.register = new RegisterClerk(this);
    this.panel = new PanelClerk(this);
    this.market = new MarketClerk(this);
    this.measures = new MeasuresClerk(this);
    this.distributor = new DistributorClerk(this);
  }

  get findings(): readonly Finding[] {
    return this.desk.findings;
  }

  /** Takes the next event. What it leads to is judged when the transaction is over. */
  apply(event: LedgerEvent): void {
    if (!isHeard(event)) return;
    const { place } = this.desk;
    if (place !== undefined && place.transaction !== event.transaction) this.finish();
    this.desk.begin(event);
    if (isRoleEvent(event)) {
      this.roles.apply(event);
      return;
    }
    switch (event.by) {
      case "registry": {
        this.registry.apply(event);
        return;
      }
      case "ledger": {
        this.ledger.apply(event);
        return;
      }
      case "fund": {
        this.fund.apply(event);
        return;
      }
      case "council": {
        this.council.apply(event);
        return;
      }
      case "timelock": {
        this.council.timelock.apply(event);
        return;
      }
      case "coverage": {
        this.coverage.apply(event);
        return;
      }
      case "register": {
        this.register.apply(event);
        return;
      }
      case "panel": {
        this.panel.apply(event);
        return;
      }
      case "market": {
        this.market.apply(event);
        return;
      }
      case "measures": {
        this.measures.apply(event);
        return;
      }
      case "distributor": {
        this.distributor.apply(event);
        return;
      }
    }
  }

  /** Judges the last transaction. More events may follow. */
  finish(): void {
    this.desk.close();
    this.council.timelock.close();
  }

  /** Notes an act, which the event now told states, that only the council can bring about once the founder has handed over. */
  decree(by: Speaker, name: string): void {
    this.desk.decree(by, name, this.roles.founding(by));
  }
}
