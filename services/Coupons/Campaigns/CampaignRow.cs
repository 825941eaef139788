using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Coupons.Carts;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Mandates;
using LiveCommerce.Coupons.Redemptions;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>A campaign with the session it hangs on and what was taken of it, as stored.</summary>
internal sealed record CampaignRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public CampaignStatus Status { get; init; }

    public string? Reason { get; init; }

    public Guid OwnerUnitId { get; init; }

    public string Path { get; init; } = "";

    public string Currency { get; init; } = "";

    public string TimeZone { get; init; } = "";

    public string Terms { get; init; } = "";

    public Guid? MandateId { get; init; }

    public string? Hold { get; init; }

    public DateTimeOffset? MandateOpensAt { get; init; }

    public DateTimeOffset? MandateClosesAt { get; init; }

    public long Taken { get; init; }

    public long BudgetUsedMinor { get; init; }

    public long? SessionVersion { get; init; }

    public SessionStatus? SessionStatus { get; init; }

    public string? SessionOwnerPath { get; init; }

    public string? Phases { get; init; }

    public CampaignCount Count => new(Taken, BudgetUsedMinor);

    public Campaign Parse() => new()
    {
        Id = Id,
        Version = Version,
        ChangedAt = ChangedAt,
        Status = Status,
        Reason = Reason,
        OwnerUnitId = OwnerUnitId,
        Path = Path,
        Currency = Currency,
        TimeZone = TimeZone,
        MandateId = MandateId,
        Hold = Hold,
        MandateDates = MandateOpensAt is { } opens ? new Window(opens, MandateClosesAt!.Value) : null,
        Session = SessionVersion is { } version
            ? new BoundSession(version, SessionStatus!.Value, SessionOwnerPath!, Sql.FromJson<SessionPhases>(Phases!))
            : null,
        Terms = Sql.FromJson<CampaignTerms>(Terms),
    };

    public CampaignView ToView(DateTimeOffset now) => Parse().ToView(Count, now);
}

/// <param name="Taken">Coupons taken, over all quotas.</param>
/// <param name="BudgetUsedMinor">Minor units taken off by locked and spent coupons, less what was given back.</param>
internal readonly record struct CampaignCount(long Taken, long BudgetUsedMinor);

/// <summary>A campaign's rules in one version, and its session in one version. Never changes; what is taken is not part of it.</summary>
internal sealed record Campaign
{
    private static readonly Stacking Alone = new();

    private TimeZoneInfo? _days;

