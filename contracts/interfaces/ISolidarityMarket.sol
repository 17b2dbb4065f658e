// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAttackRegister} from "./IAttackRegister.sol";

/// @title The market for stranded goods
/// @notice The attacked member offers what it can no longer sell to the coercer; members pledge to buy and pay its
/// treasury directly. What was bought lowers the net loss of the attack, and so what the fund pays. The market never
/// holds money and does not see the delivery.
///
///   offer ──▶ open ──┬──▶ withdrawn   the seller takes back what is left
///              │ ▲   ├──▶ lapsed      the deadline has passed, or the attack is over
///      pledge, └─┘   └──▶ sold out
///      settle
///
/// @dev Amounts in base units of the settlement token, quantities in whole units of the lot, times in seconds since
/// 1970. Nobody owns the market: it has no setting.
interface ISolidarityMarket {
    /// @notice What is offered.
    /// @param description Hash of the document that describes the goods and the terms of delivery
    /// @param uri Where that document is
    /// @param hsCode The six digits of the Harmonized System as a number: 30617 for 0306.17
    /// @param unit What the quantity counts, such as "kg"
    /// @param quantity How much there is, above zero
    /// @param price What one unit costs, above zero
    /// @param deadline Last second at which it can be pledged and paid
    struct Offer {
        bytes32 description;
        string uri;
        uint24 hsCode;
        string unit;
        uint64 quantity;
        uint104 price;
        uint48 deadline;
    }

    /// @notice A lot as it stands; what it consists of is told by its event.
    /// @param seller The attacked member
    /// @param attackId The attack
    /// @param price What one unit costs now
    /// @param deadline Last second at which it can be pledged and paid
    /// @param withdrawn Whether the seller has taken back what was left
    /// @param quantity How much there was
    /// @param sold How much of it is paid
    /// @param pledged What all members have pledged, the paid included; may be more than there is
    struct Lot {
        bytes3 seller;
        uint64 attackId;
        uint104 price;
        uint48 deadline;
        bool withdrawn; // slot 0: 3 + 8 + 13 + 6 + 1 = 31 bytes
        uint64 quantity;
        uint64 sold;
        uint96 pledged; // slot 1: 8 + 8 + 12 = 28 bytes, all that a payment changes of it
    }

    /// @notice What a member has pledged of a lot.
    /// @param pledged What it has promised to buy in all
    /// @param settled What of it is paid
    struct Pledge {
        uint64 pledged;
        uint64 settled;
    }

    /// @notice Goods were offered.
    event LotOffered(uint256 indexed lotId, uint256 indexed attackId, bytes3 indexed seller, Offer offer);
    /// @notice The seller lowered the price.
    event LotRepriced(uint256 indexed lotId, uint256 price);
    /// @notice The seller took back what was left; open pledges have lapsed.
    event LotWithdrawn(uint256 indexed lotId, uint256 left);
    /// @notice The member promises to buy `quantity` in all, what it has paid included.
    event Pledged(uint256 indexed lotId, bytes3 indexed buyer, uint256 quantity, uint256 pledgedByAll);
    /// @notice The member bought: `paid` is what the seller's treasury received.
    event Settled(
        uint256 indexed lotId,
        uint256 indexed attackId,
        bytes3 indexed buyer,
        uint256 quantity,
        uint256 paid,
        address treasury
    );

