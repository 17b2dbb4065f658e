// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAttackRegister} from "./interfaces/IAttackRegister.sol";
import {IContributionLedger} from "./interfaces/IContributionLedger.sol";
import {ICrisisFund} from "./interfaces/ICrisisFund.sol";
import {IMemberRegistry} from "./interfaces/IMemberRegistry.sol";
import {ISolidarityMarket} from "./interfaces/ISolidarityMarket.sol";

/// @title SolidarityMarket
contract SolidarityMarket is ISolidarityMarket, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint24 public constant HIGHEST_HS_CODE = 999_999;

    IMemberRegistry public immutable registry;
    IAttackRegister public immutable register;

    /// @inheritdoc ISolidarityMarket
    IERC20 public immutable token;

    /// @inheritdoc ISolidarityMarket
    uint256 public lotCount;

    /// @inheritdoc ISolidarityMarket
    mapping(uint256 attackId => uint256) public offeredFor;

    mapping(uint256 lotId => Lot) private _lots;
    mapping(uint256 lotId => mapping(bytes3 code => Pledge)) private _pledges;
    mapping(uint256 attackId => mapping(bytes3 code => uint256)) private _bought;

    constructor(IMemberRegistry registry_, ICrisisFund fund_, IAttackRegister register_) {
        registry = registry_;
        register = register_;
        token = fund_.token();
    }

    // The attacked member

    /// @inheritdoc ISolidarityMarket
    function offer(uint256 attackId, Offer calldata goods) external returns (uint256 lotId) {
        _requireLasting(attackId);
        bytes3 seller = register.attack(attackId).member;
        _requireAccountOf(seller);
        require(
            goods.description != 0 &&
                bytes(goods.uri).length > 0 &&
                bytes(goods.unit).length > 0 &&
                goods.hsCode > 0 &&
                goods.hsCode <= HIGHEST_HS_CODE,
            MarketNoDescription()
        );
        require(goods.quantity > 0, MarketZeroQuantity());
        require(goods.price > 0, MarketZeroPrice());
        require(goods.deadline > block.timestamp, MarketDeadlinePassed(goods.deadline, block.timestamp));

        lotId = ++lotCount;
        Lot storage lot_ = _lots[lotId];
        lot_.seller = seller;
        lot_.attackId = attackId.toUint64();
        lot_.price = goods.price;
        lot_.deadline = goods.deadline;
        lot_.quantity = goods.quantity;
        offeredFor[attackId] += uint256(goods.quantity) * goods.price;
        emit LotOffered(lotId, attackId, seller, goods);
    }

    /// @inheritdoc ISolidarityMarket
    function reprice(uint256 lotId, uint104 newPrice) external {
        Lot storage lot_ = _openLot(lotId);
        _requireAccountOf(lot_.seller);
        require(newPrice > 0, MarketZeroPrice());
        require(newPrice < lot_.price, MarketPriceNotLower(lotId, newPrice, lot_.price));

        offeredFor[lot_.attackId] -= _left(lot_) * (lot_.price - newPrice);
        lot_.price = newPrice;
        emit LotRepriced(lotId, newPrice);
    }

    /// @inheritdoc ISolidarityMarket
    function withdraw(uint256 lotId) external {
        Lot storage lot_ = _openLot(lotId);
        _requireAccountOf(lot_.seller);

        offeredFor[lot_.attackId] -= _left(lot_) * lot_.price;
        lot_.withdrawn = true;
        emit LotWithdrawn(lotId, _left(lot_));
    }

    // Members

    /// @inheritdoc ISolidarityMarket
    function pledge(uint256 lotId, uint64 quantity) external {
        Lot storage lot_ = _openLot(lotId);
        _requireLasting(lot_.attackId);
        bytes3 buyer = _buyer(lotId, lot_);
        Pledge storage p = _pledges[lotId][buyer];
        require(
            p.settled <= quantity && quantity <= lot_.quantity,
            MarketBadPledge(lotId, quantity, p.settled, lot_.quantity)
        );

        lot_.pledged = lot_.pledged - p.pledged + quantity;
        p.pledged = quantity;
        emit Pledged(lotId, buyer, quantity, lot_.pledged);
    }

    /// @inheritdoc ISolidarityMarket
    function settle(uint256 lotId, uint64 quantity, uint104 price) external nonReentrant returns (uint256 paid) {
        Lot storage lot_ = _openLot(lotId);
        uint256 attackId = lot_.attackId;
        _requireLasting(attackId);
        bytes3 buyer = _buyer(lotId, lot_);
        require(registry.accountOf(msg.sender).role == IMemberRegistry.Role.Treasury, MarketNotABuyer(msg.sender));
        require(price == lot_.price, MarketWrongPrice(lotId, price, lot_.price));
        require(quantity > 0, MarketZeroQuantity());
        Pledge storage p = _pledges[lotId][buyer];
        require(quantity <= p.pledged - p.settled, MarketBeyondPledge(lotId, quantity, p.pledged - p.settled));
        require(quantity <= _left(lot_), MarketBeyondLot(lotId, quantity, _left(lot_)));
        address treasury = registry.treasuryToPay(lot_.seller);
        require(treasury != address(0), MarketTransfersWait(lot_.seller));

        p.settled += quantity;
        lot_.sold += quantity;
        paid = uint256(quantity) * price;
        _pay(lotId, treasury, paid);
        _bought[attackId][buyer] += paid;
        emit Settled(lotId, attackId, buyer, quantity, paid, treasury);
        register.recordPurchase(attackId, paid.toUint128());
    }

    // Views

    /// @inheritdoc ISolidarityMarket
    function lot(uint256 lotId) external view returns (Lot memory) {
        return _lots[lotId];
    }

    /// @inheritdoc ISolidarityMarket
    function pledgeOf(
        uint256 lotId,
        bytes3 code
    ) external view returns (uint256 pledged, uint256 settled, uint256 open) {
        Lot storage lot_ = _lots[lotId];
        Pledge memory p = _pledges[lotId][code];
        (pledged, settled) = (p.pledged, p.settled);
        if (!_isOpen(lot_) || block.timestamp > _endOf(lot_.attackId)) return (pledged, settled, 0);
        open = Math.min(pledged - settled, _left(lot_));
    }

    /// @inheritdoc ISolidarityMarket
    function targetOf(uint256 attackId, bytes3 code) public view returns (uint256) {
        bytes3 seller = register.attack(attackId).member;
        if (code == seller) return 0;
        IContributionLedger ledger = IContributionLedger(registry.ledger());
        uint256 period = ledger.currentPeriod();
        uint256 weights = ledger.totalWeight() - ledger.weightOf(seller, period);
        if (weights == 0) return 0;
        // Rounds up: members owe rounded up.
        return Math.mulDiv(offeredFor[attackId], ledger.weightOf(code, period), weights, Math.Rounding.Ceil);
    }

    /// @inheritdoc ISolidarityMarket
    function fulfilmentOf(uint256 attackId, bytes3 code) external view returns (uint256 target, uint256 bought) {
        return (targetOf(attackId, code), _bought[attackId][code]);
    }

    // Internal

    /// @dev Moves a payment from the sender to the seller without ever holding it. A seller that a token called could
    /// send the money on at once; if what is left counted, its award would not be lowered by what it was paid.
    function _pay(uint256 lotId, address treasury, uint256 amount) private {
        uint256 before = token.balanceOf(treasury);
        token.safeTransferFrom(msg.sender, treasury, amount);
        uint256 arrived = Math.saturatingSub(token.balanceOf(treasury), before);
        require(arrived >= amount, MarketPaymentShort(lotId, arrived, amount));
    }

    function _openLot(uint256 lotId) private view returns (Lot storage lot_) {
        lot_ = _lots[lotId];
        require(lot_.seller != 0, MarketUnknownLot(lotId));
        require(_isOpen(lot_), MarketLotNotOpen(lotId, lot_.deadline, lot_.withdrawn));
    }

    function _isOpen(Lot storage lot_) private view returns (bool) {
        return !lot_.withdrawn && block.timestamp <= lot_.deadline;
    }

    function _left(Lot storage lot_) private view returns (uint256) {
        return lot_.quantity - lot_.sold;
    }

    /// @dev The member that the sender buys for.
    function _buyer(uint256 lotId, Lot storage lot_) private view returns (bytes3 code) {
        code = registry.accountOf(msg.sender).code;
        // Former members keep their accounts. What others buy must not lower an award.
        require(registry.isMember(code), MarketNotABuyer(msg.sender));
        require(code != lot_.seller, MarketOwnLot(lotId));
    }

    function _requireAccountOf(bytes3 seller) private view {
        require(registry.accountOf(msg.sender).code == seller, MarketUnauthorized(seller, msg.sender));
    }

    function _requireLasting(uint256 attackId) private view {
        IAttackRegister.Status status = register.statusOf(attackId);
        require(status == IAttackRegister.Status.Recognised, MarketAttackNotRecognised(attackId, status));
        uint48 endedAt = _endOf(attackId);
        require(block.timestamp <= endedAt, MarketAttackOver(attackId, endedAt));
    }

    /// @dev When the last round ends: what is bought later lowers no award.
    function _endOf(uint256 attackId) private view returns (uint48) {
        return register.round(attackId, register.lastRound(attackId)).endsAt;
    }
}