    public required Guid Id { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required CampaignStatus Status { get; init; }

    /// <summary>Why it was deactivated.</summary>
    public string? Reason { get; init; }

    public required Guid OwnerUnitId { get; init; }

    /// <summary>Of the unit that owns it.</summary>
    public required string Path { get; init; }

    public required string Currency { get; init; }

    /// <summary>The owner unit's when the campaign was created; it says when a day begins.</summary>
    public required string TimeZone { get; init; }

    /// <summary>What a reseller's campaign runs under, once started: its quota holds what is left of the stock.</summary>
    public Guid? MandateId { get; init; }

    /// <summary>The code claims are refused with although it issues: its mandate or its unit no longer carries it.</summary>
    public string? Hold { get; init; }

    /// <summary>When that mandate holds.</summary>
    public Window? MandateDates { get; init; }

    public BoundSession? Session { get; init; }

    public required CampaignTerms Terms { get; init; }

    /// <summary>The code claims are refused with at an instant: what <see cref="Hold"/> says, or that the mandate has run out, which nobody tells.</summary>
    public string? HoldAt(DateTimeOffset now) =>
        Hold ?? (Status is CampaignStatus.Issuing or CampaignStatus.Paused && MandateDates?.Contains(now) == false ? MandateRejections.OutsideDates.Code : null);

    public ResolvedWindow ClaimWindowAt(DateTimeOffset now) => Terms.ClaimWindow.Resolve(Session, now, claimedAt: now);

    /// <summary>When a coupon claimed at <paramref name="claimedAt"/> may be spent.</summary>
    public ResolvedWindow RedemptionWindowAt(DateTimeOffset now, DateTimeOffset claimedAt) => Terms.RedemptionWindow.Resolve(Session, now, claimedAt);

    /// <summary>The day an instant falls on where the campaign is run, counted from 0001-01-01.</summary>
    public int DayOf(DateTimeOffset at)
    {
        _days ??= TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, _days).DateTime).DayNumber;
    }

    /// <summary>A coupon of it, as a cart meets it.</summary>
    public CartCoupon InCart(Guid couponId) => new(couponId, Id, Terms.Benefit, Terms.Scope, Terms.Stacking ?? Alone);

    /// <summary>Why a coupon of it cannot be locked by a customer's order, whatever is in it.</summary>
    public Rejection? Refusal(CouponRow coupon, string customerId, DateTimeOffset now)
    {
        if (coupon.CustomerId != customerId) return RedemptionRejections.WrongCustomer.Because($"Coupon {coupon.Id} was claimed by somebody else.");
        switch (coupon.State)
        {
            case CouponState.Voided: return RedemptionRejections.Voided.Because($"Coupon {coupon.Id} was taken back.");
            case CouponState.Redeemed: return RedemptionRejections.AlreadyRedeemed.Because($"Order {coupon.OrderId} spent it.");
            case CouponState.Locked when coupon.IsHeldAt(now): return RedemptionRejections.AlreadyLocked.Because($"Order {coupon.OrderId} holds it until {coupon.LockedUntil:O}.");
        }
        if (Status == CampaignStatus.Deactivated) return RedemptionRejections.Voided.Because($"Its campaign was deactivated: {Reason}");
        var (window, state) = RedemptionWindowAt(now, coupon.ClaimedAt);
        return state switch
        {
            WindowState.NotStarted => RedemptionRejections.NotEffectiveYet.Because($"It can be spent from {window.OpensAt:O}."),
            WindowState.Over => RedemptionRejections.Expired.Because("It can no longer be spent."),
            _ => null,
        };
    }

    /// <summary>A refusal if a window would close before it opens.</summary>
    public Rejection? CheckWindows(DateTimeOffset now)
    {
        var faults = new Faults();
        var claim = ClaimWindowAt(now).Window;
        faults.Order(claim.OpensAt, claim.ClosesAt, "/claimWindow");
        if (!Terms.RedemptionWindow.IsPerClaim)
        {
            var redemption = RedemptionWindowAt(now, claimedAt: now).Window;
            faults.Order(redemption.OpensAt, redemption.ClosesAt, "/redemptionWindow");
        }
        return faults.Count == 0 ? null : faults.ToRejection();
    }

    public CampaignView ToView(CampaignCount count, DateTimeOffset now) => new(
        Id, Version, Terms.Name, Status, Reason, OwnerUnitId, Path, Terms.SessionId, Terms.Benefit, Terms.Scope, Terms.Stacking, Currency,
        Terms.Stock, count.Taken, Terms.Stock - count.Taken, Terms.BudgetMinor, Terms.BudgetMinor is null ? null : count.BudgetUsedMinor, Terms.PerCustomerLimit, Terms.PerCustomerDayLimit,
        WindowView.Of(Terms.ClaimWindow, ClaimWindowAt(now)), WindowView.Of(Terms.RedemptionWindow, RedemptionWindowAt(now, now)), Terms.LockMinutes, Terms.RefundPolicy, MandateId, HoldAt(now));

    public CampaignChanged ToEvent() => new()
    {
        CampaignId = Id,
        Version = Version,
        Name = Terms.Name,
        Status = Status,
        OwnerUnitId = OwnerUnitId,
        OwnerPath = Path,
        SessionId = Terms.SessionId,
        Stock = Terms.Stock,
        Currency = Currency,
        BudgetMinor = Terms.BudgetMinor,
        ChangedAt = ChangedAt,
    };

    public object ToParameters() => new
    {
        Id,
        Version,
        ChangedAt,
        Status = Status.ToString(),
        Reason,
        OwnerUnitId,
        Path,
        Terms.SessionId,
        Currency,
        TimeZone,
        MandateId,
        Hold,
        Terms = Sql.Json(Terms),
    };
}