    /// @notice Only the accounts of the attacked member may do this.
    error MarketUnauthorized(bytes3 seller, address caller);
    /// @notice Only members buy, and only their treasuries pay.
    error MarketNotABuyer(address caller);
    /// @notice A member cannot buy its own goods.
    error MarketOwnLot(uint256 lotId);
    /// @notice The attack is undecided, closed or none.
    error MarketAttackNotRecognised(uint256 attackId, IAttackRegister.Status status);
    /// @notice The last round of the attack has ended: what is bought now counts no more.
    error MarketAttackOver(uint256 attackId, uint48 endedAt);
    /// @notice The goods need the hash and the URI of a description, a unit, and six digits of the Harmonized System.
    error MarketNoDescription();
    error MarketZeroQuantity();
    error MarketZeroPrice();
    /// @notice A deadline lies ahead.
    error MarketDeadlinePassed(uint48 deadline, uint256 nowAt);
    error MarketUnknownLot(uint256 lotId);
    /// @notice The lot was withdrawn or its deadline has passed.
    error MarketLotNotOpen(uint256 lotId, uint48 deadline, bool withdrawn);
    /// @notice A price is only ever lowered.
    error MarketPriceNotLower(uint256 lotId, uint256 newPrice, uint256 price);
    /// @notice A pledge is at least what the member has paid and at most what the lot held.
    error MarketBadPledge(uint256 lotId, uint256 quantity, uint256 least, uint256 most);
    /// @notice The seller has agreed to `asked` a unit, to nothing above and nothing below.
    error MarketWrongPrice(uint256 lotId, uint256 price, uint256 asked);
    /// @notice The member has pledged less than that.
    error MarketBeyondPledge(uint256 lotId, uint256 quantity, uint256 open);
    /// @notice Others have bought what is missing: a pledge reserves nothing.
    error MarketBeyondLot(uint256 lotId, uint256 quantity, uint256 left);
    /// @notice The council is recovering the seller's keys; payments to it wait.
    error MarketTransfersWait(bytes3 seller);
    /// @notice The payment did not reach the seller's treasury in full.
    error MarketPaymentShort(uint256 lotId, uint256 arrived, uint256 amount);

    /// @notice Offers goods. Sent by the treasury or delegate of the attacked member, while the attack is recognised
    /// and lasts.
    /// @return lotId The number of the lot
    function offer(uint256 attackId, Offer calldata goods) external returns (uint256 lotId);

    /// @notice Lowers the price of what is left of a lot. Sent by the seller's treasury or delegate.
    function reprice(uint256 lotId, uint104 newPrice) external;

    /// @notice Takes back what is left of a lot; open pledges lapse. Sent by the seller's treasury or delegate.
    function withdraw(uint256 lotId) external;

    /// @notice Promises to buy `quantity` of a lot in all, what is paid already included; a new promise replaces the
    /// last. It lapses with the lot. All members together may promise more than there is: a promise reserves nothing,
    /// and who pays first is served first. Sent by the treasury or delegate of a member.
    function pledge(uint256 lotId, uint64 quantity) external;

    /// @notice Pays for `quantity` of what the member has pledged, from the sender, which has approved the market,
    /// straight to the seller's treasury of the day. May be done in parts. Sent by the treasury of a member.
    /// @param price What the buyer takes one unit to cost; any but the lot's price is refused
    /// @return paid Quantity × price, in units of the token; refused unless all of it arrives
    function settle(uint256 lotId, uint64 quantity, uint104 price) external returns (uint256 paid);

    /// @notice The token that is paid in: the fund's.
    function token() external view returns (IERC20);

    /// @notice How many lots were ever offered; ids count from 1.
    function lotCount() external view returns (uint256);

    /// @notice A lot as it stands; all zero for an unknown id.
    function lot(uint256 lotId) external view returns (Lot memory);

    /// @notice What a member has promised and paid of a lot, and what of the promise still stands.
    /// @return pledged What it has promised in all
    /// @return settled What of it is paid
    /// @return open What it may still pay for; 0 once the lot is withdrawn, lapsed or sold out
    function pledgeOf(
        uint256 lotId,
        bytes3 code
    ) external view returns (uint256 pledged, uint256 settled, uint256 open);

    /// @notice What all lots of an attack are worth: what was sold at the price of its day, the rest at the last price.
    /// What was withdrawn counts no more, what lapsed unsold does.
    function offeredFor(uint256 attackId) external view returns (uint256);

    /// @notice What a member ought to buy for an attack: its share of what was offered, by today's weight among all
    /// members but the seller. Rounded up; 0 for the seller and for those without a weight.
    function targetOf(uint256 attackId, bytes3 code) external view returns (uint256);

    /// @notice What a member ought to buy for an attack, and what it has.
    /// @return target What it ought to buy
    /// @return bought What it has bought
    function fulfilmentOf(uint256 attackId, bytes3 code) external view returns (uint256 target, uint256 bought);
}
