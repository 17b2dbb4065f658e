// What is known of a member.
export const Status = { None: 0n, Active: 1n, Suspended: 2n, Withdrawn: 3n, Expelled: 4n } as const;
export const Kind = { State: 0n, Partner: 1n } as const;

export interface Member {
  code: string;
  status: bigint;
  kind: bigint;
  treasury: string;
  delegate: string;
  seat: bigint | undefined;
  voteSuspended: boolean;
  openCases: bigint;
  admittedAt: bigint;
  reportedAt: bigint;
  /** Every suspension and expulsion. */
  barred: bigint[];
  noticeAt: bigint;
  /** Whether it was admitted in the deployment, and has not left since. */
  founder: boolean;
}