/// <summary>A campaign and how it stands.</summary>
/// <param name="Id">Made here.</param>
/// <param name="Version">Rises with each edit and move.</param>
/// <param name="Name">For people.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Reason">Why it was deactivated.</param>
/// <param name="OwnerUnitId">The unit that owns it.</param>
/// <param name="OwnerPath">That unit's path.</param>
/// <param name="SessionId">What relative windows hang on.</param>
/// <param name="Benefit">What a coupon takes off.</param>
/// <param name="Scope">What it may be used for, and by whom.</param>
/// <param name="Stacking">What it may be combined with.</param>
/// <param name="Currency">ISO 4217, the owner unit's.</param>
/// <param name="Stock">Coupons in all.</param>
/// <param name="Claimed">Coupons that came to customers, over all quotas.</param>
/// <param name="Remaining">Stock less claimed.</param>
/// <param name="BudgetMinor">Minor units all coupons together may take off.</param>
/// <param name="BudgetUsedMinor">Minor units of the budget locked and spent coupons take off, less what was given back. Null: no budget.</param>
/// <param name="PerCustomerLimit">Coupons one customer may have.</param>
/// <param name="PerCustomerDayLimit">Coupons one customer may take in a day.</param>
/// <param name="ClaimWindow">When coupons may be claimed.</param>
/// <param name="RedemptionWindow">When they may be spent.</param>
/// <param name="LockMinutes">How long an order may hold a coupon unpaid.</param>
/// <param name="RefundPolicy">Whether a refund gives the coupon back.</param>
/// <param name="MandateId">The mandate a reseller's campaign was started under.</param>
/// <param name="Hold">The code claims are now refused with although the campaign issues; null: they are not.</param>
internal sealed record CampaignView(
    Guid Id,
    long Version,
    string Name,
    CampaignStatus Status,
    string? Reason,
    Guid OwnerUnitId,
    string OwnerPath,
    Guid? SessionId,
    Benefit Benefit,
    CampaignScope? Scope,
    Stacking? Stacking,
    string Currency,
    long Stock,
    long Claimed,
    long Remaining,
    long? BudgetMinor,
    long? BudgetUsedMinor,
    int PerCustomerLimit,
    int? PerCustomerDayLimit,
    WindowView ClaimWindow,
    WindowView RedemptionWindow,
    int LockMinutes,
    RefundPolicy RefundPolicy,
    Guid? MandateId,
    string? Hold) : IVersioned;

/// <summary>A window's rule, and what it comes to as its session now stands.</summary>
/// <param name="Opens">As entered.</param>
/// <param name="Closes">As entered.</param>
/// <param name="OpensAt">Inclusive. Null: each coupon has its own.</param>
/// <param name="ClosesAt">Exclusive. Of a session on the air past its plan: not before this. Null: each coupon has its own.</param>
/// <param name="State">Over too if the session was cancelled. Null: each coupon has its own.</param>
internal sealed record WindowView(WindowBoundary Opens, WindowBoundary Closes, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt, WindowState? State)
{
    public static WindowView Of(WindowRule rule, ResolvedWindow resolved) => new(
        rule.Opens, rule.Closes,
        rule.Opens.IsPerClaim ? null : resolved.Window.OpensAt,
        rule.Closes.IsPerClaim ? null : resolved.Window.ClosesAt,
        rule.IsPerClaim ? null : resolved.State);
}

internal static class CampaignSql
{
    private const string Rows =
        "SELECT c.Seq, c.Id, c.Version, c.ChangedAt, c.Status, c.Reason, c.OwnerUnitId, c.Path, c.Currency, c.TimeZone, c.Terms, c.MandateId, c.Hold, m.OpensAt AS MandateOpensAt, m.ClosesAt AS MandateClosesAt, " +
        "(SELECT SUM(q.Taken) FROM QuotaNodes q WHERE q.CampaignId = c.Id) AS Taken, " +
        "(SELECT SUM(q.BudgetUsedMinor) FROM QuotaNodes q WHERE q.CampaignId = c.Id) AS BudgetUsedMinor, " +
        "s.Version AS SessionVersion, s.Status AS SessionStatus, s.OwnerPath AS SessionOwnerPath, s.Phases " +
        "FROM Campaigns c LEFT JOIN Sessions s ON s.Id = c.SessionId LEFT JOIN Mandates m ON m.Id = c.MandateId";

    private const string Visible = $"({Sql.InScope} OR Path IN {Sql.Ids})";

    internal const string Insert =
        "INSERT INTO Campaigns (Id, Version, ChangedAt, Status, Reason, OwnerUnitId, Path, SessionId, Currency, TimeZone, Terms) " +
        "VALUES (@Id, @Version, @ChangedAt, @Status, @Reason, @OwnerUnitId, @Path, @SessionId, @Currency, @TimeZone, @Terms)";

    internal const string ById = $"{Rows} WHERE c.Id = @Id";
    internal const string StatusOf = $"SELECT Status FROM Campaigns{Sql.Held} WHERE Id = @Id";
    internal const string Several = $"{Rows} WHERE c.Id IN {Sql.Ids}";

    /// <summary>Those that hand out coupons, or would if they were not paused.</summary>
    internal const string RunningOfUnit = $"SELECT Id FROM Campaigns{Sql.Held} WHERE OwnerUnitId = @UnitId AND Status IN ('Issuing', 'Paused') ORDER BY Seq";

    internal const string RunningBelow = $"SELECT Id FROM Campaigns{Sql.Held} WHERE {Sql.InScope} AND Status IN ('Issuing', 'Paused') ORDER BY Seq";

    /// <summary>In the caller's scope, or published down to it by a unit above: <c>@Ids</c> names those.</summary>
    internal const string Page = $"{Rows} WHERE {Visible} AND c.Seq > @After ORDER BY c.Seq {Sql.Page}";

    internal const string PageOfSession = $"{Rows} WHERE c.SessionId = @SessionId AND {Visible} AND c.Seq > @After ORDER BY c.Seq {Sql.Page}";

    internal const string All = $"{Rows} WHERE c.Seq > @After ORDER BY c.Seq {Sql.Page}";

    internal const string Edit =
        "UPDATE Campaigns SET Version = @Version, ChangedAt = @ChangedAt, SessionId = @SessionId, Terms = @Terms " +
        "WHERE Id = @Id AND Version = @Version - 1 AND Status = @Status";

    internal const string Move =
        "UPDATE Campaigns SET Version = @Version, ChangedAt = @ChangedAt, Status = @Status, Reason = @Reason, MandateId = @MandateId, Hold = @Hold WHERE Id = @Id AND Version = @Version - 1";
}

internal static class CampaignRejections
{
    internal static readonly RejectionKind NotFound = new("campaign.not_found", 404, "No such campaign within the caller's reach.");
    internal static readonly RejectionKind UnitNotFound = new("unit.not_found", 404, "No such unit within the caller's reach.");
    internal static readonly RejectionKind SessionUnknown = new("campaign.session_unknown", 409, "The session is not known here, or not on the owner's chain; if it is new, try again shortly.");
    internal static readonly RejectionKind NotEditable = new("campaign.not_editable", 409, "The campaign's status does not allow these changes.");
    internal static readonly RejectionKind BelowTaken = new("campaign.below_taken", 409, "Stock or budget would be less than what is claimed, allocated or taken off.");
    internal static readonly RejectionKind IllegalTransition = new("campaign.illegal_transition", 409, "The campaign's status does not allow this.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No campaign {id}.");

    internal static Rejection Fixed(CampaignStatus status, IReadOnlyList<string> pointers) =>
        NotEditable.Because($"The campaign is {status}; {string.Join(", ", pointers)} cannot be changed any more.") with
        {
            Faults = [.. pointers.Select(p => new Fault(p, "campaign.member_fixed", $"Fixed once a campaign is {status}."))],
        };
}
